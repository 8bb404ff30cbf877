// What every driver owes the station, whatever it drives. Runs on each registry entry against its simulator, and on metal when
// TEST_DEVICE_<ID> holds the device's address (options as JSON in TEST_DEVICE_<ID>_OPTIONS): then only what is safe on a device
// that may be in service: nothing is written.
import { afterEach, describe, expect, test } from 'vitest'
import type { Driver } from '../../hardware/contract/driver.ts'
import { type CreatedDriver, createDriver, type DriverId, registry } from '../../hardware/registry.ts'
import { createWireHub } from '../../hardware/transport/wire-hub.ts'
import { type Clock, systemClock, type Timer } from '../../shared/domain/clock.ts'
import { DeskObserved, DriverStatus, SurfaceObserved, TransmitterObserved, ZonesObserved } from '../../shared/domain/device.ts'
import { DeviceId } from '../../shared/domain/ids.ts'
import { until } from '../support/until.ts'

/** A simulated device at the far end. */
export interface Subject {
  readonly address: string
  /** Hears and says nothing, without closing anything. */
  silence(on: boolean): void
  /** null where a wire cannot be pulled (UDP). */
  readonly cable: { unplug(): Promise<void> | void; plug(): Promise<void> | void } | null
  close(): Promise<void>
}

export interface Conformance {
  readonly id: DriverId
  readonly options: Record<string, unknown>
  /** null: the driver has no wire (soft desk). */
  readonly start: (() => Promise<Subject>) | null
  /** Two states of this kind of device, each reached from ignorance and from the other. */
  readonly wishes: readonly [unknown, unknown]
}

type AnyDriver = Driver<unknown, { readonly atMs: number }, unknown>

const schemas = { transmitter: TransmitterObserved, zones: ZonesObserved, desk: DeskObserved, surface: SurfaceObserved }

/** The system clock, knowing which of its timers still run. */
function countingClock(): Clock & { readonly running: ReadonlySet<object> } {
  const running = new Set<object>()
  const kept = (inner: Timer, key: object): Timer => ({
    cancel() {
      running.delete(key)
      inner.cancel()
    },
  })
  return {
    running,
    now: () => systemClock.now(),
    monotonic: () => systemClock.monotonic(),
    after(ms, call) {
      const key = {}
      running.add(key)
      return kept(
        systemClock.after(ms, () => {
          running.delete(key)
          call()
        }),
        key,
      )
    },
    every(ms, call) {
      const key = {}
      running.add(key)
      return kept(systemClock.every(ms, call), key)
    },
  }
}

/** Sends what is planned until nothing is left to order. */
async function settle(driver: AnyDriver, wish: unknown, deadlineMs = 8000): Promise<void> {
  const deadline = systemClock.monotonic() + deadlineMs
  for (;;) {
    let answeredAtMs = 0
    const plan = driver.plan(driver.observed, wish)
    for (const { command } of plan) ({ answeredAtMs } = await driver.send(command, AbortSignal.timeout(deadlineMs)))
    if (plan.length === 0) return
    if (systemClock.monotonic() > deadline) throw new Error(`still planned: ${plan.map(({ reason }) => reason).join(', ')}`)
    await until('an observation after the order', () => (driver.observed?.atMs ?? 0) >= answeredAtMs, deadlineMs)
  }
}

