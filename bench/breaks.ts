// Breaks heard at a monitor: every one is judged. Where the computer itself stood still at each of them, the figure could not be
// taken: it does not hold either, and says so.
import type { StallWitness } from '../test/support/stall-witness.ts'
import { type Result, result } from './report.ts'

/** Ends the name of a figure that the computer spoilt. */
export const spoilt = ', all where the computer stood still'

/** @param heardMs when each break was heard, ms of `performance.now()`. */
export function breakResults(name: string, heardMs: readonly number[], witness: StallWitness): Result[] {
  const own = heardMs.filter((ms) => witness.accountsFor(ms) === undefined)
  const longestMs = Math.max(0, ...witness.stalls.map((stall) => stall.toMs - stall.fromMs))
  return [
    result(heardMs.length > 0 && own.length === 0 ? `${name}${spoilt}` : name, heardMs.length, 'breaks', { max: 0 }),
    result(`${name} while the computer did not stand still`, own.length, 'breaks'),
    result('times a core ran nothing for 8 ms and more, not even the highest priority', witness.stalls.length, 'stalls'),
    result('longest of them', longestMs, 'ms'),
  ]
}
