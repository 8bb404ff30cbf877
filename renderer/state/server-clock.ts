// The station's wall clock as the screen knows it: the newest `serverNowMs` plus local monotonic time since it was read.
// Late reading makes the estimate early, so within a window the largest offset wins; a step of the station's clock
// (more than 500 ms the other way) is taken at once.
import { epochMs, type EpochMs } from '../../shared/domain/time.ts'

export interface ServerClock {
  /** Takes one reading. `readAtMs` is this page's `performance.now()`. */
  observe(serverNowMs: number, readAtMs: number): void
  /** The station's time, ms; before the first reading the machine's own. */
  now(): EpochMs
  /** `performance.now()` of the last reading, null before the first. */
  readonly lastReadAtMs: number | null
}

const stepMs = 500
const windowMs = 30_000

export function createServerClock(monotonic: () => number, wall: () => number): ServerClock {
  let offsetMs: number | null = null
  let windowOpenedAtMs = 0
  let lastReadAtMs: number | null = null
  return {
    observe(serverNowMs, readAtMs) {
      const offset = serverNowMs - readAtMs
      const stepped = offsetMs === null || Math.abs(offset - offsetMs) > stepMs
      const windowOver = readAtMs - windowOpenedAtMs > windowMs
      if (stepped || windowOver) windowOpenedAtMs = readAtMs
      if (offsetMs === null || stepped || windowOver || offset > offsetMs) offsetMs = offset
      lastReadAtMs = readAtMs
    },
    now: () => epochMs(offsetMs === null ? wall() : monotonic() + offsetMs),
    get lastReadAtMs() {
      return lastReadAtMs
    },
  }
}
