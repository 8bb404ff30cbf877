// The relay driver against simulated boards on real wires. The oracle is the board's own record of its relays.
import { afterEach, describe, expect, test } from 'vitest'
import type { ZonesDesired } from '../../../hardware/contract/kinds.ts'
import { parseAddress } from '../../../hardware/transport/address.ts'
import { openTransport } from '../../../hardware/transport/wire-hub.ts'
import { RelayConfig } from '../../../hardware/zones/waveshare-relay/config.ts'
import { RelayDriver } from '../../../hardware/zones/waveshare-relay/driver.ts'
import { createRelaySimulator, type RelaySimulator, type RelaySimulatorOptions } from '../../../hardware/zones/waveshare-relay/simulator.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { ZonesObserved } from '../../../shared/domain/device.ts'
import { bring } from '../../support/driver-bench.ts'
import { recordedContext } from '../../support/driver-context.ts'
import { serialPair } from '../../support/serial-pair.ts'
import { until } from '../../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const wish = (on: number[], refresh = 1, leaseMs = 20_000): ZonesDesired => ({
  coils: Array.from({ length: 8 }, (_, coil) => on.includes(coil)),
  leaseMs,
  refresh,
  causeId: 'test',
})

async function simulator(options: Partial<RelaySimulatorOptions> = {}): Promise<RelaySimulator> {
  const made = await createRelaySimulator({ wire: { kind: 'tcp' }, ...options })
  closers.push(() => made.close())
  return made
}

function driverFor(wire: Parameters<typeof recordedContext>[0], options: Record<string, unknown> = {}) {
  const context = recordedContext<ZonesObserved, never>(wire)
  const driver = new RelayDriver(context, RelayConfig.parse({ pollMs: 100, ...options }))
  closers.push(() => driver.close())
  driver.open()
  return { context, driver }
}

const changes = (sim: RelaySimulator) =>
  sim.record
    .filter(({ what }) => what === 'coil')
    .map(({ detail }) => `${detail.slave}/${detail.coil} ${detail.on ? 'on' : 'off'} ${detail.cause}`)
const writes = (sim: RelaySimulator) => sim.record.filter(({ what }) => what === 'write')

describe('one board over TCP', () => {
  test('reads first and writes nothing by itself; then what is wished, read back; and opens everything on close', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await until('first reading', () => driver.observed !== null && driver.version !== null)
    expect(driver.version).toBe(200)
    expect(writes(sim)).toEqual([])
    await bring(driver, wish([0, 2]))
    expect(sim.coils()).toEqual(wish([0, 2]).coils)
    await bring(driver, wish([2]))
    expect(driver.observed?.coils).toEqual(wish([2]).coils)
    await driver.close()
    expect(sim.coils()).toEqual(wish([]).coils)
    expect(changes(sim)).toEqual(['1/0 on timed on', '1/2 on timed on', '1/0 off off', '1/2 off off'])
  })

  test('adopt, then reconcile: a board that is on from before is read, kept, and its lease renewed; `leave` hands it over', async () => {
    const sim = await simulator()
    const first = driverFor(sim.address)
    await bring(first.driver, wish([1, 3]))
    await first.driver.close({ outputs: 'leave' })
    expect(sim.coils()).toEqual(wish([1, 3]).coils)
    const before = changes(sim).length
    const second = driverFor(sim.address)
    await until('adopted', () => second.driver.observed !== null)
    expect(second.driver.observed?.coils).toEqual(wish([1, 3]).coils)
    await bring(second.driver, wish([1, 3]))
    expect(changes(sim)).toHaveLength(before)
    expect(
      writes(sim)
        .slice(-2)
        .map(({ detail }) => detail.address),
    ).toEqual([0x0201, 0x0203])
  })

  test('the lease is the board`s: refreshed it holds, left alone it lapses though nobody closed anything', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await bring(driver, wish([4], 1, 600))
    for (let refresh = 2; refresh <= 4; refresh++) {
      await until('a third of the lease', () => systemClock.now() - (writes(sim).at(-1)?.atMs ?? 0) >= 200)
      await bring(driver, wish([4], refresh, 600))
    }
    expect(changes(sim)).toEqual(['1/4 on timed on'])
    await driver.close({ outputs: 'leave' })
    await until('lapsed', () => changes(sim).at(-1) === '1/4 off lapsed', 2000)
    const last = writes(sim).at(-1)
    expect((sim.record.at(-1)?.atMs ?? 0) - (last?.atMs ?? 0)).toBeGreaterThanOrEqual(590)
  })

  test('H5 acknowledged and not done: faulted with the relay named; repaired when it is done after all', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await until('online', () => driver.status.state === 'online')
    sim.faults.ackOnly = true
    const [order] = driver.plan(driver.observed, wish([6]))
    if (order === undefined) throw new Error('no order')
    await driver.send(order.command, AbortSignal.timeout(1000))
    await until('faulted', () => driver.status.state === 'faulted', 2000)
    expect(driver.status).toMatchObject({ needsHands: true, reason: 'relay 7 acknowledged on and reads off' })
    expect(sim.coils()[6]).toBe(false)
    sim.faults.ackOnly = false
    await bring(driver, wish([6]))
    await until('repaired', () => driver.status.state === 'online')
  })

  test('a relay that falls off at the end of its lease does what it was told: no fault', async () => {
    const sim = await simulator()
    const { context, driver } = driverFor(sim.address)
    await bring(driver, wish([4], 1, 600))
    await until('lapsed', () => changes(sim).at(-1) === '1/4 off lapsed', 2000)
    const seen = context.observations.length
    await until('five more readings', () => context.observations.length >= seen + 5)
    expect(driver.observed?.coils[4]).toBe(false)
    expect(context.statuses.map(({ state }) => state)).toEqual(['online'])
  })

  test('an order the board has no relay for is refused before the wire', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await until('online', () => driver.status.state === 'online')
    await expect(driver.send({ kind: 'release', coil: 8 }, AbortSignal.timeout(1000))).rejects.toMatchObject({ code: 'out-of-range' })
    expect(writes(sim)).toEqual([])
  })

  test('closing while an order waits rejects it with cancelled or lost, and twice is once', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address)
    await until('online', () => driver.status.state === 'online')
    sim.faults.absent.add(1)
    const outcome = driver.send({ kind: 'release', coil: 0 }, AbortSignal.timeout(5000)).catch((error: { code: string }) => error.code)
    await Promise.all([driver.close({ outputs: 'leave' }), driver.close()])
    expect(['cancelled', 'lost']).toContain(await outcome)
  })
})

