// What a driver is. A driver says what a device should be told (`plan`, pure), tells it (`send`), and reports what the
// device itself says (`observed`). It never decides: wishes (`desired`) come from the station.
import type { z } from 'zod'
import type { Clock } from '../../shared/domain/clock.ts'
import type { DeviceId } from '../../shared/domain/ids.ts'
import type { DriverKind, DriverStatus } from '../../shared/domain/device.ts'
import type { Transport } from '../transport/transport.ts'

export interface DriverLog {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

/** All a driver may know of the world. Narrow on purpose: no globals, no files, no database. */
export interface DriverContext<Observed, DeviceEvent = never> {
  readonly deviceId: DeviceId
  readonly clock: Clock
  readonly log: DriverLog
  /** Opens the wire named in the configuration. A driver opens it through the shared reconnect machine only. */
  readonly transport: Transport
  onStatus(status: DriverStatus): void
  onObserved(observed: Observed): void
  /** Momentary things the device did by itself: a key pressed, a fader moved by hand. */
  onEvent(event: DeviceEvent): void
}

/** A command with why it is sent and which decision caused it: priceless in an as-run dispute. */
export interface Planned<Command> {
  readonly command: Command
  readonly reason: string
  readonly causeId: string
}

/** The device's own answer, before any read-back. */
export interface Ack {
  readonly sentAtMs: number
  readonly answeredAtMs: number
}

/** What becomes of outputs that a device holds by itself (relays). `safe` (the default) opens them; `leave` hands them over as they are. */
export interface CloseOptions {
  readonly outputs: 'safe' | 'leave'
}

export interface Driver<Desired, Observed, Command> {
  /** Starts supervision and returns at once; a silent device is a status, not a rejection. */
  open(): void
  /** Idempotent. Leaves no timer, listener or pending promise; commands in flight reject with `cancelled`. */
  close(options?: CloseOptions): Promise<void>
  /** Pure. `null` = nothing known (first contact): must reach the desired state from ignorance. */
  plan(observed: Observed | null, desired: Desired): readonly Planned<Command>[]
  /** Pure. Whether the device itself says that this order has had its effect. That nothing is left to order (`plan`) does not say it. */
  shows(observed: Observed, command: Command): boolean
  /** Settles on the device's answer, a DriverError, or abort. One write queue per wire. */
  send(command: Command, signal: AbortSignal): Promise<Ack>
  readonly status: DriverStatus
  /** The last reading, another object each time. */
  readonly observed: Observed | null
}

export interface Capabilities {
  /** The device itself drops an output when it is not refreshed (a lease held by hardware). */
  readonly timedOutputs: boolean
  readonly readsBack: boolean
  readonly meters: boolean
  readonly keyCount: number
}

/** A simulated device: a far end on a real wire that keeps its own record of what reached it. */
export interface DeviceSimulator {
  /** Address to configure, such as `tcp://127.0.0.1:41234` or `serial:/tmp/…`. */
  readonly address: string
  /** Everything the device understood and did, in order, by its own parsing. The oracle of the tests. */
  readonly record: readonly SimulatorRecord[]
  close(): Promise<void>
}

export interface SimulatorRecord {
  readonly atMs: number
  readonly what: string
  readonly detail: Readonly<Record<string, string | number | boolean>>
}

export interface DriverEntry<Config, Desired, Observed, Command, DeviceEvent = never> {
  readonly id: string
  readonly kind: DriverKind
  readonly label: string
  /** Document, revision and section that the protocol was taken from. */
  readonly protocolRef: string
  readonly capabilities: Capabilities
  readonly configSchema: z.ZodType<Config>
  create(context: DriverContext<Observed, DeviceEvent>, config: Config): Driver<Desired, Observed, Command>
}
