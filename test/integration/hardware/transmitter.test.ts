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
import { parseAddress } from '../../../hardware/transport/address.ts'
import type { Transport } from '../../../hardware/transport/transport.ts'
import { openTransport } from '../../../hardware/transport/wire-hub.ts'
import { RelayConfig } from '../../../hardware/zones/waveshare-relay/config.ts'
import { RelayDriver } from '../../../hardware/zones/waveshare-relay/driver.ts'
import { createRelaySimulator } from '../../../hardware/zones/waveshare-relay/simulator.ts'
import { carrierState, type TransmitterObserved, type ZonesObserved } from '../../../shared/domain/device.ts'
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

function driverFor(address: string | Transport, options: Record<string, unknown> = {}, entry = ecresoHelios) {
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

describe('a unit that answers without names', () => {
  test('is read and ordered with `answers: bare`, and stays lost without it', async () => {
    const sim = await simulator({ bareAnswers: true })
    const { driver } = driverFor(sim.address, { answers: 'bare' })
    await bring(driver, onAir)
    await until('up', () => stateOf(driver) === 'up')
    const { driver: mute } = driverFor(sim.address)
    await until('lost', () => mute.status.state === 'lost', 5000)
    expect(mute.status).toMatchObject({ lastHeardAt: null, reason: 'garbage' })
  })

  test('H4 late answers by position: no picture with one value in the place of another is ever shown', async () => {
    const sim = await simulator({ bareAnswers: true })
    const { context, driver } = driverFor(sim.address, { answers: 'bare', replyTimeoutMs: 100, worstReplyMs: 100 })
    await bring(driver, onAir)
    await until('full power', () => driver.observed?.forwardPowerW === 100)
    const seen = context.observations.length
    sim.faults.late = { count: 4, byMs: 260 }
    await until('ten more readings', () => context.observations.length >= seen + 10, 8000)
    for (const one of context.observations.slice(seen)) {
      expect(one).toMatchObject({
        carrierOn: true,
        forwardPowerW: 100,
        powerSetW: 100,
        rfPresent: true,
        interlockClosed: true,
        frequencyKhz: 102_400,
      })
    }
    await until('online again', () => driver.status.state === 'online')
  })
})

describe('what must not be called on air', () => {
  test('interlock open, LOCAL, too little power: each is shown as what it is', async () => {
    const sim = await simulator({ interlockClosed: false })
    const { driver } = driverFor(sim.address)
    await bring(driver, onAir)
    await until('blocked by the interlock', () => stateOf(driver) === 'blocked')
    expect(sim.radiating).toBe(false)
    sim.setInterlock(true)
    await until('up', () => stateOf(driver) === 'up')
    sim.setLocal(true)
    await until('blocked by LOCAL', () => stateOf(driver) === 'blocked')
    expect(driver.observed?.forwardPowerW).toBe(100)
    await expect(
      driver.send({ kind: 'setCarrier', carrier: 'off', armed: { armedBy: 'test' } }, AbortSignal.timeout(1000)),
    ).rejects.toMatchObject({
      code: 'nak',
    })
    expect(sim.record.at(-1)).toMatchObject({ what: 'refused', detail: { name: 'TX.OPMODE', value: 'OFF' } })
    sim.setLocal(false)
    // Nothing is ordered of a unit that was last read in LOCAL.
    await until('no longer in LOCAL', () => driver.observed?.localMode === false)
    await bring(driver, { ...onAir, powerSetW: 20 })
    await until('only rising', () => stateOf(driver) === 'rising')
  })

  test('a carrier order without a token goes nowhere', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await until('online', () => driver.observed !== null)
    const order = driver.send({ kind: 'setCarrier', carrier: 'on', armed: { armedBy: '' } }, AbortSignal.timeout(1000))
    await expect(order).rejects.toMatchObject({ code: 'out-of-range' })
    expect(sim.record).toEqual([])
  })

  test('closing the driver leaves the carrier as it is: dropping it takes an armed order', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await bring(driver, onAir)
    await driver.close()
    expect(sim.radiating).toBe(true)
  })
})

