// Why a device was given an order, in the screen's language: the drivers say it in their own English (`plan`), for the log and for
// here. What is not known is shown as it was said; a test walks what the drivers' planners say.
import { dbText, wattText } from '../format/numbers.ts'
import type { Texts } from '../i18n/use-texts.ts'

const fixed = {
  'state unknown, wished off': 'unknownOff',
  'state unknown, wished on': 'unknownOn',
  'is on, wished off': 'isOn',
  'is off, wished on': 'isOff',
  'set point unknown': 'powerUnknown',
  'no zone is wished on': 'noZone',
  'lease renewed': 'lease',
} as const

export function orderWords(reason: string, { t, language }: Pick<Texts, 't' | 'language'>): string {
  const known = Object.entries(fixed).find(([words]) => words === reason)
  if (known !== undefined) return t(`orderReason.${known[1]}`)
  const power = /^(still radiates|set point is) ([\d.]+) W/.exec(reason)
  if (power !== null) {
    const words = wattText(Number(power[2]), language)
    return power[1] === 'set point is' ? t('orderReason.powerIs', { power: words }) : t('orderReason.radiates', { power: words })
  }
  const fader = /^(.+): fader (unknown|-?[\d.]+ dB) → (-?[\d.]+ dB)$/.exec(reason)
  if (fader !== null) {
    const level = (text = '') => (text === 'unknown' ? t('orderReason.unknown') : dbText(Number.parseFloat(text), language, 1))
    return t('orderReason.fader', { channel: fader[1] ?? '', from: level(fader[2]), to: level(fader[3]) })
  }
  const mute = /^(.+): (unknown|muted|open) → (muted|open)$/.exec(reason)
  if (mute === null) return reason
  const state = (text: string | undefined) => t(`orderReason.${text === 'muted' ? 'muted' : text === 'open' ? 'open' : 'unknown'}`)
  return t('orderReason.mute', { channel: mute[1] ?? '', from: state(mute[2]), to: state(mute[3]) })
}
