// The emergency key on a whole station with no window anywhere: words on its lamps, hold to fire, early release, STOP. The key is
// the far end of a real socket; what it shows is by its own reading, what aired is by the station's outside doors.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type EmergencyKeySimulator,
  simulatedKeyOptions,
  startEmergencyKeySimulator,
} from '../../../hardware/surfaces/hid-emergency-key/simulator.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { StationRig } from '../../support/station-rig.ts'
import { until } from '../../support/until.ts'

let key: EmergencyKeySimulator
let rig: StationRig

beforeAll(async () => {
  key = await startEmergencyKeySimulator(systemClock)
  const device = { id: 'key', driver: 'hid-emergency-key', label: 'Phím khẩn cấp', transport: key.address, options: simulatedKeyOptions }
  rig = await StationRig.open({ config: { devices: [device] } })
}, 60_000)
afterAll(async () => {
  await (rig as StationRig | undefined)?.close()
  await key.close()
}, 60_000)

const airing = async () => (await rig.outputs()).filter((output) => output.phase === 'cutIn').length
const word = (text: string) => until(`the box shows ${text}`, () => key.shown().word === text, 15_000)

test('the box says in words that there is nothing to fire, and then that there is', async () => {
  await word('CHUA CO TIN')
  expect(key.shown().lamps[0]).toBe('off')
  await rig.armedAlert(30)
  await word('GIU DE PHAT')
  await until('amber', () => key.shown().lamps[0] === 'amber')
  await until('and dark: it flashes', () => key.shown().lamps[0] === 'off')
}, 60_000)

test('held for less than a second nothing airs, and the logbook says so', async () => {
  const from = performance.now()
  key.press(0)
  await until('most of a second', () => performance.now() - from > 700)
  key.release(0)
  await rig.until('the early release is in the logbook', 10_000, async () =>
    (await rig.rows()).some((row) => JSON.stringify(row).includes('released early')),
  )
  expect(await airing()).toBe(0)
}, 60_000)

test('held for a second the alert airs, and not before', async () => {
  const from = performance.now()
  key.press(0)
  await rig.until('the alert is on air', 15_000, async () => (await airing()) === 2)
  expect(performance.now() - from).toBeGreaterThanOrEqual(1000)
  await word('DANG PHAT')
  await until('red', () => key.shown().lamps[0] === 'red')
  key.release(0)
  expect(await airing(), 'letting go ends nothing').toBe(2)
}, 60_000)

test('STOP acts on the press, and its lamp says it', async () => {
  key.press(1)
  await rig.until('every output is stopped', 10_000, async () => (await rig.outputs()).every((output) => output.phase === 'stopped'))
  key.release(1)
  await until('the lamp', () => key.shown().lamps[1] === 'white')
}, 60_000)
