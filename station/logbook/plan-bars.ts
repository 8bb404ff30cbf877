// A day's plan as it was meant, whatever became of it: the wanted times of its rows, each after the one before. Pure.
import type { RundownItem } from '../../shared/domain/schedule.ts'
import { epochMs } from '../../shared/domain/station-time.ts'

export interface PlannedSpan {
  readonly item: RundownItem
  readonly fromMs: number
  readonly toMs: number
  /** False for rows that follow nothing with a time: when they should begin is not said. */
  readonly timed: boolean
}

/** @param items in order */
export function planSpans(items: readonly RundownItem[], dayStartMs: number): readonly PlannedSpan[] {
  let cursorMs = dayStartMs
  let timed = false
  const spans = items.map((item): PlannedSpan => {
    if (item.start.kind === 'hard') cursorMs = item.start.atMs
    if (item.start.kind === 'soft') cursorMs = Math.max(cursorMs, item.start.atMs)
    timed ||= item.start.kind !== 'follow'
    const span = { item, fromMs: epochMs(cursorMs), toMs: epochMs(cursorMs + item.durationMs), timed }
    cursorMs = span.toMs
    return span
  })
  // A hard row cuts what the plan itself lets run into it.
  return spans.map((span, index) => {
    const hard = spans.slice(index + 1).find((next) => next.item.start.kind === 'hard')
    return hard === undefined || hard.fromMs >= span.toMs ? span : { ...span, toMs: Math.max(span.fromMs, hard.fromMs) }
  })
}
