// Facts of PROTOCOLS.md 3.1 (checked there against an emulator), not our own round trips.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readReport } from '../../../../hardware/desks/behringer-desk-profile.ts'
import { x32Profile } from '../../../../hardware/desks/behringer-x32/protocol.ts'
import { xairProfile } from '../../../../hardware/desks/behringer-xair/protocol.ts'
import { dbToFader, faderToDb, sameFaderStep } from '../../../../hardware/desks/fader-law.ts'
import { decodeOsc } from '../../../../hardware/framing/osc.ts'

// Fader position → dB at the corners and in each of the four lines (PROTOCOLS.md 3.1).
const law: readonly (readonly [number, number])[] = [
  [1, 10],
  [0.75, 0],
  [0.5, -10],
  [0.375, -20],
  [0.25, -30],
  [0.0625, -60],
  [0.03125, -75],
  [0, -90],
]

test.each(law)('fader %f is %f dB, and back', (position, faderDb) => {
  expect(faderToDb(position)).toBeCloseTo(faderDb, 6)
  expect(Math.abs(dbToFader(faderDb) - position)).toBeLessThanOrEqual(0.5 / 1023)
})

test('a level is set within half a step, never above the top, and minus infinity is the bottom', () => {
  fc.assert(
    fc.property(fc.double({ min: -89, max: 10, noNaN: true }), (faderDb) => {
      const stepDb = faderToDb(dbToFader(faderDb) + 1 / 1023) - faderToDb(dbToFader(faderDb))
      expect(Math.abs(faderToDb(dbToFader(faderDb)) - faderDb)).toBeLessThanOrEqual(Math.max(stepDb, 0.47))
    }),
  )
  expect(dbToFader(40)).toBe(1)
  expect(dbToFader(-90)).toBe(0)
  expect(dbToFader(-500)).toBe(0)
  expect(sameFaderStep(Math.fround(767 / 1023), 767 / 1023)).toBe(true)
  expect(sameFaderStep(766 / 1023, 767 / 1023)).toBe(false)
})

// The documents' own lists, address by address (X32: Maillot; X-Air: Behringer).
test.each([
  [x32Profile, 'ch/32', '/ch/32/mix/fader', '/ch/32/mix/on', '/ch/32/config/name'],
  [x32Profile, 'auxin/08', '/auxin/08/mix/fader', '/auxin/08/mix/on', '/auxin/08/config/name'],
  [x32Profile, 'fxrtn/08', '/fxrtn/08/mix/fader', '/fxrtn/08/mix/on', '/fxrtn/08/config/name'],
  [x32Profile, 'bus/16', '/bus/16/mix/fader', '/bus/16/mix/on', '/bus/16/config/name'],
  [x32Profile, 'mtx/06', '/mtx/06/mix/fader', '/mtx/06/mix/on', '/mtx/06/config/name'],
  [x32Profile, 'dca/1', '/dca/1/fader', '/dca/1/on', '/dca/1/config/name'],
  [x32Profile, 'main', '/main/st/mix/fader', '/main/st/mix/on', '/main/st/config/name'],
  [x32Profile, 'main/m', '/main/m/mix/fader', '/main/m/mix/on', '/main/m/config/name'],
  [xairProfile, 'ch/01', '/ch/01/mix/fader', '/ch/01/mix/on', '/ch/01/config/name'],
  [xairProfile, 'rtn/aux', '/rtn/aux/mix/fader', '/rtn/aux/mix/on', '/rtn/aux/config/name'],
  [xairProfile, 'rtn/4', '/rtn/4/mix/fader', '/rtn/4/mix/on', '/rtn/4/config/name'],
  [xairProfile, 'bus/6', '/bus/6/mix/fader', '/bus/6/mix/on', '/bus/6/config/name'],
  [xairProfile, 'dca/4', '/dca/4/fader', '/dca/4/on', '/dca/4/config/name'],
  [xairProfile, 'main', '/lr/mix/fader', '/lr/mix/on', '/lr/config/name'],
] as const)('$model %s', (profile, channel, fader, on, name) => {
  expect(profile.channelAddresses(channel)).toEqual({ fader, on, name })
})

