// A day's plan, what became of each item, and the former plans that undo brings back. Plan and reality are separate tables:
// replacing or undoing a plan keeps every measured start and end.
import type { ItemState, RundownItem } from '../../shared/domain/schedule.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { BroadcastDay, EpochMs } from '../../shared/domain/time.ts'
import type { ReadConnection, WriteConnection } from './connection.ts'

/** What became of an item. `planned` with nulls until something did. */
export interface ItemActual {
  readonly state: ItemState
  readonly reason: string | null
  readonly actualStartMs: EpochMs | null
  readonly actualEndMs: EpochMs | null
  /** When its first frame sounded, or would have where it was joined in its middle; null = as `actualStartMs`. */
  readonly originMs: EpochMs | null
}

export interface StoredItem extends ItemActual {
  readonly item: RundownItem
}

export interface StoredDay {
  readonly day: BroadcastDay
  /** Counts every change of the plan; 0 = never planned. */
  readonly revision: number
  readonly items: readonly StoredItem[]
  /** What undoing would take back, in words; null = nothing. */
  readonly undoLabel: string | null
}

interface ItemColumns {
  readonly item: string
  readonly state: ItemState | null
  readonly reason: string | null
  readonly actual_start_ms: EpochMs | null
  readonly actual_end_ms: EpochMs | null
  readonly origin_ms: EpochMs | null
}

/** Former plans kept per day. */
const undoDepth = 100

export const rundownSql = {
  items: `SELECT item, state, reason, actual_start_ms, actual_end_ms, origin_ms
    FROM rundown_items LEFT JOIN rundown_actuals USING (item_id) WHERE day = ? ORDER BY position`,
  daysUsing: `SELECT DISTINCT day FROM rundown_items WHERE day >= ? AND item ->> '$.source.cartId' = ? ORDER BY day`,
  newestUndo: 'SELECT undo_id, label, items FROM rundown_undo WHERE day = ? ORDER BY undo_id DESC LIMIT 1',
} as const

export function createRundownReader(db: ReadConnection) {
  const revision = db.prepare<[string], number>('SELECT revision FROM rundown_days WHERE day = ?').pluck()
  const items = db.prepare<[string], ItemColumns>(rundownSql.items)
  const newestUndo = db.prepare<[string], { label: string }>(rundownSql.newestUndo)
  const daysUsing = db.prepare<[string, string], BroadcastDay>(rundownSql.daysUsing).pluck()
  return {
    /** Days from this one on with a row that plays this recording. */
    daysUsing: (cartId: CartId, fromDay: BroadcastDay): BroadcastDay[] => daysUsing.all(fromDay, cartId),
    day(day: BroadcastDay): StoredDay {
      return {
        day,
        revision: revision.get(day) ?? 0,
        items: items.all(day).map(toStoredItem),
        undoLabel: newestUndo.get(day)?.label ?? null,
      }
    },
  }
}

function toStoredItem(columns: ItemColumns): StoredItem {
  return {
    item: JSON.parse(columns.item) as RundownItem,
    state: columns.state ?? 'planned',
    reason: columns.reason,
    actualStartMs: columns.actual_start_ms,
    actualEndMs: columns.actual_end_ms,
    originMs: columns.origin_ms,
  }
}

export function createRundownWriter(db: WriteConnection) {
  const reader = createRundownReader(db)
  const bump = db.prepare('INSERT INTO rundown_days VALUES (?, 1) ON CONFLICT (day) DO UPDATE SET revision = revision + 1')
  const clear = db.prepare('DELETE FROM rundown_items WHERE day = ?')
  const insert = db.prepare('INSERT INTO rundown_items VALUES (?, ?, ?, ?)')
  const push = db.prepare('INSERT INTO rundown_undo (day, label, items) VALUES (?, ?, ?)')
  const prune = db.prepare(
    'DELETE FROM rundown_undo WHERE day = ? AND undo_id <= (SELECT undo_id FROM rundown_undo WHERE day = ? ORDER BY undo_id DESC LIMIT 1 OFFSET ?)',
  )
  const newestUndo = db.prepare<[string], { undo_id: number; label: string; items: string }>(rundownSql.newestUndo)
  const pop = db.prepare('DELETE FROM rundown_undo WHERE undo_id = ?')
  const actual = db.prepare(
    `INSERT INTO rundown_actuals VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (item_id) DO UPDATE
      SET state = excluded.state, reason = excluded.reason, actual_start_ms = excluded.actual_start_ms,
        actual_end_ms = excluded.actual_end_ms, origin_ms = excluded.origin_ms`,
  )

  function write(day: BroadcastDay, items: readonly RundownItem[]): void {
    clear.run(day)
    for (const [position, item] of items.entries()) insert.run(item.itemId, day, position, JSON.stringify({ ...item, day, position }))
  }

  return {
    /** Replaces a day's plan; positions are taken from the order given. `undoLabel` null = cannot be undone (an import, a copy). */
    replaceDay: db.transaction((day: BroadcastDay, items: readonly RundownItem[], undoLabel: string | null): StoredDay => {
      const before = reader.day(day)
      bump.run(day)
      if (undoLabel !== null) {
        push.run(day, undoLabel, JSON.stringify(before.items.map((stored) => stored.item)))
        prune.run(day, day, undoDepth)
      }
      write(day, items)
      return reader.day(day)
    }),
    /** Brings the plan before the last undoable change back; null = there is none. */
    undo: db.transaction((day: BroadcastDay): { label: string; day: StoredDay } | null => {
      const former = newestUndo.get(day)
      if (former === undefined) return null
      pop.run(former.undo_id)
      bump.run(day)
      write(day, JSON.parse(former.items) as RundownItem[])
      return { label: former.label, day: reader.day(day) }
    }),
    setActual(itemId: string, value: ItemActual): void {
      actual.run(itemId, value.state, value.reason, value.actualStartMs, value.actualEndMs, value.originMs)
    },
  }
}