describe('faults', () => {
  test('H1 a unit that falls silent without a close event is lost within 3 s; its neighbour is polled and ordered all the while', async () => {
    const [silent, neighbour] = [await simulator(), await simulator()]
    const [one, two] = [driverFor(silent.address, { pollMs: 500 }), driverFor(neighbour.address, { pollMs: 500 })]
    await bring(one.driver, onAir)
    await bring(two.driver, onAir)
    silent.faults.silent = true
    const silentMs = systemClock.now()
    const seen = two.context.observations.length
    await until('lost', () => one.driver.status.state === 'lost', 3000)
    expect(systemClock.now() - silentMs).toBeLessThanOrEqual(3000)
    expect(stateOf(one.driver)).toBe('unknown')
    await bring(two.driver, offAir)
    expect(two.context.observations.length - seen).toBeGreaterThanOrEqual(3)
    expect(two.context.statuses.map(({ state }) => state)).toEqual(['online'])
    silent.faults.silent = false
    await until('back', () => one.driver.status.state === 'online', 2500)
  })

  test.each<[string, (sim: TransmitterSimulator) => void]>([
    ['scrambled answers', (sim) => Object.assign(sim.faults, { garbled: true })],
    ['a flood of noise after each answer', (sim) => Object.assign(sim.faults, { noiseBytes: 1_000_000, garbled: true })],
  ])('H3 %s: lost within 5 s, nothing of it is shown, memory is bounded, and it comes back', async (_, break_) => {
    const sim = await simulator()
    const { context, driver } = driverFor(sim.address)
    await bring(driver, onAir)
    break_(sim)
    const seen = context.observations.length
    const before = process.memoryUsage().rss
    await until('lost', () => driver.status.state === 'lost', 5000)
    expect(context.observations.slice(seen).every((one) => one.frequencyKhz === 102_400 && one.forwardPowerW <= 100)).toBe(true)
    expect(process.memoryUsage().rss - before).toBeLessThan(64_000_000)
    Object.assign(sim.faults, { garbled: false, noiseBytes: 0 })
    await until('back', () => driver.status.state === 'online', 3000)
  })

  test('H4 the answer of n arrives during n+1: it is dropped by its name, and no reading is another`s', async () => {
    const sim = await simulator()
    const { context, driver } = driverFor(sim.address, { replyTimeoutMs: 100, worstReplyMs: 100 })
    await bring(driver, onAir)
    await until('full power', () => driver.observed?.forwardPowerW === 100)
    const seen = context.observations.length
    // Timeout 100 ms and 100 ms of quarantine: an answer 260 ms late falls into the next request.
    sim.faults.late = { count: 3, byMs: 260 }
    await until('ten more readings', () => context.observations.length >= seen + 10, 8000)
    expect(context.statuses.some((status) => status.state === 'degraded' && status.reason === 'late answer')).toBe(true)
    for (const one of context.observations.slice(seen)) {
      expect(one).toMatchObject({
        carrierOn: true,
        forwardPowerW: 100,
        powerSetW: 100,
        rfPresent: true,
        interlockClosed: true,
        frequencyKhz: 102_400,
      })
    }
    await until('online again', () => driver.status.state === 'online')
  })

  test('H5 acknowledged and not done: ordered on, not claimed, faulted after the time it may take; a set point alike', async () => {
    const sim = await simulator({ powerSetW: 40 })
    const { driver } = driverFor(sim.address, { riseMs: 600 })
    await until('online', () => driver.observed !== null)
    sim.faults.ackOnly = true
    for (const { command } of driver.plan(driver.observed, onAir)) await driver.send(command, AbortSignal.timeout(1000))
    expect(stateOf(driver)).toBe('down')
    await until('faulted', () => driver.status.state === 'faulted', 3000)
    expect(driver.status).toMatchObject({ needsHands: true, reason: 'acknowledged on and reads off' })
    expect(sim.radiating).toBe(false)
    sim.faults.ackOnly = false
    await bring(driver, onAir)
    await until('repaired', () => driver.status.state === 'online' && stateOf(driver) === 'up')
  })

  test('H6 stuck keyed after release: still up is said, faulted with what to do, ordered off again and again; the interlock relay cuts it', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address, { fallMs: 500 })
    await bring(driver, onAir)
    await until('up', () => stateOf(driver) === 'up')
    sim.setStuckKeyed(true)
    const release = async () => {
      for (const { command } of driver.plan(driver.observed, offAir)) await driver.send(command, AbortSignal.timeout(1000))
    }
    await release()
    await until('reads off', () => driver.observed?.carrierOn === false)
    expect(stateOf(driver)).toBe('up')
    await until('faulted', () => driver.status.state === 'faulted', 3000)
    expect(driver.status).toMatchObject({
      needsHands: true,
      reason: expect.stringMatching(/still radiates 100 W: switch it off at the unit/),
    })
    await release()
    expect(sim.record.filter(({ what, detail }) => what === 'write' && detail.value === 'OFF')).toHaveLength(2)
    sim.setInterlock(false)
    await until('cut', () => !sim.radiating && driver.observed?.rfPresent === false)
    await until('no fault any more', () => driver.status.state === 'online')
    expect(driver.plan(driver.observed, offAir)).toEqual([])
  })

  test('a refusing unit answers: it is online, the order rejects with nak', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await until('online', () => driver.observed !== null)
    sim.faults.refusing = true
    await expect(driver.send({ kind: 'setPower', powerW: 50 }, AbortSignal.timeout(1000))).rejects.toMatchObject({ code: 'nak' })
    await expect(driver.send({ kind: 'setPower', powerW: 50_000 }, AbortSignal.timeout(1000))).rejects.toMatchObject({
      code: 'out-of-range',
    })
    expect(driver.status.state).toBe('online')
  })

  test('P7 a transport that throws turns its device to lost at once and no other; it never stays `online`', async () => {
    const [bad, good] = [await simulator(), await simulator()]
    const real = openTransport(parseAddress(bad.address), systemClock)
    let explode = false
    const throwing: Transport = {
      address: real.address,
      connect(handlers) {
        if (explode) throw new Error('binding exploded')
        const connection = real.connect(handlers)
        return {
          close: () => connection.close(),
          write: (bytes) => {
            if (explode) handlers.onDown('the driver threw')
            return connection.write(bytes)
          },
        }
      },
    }
    const [one, two] = [driverFor(throwing), driverFor(good.address)]
    await bring(one.driver, onAir)
    await bring(two.driver, onAir)
    explode = true
    await until('lost', () => one.driver.status.state === 'lost', 1000)
    expect(stateOf(one.driver)).toBe('unknown')
    expect(two.driver.status.state).toBe('online')
    explode = false
    await until('back', () => one.driver.status.state === 'online', 2500)
  })
})

