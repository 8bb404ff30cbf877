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
