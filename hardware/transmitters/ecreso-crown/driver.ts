// FM transmitter of the ASCII family Ecreso Helios / Crown FME. An order is sent, acknowledged by the unit, and believed only
// when telemetry shows it. Closing the driver never touches the carrier: that takes an armed order.
import type { DriverStatus, TransmitterObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { Ack, Driver, DriverContext, DriverEntry, Planned } from '../../contract/driver.ts'
import type { Armed, TransmitterDesired } from '../../contract/kinds.ts'
import { Supervisor } from '../../transport/supervisor.ts'
import { TransmitterConfig } from './config.ts'
import { type Acknowledged, missingEffect, nothingAcknowledged } from './effect.ts'
import { NamedValueLink } from './link.ts'
import { planTransmitter, showsTransmitter, type TransmitterCommand } from './plan.ts'
import { crownFmeProfile, heliosProfile, type TransmitterProfile } from './profile.ts'
import { formatPowerW } from './protocol.ts'
import { Telemetry } from './telemetry.ts'

type Desired = TransmitterDesired & Armed

export class TransmitterDriver implements Driver<Desired, TransmitterObserved, TransmitterCommand> {
  readonly #context: DriverContext<TransmitterObserved>
  readonly #config: TransmitterConfig
  readonly #profile: TransmitterProfile
  readonly #link: NamedValueLink
  readonly #telemetry: Telemetry
  readonly #supervisor: Supervisor
  #observed: TransmitterObserved | null = null
  #acknowledged: Acknowledged = nothingAcknowledged
  /** Names to read with the next poll because an order just changed them. */
  #readSoon: readonly string[] = []

  constructor(context: DriverContext<TransmitterObserved>, config: TransmitterConfig, profile: TransmitterProfile) {
    const { deviceId, clock, log, transport } = context
    this.#context = context
    this.#config = config
    this.#profile = profile
    this.#telemetry = new Telemetry(profile, deviceId)
    this.#supervisor = new Supervisor({
      deviceId,
      clock,
      log,
      transport,
      pollMs: config.pollMs,
      poll: () => this.#poll(),
      onBytes: (bytes) => this.#link.receive(bytes),
      onUp: () => this.#telemetry.forget(),
      onDown: (reason) => this.#link.reset('lost', reason),
      onStatus: (status) => context.onStatus(status),
    })
    this.#link = new NamedValueLink({
      deviceId,
      clock,
      profile,
      lineEnding: config.lineEnding ?? profile.lineEnding,
      answers: config.answers ?? profile.answers,
      replyTimeoutMs: config.replyTimeoutMs,
      worstReplyMs: config.worstReplyMs,
      write: (bytes) => this.#supervisor.write(bytes),
      onStray: (reason) => this.#supervisor.misheard(reason),
    })
  }

  get status(): DriverStatus {
    return this.#supervisor.status
  }
  get observed(): TransmitterObserved | null {
    return this.#observed
  }

  open(): void {
    this.#supervisor.open()
  }

  async close(): Promise<void> {
    this.#link.reset('cancelled', 'closed')
    await this.#supervisor.close()
  }

  plan(observed: TransmitterObserved | null, desired: Desired): readonly Planned<TransmitterCommand>[] {
    return planTransmitter(observed, desired)
  }

  shows(observed: TransmitterObserved, command: TransmitterCommand): boolean {
    return showsTransmitter(observed, command)
  }

  async send(command: TransmitterCommand, signal: AbortSignal): Promise<Ack> {
    const { clock } = this.#context
    const sentAtMs = clock.now()
    await this.#order(command, signal)
    // Taken before the poll begins: what is observed from then on is the effect.
    const answeredAtMs = clock.now()
    this.#supervisor.pollNow()
    return { sentAtMs, answeredAtMs }
  }

  async #order(command: TransmitterCommand, signal: AbortSignal): Promise<void> {
    const { names } = this.#profile
    const atMs = this.#context.clock.monotonic()
    switch (command.kind) {
      case 'setPower':
        await this.#tell(names.powerSet, this.#powerText(command.powerW), signal)
        this.#acknowledged = { ...this.#acknowledged, power: { powerW: Math.round(command.powerW), atMs } }
        this.#readSoon = [names.powerSet]
        return
      case 'setCarrier':
        if (command.armed.armedBy === '') throw new DriverError('out-of-range', this.#context.deviceId, 'the carrier order is not armed')
        if (command.carrier === 'on' && names.standby !== null) await this.#leaveStandby(names.standby, signal)
        await this.#tell(names.carrier, command.carrier === 'on' ? 'ON' : 'OFF', signal)
        this.#acknowledgeCarrier(command.carrier)
        return
    }
  }

  /** A repeated order does not restart the time its effect is given. */
  #acknowledgeCarrier(wish: 'on' | 'off'): void {
    if (this.#acknowledged.carrier?.wish === wish) return
    this.#acknowledged = { ...this.#acknowledged, carrier: { wish, atMs: this.#context.clock.monotonic() } }
  }

  async #leaveStandby(standby: string, signal: AbortSignal): Promise<void> {
    try {
      if ((await this.#ask(standby, 'order', signal)) === 'ON') await this.#tell(standby, 'OFF', signal)
    } catch (cause) {
      // A unit without standby refuses the name; every other failure is the order's.
      if (!(cause instanceof DriverError && cause.code === 'nak')) throw cause
    }
  }

  #powerText(powerW: number): string {
    try {
      return formatPowerW(powerW)
    } catch (cause) {
      throw new DriverError('out-of-range', this.#context.deviceId, 'power set point', { cause })
    }
  }

  async #poll(): Promise<void> {
    const soon = this.#readSoon
    this.#readSoon = []
    try {
      const now = () => this.#context.clock.now()
      this.#observed = await this.#telemetry.poll((name) => this.#ask(name, 'poll'), now, soon)
    } catch (cause) {
      if (cause instanceof DriverError && cause.code === 'malformed') {
        this.#supervisor.misheard(cause.message)
        this.#telemetry.forget()
        this.#link.distrust()
      }
      throw cause
    }
    this.#judge(this.#observed)
    this.#context.onObserved(this.#observed)
  }

  #judge(observed: TransmitterObserved): void {
    const reason = missingEffect(this.#acknowledged, observed, this.#context.clock.monotonic(), this.#config)
    if (reason === null) this.#supervisor.repaired()
    else this.#supervisor.fault(reason)
  }

  async #ask(name: string, priority: 'order' | 'poll', signal: AbortSignal | null = null): Promise<string> {
    return this.#listen(this.#link.read(name, priority, signal))
  }

  async #tell(name: string, value: string, signal: AbortSignal): Promise<void> {
    await this.#listen(this.#link.write(name, value, signal))
  }

  /** Tells the supervisor what an answer, a refusal (also an answer) or its absence means. */
  async #listen<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer
      this.#supervisor.heard()
      return value
    } catch (cause) {
      if (cause instanceof DriverError && cause.code === 'nak') this.#supervisor.heard()
      if (cause instanceof DriverError && cause.code === 'timeout') this.#supervisor.misheard(cause.message)
      throw cause
    }
  }
}

type Entry = DriverEntry<TransmitterConfig, Desired, TransmitterObserved, TransmitterCommand>

function entryOf(id: string, label: string, profile: TransmitterProfile): Entry {
  return {
    id,
    kind: 'transmitter',
    label,
    protocolRef: profile.document,
    capabilities: { timedOutputs: false, readsBack: true, meters: false, keyCount: 0 },
    configSchema: TransmitterConfig,
    create: (context, config) => new TransmitterDriver(context, config, profile),
  }
}

export const ecresoHelios: Entry = entryOf('ecreso-helios-fm', 'Ecreso Helios FM', heliosProfile)
export const crownFme: Entry = entryOf('crown-fme', 'Crown FME', crownFmeProfile)
