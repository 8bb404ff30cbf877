// The clock of the tests: time stands still until the test moves it. Timers fire in the order of their due times, and
// between two of them every pending promise and I/O callback gets its turn, so code that awaits between timers behaves as
// it does in real time. Wall time can jump alone, as a bad real-time clock does.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { EpochMs, MonotonicMs } from '../../shared/domain/time.ts'

interface Pending {
  readonly id: number
  dueMs: number
  readonly everyMs: number | null
  readonly call: () => void
}

/** Rounds of the event loop given to promises and I/O after each timer. */
const settleRounds = 5

export class VirtualClock implements Clock {
  #monotonicMs = 0
  #wallOffsetMs: number
  #nextId = 1
  readonly #pending = new Map<number, Pending>()

  /** @param wallMs wall time at the start; default 2026-08-01 08:00 in Viet Nam. */
  constructor(wallMs = Date.UTC(2026, 7, 1, 1, 0, 0)) {
    this.#wallOffsetMs = wallMs
  }

  now(): EpochMs {
    return (this.#wallOffsetMs + this.#monotonicMs) as EpochMs
  }

  monotonic(): MonotonicMs {
    return this.#monotonicMs as MonotonicMs
  }

  after(ms: number, call: () => void): Timer {
    return this.#add(ms, null, call)
  }

  every(ms: number, call: () => void): Timer {
    if (!(ms > 0)) throw new RangeError(`every ${ms} ms would never let time pass`)
    return this.#add(ms, ms, call)
  }

  /** Timers not yet fired or cancelled: what a closed service must have left at zero. */
  get pendingTimers(): number {
    return this.#pending.size
  }

  /** Moves time on by `ms`, firing what falls due in order; an error thrown by a timer's callback rejects. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#monotonicMs + ms
    await settle()
    for (let next = this.#due(endMs); next !== null; next = this.#due(endMs)) {
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs)
      if (next.everyMs === null) this.#pending.delete(next.id)
      else next.dueMs += next.everyMs
      next.call()
      await settle()
    }
    this.#monotonicMs = endMs
    await settle()
  }

  /** Wall time jumps by `ms` (negative: back); monotonic time and timers do not notice. */
  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms
  }

  /** Wall time becomes `wallMs`. */
  setWall(wallMs: number): void {
    this.#wallOffsetMs = wallMs - this.#monotonicMs
  }

  #add(ms: number, everyMs: number | null, call: () => void): Timer {
    const id = this.#nextId++
    this.#pending.set(id, { id, dueMs: this.#monotonicMs + Math.max(0, ms), everyMs, call })
    return { cancel: () => void this.#pending.delete(id) }
  }

  #due(endMs: number): Pending | null {
    let first: Pending | null = null
    for (const timer of this.#pending.values()) {
      if (timer.dueMs <= endMs && (first === null || timer.dueMs < first.dueMs)) first = timer
    }
    return first
  }
}

async function settle(): Promise<void> {
  for (let round = 0; round < settleRounds; round++) await new Promise((resolve) => setImmediate(resolve))
}
