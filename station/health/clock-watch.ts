// Compares wall time with monotonic time: a jump of more than 2 s is an event, and a clock that lies far behind what the
// logbook already holds, or before this program existed, is not trusted: automatic starts wait, the operator does not.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { EpochMs, MonotonicMs } from '../../shared/domain/time.ts'

export interface ClockTrust {
  readonly trusted: boolean
  readonly reason: string | null
}

/** A jump larger than this is an event, ms. */
export const jumpMs = 2000
/** Wall time that cannot be: before the first release. */
const earliestMs = Date.UTC(2025, 0, 1)
/** The logbook may be ahead of the clock by this much before the clock is doubted, ms. */
const behindMs = 5 * 60_000

export function clockTrust(nowMs: EpochMs, lastLoggedMs: EpochMs | null): ClockTrust {
  if (nowMs < earliestMs) return { trusted: false, reason: 'before 2025' }
  if (lastLoggedMs !== null && nowMs < lastLoggedMs - behindMs) return { trusted: false, reason: 'behind the logbook' }
  return { trusted: true, reason: null }
}

/** Signed jump of the wall clock between two readings, ms; 0 when it is within the tolerance. */
export function wallJump(
  before: { wallMs: EpochMs; monotonicMs: MonotonicMs },
  after: { wallMs: EpochMs; monotonicMs: MonotonicMs },
): number {
  const jump = after.wallMs - before.wallMs - (after.monotonicMs - before.monotonicMs)
  return Math.abs(jump) > jumpMs ? Math.round(jump) : 0
}

/** Calls back on each jump. */
export function watchClock(clock: Clock, onJump: (byMs: number) => void): Timer {
  let last = { wallMs: clock.now(), monotonicMs: clock.monotonic() }
  return clock.every(500, () => {
    const now = { wallMs: clock.now(), monotonicMs: clock.monotonic() }
    const jump = wallJump(last, now)
    last = now
    if (jump !== 0) onJump(jump)
  })
}
