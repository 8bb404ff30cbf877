// Runs the reconnect machine of one wire: dials, listens, polls, and turns what happens into events. A driver writes through
// it and tells it what was heard; it never guesses from bytes alone. A wire that throws is a wire that is down (P7).
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { DriverStatus } from '../../shared/domain/device.ts'
import { DriverError } from '../../shared/domain/errors.ts'
import type { DriverLog } from '../contract/driver.ts'
import {
  defaultTiming,
  idleAt,
  type Moment,
  type ReconnectEffect,
  type ReconnectEvent,
  type ReconnectState,
  type ReconnectTiming,
  transition,
} from './reconnect-machine.ts'
import { statusOf } from './reconnect-status.ts'
import type { Transport, TransportConnection } from './transport.ts'

export interface SupervisorOptions {
  readonly deviceId: string
  readonly clock: Clock
  readonly log: DriverLog
  readonly transport: Transport
  readonly timing?: ReconnectTiming
  /** Pause between heartbeats while the wire is up, ms; 500 finds a dead device within 3 s. */
  readonly pollMs: number
  /** Asks the device for a sign of life. Never called while the previous call is still pending. Its rejections are logged, not fatal. */
  poll(): Promise<void>
  /** The wire is up (the device may still be silent). The first poll follows at once. */
  onUp?(): void
  onBytes(bytes: Uint8Array): void
  /** The wire went down: requests in flight must be rejected with `lost` here. */
  onDown?(reason: string): void
  /** Called on every change of state or reason, not on every answer. */
  onStatus(status: DriverStatus): void
}

/** A timer later than this was held up by ourselves, ms. */
const stoodStillMs = 300
/** Time for a poll and its answer after that, ms. With the silence of 2 s a dead device is still found within 3 s. */
const graceMs = 500