test('one past the end of every bank is no channel', () => {
  for (const absent of ['ch/33', 'auxin/09', 'fxrtn/09', 'bus/17', 'mtx/07', 'dca/0', 'dca/9', 'rtn/1', 'lr'])
    expect(x32Profile.channelAddresses(absent), absent).toBeNull()
  for (const absent of [
    'ch/00',
    'ch/17',
    'rtn/0',
    'rtn/5',
    'bus/0',
    'bus/7',
    'bus/01',
    'dca/5',
    'main/m',
    'fxrtn/01',
    'auxin/01',
    'mtx/01',
  ])
    expect(xairProfile.channelAddresses(absent), absent).toBeNull()
})

test('X32 addresses', () => {
  expect(x32Profile.channelAddresses('ch/01')).toEqual({ fader: '/ch/01/mix/fader', on: '/ch/01/mix/on', name: '/ch/01/config/name' })
  expect(x32Profile.channelAddresses('main')?.fader).toBe('/main/st/mix/fader')
  expect(x32Profile.channelAddresses('dca/8')?.on).toBe('/dca/8/on')
  for (const absent of ['ch/1', 'ch/33', 'ch/00', 'dca/9', 'bus/17', 'lr', 'constructor', '__proto__/01']) {
    expect(x32Profile.channelAddresses(absent), absent).toBeNull()
  }
})

test('X-Air addresses: main is /lr, and there are 16 channels', () => {
  expect(xairProfile.channelAddresses('main')).toEqual({ fader: '/lr/mix/fader', on: '/lr/mix/on', name: '/lr/config/name' })
  expect(xairProfile.channelAddresses('ch/16')?.fader).toBe('/ch/16/mix/fader')
  for (const absent of ['ch/17', 'main/m', 'auxin/01', 'mtx/01']) expect(xairProfile.channelAddresses(absent), absent).toBeNull()
})

// A /meters/1 datagram built byte by byte: address, ",b", big-endian OSC length 388, little-endian count 96, floats.
function x32MeterDatagram(): Uint8Array {
  const bytes = Buffer.alloc(12 + 4 + 4 + 388)
  bytes.write('/meters/1', 0, 'latin1')
  bytes.write(',b', 12, 'latin1')
  bytes.writeUInt32BE(388, 16)
  bytes.set([0x60, 0x00, 0x00, 0x00], 20)
  bytes.set([0x00, 0x00, 0x80, 0x3f], 24) // ch/01: 1.0f little-endian = full scale
  bytes.set([0xcd, 0xcc, 0xcc, 0x3d], 28) // ch/02: 0.1f = -20 dBFS
  return bytes
}

test('X32 meters: big-endian length, little-endian count and floats', () => {
  const decoded = decodeOsc(x32MeterDatagram())
  if (!decoded.ok) throw new Error(decoded.reason)
  const report = readReport(decoded.message)
  if (report.kind !== 'meters') throw new Error(report.kind)
  expect(report.blob).toHaveLength(388)
  const levels = x32Profile.decodeMeters(report.page, report.blob)
  expect(levels?.['ch/01']).toBeCloseTo(0, 5)
  expect(levels?.['ch/02']).toBeCloseTo(-20, 3)
  expect(levels?.['ch/03']).toBe(-120)
  expect(Object.keys(levels ?? {})).toHaveLength(32)
})

test('X32 output meters carry main', () => {
  const blob = Buffer.alloc(4 + 49 * 4)
  blob.writeInt32LE(49, 0)
  blob.writeFloatLE(0.5, 4 + 22 * 4)
  blob.writeFloatLE(0.25, 4 + 23 * 4)
  expect(x32Profile.decodeMeters('/meters/2', blob)?.main).toBeCloseTo(-6.02, 2)
})

