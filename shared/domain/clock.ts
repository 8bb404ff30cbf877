// The clock port. Everything that asks the time takes one of these; tests pass a virtual one.
import type { EpochMs, MonotonicMs } from './time.ts'

export interface Timer {
  cancel(): void
}

export interface Clock {
  /** Wall time; may jump. */
  now(): EpochMs
  /** Monotonic time of this process. */
  monotonic(): MonotonicMs
  /** Calls back once after `ms` of monotonic time. */
  after(ms: number, call: () => void): Timer
  /** Calls back every `ms` of monotonic time until cancelled. */
  every(ms: number, call: () => void): Timer
}

/** The operating system's clock. */
export const systemClock: Clock = {
  now: () => Date.now() as EpochMs,
  monotonic: () => performance.now() as MonotonicMs,
  after(ms, call) {
    const handle = setTimeout(call, ms)
    return { cancel: () => clearTimeout(handle) }
  },
  every(ms, call) {
    const handle = setInterval(call, ms)
    return { cancel: () => clearInterval(handle) }
  },
}
