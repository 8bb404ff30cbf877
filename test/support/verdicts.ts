// The same targets in tests as in benches: a test runs a bench's core at a short length and wants every target to hold. What no
// machine excuses makes it fail. A figure of time that this machine could not hold in three tries is neither passed nor failed: the
// test is skipped and says which. (Judged hard, such figures made the build of a slow, shared host red time and again.)
import type { TestContext } from 'vitest'
import type { Result } from '../../bench/report.ts'

const tries = 3
/** Long enough for every try of a bench's short length. */
export const triesMs = 360_000

/**
 * Takes the figures until every target holds, three times at most. Throws for a fact that is wrong while every timed figure holds;
 * and where each try has a wrong fact or a figure that is far off.
 */
export async function judge(context: Pick<TestContext, 'skip'>, take: () => Promise<readonly Result[]>): Promise<void> {
  const missedByTry: Result[][] = []
  while (missedByTry.length < tries) {
    const missed = (await take()).filter((one) => one.holds === false)
    if (missed.length === 0) return
    console.warn(`NOT HELD ${words(missed)}`)
    if (missed.every((one) => !one.timed)) throw new Error(words(missed))
    missedByTry.push(missed)
  }
  const last = words(missedByTry.at(-1) ?? [])
  if (missedByTry.every((missed) => missed.some((one) => !one.timed || one.farOff))) throw new Error(last)
  context.skip(last)
}

function words(missed: readonly Result[]): string {
  return missed.map((one) => `${one.name}: ${one.value ?? 'not measured'} ${one.unit}, want ${one.target}`).join('; ')
}
