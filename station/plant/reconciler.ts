// Brings one device to what is wished and keeps it there: plan from what the device says, send, believe only the next
// observation. One order in flight per device; an order that fails is tried again and holds none of the others: a set point that a
// transmitter refuses must not keep its carrier down, nor a channel that does not answer the programme from being opened.
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
  /** Told of the first failures in a row, and then once in a while. */
  onFailed(order: Unconfirmed, error: unknown, attempts: number): void
  /** The device's first reading since this process began differs from the first wish: what is now forced on it. Told once at most. */
  onDiffers(orders: readonly Planned<unknown>[]): void
}

const retryMs = 500
/** Failures in a row after which the same orders are given more slowly, and told of only now and then (a unit in LOCAL refuses for hours). */
const patientAfter = 3
const toldEvery = 30
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
  /** The next orders are made from ignorance: what was read last may be older than what was ordered last. */
  #blind = false
  /** The last orders of which one or more failed, and how often in a row. */
  #failing: { readonly plan: string; readonly attempts: number } | null = null
  #retry: Timer | null = null
  /** The last orders given, all of them: not given again before this time. */
  #given: { readonly plan: string; readonly untilMs: number } | null = null
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
    this.#compare()
    this.#wake()
  }

  /** The wish is ordered now, whatever was read last: an order that was given and does not show yet may still take effect. */
  insist(): void {
    this.#blind = true
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

  /** True while orders are under way. */
  get busy(): boolean {
    return this.#busy
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
    const orders = this.driver.plan(this.#blind ? null : this.driver.observed, this.#desired)
    if (orders.length === 0) {
      this.#confirm()
      return
    }
    if (this.driver.status.state === 'lost') {
      this.#given = null
      return
    }
    this.#blind = false
    const plan = JSON.stringify(orders.map((order) => order.command))
    const leftMs = plan === this.#given?.plan ? this.#given.untilMs - this.#clock.monotonic() : 0
    if (leftMs > 0) return this.#wakeAfter(leftMs)
    this.#busy = true
    void this.#sendAll(orders, plan)
  }

  #wakeAfter(ms: number): void {
    this.#retry?.cancel()
    this.#retry = this.#clock.after(ms, () => this.#wake())
  }

  async #sendAll(orders: readonly Planned<unknown>[], plan: string): Promise<void> {
    const attempts = (this.#failing?.plan === plan ? this.#failing.attempts : 0) + 1
    let failed = false
    for (const planned of orders) {
      // An order given again is as old as when it was first given: that is what makes it late.
      const given = this.#unconfirmed.find((old) => old.reason === planned.reason && old.causeId === planned.causeId)
      const order: Unconfirmed = given ?? { reason: planned.reason, causeId: planned.causeId, sentAtMs: this.#clock.now() }
      this.#unconfirmed = [...this.#unconfirmed.filter((old) => old.reason !== order.reason), order]
      this.#events.onSent(order)
      const error = await this.#send(planned)
      if (this.#closing.signal.aborted) return
      if (error !== null) {
        failed = true
        if (attempts <= patientAfter || attempts % toldEvery === 0) this.#events.onFailed(order, error, attempts)
        if (this.driver.status.state === 'lost') break
      }
      // The wish may have changed meanwhile; what is left of an old plan must not be sent.
      if (this.#again) break
    }
    this.#failing = failed ? { plan, attempts } : null
    this.#sent(plan, failed ? (attempts < patientAfter ? retryMs : confirmMs) : confirmMs)
  }

  /** The reason why an order failed, or null. */
  async #send(planned: Planned<unknown>): Promise<unknown> {
    const timeout = new AbortController()
    const timer = this.#clock.after(orderTimeoutMs, () => timeout.abort())
    try {
      await this.driver.send(planned.command, AbortSignal.any([timeout.signal, this.#closing.signal]))
      return null
    } catch (error) {
      return error ?? new Error('the order failed')
    } finally {
      timer.cancel()
    }
  }

  /** All orders were given, or the wish changed in the middle of them. */
  #sent(plan: string, pauseMs: number): void {
    const wishChanged = this.#again
    this.#busy = false
    this.#again = false
    this.#given = wishChanged ? null : { plan, untilMs: this.#clock.monotonic() + pauseMs }
    this.#events.onChanged()
    if (wishChanged) this.#wake()
    else if (this.settled) this.#confirm()
    // Otherwise the next observation decides; one that does not come in time is asked for by planning again.
    else this.#wakeAfter(pauseMs)
  }

  #confirm(): void {
    const confirmed = this.#unconfirmed
    if (confirmed.length === 0 || this.driver.observed === null) return
    this.#unconfirmed = []
    this.#events.onConfirmed(confirmed, this.#clock.now() - (confirmed[0]?.sentAtMs ?? this.#clock.now()))
    this.#events.onChanged()
  }
}