test('plant: a zone relay in the interlock loop drops the carrier by itself when its lease is not renewed (the PC is dead)', async () => {
  const relays = await createRelaySimulator({ wire: { kind: 'tcp' } })
  closers.push(() => relays.close())
  const sim = await simulator({ interlockClosed: false })
  relays.onCoil((coil, on) => {
    if (coil === 7) sim.setInterlock(on)
  })
  const context = recordedContext<ZonesObserved, never>(relays.address)
  const board = new RelayDriver(context, RelayConfig.parse({ pollMs: 100 }))
  closers.push(() => board.close())
  board.open()
  const { driver } = driverFor(sim.address)
  const coils = Array.from({ length: 8 }, (_, coil) => coil === 7)
  await bring(board, { coils, leaseMs: 1000, refresh: 1, causeId: 'test' })
  await bring(driver, onAir)
  await until('up', () => stateOf(driver) === 'up')
  await Promise.all([board.close({ outputs: 'leave' }), driver.close()])
  await until('carrier down without a word from us', () => !sim.radiating, 2000)
  expect(sim.record.at(-1)).toMatchObject({ what: 'carrier', detail: { on: false, cause: 'interlock opened' } })
  expect(relays.record.at(-1)).toMatchObject({ what: 'coil', detail: { coil: 7, on: false, cause: 'lapsed' } })
})