test('X32 output meters: 16 buses, 6 matrices, main left and right, mono, each in its place and no other', () => {
  const blob = Buffer.alloc(4 + 49 * 4)
  blob.writeInt32LE(49, 0)
  // Every place has a level of its own: place n reads -(n + 1) dBFS.
  for (let place = 0; place < 49; place++) blob.writeFloatLE(10 ** (-(place + 1) / 20), 4 + 4 * place)
  const levels = x32Profile.decodeMeters('/meters/2', blob) ?? {}
  const rounded = Object.fromEntries(Object.entries(levels).map(([channel, levelDb]) => [channel, Math.round(levelDb)]))
  const due: Record<string, number> = { main: -23, 'main/m': -25 }
  for (let bus = 1; bus <= 16; bus++) due[`bus/${String(bus).padStart(2, '0')}`] = -bus
  for (let matrix = 1; matrix <= 6; matrix++) due[`mtx/0${matrix}`] = -16 - matrix
  expect(rounded).toEqual(due)
  expect(x32Profile.meterPages).toEqual(['/meters/1', '/meters/2'])
})

test('X-Air meters: 16 channels, aux, four stereo returns, six buses, main, each in its place and no other', () => {
  const blob = Buffer.alloc(4 + 2 * 40)
  blob.writeInt32LE(40, 0)
  // Place n reads -(n + 1) dBFS; of a pair the louder one counts, which is the left here.
  for (let place = 0; place < 40; place++) blob.writeInt16LE(-(place + 1) * 256, 4 + 2 * place)
  const due: Record<string, number> = { 'rtn/aux': -17, 'rtn/1': -19, 'rtn/2': -21, 'rtn/3': -23, 'rtn/4': -25, main: -37 }
  for (let channel = 1; channel <= 16; channel++) due[`ch/${String(channel).padStart(2, '0')}`] = -channel
  for (let bus = 1; bus <= 6; bus++) due[`bus/${bus}`] = -26 - bus
  expect(xairProfile.decodeMeters('/meters/1', blob)).toEqual(due)
  expect(xairProfile.meterPages).toEqual(['/meters/1'])
  for (const [place, channel] of [
    [17, 'rtn/aux'],
    [19, 'rtn/1'],
    [25, 'rtn/4'],
    [37, 'main'],
  ] as const) {
    const right = Buffer.from(blob)
    right.writeInt16LE(-256, 4 + 2 * place)
    expect(xairProfile.decodeMeters('/meters/1', right)?.[channel], `the right side of ${channel}`).toBe(-1)
  }
})

test('X-Air meters: int16 in 1/256 dB', () => {
  const blob = Buffer.alloc(4 + 80)
  blob.writeInt32LE(40, 0)
  blob.set([0x00, 0xec], 4) // ch/01: 0xec00 = -5120 / 256 = -20 dB
  blob.set([0x80, 0xff], 4 + 2 * 37) // main right: 0xff80 = -0.5 dB
  blob.set([0x00, 0x80], 4 + 2 * 36)
  const levels = xairProfile.decodeMeters('/meters/1', blob)
  expect(levels?.['ch/01']).toBe(-20)
  expect(levels?.main).toBe(-0.5)
})

test('a meter blob of another length or count is refused whole', () => {
  const short = Buffer.alloc(4 + 95 * 4)
  short.writeInt32LE(96, 0)
  expect(x32Profile.decodeMeters('/meters/1', short)).toBeNull()
  expect(x32Profile.decodeMeters('/meters/9', Buffer.alloc(388))).toBeNull()
  expect(xairProfile.decodeMeters('/meters/1', Buffer.alloc(84))).toBeNull()
  expect(xairProfile.decodeMeters('/meters/1', Buffer.alloc(2))).toBeNull()
})
