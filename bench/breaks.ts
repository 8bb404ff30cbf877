// Breaks heard at a monitor, and sound that came late: every one is judged. Where the computer itself stood still at each of them, the
// figure could not be taken: it does not hold either, and says so.
import type { StallWitness } from '../test/support/stall-witness.ts'
import { type Result, result, spread } from './report.ts'

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

/** A delay and when it was heard, ms; the latter of `performance.now()`. */
export interface HeardDelay {
  readonly delayMs: number
  readonly heardMs: number
}

/** A line's delay works a hold-up off within so long: it may be late because of any stall before it. */
const workedOffMs = 10_000

/** p50 and p99 of the delays against one limit. */
export function delayResults(name: string, heard: readonly HeardDelay[], maxMs: number, witness: Pick<StallWitness, 'stalls'>): Result[] {
  const late = heard.filter(({ delayMs }) => delayMs > maxMs)
  const own = late.filter(({ heardMs }) => !witness.stalls.some(({ fromMs, toMs }) => fromMs < heardMs && toMs > heardMs - workedOffMs))
  const because = late.length > 0 && own.length === 0 ? spoilt : ''
  const judged = spread(
    name,
    heard.map(({ delayMs }) => delayMs),
    'ms',
    { p50: maxMs, p99: maxMs },
  )
  return judged.map((one) => (one.holds === false ? { ...one, name: `${one.name}${because}` } : one))
}
