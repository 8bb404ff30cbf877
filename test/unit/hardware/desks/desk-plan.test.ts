// From one state of the desk to another: which orders, in which order, and why.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planDesk } from '../../../../hardware/desks/desk-plan.ts'
import type { DeskObserved } from '../../../../shared/domain/device.ts'
import { epochMs } from '../../../../shared/domain/time.ts'

const desk = (strips: Record<string, { faderDb: number; muted: boolean }>): DeskObserved => ({
  channels: Object.entries(strips).map(([channel, strip]) => ({ channel, label: channel, ...strip })),
  levelsDb: {},
  atMs: epochMs(0),
})

test('mutes before it moves and moves before it opens', () => {
  const observed = desk({ 'ch/01': { faderDb: 0, muted: false }, 'ch/09': { faderDb: -90, muted: true } })
  const channels = [
    { channel: 'ch/09', faderDb: 0, muted: false },
    { channel: 'ch/01', faderDb: null, muted: true },
  ]
  expect(planDesk(observed, { channels, causeId: 'cut-in-1' })).toEqual([
    { command: { kind: 'setMute', channel: 'ch/01', muted: true }, reason: 'ch/01: open → muted', causeId: 'cut-in-1' },
    { command: { kind: 'setFader', channel: 'ch/09', faderDb: 0 }, reason: 'ch/09: fader -90.0 dB → 0.0 dB', causeId: 'cut-in-1' },
    { command: { kind: 'setMute', channel: 'ch/09', muted: false }, reason: 'ch/09: muted → open', causeId: 'cut-in-1' },
  ])
})

test('from ignorance every wish is ordered; what is left to the hand never is', () => {
  const channels = [
    { channel: 'ch/01', faderDb: null, muted: true },
    { channel: 'ch/02', faderDb: -10, muted: null },
    { channel: 'ch/03', faderDb: null, muted: null },
  ]
  expect(planDesk(null, { channels, causeId: 'start' }).map(({ command }) => `${command.kind} ${command.channel}`)).toEqual([
    'setMute ch/01',
    'setFader ch/02',
  ])
})

test('levels within one step of the fader are the same level', () => {
  const observed = desk({ main: { faderDb: -9.97, muted: false } })
  expect(planDesk(observed, { channels: [{ channel: 'main', faderDb: -9.98, muted: false }], causeId: 'x' })).toEqual([])
})

test('carrying out a plan leaves nothing to plan', () => {
  const channel = fc.constantFrom('ch/01', 'ch/02', 'main')
  const level = fc.double({ min: -90, max: 10, noNaN: true })
  const wish = fc.record({ channel, faderDb: fc.option(level), muted: fc.option(fc.boolean()) })
  fc.assert(
    fc.property(
      fc.dictionary(channel, fc.record({ faderDb: level, muted: fc.boolean() })),
      fc.uniqueArray(wish, { selector: (one) => one.channel }),
      (strips, channels) => {
        const held: Record<string, { faderDb: number; muted: boolean }> = { ...strips }
        const desired = { channels, causeId: 'x' }
        for (const { command } of planDesk(desk(strips), desired)) {
          const strip = held[command.channel] ?? { faderDb: -90, muted: true }
          held[command.channel] = command.kind === 'setFader' ? { ...strip, faderDb: command.faderDb } : { ...strip, muted: command.muted }
        }
        const known = channels.every((one) => held[one.channel] !== undefined)
        const again = planDesk(desk(held), desired)
        if (known) expect(again.filter(({ command }) => strips[command.channel] !== undefined)).toEqual([])
      },
    ),
  )
})
