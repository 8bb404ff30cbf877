// The plant without the station: drivers on real wires against simulated devices. How fast an order is acknowledged and read
// back, how soon a dead device is found and a re-plugged one is back, and that a bad neighbour costs the others nothing.
import type { Driver } from '../hardware/contract/driver.ts'
import { type CreatedDriver, createDriver, type DriverSink } from '../hardware/registry.ts'
import { createTransmitterSimulator } from '../hardware/transmitters/ecreso-crown/simulator.ts'
import { createWireHub, type WireHub } from '../hardware/transport/wire-hub.ts'
import { createRelaySimulator } from '../hardware/zones/waveshare-relay/simulator.ts'
import { systemClock } from '../shared/domain/clock.ts'
import { DeviceId } from '../shared/domain/ids.ts'
import { type Result, result, spread } from './report.ts'

export interface PlantOptions {
  /** Orders per device. */
  readonly orders: number
  /** Silences and re-plugs per device. */
  readonly losses: number
}

export const plantFull: PlantOptions = { orders: 200, losses: 10 }

type AnyDriver = Driver<unknown, { readonly atMs: number }, unknown>

/** Waits for `holds` after each report of a driver; rejects after 10 s. */
class Reports implements DriverSink {
  #waiting: (() => void)[] = []
  readonly onStatus = () => this.#tell()
  readonly onObserved = () => this.#tell()
  readonly onDeskEvent = () => this.#tell()
  readonly onSurfaceEvent = () => this.#tell()

  /** Time until it holds, ms. */
  async until(holds: () => boolean): Promise<number> {
    const start = systemClock.monotonic()
    const deadline = AbortSignal.timeout(10_000)
    while (!holds()) {
      deadline.throwIfAborted()
      await new Promise<void>((resolve, reject) => {
        this.#waiting.push(resolve)
        deadline.addEventListener('abort', () => reject(new Error('a device did not get there within 10 s')), { once: true })
      })
    }
    return systemClock.monotonic() - start
  }

