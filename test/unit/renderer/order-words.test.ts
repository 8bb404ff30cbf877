// Whatever a driver's planner gives as the reason of an order is said in words of the screen's language.
import { describe, expect, test } from 'vitest'
import { orderWords } from '../../../renderer/devices/order-words.ts'
import { en, vi } from '../../../renderer/i18n/texts.ts'
import type { TextKey } from '../../../renderer/i18n/texts.ts'
import { planDesk } from '../../../hardware/desks/desk-plan.ts'
import { planTransmitter } from '../../../hardware/transmitters/ecreso-crown/plan.ts'
import { planRelays } from '../../../hardware/zones/waveshare-relay/plan.ts'

const speak = (tree: any, language: 'vi' | 'en') => ({
  language,
  t: (key: TextKey, params: Readonly<Record<string, string | number>> = {}) => {
    const text = key.split('.').reduce((branch, part) => branch[part], tree) as string
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_whole, name: string) => String(params[name]))
  },
})
const inVietnamese = (reason: string) => orderWords(reason, speak(vi, 'vi'))
const inEnglish = (reason: string) => orderWords(reason, speak(en, 'en'))

const transmitter = (change: object): any => ({
  carrierOn: true,
  powerSetW: 30,
  forwardPowerW: 28.6,
  localMode: false,
  rfPresent: true,
  ...change,
})
const wish = (carrier: 'on' | 'off'): any => ({ carrier, powerSetW: 60, armedBy: 'x', causeId: 'c' })
const zones = (coils: readonly boolean[]): any => ({ coils, leaseMs: 20_000, refresh: 'timed', causeId: 'c' })

const reasons = [
  ...planTransmitter(null, wish('off')),
  ...planTransmitter(null, wish('on')),
  ...planTransmitter(transmitter({}), wish('off')),
  ...planTransmitter(transmitter({ carrierOn: false }), wish('off')),
  ...planTransmitter(transmitter({ carrierOn: false }), wish('on')),
  ...planDesk(null, { channels: [{ channel: 'Micro', faderDb: -3, muted: true }], causeId: 'c' } as any),
  ...planDesk(
    { channels: [{ channel: 'Micro', faderDb: -90, muted: true }] } as any,
    { channels: [{ channel: 'Micro', faderDb: -3, muted: false }], causeId: 'c' } as any,
  ),
  ...planRelays(null, zones([true, false]), new Map(), 2),
  ...planRelays({ coils: [true, true] } as any, zones([false, false]), new Map(), 2),
  ...planRelays({ coils: [true, true] } as any, zones([true, false]), new Map(), 2),
  ...planRelays({ coils: [false, false] } as any, zones([true, false]), new Map(), 2),
].map(({ reason }) => reason)

describe('orders to devices', () => {
  test.each([...new Set(reasons)])('%s', (reason) => {
    expect(inVietnamese(reason)).not.toMatch(/wished|unknown|muted|open|fader|set point|radiates|lease|zone/)
    expect(inVietnamese(reason)).not.toBe(reason)
    expect(inEnglish(reason)).not.toMatch(/wished|\{\{/)
  })

  test('figures keep their units in the way of the language; what is not known is shown as it was said', () => {
    expect(inVietnamese('still radiates 28.6 W, wished off')).toBe('vẫn phát 28,6 W, cần tắt')
    expect(inEnglish('Micro: fader unknown → -3.0 dB')).toBe('Micro: fader unknown → −3.0 dB')
    expect(inVietnamese('set point is 5 W')).toBe('công suất đang đặt 5,0 W')
    expect(inVietnamese('something new')).toBe('something new')
  })
})
