// The ASCII family: numbers as the manuals print them, plan, effect, and carrierState. Examples in quotes are the manuals' own
// (Helios FM 20/100 W 12/2011 p. 55; Crown FM 20/100 W 05/2013 p. 72).
import { describe, expect, test } from 'vitest'
import { missingEffect, nothingAcknowledged } from '../../../../hardware/transmitters/ecreso-crown/effect.ts'
import { planTransmitter } from '../../../../hardware/transmitters/ecreso-crown/plan.ts'
import { crownFmeProfile as crown, heliosProfile as helios } from '../../../../hardware/transmitters/ecreso-crown/profile.ts'
import { encodeRead, encodeWrite, formatPowerW, parseLine, parseQuantity } from '../../../../hardware/transmitters/ecreso-crown/protocol.ts'
import { carrierState, type DriverStatus, type TransmitterObserved } from '../../../../shared/domain/device.ts'
import type { EpochMs, MonotonicMs } from '../../../../shared/domain/time.ts'

describe('quantities', () => {
  test.each([
    ['Helios frequency in kHz', helios, 'frequency', '232553', 232_553],
    ['Crown frequency in MHz', crown, 'frequency', '102.4', 102_400],
    ['Crown frequency without a point', crown, 'frequency', '98', 98_000],
    ['forward power in W', helios, 'forward', '300', 300],
    ['reflected power: "20" is 2 W', helios, 'reflected', '20', 2],
    ['reflected power with a point is W', crown, 'reflected', '2.5', 2.5],
    ['VSWR "01.0"', helios, 'vswr', '01.0', 1],
    ['VSWR "20.0"', crown, 'vswr', '20.0', 20],
    ['VSWR as it is set, "020" = 2.0', helios, 'vswr', '020', 2],
    ['set point', crown, 'powerSet', '9999', 9999],
  ] as const)('%s', (_, profile, quantity, text, value) => {
    expect(parseQuantity(profile, quantity, text)).toBe(value)
  })

  test.each(['', ' ', '-1', 'ON', '1e3', '0x10', '1,5', '12345678', '1.', '٣'])('%j is no number', (text) => {
    expect(parseQuantity(helios, 'forward', text)).toBeNull()
  })

  test('a set point is whole watts from 0 to 9999', () => {
    expect([formatPowerW(0), formatPowerW(99.6), formatPowerW(9999)]).toEqual(['0', '100', '9999'])
    for (const wrong of [-1, 10_000, Number.NaN]) expect(() => formatPowerW(wrong)).toThrow(RangeError)
  })
})

describe('golden transcripts', () => {
  test.each([
    ['Helios read', encodeRead('TX.PFWD', 'cr'), 'TX.PFWD\r'],
    ['Helios carrier on', encodeWrite('TX.OPMODE', 'ON', 'cr'), 'TX.OPMODE=ON\r'],
    ['Crown set point, CR LF', encodeWrite('TX.PWR', '300', 'crlf'), 'TX.PWR=300\r\n'],
    ['LF', encodeRead('TX.MODE', 'lf'), 'TX.MODE\n'],
  ])('%s', (_, bytes, text) => {
    expect(Buffer.from(bytes).toString('latin1')).toBe(text)
  })

  test.each([
    ['TX.PFWD=300', { kind: 'value', name: 'TX.PFWD', value: '300' }],
    ['> TX.PFWD = 300 ', { kind: 'value', name: 'TX.PFWD', value: '300' }],
    ['TX.RFPRESENT=NOT PRES', { kind: 'value', name: 'TX.RFPRESENT', value: 'NOT PRES' }],
    ['ERROR', { kind: 'refusal', text: 'ERROR' }],
    ['TX.PWR=?', { kind: 'refusal', text: 'TX.PWR=?' }],
    ['300', { kind: 'garbage' }],
    ['tx.pfwd=300', { kind: 'garbage' }],
    ['T#.#F#D#3#0', { kind: 'garbage' }],
    ['TX.NAME=\u0007\u0001', { kind: 'garbage' }],
  ])('%j', (text, line) => {
    expect(parseLine(text, helios)).toEqual(line)
  })

  test.each([
    ['300', { kind: 'bare', value: '300' }],
    ['NOT PRES', { kind: 'bare', value: 'NOT PRES' }],
    ['TX.PFWD=300', { kind: 'value', name: 'TX.PFWD', value: '300' }],
    ['ERROR', { kind: 'refusal', text: 'ERROR' }],
    ['~~', { kind: 'garbage' }],
    ['=5', { kind: 'garbage' }],
  ])('%j where bare answers are due', (text, line) => {
    expect(parseLine(text, helios, 'bare')).toEqual(line)
  })

  test('the profiles differ where the manuals differ', () => {
    expect([helios.names.local, crown.names.local]).toEqual(['TX.LOCALMODE', 'TX.MODE'])
    expect([helios.numbers.frequency.whole, crown.numbers.frequency.whole]).toEqual([1, 1000])
  })
})

