// Whose day a bar of what was sent is. A row of the plan belongs to the day it was planned on, also where it was on air after
// midnight or a moment before; what nobody planned belongs to the day it began on. Pure.
import type { SentBar } from '../../shared/domain/review.ts'
import type { PlannedSpan } from './plan-bars.ts'

export interface ThreeDays {
  readonly before: readonly PlannedSpan[]
  readonly own: readonly PlannedSpan[]
  readonly after: readonly PlannedSpan[]
}

/** What runs over midnight from the day before: drawn on this day, and counted on its own. */
export interface Carried {
  readonly plan: readonly PlannedSpan[]
  readonly sent: readonly SentBar[]
}

export interface DayBars {
  readonly own: readonly SentBar[]
  readonly carried: Carried
}

/** @param bars of this day and of hours around it, in their order */
export function dayBars(bars: readonly SentBar[], plans: ThreeDays, fromMs: number, endMs: number): DayBars {
  const planned = (spans: readonly PlannedSpan[]) => new Set<string>(spans.map(({ item }) => item.itemId))
  const [before, own, after] = [planned(plans.before), planned(plans.own), planned(plans.after)]
  const dayOfBar = ({ itemId, fromMs: beganMs }: SentBar): 'before' | 'own' | 'after' => {
    if (itemId !== null && own.has(itemId)) return 'own'
    if (itemId !== null && before.has(itemId)) return 'before'
    if (itemId !== null && after.has(itemId)) return 'after'
    return beganMs < fromMs ? 'before' : beganMs < endMs ? 'own' : 'after'
  }
  const reachesIn = (bar: { readonly fromMs: number; readonly toMs: number | null }) =>
    bar.fromMs < endMs && (bar.toMs === null || bar.toMs > fromMs)
  return {
    own: bars.filter((bar) => dayOfBar(bar) === 'own'),
    carried: {
      plan: plans.before.filter(reachesIn),
      sent: bars.filter((bar) => dayOfBar(bar) === 'before' && reachesIn(bar)),
    },
  }
}
