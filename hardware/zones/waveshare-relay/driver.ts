// Waveshare 8-channel Modbus RTU relay. Reads first and writes only what it is told (adopt, then reconcile); every write is
// followed by a read-back of another length; what was acknowledged and does not show is a fault; all relays open on close.
import type { DriverStatus, ZonesObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { MonotonicMs } from '../../../shared/domain/time.ts'
import type { Ack, CloseOptions, Driver, DriverContext, DriverEntry, Planned } from '../../contract/driver.ts'
import type { ZonesDesired } from '../../contract/kinds.ts'
import type { RtuReply, RtuRequest } from '../../modbus/codec.ts'
import { type RtuLink, rtuLink } from '../../modbus/rtu-bus.ts'
import { Supervisor } from '../../transport/supervisor.ts'
import { RelayConfig } from './config.ts'
import { planRelays, showsRelays, type RelayCommand } from './plan.ts'
import { energise, energiseFor, readAllCoils, readVersion, release, releaseAll, type RelayProfile, waveshareRelay8 } from './protocol.ts'

/** Reads in a row that contradict an acknowledged order before it is a fault (H5). */
const contradictionsToFault = 3
/** The safe state may take one timeout and one quarantine; after that the lease of the board must do it. */
const safeStateMs = 2000
/** A lapse is expected from this long before the end of a lease: the board counts by its own clock. */
const lapseToleranceMs = 500

interface Expected {
  readonly on: boolean
  /** An energised relay falls off by itself at this instant. */
  readonly untilMs: MonotonicMs | null
}

export class RelayDriver implements Driver<ZonesDesired, ZonesObserved, RelayCommand> {
  readonly #context: DriverContext<ZonesObserved>
  readonly #config: RelayConfig
  readonly #profile: RelayProfile
  readonly #link: RtuLink
  readonly #supervisor: Supervisor
  #observed: ZonesObserved | null = null
  #version: number | null = null
  readonly #leased = new Map<number, number>()
  readonly #expected = new Map<number, Expected>()
  #contradictions = 0
  #readingBack: Promise<void> | null = null
  #open = false

  constructor(context: DriverContext<ZonesObserved>, config: RelayConfig, profile: RelayProfile = waveshareRelay8) {
    const { deviceId, clock, log, transport } = context
    this.#context = context
    this.#config = config
    this.#profile = profile
    const { slave, replyTimeoutMs, worstReplyMs, pollMs } = config
    this.#link = rtuLink(transport, { deviceId, clock, log, slave, replyTimeoutMs, worstReplyMs, onWireUp: () => this.#supervisor.nudge() })
    this.#supervisor = new Supervisor({
      deviceId,
      clock,
      log,
      transport: this.#link,
      pollMs,
      poll: () => this.#poll(),
      onBytes: () => undefined,
      // What a relay does while it cannot be heard is not known (its lease may end): it is adopted anew.
      onUp: () => this.#forget(),
      onDown: () => this.#forget(),
      onStatus: (status) => context.onStatus(status),
    })
  }

  get status(): DriverStatus {
    return this.#supervisor.status
  }
  /** null until the board was read, and again while it is lost. */
  get observed(): ZonesObserved | null {
    return this.#observed
  }
  /** Version register of the board as read at first contact (200 = V2.00); null before. */
  get version(): number | null {
    return this.#version
  }

  open(): void {
    if (this.#open) return
    this.#open = true
    this.#link.open()
    this.#supervisor.open()
  }

  async close(options: CloseOptions = { outputs: 'safe' }): Promise<void> {
    if (!this.#open) return
    this.#open = false
    if (options.outputs === 'safe' && this.#supervisor.connection !== null) await this.#safeState()
    await this.#supervisor.close()
    await this.#link.close()
  }

  plan(observed: ZonesObserved | null, desired: ZonesDesired): readonly Planned<RelayCommand>[] {
    return planRelays(observed, desired, this.#leased, this.#profile.coilCount)
  }

  shows(observed: ZonesObserved, command: RelayCommand): boolean {
    return showsRelays(observed, command)
  }

  async send(command: RelayCommand, signal: AbortSignal): Promise<Ack> {
    const { clock } = this.#context
    const sentAtMs = clock.now()
    await this.#ask(this.#requestFor(command), 'order', signal)
    const answeredAtMs = clock.now()
    this.#expect(command)
    this.#readBack()
    return { sentAtMs, answeredAtMs }
  }

  /**
   * Not awaited: the answer of the board is the Ack, the read-back is what is observed next. Orders that follow at once (an all-call)
   * go first; a read-back that waits while they are acknowledged is asked after them and shows them all.
   */
  #readBack(): void {
    this.#readingBack ??= this.#readCoils()
      .catch((cause: unknown) => {
        this.#context.log.warn('read-back failed', { deviceId: this.#context.deviceId, cause: String(cause) })
      })
      .finally(() => {
        this.#readingBack = null
      })
  }

  async #poll(): Promise<void> {
    await this.#readCoils()
    if (this.#version !== null) return
    const reply = await this.#ask(readVersion(this.#profile), 'poll')
    this.#version = reply.kind === 'registers' ? (reply.registers[0] ?? null) : null
    this.#context.log.info('relay board answers', { deviceId: this.#context.deviceId, version: this.#version })
  }

  async #readCoils(): Promise<void> {
    const read = (reply: RtuReply) => {
      if (reply.kind === 'bits') this.#observed = { coils: [...reply.bits], atMs: this.#context.clock.now() }
    }
    const reply = await this.#ask(readAllCoils(this.#profile), 'poll', undefined, read)
    if (reply.kind !== 'bits' || this.#observed === null) return
    this.#compare(this.#observed.coils)
    this.#context.onObserved(this.#observed)
  }

  /** @param take is called before the board counts as heard: whoever is told that it is online finds what it says. */
  async #ask(request: RtuRequest, priority: 'order' | 'poll', signal?: AbortSignal, take?: (reply: RtuReply) => void): Promise<RtuReply> {
    try {
      const reply = await this.#link.call(request, priority, signal)
      take?.(reply)
      this.#supervisor.heard()
      return reply
    } catch (cause) {
      if (cause instanceof DriverError && cause.code === 'nak') this.#supervisor.heard()
      else if (cause instanceof DriverError && (cause.code === 'timeout' || cause.code === 'malformed'))
        this.#supervisor.misheard(cause.message)
      throw cause
    }
  }

  #requestFor(command: RelayCommand): RtuRequest {
    switch (command.kind) {
      case 'energise':
        if (this.#config.outputs === 'latched') return energise(this.#profile, this.#inRange(command.coil))
        return energiseFor(this.#profile, this.#inRange(command.coil), command.leaseMs)
      case 'release':
        return release(this.#profile, this.#inRange(command.coil))
      case 'releaseAll':
        return releaseAll(this.#profile)
    }
  }

  #inRange(coil: number): number {
    if (Number.isInteger(coil) && coil >= 0 && coil < this.#profile.coilCount) return coil
    throw new DriverError('out-of-range', this.#context.deviceId, `no relay ${coil}`)
  }

  #expect(command: RelayCommand): void {
    this.#contradictions = 0
    if (command.kind === 'energise') {
      const untilMs = this.#config.outputs === 'timed' ? ((this.#context.clock.monotonic() + command.leaseMs) as MonotonicMs) : null
      this.#expected.set(command.coil, { on: true, untilMs })
      this.#leased.set(command.coil, command.refresh)
      return
    }
    const coils = command.kind === 'release' ? [command.coil] : Array.from({ length: this.#profile.coilCount }, (_, coil) => coil)
    for (const coil of coils) {
      this.#expected.set(coil, { on: false, untilMs: null })
      this.#leased.delete(coil)
    }
  }

  #compare(coils: readonly boolean[]): void {
    const now = this.#context.clock.monotonic()
    for (const [coil, { untilMs }] of this.#expected) {
      if (untilMs !== null && now >= untilMs - lapseToleranceMs) this.#expected.delete(coil)
    }
    const wrong = [...this.#expected].filter(([coil, { on }]) => coils[coil] !== on)
    if (wrong.length === 0) {
      this.#contradictions = 0
      this.#supervisor.repaired()
      return
    }
    this.#contradictions += 1
    if (this.#contradictions < contradictionsToFault) return
    const names = wrong.map(([coil, { on }]) => `relay ${coil + 1} acknowledged ${on ? 'on' : 'off'} and reads ${on ? 'off' : 'on'}`)
    this.#supervisor.fault(names.join(', '))
  }

  #forget(): void {
    this.#observed = null
    this.#leased.clear()
    this.#expected.clear()
    this.#contradictions = 0
  }

  async #safeState(): Promise<void> {
    const { clock, log, deviceId } = this.#context
    const ended = new AbortController()
    const deadline = clock.after(safeStateMs, () => ended.abort())
    try {
      await this.#ask(releaseAll(this.#profile), 'order', ended.signal)
      const reply = await this.#ask(readAllCoils(this.#profile), 'order', ended.signal)
      if (reply.kind === 'bits' && reply.bits.some((bit) => bit)) log.error('relays still on after the safe state', { deviceId })
    } catch (cause) {
      log.error('the safe state was not confirmed', { deviceId, cause: String(cause) })
    } finally {
      deadline.cancel()
    }
  }
}

export const waveshareRelay: DriverEntry<RelayConfig, ZonesDesired, ZonesObserved, RelayCommand> = {
  id: 'waveshare-relay-8',
  kind: 'zones',
  label: 'Waveshare Modbus RTU Relay 8CH',
  protocolRef: 'Waveshare wiki "Modbus RTU Relay", protocol V2 (since 09/2021)',
  capabilities: { timedOutputs: true, readsBack: true, meters: false, keyCount: 0 },
  configSchema: RelayConfig,
  create: (context, config) => new RelayDriver(context, config),
}
