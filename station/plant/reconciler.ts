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

/** Orders of one plan with one reason and cause are one row: several relays that close for the same decision. */
interface Given<Observed> extends Unconfirmed {
  readonly commands: readonly unknown[]
  /** What was read last when it was given: this says nothing of its effect. */
  readonly readBefore: Observed | null
}

export interface ReconcilerEvents {
  onChanged(): void
  /** An order was handed to the device. */
  onSent(order: Unconfirmed): void
  /** The device's own state, read after the order, shows its effect. */
  onConfirmed(order: Unconfirmed, tookMs: number): void
  /** Its effect was not seen, and something else is wished now. */
  onSuperseded(order: Unconfirmed, afterMs: number): void
  /** Told of the first failures of an order in a row, and then once in a while. */
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
  #unconfirmed: readonly Given<Observed>[] = []
  #busy = false
  #again = false
  /** The next orders are made from ignorance: what was read last may be older than what was ordered last. */
  #blind = false
  /** How often in a row each order failed. By what it is for: one that renews a lease is another command every 5 s. */
  #failing: ReadonlyMap<string, number> = new Map()
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
    this.#account(this.#desired)
    const orders = this.driver.plan(this.#blind ? null : this.driver.observed, this.#desired)
    if (orders.length === 0) return
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
    const failed = new Map<string, number>()
    const untried = new Set(orders)
    for (const planned of orders) {
      const order = this.#give(planned, orders)
      this.#events.onSent(order)
      const error = await this.#send(planned)
      if (this.#closing.signal.aborted) return
      untried.delete(planned)
      const purpose = purposeOf(planned)
      if (error !== null && !failed.has(purpose)) {
        const attempts = (this.#failing.get(purpose) ?? 0) + 1
        failed.set(purpose, attempts)
        if (attempts <= patientAfter || attempts % toldEvery === 0) this.#events.onFailed(order, error, attempts)
      }
      if (error !== null && this.driver.status.state === 'lost') break
      // The wish may have changed meanwhile; what is left of an old plan must not be sent.
      if (this.#again) break
    }
    const hasty = [...failed.values()].some((attempts) => attempts < patientAfter)
    const stillFailing = [...untried].map(purposeOf).flatMap((purpose) => {
      const attempts = this.#failing.get(purpose)
      return attempts === undefined ? [] : [[purpose, attempts] as const]
    })
    this.#failing = new Map([...stillFailing, ...failed])
    this.#sent(plan, hasty ? retryMs : confirmMs)
  }

  /** Notes the order as given. One given again is as old as when it was first given: that is what makes it late. */
  #give(planned: Planned<unknown>, plan: readonly Planned<unknown>[]): Given<Observed> {
    const { reason, causeId } = planned
    const now = this.#clock.now()
    const purpose = purposeOf(planned)
    const before = this.#unconfirmed.find((old) => old.reason === reason)
    const order: Given<Observed> = {
      ...(before !== undefined && purposeOf(before) === purpose ? before : { sentAtMs: now, readBefore: this.driver.observed }),
      ...{ reason, causeId, commands: plan.filter((one) => purposeOf(one) === purpose).map(({ command }) => command) },
    }
    this.#unconfirmed = [...this.#unconfirmed.filter((old) => old !== before), order]
    if (before !== undefined && purposeOf(before) !== purpose) this.#events.onSuperseded(before, now - before.sentAtMs)
    return order
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
    if (wishChanged || this.#desired === null) return this.#wake()
    this.#account(this.#desired)
    // Otherwise the next observation decides; one that does not come in time is asked for by planning again.
    if (!this.settled) this.#wakeAfter(pauseMs)
  }

  /** What became of each order, by what the device itself says now. */
  #account(desired: Desired): void {
    const { observed } = this.driver
    if (observed === null || this.#unconfirmed.length === 0) return
    const shown = this.#unconfirmed.filter(({ commands }) => commands.every((command) => this.driver.shows(observed, command)))
    const confirmed = shown.filter(({ readBefore }) => readBefore !== observed)
    const superseded = this.#isMet(observed, desired) ? this.#unconfirmed.filter((order) => !shown.includes(order)) : []
    if (confirmed.length + superseded.length === 0) return
    this.#unconfirmed = this.#unconfirmed.filter((order) => !confirmed.includes(order) && !superseded.includes(order))
    const now = this.#clock.now()
    for (const order of confirmed) this.#events.onConfirmed(order, now - order.sentAtMs)
    for (const order of superseded) this.#events.onSuperseded(order, now - order.sentAtMs)
    this.#events.onChanged()
  }

  /** Everything that is wished shows. More than an empty plan: of a unit in LOCAL nothing is ordered, whatever is wished. */
  #isMet(observed: Observed, desired: Desired): boolean {
    const asked = this.driver.plan(null, desired)
    return this.driver.plan(observed, desired).length === 0 && asked.every(({ command }) => this.driver.shows(observed, command))
  }
}

function purposeOf({ reason, causeId }: Pick<Unconfirmed, 'reason' | 'causeId'>): string {
  return JSON.stringify([reason, causeId])
}