  #tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

interface Device {
  readonly made: CreatedDriver
  readonly driver: AnyDriver
  readonly reports: Reports
}

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

async function open(wires: WireHub, id: string, driver: string, transport: string, options: Record<string, unknown>): Promise<Device> {
  const reports = new Reports()
  const config = { id: DeviceId.parse(id), driver, transport, outputs: [], simulated: true, options }
  const made = createDriver(config, { clock: systemClock, log, wires, sink: reports })
  const device = { made, driver: made.driver as unknown as AnyDriver, reports }
  device.driver.open()
  await reports.until(() => device.driver.status.state === 'online' && device.driver.observed !== null)
  return device
}

interface Timed {
  readonly ackMs: number
  readonly confirmedMs: number
}

/** Orders a wish and waits until an observation made afterwards agrees with it. */
async function order({ driver, reports }: Device, wish: unknown): Promise<Timed> {
  const start = systemClock.monotonic()
  let answeredAtMs = 0
  for (const { command } of driver.plan(driver.observed, wish)) ({ answeredAtMs } = await driver.send(command, AbortSignal.timeout(5000)))
  const ackMs = systemClock.monotonic() - start
  await reports.until(() => (driver.observed?.atMs ?? 0) >= answeredAtMs && driver.plan(driver.observed, wish).length === 0)
  return { ackMs, confirmedMs: systemClock.monotonic() - start }
}

const carrier = (wish: 'on' | 'off') => ({ carrier: wish, powerSetW: 100, causeId: 'bench', armedBy: 'bench' })
const zones = (on: boolean, refresh: number) => ({ coils: Array<boolean>(8).fill(on), leaseMs: 20_000, refresh, causeId: 'bench' })

/** Ack and confirmation of orders that alternate between two wishes. */
async function orders(device: Device, count: number, wishOf: (i: number) => unknown): Promise<readonly Timed[]> {
  const times: Timed[] = []
  for (let i = 0; i < count; i++) times.push(await order(device, wishOf(i)))
  return times
}

interface FarEnd {
  silence(on: boolean): void
  unplug(): Promise<void>
  plug(): Promise<void>
}

function silenceable(cable: Pick<FarEnd, 'plug' | 'unplug'>, silence: (on: boolean) => unknown): FarEnd {
  return { plug: () => cable.plug(), unplug: () => cable.unplug(), silence: (on) => void silence(on) }
}

/** Silences the device without closing anything, then pulls its wire; how soon each is found, and how soon it is back. */
async function losses(device: Device, far: FarEnd, count: number): Promise<{ found: number[]; back: number[] }> {
  const { driver, reports } = device
  const is = (state: string) => () => driver.status.state === state
  const found: number[] = []
  const back: number[] = []
  for (let i = 0; i < count; i++) {
    far.silence(true)
    found.push(await reports.until(is('lost')))
    far.silence(false)
    await reports.until(is('online'))
    await far.unplug()
    await reports.until(is('lost'))
    await far.plug()
    back.push(await reports.until(is('online')))
  }
  return { found, back }
}

export async function runPlant({ orders: orderCount, losses: lossCount }: PlantOptions): Promise<Result[]> {
  const wires = createWireHub(systemClock)
  const transmitter = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'helios', rampMs: 50 })
  const scrambled = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'crown', rampMs: 50 })
  const boards = await createRelaySimulator({ wire: { kind: 'tcp' }, slaves: [1, 2] })
  const opened: Device[] = []
  const add = async (...args: Parameters<typeof open> extends [WireHub, ...infer Rest] ? Rest : never) => {
    const device = await open(wires, ...args)
    opened.push(device)
    return device
  }
  try {
    const tx = await add('tx', 'ecreso-helios-fm', transmitter.address, { onAirThresholdW: 50 })
    const relay = await add('relay', 'waveshare-relay-8', boards.address, { slave: 1 })
    const results: Result[] = []
    const report = (name: string, times: readonly Timed[], targets: { ack: number; confirmed: number }) => {
      results.push(
        ...spread(
          `${name}: acknowledged`,
          times.map(({ ackMs }) => ackMs),
          'ms',
          { p99: targets.ack },
        ),
      )
      results.push(
        ...spread(
          `${name}: read back`,
          times.map(({ confirmedMs }) => confirmedMs),
          'ms',
          { p99: targets.confirmed },
        ),
      )
    }
    report('carrier order', await orders(tx, orderCount, (i) => carrier(i % 2 === 0 ? 'on' : 'off')), { ack: 200, confirmed: 700 })
    report('all-call, 8 zones', await orders(relay, orderCount, (i) => zones(i % 2 === 0, i)), { ack: 500, confirmed: 700 })

    const txLosses = await losses(
      tx,
      silenceable(transmitter, (on) => Object.assign(transmitter.faults, { silent: on })),
      lossCount,
    )
    const board = silenceable(boards, (on) => (on ? boards.faults.silent.add(1) : boards.faults.silent.clear()))
    const relayLosses = await losses(relay, board, lossCount)
    const worst = (values: readonly number[]) => Math.max(...values)
    results.push(result('silent transmitter found', worst(txLosses.found), 'ms', { max: 3000 }))
    results.push(result('re-plugged transmitter online', worst(txLosses.back), 'ms', { max: 2000 }))
    results.push(result('silent relay board found', worst(relayLosses.found), 'ms', { max: 3000 }))
    results.push(result('re-plugged relay board online', worst(relayLosses.back), 'ms', { max: 2000 }))

    await add('scrambled', 'crown-fme', scrambled.address, { onAirThresholdW: 50 })
    await add('absent', 'waveshare-relay-8', boards.address, { slave: 2 })
    scrambled.faults.garbled = true
    boards.faults.absent.add(2)
    report('carrier order beside a garbling unit', await orders(tx, orderCount, (i) => carrier(i % 2 === 0 ? 'on' : 'off')), {
      ack: 200,
      confirmed: 700,
    })
    // On one bus a dead board costs at most one timeout and its quarantine, never its neighbour's order.
    report(
      'one zone beside a dead board on the bus',
      await orders(relay, Math.ceil(orderCount / 4), (i) => ({ ...zones(false, i), coils: [i % 2 === 0] })),
      {
        ack: 1200,
        confirmed: 1500,
      },
    )
    results.push(
      result('neighbours lost meanwhile', [tx, relay].filter(({ driver }) => driver.status.state === 'lost').length, 'devices', { max: 0 }),
    )
    return results
  } finally {
    for (const { driver } of opened) await driver.close()
    await Promise.all([transmitter.close(), scrambled.close(), boards.close()])
  }
}
