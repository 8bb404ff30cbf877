// Brings one device to what is wished and keeps it there: plan from what the device says, send, believe only the next
// observation. One order in flight per device; a failed order is tried again, after three failures it is an alarm.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { Driver, Planned } from '../../hardware/contract/driver.ts'
import type { EpochMs } from '../../shared/domain/time.ts'

export interface Unconfirmed {
  readonly reason: string
  readonly causeId: string
  readonly sentAtMs: EpochMs
}

export interface ReconcilerEvents {
  onChanged(): void
  /** An order was handed to the device. */
  onSent(order: Unconfirmed): void
  /** The device's own state now agrees with everything that was ordered. */
  onConfirmed(orders: readonly Unconfirmed[], tookMs: number): void
  onFailed(order: Unconfirmed, error: unknown, attempts: number): void
  /** The device's first reading since this process began differs from the first wish: what is now forced on it. Told once at most. */
  onDiffers(orders: readonly Planned<unknown>[]): void
}

const retryMs = 500
/** An order that was acknowledged and does not show is given again no sooner than this: a driver needs a few readings to call it a fault. */
const confirmMs = 2000
const orderTimeoutMs = 3000

export class Reconciler<Desired, Observed> {
  readonly driver: Driver<Desired, Observed, unknown>
  readonly #clock: Clock
  readonly #events: ReconcilerEvents
  #desired: Desired | null = null
  #unconfirmed: readonly Unconfirmed[] = []
  #busy = false
  #again = false
  #attempts = 0
  #retry: Timer | null = null
  /** The last orders the device acknowledged, all of them. */
  #acknowledged: { readonly plan: string; readonly atMs: number } | null = null
  #closing = new AbortController()
  /** The first reading was held against the wish. */
  #compared = false

  constructor(driver: Driver<Desired, Observed, unknown>, clock: Clock, events: ReconcilerEvents) {
    this.driver = driver
    this.#clock = clock
    this.#events = events
  }

  get desired(): Desired | null {
    return this.#desired
  }

  get unconfirmed(): readonly Unconfirmed[] {
    return this.#unconfirmed
  }

  /** Wishes a state. Nothing is sent while the wish is null (an adopted device that has not been read yet). */
  want(desired: Desired): void {
    this.#desired = desired
    this.#attempts = 0
    this.#compare()
    this.#wake()
  }

  /** Call on each observation and on each change of status. */
  observed(): void {
    this.#compare()
    if (!this.#busy) this.#wake()
  }

  /** Stops planning; the driver is closed by its owner. */
  close(): void {
    this.#closing.abort()
    this.#retry?.cancel()
  }

  /** True when the device's own words agree with the wish. */
  get settled(): boolean {
    return this.#desired !== null && this.driver.observed !== null && this.driver.plan(this.driver.observed, this.#desired).length === 0
  }

  /** Apart from `#wake`: an order sent from ignorance may be in flight while the first reading comes. */
  #compare(): void {
    const { observed, status } = this.driver
    if (this.#compared || this.#desired === null || observed === null || status.state === 'lost' || this.#closing.signal.aborted) return
    this.#compared = true
    const orders = this.driver.plan(observed, this.#desired)
    if (orders.length > 0) this.#events.onDiffers(orders)
  }

  #wake(): void {
    if (this.#closing.signal.aborted || this.#desired === null) return
    if (this.#busy) {
      this.#again = true
      return
    }
    const orders = this.driver.plan(this.driver.observed, this.#desired)
    if (orders.length === 0) {
      this.#confirm()
      return
    }
    if (this.driver.status.state === 'lost') return
    const plan = JSON.stringify(orders.map((order) => order.command))
    const now = this.#clock.monotonic()
    if (plan === this.#acknowledged?.plan && now - this.#acknowledged.atMs < confirmMs)
      return this.#wakeAfter(confirmMs - (now - this.#acknowledged.atMs))
    this.#busy = true
    void this.#sendAll(orders, plan)
  }

  #wakeAfter(ms: number): void {
    this.#retry?.cancel()
    this.#retry = this.#clock.after(ms, () => this.#wake())
  }

  async #sendAll(orders: readonly Planned<unknown>[], plan: string): Promise<void> {
    for (const planned of orders) {
      // An order given again is as old as when it was first given: that is what makes it late.
      const given = this.#unconfirmed.find((old) => old.reason === planned.reason && old.causeId === planned.causeId)
      const order: Unconfirmed = given ?? { reason: planned.reason, causeId: planned.causeId, sentAtMs: this.#clock.now() }
      this.#unconfirmed = [...this.#unconfirmed.filter((old) => old.reason !== order.reason), order]
      this.#events.onSent(order)
      const timeout = new AbortController()
      const timer = this.#clock.after(orderTimeoutMs, () => timeout.abort())
      try {
        await this.driver.send(planned.command, AbortSignal.any([timeout.signal, this.#closing.signal]))
        this.#attempts = 0
      } catch (error) {
        if (this.#closing.signal.aborted) return
        this.#attempts += 1
        this.#events.onFailed(order, error, this.#attempts)
        this.#wakeAfter(retryMs)
        break
      } finally {
        timer.cancel()
      }
      // The wish may have changed meanwhile; what is left of an old plan must not be sent.
      if (this.#again) break
    }
    const wishChanged = this.#again
    this.#busy = false
    this.#again = false
    if (this.#attempts === 0) this.#acknowledged = { plan, atMs: this.#clock.monotonic() }
    this.#events.onChanged()
    if (wishChanged) this.#wake()
    else if (this.settled) this.#confirm()
    // Otherwise the next observation decides; one that does not come in time is asked for by planning again.
    else if (this.#attempts === 0) this.#wakeAfter(confirmMs)
  }

  #confirm(): void {
    const confirmed = this.#unconfirmed
    if (confirmed.length === 0 || this.driver.observed === null) return
    this.#unconfirmed = []
    this.#events.onConfirmed(confirmed, this.#clock.now() - (confirmed[0]?.sentAtMs ?? this.#clock.now()))
    this.#events.onChanged()
  }
}