export class Supervisor {
  readonly #options: SupervisorOptions
  readonly #timing: ReconnectTiming
  #state: ReconnectState
  #connection: TransportConnection | null = null
  /** Counts connections; handlers of an older one are deaf. */
  #generation = 0
  #hangingUp: Promise<void> = Promise.resolve()
  #wake: Timer | null = null
  #pollTimer: Timer | null = null
  #polling: 'no' | 'yes' | 'again' = 'no'

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#timing = options.timing ?? defaultTiming
    this.#state = idleAt(this.#now())
  }

  get status(): DriverStatus {
    return statusOf(this.#state)
  }

  /** The connection under the wire while it is up; for transports that can do more than bytes (HID feature reports). */
  get connection(): TransportConnection | null {
    return this.#wireIsUp() ? this.#connection : null
  }

  open(): void {
    if (this.#state.state === 'idle') this.#apply({ kind: 'open', at: this.#now() })
  }

  /** Idempotent; resolves when the wire is let go. */
  async close(): Promise<void> {
    if (this.#state.state !== 'idle') this.#apply({ kind: 'close', at: this.#now() })
    await this.#hangingUp
  }

  /** Rejects with `lost` while the wire is down, and with what the transport says otherwise. */
  async write(bytes: Uint8Array): Promise<void> {
    const connection = this.connection
    if (connection === null) throw new DriverError('lost', this.#options.deviceId, 'the wire is down')
    await connection.write(bytes)
  }

  /** A valid answer arrived. */
  heard(): void {
    this.#apply({ kind: 'heard', at: this.#now() })
  }

  /** Something arrived that was wrong, late or unasked for. */
  misheard(reason: string): void {
    this.#apply({ kind: 'misheard', reason, at: this.#now() })
  }

  /** The device answers, and what it says needs a person. */
  fault(reason: string): void {
    this.#apply({ kind: 'fault', reason, at: this.#now() })
  }

  /** The reason of the fault is gone. */
  repaired(): void {
    this.#apply({ kind: 'repaired', at: this.#now() })
  }

  /** Tries again now if the machine is waiting for its next attempt. */
  nudge(): void {
    this.#apply({ kind: 'nudge', at: this.#now() })
  }

  /** Polls now instead of at the next beat; once more after a poll that is pending, since that one may have looked too early. */
  pollNow(): void {
    if (!this.#wireIsUp()) return
    if (this.#polling !== 'no') {
      this.#polling = 'again'
      return
    }
    this.#pollTimer?.cancel()
    this.#pollTimer = null
    this.#polling = 'yes'
    void this.#pollOnce()
      .catch((cause: unknown) => {
        this.#options.log.info('poll failed', { deviceId: this.#options.deviceId, cause: reasonOf(cause) })
      })
      .finally(() => {
        const again = this.#polling === 'again'
        this.#polling = 'no'
        if (!this.#wireIsUp()) return
        if (again) this.pollNow()
        else this.#pollTimer = this.#options.clock.after(this.#options.pollMs, () => this.pollNow())
      })
  }

  async #pollOnce(): Promise<void> {
    await this.#options.poll()
  }

  #wireIsUp(): boolean {
    const { state } = this.#state
    return state === 'probing' || state === 'online' || state === 'degraded' || state === 'faulted'
  }

  #now(): Moment {
    return { wallMs: this.#options.clock.now(), monoMs: this.#options.clock.monotonic() }
  }

  #apply(event: ReconnectEvent): void {
    const before = this.#state
    const step = transition(before, event, this.#timing)
    if ('refused' in step) return
    const wasUp = this.#wireIsUp()
    this.#state = step.state
    for (const effect of step.effects) this.#run(effect)
    if (wasUp && !this.#wireIsUp()) {
      this.#pollTimer?.cancel()
      this.#pollTimer = null
      this.#options.onDown?.(event.kind === 'wireDown' ? event.reason : event.kind === 'close' ? 'closed' : 'silent')
    }
    if (isNews(statusOf(before), statusOf(step.state))) this.#options.onStatus(statusOf(step.state))
    if (event.kind === 'wireUp') {
      this.#options.onUp?.()
      this.pollNow()
    }
  }

  #run(effect: ReconnectEffect): void {
    switch (effect.kind) {
      case 'dial':
        this.#dial()
        return
      case 'hangUp':
        this.#hangUp()
        return
      case 'wakeAfter':
        this.#wake?.cancel()
        this.#wake = effect.ms === null ? null : this.#wakeAfter(effect.ms)
        return
    }
  }

  /** A timer that fires much too late says that this process stood still: the device gets time to answer before it is judged (P10). */
  #wakeAfter(ms: number): Timer {
    const { clock } = this.#options
    const wake = () => this.#apply({ kind: 'wake', at: this.#now() })
    const dueMs = clock.monotonic() + ms
    return clock.after(ms, () => {
      if (clock.monotonic() - dueMs <= stoodStillMs) wake()
      else this.#wake = clock.after(graceMs, wake)
    })
  }

  /** The next connection waits for the last one to be let go: a serial port is locked until then. */
  #dial(): void {
    this.#generation += 1
    const generation = this.#generation
    const mine = () => generation === this.#generation
    void this.#hangingUp.then(() => {
      if (!mine() || this.#state.state !== 'dialling') return
      try {
        this.#connection = this.#options.transport.connect({
          onUp: () => {
            if (mine()) this.#apply({ kind: 'wireUp', at: this.#now() })
          },
          onBytes: (bytes) => {
            if (mine()) this.#deliver(bytes)
          },
          onDown: (reason) => {
            if (mine()) this.#apply({ kind: 'wireDown', reason, at: this.#now() })
          },
        })
      } catch (cause) {
        this.#apply({ kind: 'wireDown', reason: reasonOf(cause), at: this.#now() })
      }
    })
  }

  /** A driver that throws on what it hears must not take the station with it: its device is lost, and opened anew (P7). */
  #deliver(bytes: Uint8Array): void {
    try {
      this.#options.onBytes(bytes)
    } catch (cause) {
      this.#options.log.error('the driver threw on what it heard', { deviceId: this.#options.deviceId, cause: reasonOf(cause) })
      this.#apply({ kind: 'wireDown', reason: `the driver threw: ${reasonOf(cause)}`, at: this.#now() })
    }
  }

  #hangUp(): void {
    this.#generation += 1
    const connection = this.#connection
    this.#connection = null
    if (connection === null) return
    this.#hangingUp = connection.close().catch((cause: unknown) => {
      this.#options.log.warn('closing the wire failed', { deviceId: this.#options.deviceId, cause: reasonOf(cause) })
    })
  }
}

function isNews(before: DriverStatus, after: DriverStatus): boolean {
  const reason = (status: DriverStatus) => ('reason' in status ? status.reason : null)
  const next = (status: DriverStatus) => ('nextAttemptAt' in status ? status.nextAttemptAt : null)
  return before.state !== after.state || reason(before) !== reason(after) || next(before) !== next(after)
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
