// The rows of a day in the order in which they are heard: what of the evening before goes on after midnight comes first. Pure.
import type { DayPlan, PlannedItem } from '../../shared/domain/schedule.ts'

/** The day's own list where nothing goes over its midnight. */
export function rowsOf({ carried, items }: DayPlan): readonly PlannedItem[] {
  return carried.length === 0 ? items : [...carried, ...items]
}

export function rowOf(plan: DayPlan, itemId: string | null | undefined): PlannedItem | undefined {
  return rowsOf(plan).find((row) => row.item.itemId === itemId)
}

/** The row that follows whatever is on, when nothing is on: for "next session". */
export function nextRow(plan: DayPlan, nowMs: number): PlannedItem | null {
  return (
    rowsOf(plan).find((row) => row.startMs > nowMs && (row.state === 'planned' || row.state === 'proven' || row.state === 'unplayable')) ??
    null
  )
}
