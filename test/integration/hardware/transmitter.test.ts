// The transmitter driver against its simulator on real wires: TCP and a serial cable of pseudo-terminals. The oracle is the
// simulator's own record.
import { afterEach, describe, expect, test } from 'vitest'
import { crownFme, ecresoHelios, type TransmitterDriver } from '../../../hardware/transmitters/ecreso-crown/driver.ts'
import {
  createTransmitterSimulator,
  type TransmitterSimulator,
  type TransmitterSimulatorOptions,
} from '../../../hardware/transmitters/ecreso-crown/simulator.ts'
import type { TransmitterDesired, Armed } from '../../../hardware/contract/kinds.ts'
import { carrierState, type TransmitterObserved } from '../../../shared/domain/device.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { bring } from '../../support/driver-bench.ts'
import { recordedContext } from '../../support/driver-context.ts'
import { serialPair } from '../../support/serial-pair.ts'
import { until } from '../../support/until.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const onAir: TransmitterDesired & Armed = { carrier: 'on', powerSetW: 100, causeId: 'test', armedBy: 'test' }
const offAir: TransmitterDesired & Armed = { ...onAir, carrier: 'off' }

async function simulator(options: Partial<TransmitterSimulatorOptions> = {}): Promise<TransmitterSimulator> {
  const made = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'helios', rampMs: 200, ...options })
  closers.push(() => made.close())
  return made
}

function driverFor(address: string, options: Record<string, unknown> = {}, entry = ecresoHelios) {
  const context = recordedContext<TransmitterObserved, never>(address)
  const driver = entry.create(context, entry.configSchema.parse({ onAirThresholdW: 50, pollMs: 100, ...options }))
  closers.push(() => driver.close())
  driver.open()
  return { context, driver: driver as TransmitterDriver }
}

const stateOf = (driver: TransmitterDriver) => carrierState(driver.observed, driver.status, 50, systemClock.now())

describe.each([
  ['helios', ecresoHelios],
  ['crown', crownFme],
] as const)('%s over TCP', (model, entry) => {
  test('carrier, set point and telemetry in the units of the profile', async () => {
    const sim = await simulator({ model, frequencyKhz: 102_400, powerSetW: 40 })
    sim.setAntennaVswr(1.5)
    const { driver } = driverFor(sim.address, {}, entry)
    await until('first telemetry', () => driver.observed !== null)
    expect(driver.status.state).toBe('online')
    expect(stateOf(driver)).toBe('down')
    await bring(driver, onAir)
    await until('carrier up', () => stateOf(driver) === 'up')
    await until('full power and slow telemetry', () => driver.observed?.forwardPowerW === 100 && driver.observed.reflectedPowerW === 4)
    expect(driver.observed).toMatchObject({
      carrierOn: true,
      powerSetW: 100,
      reflectedPowerW: 4,
      vswr: 1.5,
      frequencyKhz: 102_400,
      rfPresent: true,
      interlockClosed: true,
      localMode: false,
      fault: false,
    })
    await bring(driver, offAir)
    await until('carrier down', () => stateOf(driver) === 'down')
    expect(sim.record.map(({ what, detail }) => [what, detail])).toEqual([
      ['write', { name: 'TX.PWR', value: '100' }],
      ['write', { name: 'TX.OPMODE', value: 'ON' }],
      ['carrier', { on: true, cause: 'ordered on' }],
      ['write', { name: 'TX.OPMODE', value: 'OFF' }],
      ['carrier', { on: false, cause: 'ordered off' }],
    ])
  })
})

test('over a serial line; pulled and put back it is online again within 2 s', async () => {
  const pair = await serialPair()
  closers.push(() => pair.close())
  const sim = await simulator({ wire: { kind: 'serial', path: pair.devicePath, driverPath: pair.driverPath } })
  const { context, driver } = driverFor(sim.address)
  await until('online', () => driver.status.state === 'online' && driver.observed !== null)
  await bring(driver, onAir)
  await pair.unplug()
  await until('lost', () => driver.status.state === 'lost', 3000)
  expect(stateOf(driver)).toBe('unknown')
  await sim.unplug()
  await pair.plug()
  await sim.plug()
  const pluggedMs = systemClock.now()
  await until('online again', () => driver.status.state === 'online', 2000)
  const online = context.statuses.findLast(({ state }) => state === 'online')
  expect((online?.sinceMs ?? 0) - pluggedMs).toBeLessThan(2000)
})