export function driverSuite({ id, options, start, wishes }: Conformance): void {
  const closers: (() => Promise<unknown> | unknown)[] = []
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close()
  })

  function open(address: string, chosen: Record<string, unknown> = options) {
    const clock = countingClock()
    const statuses: DriverStatus[] = []
    const observed: unknown[] = []
    const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
    const sink = {
      onStatus: (status: DriverStatus) => void statuses.push(status),
      onObserved: (seen: unknown) => void observed.push(seen),
      onDeskEvent: () => undefined,
      onSurfaceEvent: () => undefined,
    }
    const config = { id: DeviceId.parse('subject'), driver: id, transport: address, outputs: [], simulated: true, options: chosen }
    const made: CreatedDriver = createDriver(config, { clock, log, wires: createWireHub(clock), sink })
    const driver = made.driver as unknown as AnyDriver
    closers.push(() => driver.close())
    return { made, driver, clock, statuses, observed }
  }

  async function subject(): Promise<Subject> {
    if (start === null) return { address: 'soft:desk', silence: () => undefined, cable: null, close: async () => undefined }
    const started = await start()
    closers.push(() => started.close())
    return started
  }

  async function online(address: string) {
    const opened = open(address)
    opened.driver.open()
    await until('online with a first observation', () => opened.driver.status.state === 'online' && opened.driver.observed !== null)
    return opened
  }

  describe(`${id} against its simulator`, () => {
    test('open returns at once, and what is reported then has the agreed shape', async () => {
      const { made, driver, statuses, observed } = open((await subject()).address)
      expect(driver.observed).toBeNull()
      driver.open()
      await until('online and observed', () => driver.status.state === 'online' && driver.observed !== null)
      expect(DriverStatus.parse(driver.status).state).toBe('online')
      for (const status of statuses) DriverStatus.parse(status)
      for (const seen of observed) schemas[made.kind].parse(seen)
      expect(observed.length).toBeGreaterThan(0)
    })

    test('the plan is pure and reaches both wishes, from ignorance and from one another', async () => {
      const { driver } = await online((await subject()).address)
      for (const wish of [...wishes, wishes[0]]) {
        const ignorant = driver.plan(null, wish)
        expect(driver.plan(null, wish)).toEqual(ignorant)
        for (const { reason, causeId } of ignorant) expect([reason, causeId].every((text) => text.length > 0)).toBe(true)
        const frozen = Object.freeze(structuredClone(driver.observed))
        driver.plan(frozen, wish)
        for (const { command } of ignorant) {
          const ack = await driver.send(command, AbortSignal.timeout(3000))
          expect(ack.answeredAtMs).toBeGreaterThanOrEqual(ack.sentAtMs)
        }
        await settle(driver, wish)
        expect(driver.plan(driver.observed, wish)).toEqual([])
        const { observed } = driver
        if (observed === null) throw new Error('nothing is read of it')
        expect(ignorant.filter(({ command }) => !driver.shows(observed, command))).toEqual([])
        const other = wish === wishes[0] ? wishes[1] : wishes[0]
        for (const { command } of driver.plan(observed, other)) expect(driver.shows(observed, command)).toBe(false)
      }
    })

    test('an aborted order rejects with cancelled', async () => {
      const { driver } = await online((await subject()).address)
      const [order] = driver.plan(null, wishes[0])
      if (order === undefined) return
      await expect(driver.send(order.command, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    })

    test('close is idempotent, says nothing afterwards and leaves no timer', async () => {
      const { driver, clock, statuses, observed } = await online((await subject()).address)
      await Promise.all([driver.close(), driver.close()])
      const said = [statuses.length, observed.length]
      await driver.close()
      await until('no timer is left', () => clock.running.size === 0, 3000)
      expect([statuses.length, observed.length]).toEqual(said)
      const [order] = driver.plan(null, wishes[0])
      if (order !== undefined)
        await expect(driver.send(order.command, AbortSignal.timeout(500))).rejects.toMatchObject({ name: 'DriverError' })
    })

    test('an option nobody knows is refused by name', async () => {
      const { address } = await subject()
      expect(() => open(address, { ...options, noSuchOption: 1 })).toThrow(/CONFIG_INVALID .*noSuchOption/)
    })
  })

  describe.runIf(start !== null)(`${id}: the wire`, () => {
    test('H1 silent without a close event: lost within 3 s, with the time of the next attempt; back within 3 s', async () => {
      const far = await subject()
      const { driver } = await online(far.address)
      far.silence(true)
      await until('lost', () => driver.status.state === 'lost', 3000)
      const { status } = driver
      if (status.state !== 'lost') throw new Error(status.state)
      expect(status.lastHeardAt).not.toBeNull()
      expect(status.reason).not.toBe('')
      expect(status.nextAttemptAt - status.sinceMs).toBeLessThanOrEqual(1000)
      far.silence(false)
      await until('online', () => driver.status.state === 'online', 3000)
    })

    test('nobody there at the start: a status, not a rejection; found when it comes', async () => {
      const far = await subject()
      if (far.cable === null) far.silence(true)
      else await far.cable.unplug()
      const { driver } = open(far.address)
      driver.open()
      await until('lost', () => driver.status.state === 'lost', 5000)
      expect(driver.status.lastHeardAt).toBeNull()
      if (far.cable === null) far.silence(false)
      else await far.cable.plug()
      await until('online', () => driver.status.state === 'online', 3000)
    })

    test('pulled and put back: lost, and online within 2 s of the plug', async (context) => {
      const far = await subject()
      if (far.cable === null) return context.skip('a datagram socket has no cable to pull')
      const { driver } = await online(far.address)
      await far.cable.unplug()
      await until('lost', () => driver.status.state === 'lost', 3000)
      await far.cable.plug()
      await until('online', () => driver.status.state === 'online', 2000)
    })
  })

  const name = id.toUpperCase().replaceAll('-', '_')
  const metal = process.env[`TEST_DEVICE_${name}`]
  describe.runIf(metal !== undefined)(`${id} on metal`, () => {
    test('comes online, reports in the agreed shape for 5 s, and lets go', async () => {
      const chosen: Record<string, unknown> = JSON.parse(process.env[`TEST_DEVICE_${name}_OPTIONS`] ?? '{}')
      const { made, driver, clock, observed } = open(metal ?? '', chosen)
      driver.open()
      await until('online and observed', () => driver.status.state === 'online' && driver.observed !== null, 10_000)
      const firstMs = systemClock.monotonic()
      await until('5 s of it', () => systemClock.monotonic() - firstMs > 5000, 6000)
      for (const seen of observed) schemas[made.kind].parse(seen)
      expect(driver.status.state).toBe('online')
      await driver.close({ outputs: 'leave' })
      await until('no timer is left', () => clock.running.size === 0, 3000)
    })
  })

  test(`${id} is in the registry`, () => {
    expect(registry[id].id).toBe(id)
  })
}