describe.each<[string, (sim: RelaySimulator) => void]>([
  ['late by more than the timeout', (sim) => Object.assign(sim.faults.late, { count: 1, byMs: 350 })],
  ['split byte by byte', (sim) => Object.assign(sim.faults.split, { count: 20 })],
  ['glued to the next', (sim) => Object.assign(sim.faults.glue, { count: 1 })],
  ['corrupted', (sim) => Object.assign(sim.faults.corrupt, { count: 1 })],
])('H4 a reply that is %s', (_, break_) => {
  test('never shows a relay that is not so, and the driver recovers by itself', async () => {
    const sim = await simulator()
    const { context, driver } = driverFor(sim.address)
    await bring(driver, wish([0, 5]))
    const clean = context.observations.length
    break_(sim)
    await until('ten more readings', () => context.observations.length >= clean + 10, 8000)
    for (const { coils } of context.observations.slice(clean)) expect(coils).toEqual(wish([0, 5]).coils)
    await until('online', () => driver.status.state === 'online')
    expect(sim.coils()).toEqual(wish([0, 5]).coils)
  })
})

describe('several boards on one serial bus', () => {
  test('share one master; a board without power is lost alone, the others are polled and switched all the while', async () => {
    const pair = await serialPair()
    closers.push(() => pair.close())
    const sim = await simulator({ wire: { kind: 'serial', path: pair.devicePath, driverPath: pair.driverPath }, slaves: [1, 2, 3] })
    const transport = openTransport(parseAddress(sim.address), systemClock)
    const [one, two, three] = [1, 2, 3].map((slave) => driverFor(transport, { slave, pollMs: 300 }))
    if (one === undefined || two === undefined || three === undefined) throw new Error('three drivers')
    await until('all online', () => [one, two, three].every(({ driver }) => driver.status.state === 'online'))
    sim.faults.absent.add(2)
    const goneMs = systemClock.now()
    await until('the dead board is lost', () => two.driver.status.state === 'lost', 3500)
    expect(systemClock.now() - goneMs).toBeLessThanOrEqual(3500)
    const order = systemClock.monotonic()
    await bring(three.driver, wish([7]))
    expect(systemClock.monotonic() - order).toBeLessThan(1500)
    expect([one.driver.status.state, three.driver.status.state]).toEqual(['online', 'online'])
    expect(one.context.statuses.some(({ state }) => state === 'lost')).toBe(false)
    sim.faults.absent.clear()
    await until('it is back', () => two.driver.status.state === 'online', 4000)
    expect(sim.coils(3)[7]).toBe(true)
  })
})

describe('the wire', () => {
  test('H1 silent without a close event: lost within 3 s, found again within 2 s, and nothing is switched meanwhile', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address, { pollMs: 500 })
    await bring(driver, wish([0]))
    sim.faults.silent.add(1)
    const silentMs = systemClock.now()
    await until('lost', () => driver.status.state === 'lost', 3000)
    expect(systemClock.now() - silentMs).toBeLessThanOrEqual(3000)
    expect(driver.status).toMatchObject({ lastHeardAt: expect.any(Number), nextAttemptAt: expect.any(Number) })
    sim.faults.silent.clear()
    await until('online', () => driver.status.state === 'online', 3000)
    expect(changes(sim)).toEqual(['1/0 on timed on'])
  })

  test('pulled and put back: online again within 2 s of the plug', async () => {
    const sim = await simulator()
    const { driver } = driverFor(sim.address, { pollMs: 500 })
    await until('online', () => driver.status.state === 'online')
    await sim.unplug()
    await until('lost', () => driver.status.state === 'lost', 3000)
    await until('some retries', () => driver.status.state === 'lost' && driver.status.nextAttemptAt - driver.status.sinceMs >= 1000, 8000)
    await sim.plug()
    const pluggedMs = systemClock.now()
    await until('online', () => driver.status.state === 'online', 2000)
    expect(systemClock.now() - pluggedMs).toBeLessThan(2000)
  })
})
