// Breaks heard at a monitor, told apart by who made them: the product (judged), or the computer that stood still (reported).
import type { StallWitness } from '../test/support/stall-witness.ts'
import { type Result, result } from './report.ts'

/** @param heardMs when each break was heard, ms of `performance.now()`. */
export function breakResults(name: string, heardMs: readonly number[], witness: StallWitness): Result[] {
  const own = heardMs.filter((ms) => witness.accountsFor(ms) === undefined)
  const longestMs = Math.max(0, ...witness.stalls.map((stall) => stall.toMs - stall.fromMs))
  return [
    result(name, own.length, 'breaks', { max: 0 }),
    result(`${name}, all`, heardMs.length, 'breaks'),
    result('times a core ran nothing for 8 ms and more, not even the highest priority', witness.stalls.length, 'stalls'),
    result('longest of them', longestMs, 'ms'),
  ]
}