const base: TransmitterObserved = {
  carrierOn: true,
  forwardPowerW: 100,
  reflectedPowerW: 1,
  powerSetW: 100,
  vswr: 1.2,
  frequencyKhz: 102_400,
  interlockClosed: true,
  localMode: false,
  rfPresent: true,
  fault: false,
  alarms: [],
  tempDegC: null,
  atMs: 1000 as EpochMs,
}
const off = { carrierOn: false, forwardPowerW: 0, rfPresent: false }

describe('plan', () => {
  const wish = (carrier: 'on' | 'off', powerSetW: number | null = 100) => ({ carrier, powerSetW, causeId: 'cut-1', armedBy: 'plant' })
  test.each<[string, TransmitterObserved | null, ReturnType<typeof wish>, string[]]>([
    ['on and on', base, wish('on'), []],
    ['off and wished on', { ...base, ...off }, wish('on'), ['carrier on']],
    ['wrong set point', { ...base, powerSetW: 40 }, wish('on'), ['power 100']],
    ['set point of nobody`s concern', { ...base, powerSetW: 40 }, wish('on', null), []],
    ['from ignorance on', null, wish('on'), ['power 100', 'carrier on']],
    ['from ignorance off', null, wish('off'), ['carrier off']],
    ['on and wished off', base, wish('off'), ['carrier off']],
    ['reads off and radiates (H6): ordered off again', { ...base, carrierOn: false }, wish('off'), ['carrier off']],
    ['off and off: the set point is left alone', { ...base, ...off, powerSetW: 40 }, wish('off'), []],
    ['LOCAL: no order that would be refused', { ...base, ...off, localMode: true }, wish('on'), []],
    ['LOCAL: no set point either', { ...base, ...off, powerSetW: 40, localMode: true }, wish('on'), []],
    ['LOCAL and on: off is ordered all the same, until a hand does it', { ...base, localMode: true }, wish('off'), ['carrier off']],
  ])('%s', (_, observed, desired, orders) => {
    const plan = planTransmitter(observed, desired)
    expect(plan.map(({ command }) => (command.kind === 'setPower' ? `power ${command.powerW}` : `carrier ${command.carrier}`))).toEqual(
      orders,
    )
    for (const { command, reason, causeId } of plan) {
      expect(reason).not.toBe('')
      expect(causeId).toBe('cut-1')
      if (command.kind === 'setCarrier') expect(command.armed).toEqual({ armedBy: 'plant' })
    }
  })
})

