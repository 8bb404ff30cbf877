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
    // setTimeout counts from the start of the event loop's turn and may fire before `ms` have passed by performance.now();
    // a machine that was told to wake at a time would refuse the early call and then wait for ever.
    const dueMs = performance.now() + ms
    const fire = () => {
      const leftMs = dueMs - performance.now()
      if (leftMs > 0) handle = setTimeout(fire, leftMs)
      else call()
    }
    let handle = setTimeout(fire, ms)
    return { cancel: () => clearTimeout(handle) }
  },
  every(ms, call) {
    const handle = setInterval(call, ms)
    return { cancel: () => clearInterval(handle) }
  },
}
