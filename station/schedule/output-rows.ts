// What is still to come on one output. All outputs follow one rundown, but an alert on one of them, or a device that was gone, puts
// that one behind the others: it keeps its own pace until the next fixed time, and loses no row because another output had it first.
// Pure.
import type { ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { PlannedItem } from '../../shared/domain/schedule.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import { isFor } from './plan-day.ts'

/** Farther behind than this an output does not play what the others began, but joins what they are playing, ms. */
export const longestLagMs = 10 * 60_000

/** Where an output is in the rundown. */
export interface OutputPlace {
  readonly outputId: OutputId
  /** The row it plays, is about to join, or played last. */
  readonly itemId: ItemId | null
  /** Something is on air there, or has its place. */
  readonly busy: boolean
  /** Whether it began this row itself; null = it is not known (before this boot). */
  began(itemId: ItemId): boolean | null
}

/** @param rows in order */
export function rowsToCome(rows: readonly PlannedItem[], place: OutputPlace, nowMs: EpochMs): PlannedItem[] {
  const at = rows.findIndex((row) => row.item.itemId === place.itemId)
  return rows.filter((row, index) => {
    if (index === at || !isFor(row.item, place.outputId)) return false
    if (row.actualStartMs === null) return isAhead(row, nowMs)
    return at >= 0 && index > at && row.actualStartMs > nowMs - longestLagMs && isOwed(row, place)
  })
}

/** Begun nowhere. A row that a fixed time cut before it could begin is not: its time is over. */
function isAhead(row: PlannedItem, nowMs: EpochMs): boolean {
  const isPlanned = row.state === 'planned' || row.state === 'proven' || row.state === 'unplayable'
  return isPlanned && (row.endMs > nowMs || row.item.durationMs === 0)
}

/** Begun on another output only. Where nothing is on air, what the others have finished is past. */
function isOwed(row: PlannedItem, { busy, began }: OutputPlace): boolean {
  if (row.state === 'skipped' || (!busy && row.actualEndMs !== null)) return false
  return !(began(row.item.itemId) ?? !busy)
}
