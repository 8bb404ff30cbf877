// A moment as it is said on the day it is read: today's by the clock alone, any other with its date. Pure.
import { clockText, dateText, dayOf, type EpochMs } from '../../shared/domain/time.ts'

/** `09:07`, or `20/11 09:07` when that is not today. */
export function momentText(atMs: EpochMs, nowMs: EpochMs): string {
  const clock = clockText(atMs).slice(0, 5)
  return dayOf(atMs) === dayOf(nowMs) ? clock : `${dateText(atMs).slice(0, 5)} ${clock}`
}
