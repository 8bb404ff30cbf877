// Reads of the logbook. All go by the primary key or by the index on the time of the event.
import type { LogRow } from '../../shared/domain/logbook.ts'
import { emptyHead, type LogbookHead, type StoredRow } from '../logbook/index.ts'
import type { ReadConnection } from './connection.ts'
import { fromColumns, type LogbookColumns, readStoredRow } from './logbook-rows.ts'

/** Rows whose event lies in a span of wall time (`toMs` excluded) and after a sequence; oldest first, at most `limit`. */
export interface RowsSpan {
  readonly fromMs: number
  readonly toMs: number
  readonly afterSeq: number
  readonly limit?: number
}

/** Rows after a sequence, oldest first, at most `limit`. */
export interface RowsAfter {
  readonly afterSeq: number
  readonly limit?: number
}

const defaultLimit = 10_000

export const logbookSql = {
  between: 'SELECT * FROM logbook WHERE at_ms >= ? AND at_ms < ? AND seq > ? ORDER BY seq LIMIT ?',
  after: 'SELECT * FROM logbook WHERE seq > ? ORDER BY seq LIMIT ?',
  open: 'SELECT logbook.* FROM logbook_open JOIN logbook USING (seq) ORDER BY seq',
  head: 'SELECT seq, hash FROM logbook ORDER BY seq DESC LIMIT 1',
  headAt: 'SELECT seq, hash FROM logbook WHERE seq = ?',
  sealed: 'SELECT seq, hash FROM logbook_head WHERE id = 1',
  all: 'SELECT * FROM logbook ORDER BY seq',
} as const

export function createLogbookReader(db: ReadConnection) {
  const between = db.prepare<[number, number, number, number], LogbookColumns>(logbookSql.between)
  const after = db.prepare<[number, number], LogbookColumns>(logbookSql.after)
  const open = db.prepare<[], LogbookColumns>(logbookSql.open)
  const head = db.prepare<[], LogbookHead>(logbookSql.head)
  const headAt = db.prepare<[number], LogbookHead>(logbookSql.headAt)
  return {
    rows(query: RowsSpan | RowsAfter): LogRow[] {
      const { afterSeq, limit = defaultLimit } = query
      const found = 'fromMs' in query ? between.all(query.fromMs, query.toMs, afterSeq, limit) : after.all(afterSeq, limit)
      return found.map(fromColumns)
    },
    head(): LogbookHead {
      return head.get() ?? emptyHead
    },
    /** The head that this row was; undefined where it is not there. */
    headAt(seq: number): LogbookHead | undefined {
      return headAt.get(seq)
    },
    /** Open rows whose action has no close row, oldest first. */
    openActions(): LogRow[] {
      return open.all().map(fromColumns)
    },
  }
}

/** Every row as stored, oldest first, for the verifier and the export; one at a time, so that years fit in memory. */
export function* storedRows(db: ReadConnection): Generator<StoredRow> {
  for (const columns of db.prepare<[], LogbookColumns>(logbookSql.all).iterate()) yield readStoredRow(columns)
}

/** At most `limit` rows as stored after a sequence. */
export function* storedSlice(db: ReadConnection, afterSeq: number, limit: number): Generator<StoredRow> {
  const rows = db.prepare<[number, number], LogbookColumns>(logbookSql.after)
  for (const columns of rows.iterate(afterSeq, limit)) yield readStoredRow(columns)
}

/** The head sealed inside the database; null before the first row. */
export function sealedHead(db: ReadConnection): LogbookHead | null {
  return db.prepare<[], LogbookHead>(logbookSql.sealed).get() ?? null
}