describe('missing effect', () => {
  const timing = { riseMs: 10_000, fallMs: 2000 }
  const on = { ...nothingAcknowledged, carrier: { wish: 'on' as const, atMs: 0 as MonotonicMs } }
  const ordered = { ...nothingAcknowledged, carrier: { wish: 'off' as const, atMs: 0 as MonotonicMs } }
  const power = { ...nothingAcknowledged, power: { powerW: 300, atMs: 0 as MonotonicMs } }
  test.each<[string, Parameters<typeof missingEffect>[0], Partial<TransmitterObserved>, number, string | null]>([
    ['nothing ordered', nothingAcknowledged, off, 99_999, null],
    ['on and radiating', on, {}, 99_999, null],
    ['on, still rising', on, { rfPresent: false }, 9999, null],
    ['on, reads off', on, off, 10_000, 'acknowledged on and reads off'],
    ['on, no power', on, { rfPresent: false, forwardPowerW: 0 }, 10_000, 'no forward power'],
    ['on, interlock open explains it', on, { ...off, interlockClosed: false }, 99_999, null],
    ['on, LOCAL explains it', on, { ...off, localMode: true }, 99_999, null],
    ['off and silent', ordered, off, 99_999, null],
    ['off, still falling', ordered, {}, 1999, null],
    ['off and radiating', ordered, { carrierOn: false }, 2000, 'still radiates 100 W'],
    ['off and radiating in LOCAL all the same', ordered, { localMode: true }, 2000, 'still radiates 100 W'],
    ['off, reads on without power', ordered, { rfPresent: false }, 2000, 'acknowledged off and reads on'],
    ['set point not taken', power, {}, 5000, 'set point 300 W acknowledged and reads 100 W'],
    ['set point, not yet read', power, {}, 4999, null],
  ])('%s', (_, acknowledged, observed, nowMs, reason) => {
    const verdict = missingEffect(acknowledged, { ...base, ...observed }, nowMs as MonotonicMs, timing)
    if (reason === null) expect(verdict).toBeNull()
    else expect(verdict).toContain(reason)
  })
})

describe('carrierState', () => {
  const online: DriverStatus = { state: 'online', sinceMs: 0 as EpochMs, lastHeardAt: 1000 as EpochMs }
  const lost: DriverStatus = { state: 'lost', sinceMs: 0 as EpochMs, lastHeardAt: null, nextAttemptAt: 0 as EpochMs, reason: 'silent' }
  const faulted: DriverStatus = { state: 'faulted', sinceMs: 0 as EpochMs, lastHeardAt: 0 as EpochMs, needsHands: true, reason: 'x' }
  test.each<[string, Partial<TransmitterObserved> | null, DriverStatus, number, string]>([
    ['measured power at the threshold', { forwardPowerW: 50 }, online, 1000, 'up'],
    ['just below it', { forwardPowerW: 49.9 }, online, 1000, 'rising'],
    ['power without RF present', { rfPresent: false }, online, 1000, 'rising'],
    ['ordered on, nothing measured', { rfPresent: false, forwardPowerW: 0 }, online, 1000, 'rising'],
    ['off', off, online, 1000, 'down'],
    ['off and radiating: the truth is up', { carrierOn: false }, online, 1000, 'up'],
    ['LOCAL', { localMode: true }, online, 1000, 'blocked'],
    ['interlock open', { interlockClosed: false }, online, 1000, 'blocked'],
    ['a unit in fault does not rise', { rfPresent: false, forwardPowerW: 0, fault: true }, online, 1000, 'down'],
    ['telemetry 3 s old', {}, online, 4000, 'up'],
    ['telemetry older than 3 s', {}, online, 4001, 'unknown'],
    ['telemetry from the future (the clock was set back)', {}, online, -2001, 'unknown'],
    ['lost', {}, lost, 1000, 'unknown'],
    ['faulted, measured all the same', {}, faulted, 1000, 'up'],
    ['never seen', null, online, 1000, 'unknown'],
  ])('%s', (_, observed, status, now, state) => {
    expect(carrierState(observed === null ? null : { ...base, ...observed }, status, 50, now as EpochMs)).toBe(state)
  })
})
