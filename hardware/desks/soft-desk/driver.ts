// The default where no desk is configured: the same contract, state in this process, no wire and no far end. Its label says
// so, its `observed` is this state and nothing else, and it claims no meters.
import { channelsWithRoles } from '../../../shared/domain/desk-roles.ts'
import type { DeskObserved, DriverStatus } from '../../../shared/domain/device.ts'
import { BugError, DriverError } from '../../../shared/domain/errors.ts'
import type { Ack, Driver, DriverContext, DriverEntry, Planned } from '../../contract/driver.ts'
import type { DeskDesired, DeskEvent } from '../../contract/kinds.ts'
import type { Transport } from '../../transport/transport.ts'
import { planDesk, showsDesk, type DeskCommand } from '../desk-plan.ts'
import { clampFaderDb, initialStrip, SoftDeskConfig, type SoftStrip } from './protocol.ts'

/** For the context of a soft desk: there is nothing to connect to, and nobody does. */
export const noWire: Transport = {
  address: 'soft:desk',
  connect: () => {
    throw new BugError('a soft desk has no wire')
  },
}

export class SoftDesk implements Driver<DeskDesired, DeskObserved, DeskCommand> {
  readonly #context: DriverContext<DeskObserved, DeskEvent>
  readonly #config: SoftDeskConfig
  readonly #strips: Map<string, SoftStrip>
  #status: DriverStatus
  #observed: DeskObserved | null = null

  constructor(context: DriverContext<DeskObserved, DeskEvent>, config: SoftDeskConfig) {
    this.#context = context
    this.#config = config
    this.#strips = new Map(channelsWithRoles(config).map((channel) => [channel, initialStrip(channel, config)]))
    this.#status = { state: 'connecting', sinceMs: context.clock.now(), lastHeardAt: null }
  }

  /** A soft desk is heard whenever it is asked: it lives in this process. */
  get status(): DriverStatus {
    return this.#status.state === 'online' ? { ...this.#status, lastHeardAt: this.#context.clock.now() } : this.#status
  }

  get observed(): DeskObserved | null {
    return this.#observed
  }

  open(): void {
    if (this.#status.state === 'online') return
    const now = this.#context.clock.now()
    this.#status = { state: 'online', sinceMs: now, lastHeardAt: now }
    this.#context.onStatus(this.#status)
    this.#show()
  }

  async close(): Promise<void> {
    this.#status = { state: 'connecting', sinceMs: this.#context.clock.now(), lastHeardAt: null }
    this.#observed = null
  }

  plan(observed: DeskObserved | null, desired: DeskDesired): readonly Planned<DeskCommand>[] {
    return planDesk(observed, desired)
  }

  shows(observed: DeskObserved, command: DeskCommand): boolean {
    return showsDesk(observed, command)
  }

  async send(command: DeskCommand, signal: AbortSignal): Promise<Ack> {
    const sentAtMs = this.#context.clock.now()
    if (signal.aborted) throw new DriverError('cancelled', this.#context.deviceId, 'given up')
    if (this.#status.state !== 'online') throw new DriverError('lost', this.#context.deviceId, 'not open')
    const strip = this.#strip(command.channel)
    this.#strips.set(
      command.channel,
      command.kind === 'setFader' ? { ...strip, faderDb: clampFaderDb(command.faderDb) } : { ...strip, muted: command.muted },
    )
    this.#show()
    return { sentAtMs, answeredAtMs: this.#context.clock.now() }
  }

  /** The operator's hand on the soft desk (from a screen): told as a hand's, like a fader moved on a real desk. */
  moveByHand(channel: string, change: { readonly faderDb?: number; readonly muted?: boolean }): void {
    const strip = this.#strip(channel)
    const moved = { faderDb: clampFaderDb(change.faderDb ?? strip.faderDb), muted: change.muted ?? strip.muted }
    this.#strips.set(channel, moved)
    this.#context.onEvent({ kind: 'handMoved', channel, ...moved })
    this.#show()
  }

  #strip(channel: string): SoftStrip {
    const strip = this.#strips.get(channel)
    if (strip === undefined) throw new DriverError('out-of-range', this.#context.deviceId, `the soft desk has no channel ${channel}`)
    return strip
  }

  #show(): void {
    if (this.#status.state !== 'online') return
    const channels = [...this.#strips].map(([channel, strip]) => ({ channel, label: this.#config.labels[channel] ?? channel, ...strip }))
    this.#observed = { channels, levelsDb: {}, atMs: this.#context.clock.now() }
    this.#context.onObserved(this.#observed)
  }
}

export const softDesk: DriverEntry<SoftDeskConfig, DeskDesired, DeskObserved, DeskCommand, DeskEvent> = {
  id: 'soft-desk',
  kind: 'desk',
  label: 'Bàn trộn mềm (không có bàn trộn thật)',
  protocolRef: 'none: state in the station process',
  capabilities: { timedOutputs: false, readsBack: true, meters: false, keyCount: 0 },
  configSchema: SoftDeskConfig,
  create: (context, config) => new SoftDesk(context, config),
}
