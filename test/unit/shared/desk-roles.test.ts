// U9 (desk part) and H9 (desk part): what a cut-in wishes of the desk, what is wished after it, what is shown before.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeskRoles, deskAfterCutIn, deskForCutIn, deskObstacles } from '../../../shared/domain/desk-roles.ts'
import type { DeskObserved } from '../../../shared/domain/device.ts'
import { epochMs } from '../../../shared/domain/time.ts'

const roles = DeskRoles.parse({ programmeChannels: ['ch/09'], micChannels: ['ch/01', 'ch/02'], otherChannels: ['ch/05'] })

function desk(strips: Record<string, [faderDb: number, muted: boolean]>): DeskObserved {
  const channels = Object.entries(strips).map(([channel, [faderDb, muted]]) => ({ channel, label: channel, faderDb, muted }))
  return { channels, levelsDb: {}, atMs: epochMs(0) }
}

const before = desk({ 'ch/01': [-3, false], 'ch/02': [-8, true], 'ch/05': [-12, false], 'ch/09': [-90, true], main: [-2, false] })

test('a cut-in takes the programme channel, mutes microphones and the rest, and leaves the main fader to the hand', () => {
  expect(deskForCutIn(before, roles)).toEqual([
    { channel: 'ch/01', faderDb: null, muted: true },
    { channel: 'ch/02', faderDb: null, muted: true },
    { channel: 'ch/05', faderDb: null, muted: true },
    { channel: 'ch/09', faderDb: 0, muted: false },
    { channel: 'main', faderDb: null, muted: false },
  ])
})

test('a main fader at the bottom is raised: the alert must be heard', () => {
  expect(deskForCutIn(desk({ main: [-90, false] }), roles).at(-1)).toEqual({ channel: 'main', faderDb: 0, muted: false })
})

test('ducking lowers what is louder than the duck, and nothing else', () => {
  const ducking = DeskRoles.parse({ ...roles, otherOnCutIn: 'duck', duckDb: -40 })
  expect(deskForCutIn(before, ducking)).toContainEqual({ channel: 'ch/05', faderDb: -40, muted: null })
  expect(deskForCutIn(desk({ 'ch/05': [-60, false] }), ducking).map((wish) => wish.channel)).not.toContain('ch/05')
})

test('the emergency live microphone keeps the microphones as the hand left them', () => {
  const channels = deskForCutIn(before, roles, 'live').map((wish) => wish.channel)
  expect(channels).not.toContain('ch/01')
  expect(channels).toContain('ch/09')
})

test('U9: a microphone open when the alert took the desk comes back muted; everything else as it was', () => {
  expect(deskAfterCutIn(before, roles)).toEqual([
    { channel: 'ch/09', faderDb: -90, muted: true },
    { channel: 'ch/01', faderDb: null, muted: true },
    { channel: 'ch/02', faderDb: null, muted: true },
    { channel: 'ch/05', faderDb: -12, muted: false },
    { channel: 'main', faderDb: -2, muted: false },
  ])
})

test('U9: with nothing known of before, the microphones are muted and nothing is opened', () => {
  expect(deskAfterCutIn(null, roles)).toEqual([
    { channel: 'ch/01', faderDb: null, muted: true },
    { channel: 'ch/02', faderDb: null, muted: true },
  ])
})

test('what a hand moved during the alert stays as the hand left it', () => {
  const channels = deskAfterCutIn(before, roles, new Set(['ch/05', 'ch/01'])).map((wish) => wish.channel)
  expect(channels).not.toContain('ch/05')
  expect(channels).not.toContain('ch/01')
})

test('U9: no desk and no roles ever make the restore open a microphone', () => {
  const strip = fc.tuple(fc.double({ min: -90, max: 10, noNaN: true }), fc.boolean())
  const channel: fc.Arbitrary<string> = fc.constantFrom('ch/01', 'ch/02', 'ch/05', 'ch/09', 'main')
  fc.assert(
    fc.property(
      fc.dictionary(channel, strip),
      fc.uniqueArray(channel),
      fc.uniqueArray(channel),
      fc.uniqueArray(channel),
      (strips, mics, programme, others) => {
        const some = DeskRoles.parse({ programmeChannels: programme, micChannels: mics, otherChannels: others })
        for (const wish of deskAfterCutIn(desk(strips), some)) if (mics.includes(wish.channel)) expect(wish.muted).toBe(true)
      },
    ),
  )
})

test('H9: a closed or unknown channel on the way of the programme is named before air', () => {
  expect(deskObstacles(before, roles)).toEqual([{ channel: 'ch/09', problem: 'muted', faderDb: -90 }])
  expect(deskObstacles(desk({ 'ch/09': [-70, false], main: [0, false] }), roles)).toEqual([
    { channel: 'ch/09', problem: 'faderLow', faderDb: -70 },
  ])
  expect(deskObstacles(null, roles).map((obstacle) => obstacle.problem)).toEqual(['unknown', 'unknown'])
  expect(deskObstacles(desk({ 'ch/09': [0, false], main: [0, false] }), roles)).toEqual([])
})
