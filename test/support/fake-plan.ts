// The fake station's arithmetic of a day: starts, gaps, late starts and over-runs from the rows, states from the clock.
import type { DayPlan, ItemState, PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, epochMs, startOfDay } from '../../shared/domain/time.ts'

export function planOf(day: BroadcastDay, items: readonly RundownItem[], nowMs: number, revision: number, canUndo: boolean): DayPlan {
  let cursor = startOfDay(day) + 5 * 3_600_000
  const rows: PlannedItem[] = items.map((item, index) => {
    const wanted = item.start.kind === 'follow' ? null : item.start.atMs
    const startMs = wanted === null ? cursor : item.start.kind === 'hard' ? wanted : Math.max(wanted, cursor)
    const endMs = startMs + item.durationMs
    const nextHard = items.slice(index + 1).find((each) => each.start.kind === 'hard')?.start
    const cutAt = nextHard?.kind === 'hard' ? nextHard.atMs : null
    const overrunMs = cutAt !== null && endMs > cutAt && startMs < cutAt ? endMs - cutAt : 0
    const row: PlannedItem = {
      item: { ...item, position: index },
      state: stateOf(item, startMs, endMs - overrunMs, nowMs, index),
      reason: item.title.includes('tiếng Mông') && startMs > nowMs ? 'missing' : null,
      startMs: epochMs(startMs),
      endMs: epochMs(endMs),
      actualStartMs: startMs <= nowMs ? epochMs(startMs) : null,
      actualEndMs: endMs <= nowMs ? epochMs(endMs) : null,
      lateMs: wanted === null ? 0 : startMs - wanted,
      gapBeforeMs: index === 0 ? 0 : Math.max(0, startMs - cursor),
      gapFilled: index > 0 && startMs - cursor >= 1500 && startMs - cursor <= 600_000,
      overrunMs,
    }
    cursor = Math.max(startMs, endMs - overrunMs)
    return row
  })
  const nextHard = rows.find((row) => row.item.start.kind === 'hard' && row.startMs > nowMs)
  const before = nextHard === undefined ? undefined : rows[rows.indexOf(nextHard) - 1]
  return {
    day,
    revision,
    items: rows,
    carried: [],
    balanceMs: nextHard === undefined || before === undefined ? null : nextHard.startMs - before.endMs,
    nextHardStartMs: nextHard?.startMs ?? null,
    canUndo,
    computedAtMs: epochMs(nowMs),
  }
}

function stateOf(item: RundownItem, startMs: number, endMs: number, nowMs: number, index: number): ItemState {
  if (endMs <= nowMs) return index === 3 ? 'cutShort' : 'aired'
  if (startMs <= nowMs) return 'onAir'
  if (item.title.includes('tiếng Mông')) return 'unplayable'
  return startMs - nowMs < 2 * 3_600_000 ? 'proven' : 'planned'
}
