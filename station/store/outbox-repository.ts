// What the province has yet to be told: rows of the logbook by sequence. They enter by a trigger, in the transaction of the row
// (migrations/0090-province.sql), and leave when the province has answered that it holds them. A row that somebody changed meanwhile
// is told as it is stored, with the hash it was sealed by: it holds up nothing behind it, and the province sees that the two differ.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ReadConnection, WriteConnection } from './connection.ts'
import { fromColumns, type LogbookColumns } from './logbook-rows.ts'

export interface OutboxState {
  readonly waiting: number
  /** Of the oldest row that waits. */
  readonly oldestAtMs: number | null
  readonly parked: number
  /** The oldest that is parked. */
  readonly parkedSeq: number | null
  readonly dropped: number
}

export const outboxSql = {
  urgent: 'SELECT logbook.* FROM outbox JOIN logbook USING (seq) WHERE urgency = 0 AND parked IS NULL ORDER BY outbox.seq DESC LIMIT ?',
  ordinary: 'SELECT logbook.* FROM outbox JOIN logbook USING (seq) WHERE urgency = 1 AND parked IS NULL ORDER BY outbox.seq LIMIT ?',
  state: `SELECT (SELECT count(*) FROM outbox WHERE parked IS NULL) AS waiting,
    (SELECT at_ms FROM outbox JOIN logbook USING (seq) WHERE parked IS NULL ORDER BY outbox.seq LIMIT 1) AS oldestAtMs,
    (SELECT count(*) FROM outbox WHERE parked IS NOT NULL) AS parked,
    (SELECT min(seq) FROM outbox WHERE parked IS NOT NULL) AS parkedSeq,
    (SELECT dropped FROM outbox_switch WHERE id = 1) AS dropped`,
} as const

export function createOutboxReader(db: ReadConnection) {
  const urgent = db.prepare<[number], LogbookColumns>(outboxSql.urgent)
  const ordinary = db.prepare<[number], LogbookColumns>(outboxSql.ordinary)
  const state = db.prepare<[], OutboxState>(outboxSql.state)
  const none: OutboxState = { waiting: 0, oldestAtMs: null, parked: 0, parkedSeq: null, dropped: 0 }
  return {
    /** What is to be sent next: alerts newest first, then everything in order. */
    next(limit: number): LogRow[] {
      const first = urgent.all(limit)
      return [...first, ...(first.length < limit ? ordinary.all(limit - first.length) : [])].map(fromColumns)
    },
    state: (): OutboxState => state.get() ?? none,
  }
}

export function createOutboxWriter(db: WriteConnection) {
  const open = db.prepare('UPDATE outbox_switch SET open = ? WHERE id = 1')
  const remove = db.prepare('DELETE FROM outbox WHERE seq = ?')
  const park = db.prepare('UPDATE outbox SET parked = ? WHERE seq = ?')
  const unpark = db.prepare('UPDATE outbox SET parked = NULL WHERE parked = coalesce(?, parked)')
  const count = db.prepare<[], number>('SELECT count(*) FROM outbox').pluck()
  const trim = db.prepare('DELETE FROM outbox WHERE seq IN (SELECT seq FROM outbox ORDER BY urgency DESC, seq LIMIT ?)')
  const dropped = db.prepare('UPDATE outbox_switch SET dropped = dropped + ? WHERE id = 1')
  return {
    /** Whether rows written from now on are for the province. */
    open(on: boolean): void {
      open.run(on ? 1 : 0)
    },
    committed: db.transaction((seqs: readonly number[]): void => {
      for (const seq of seqs) remove.run(seq)
    }),
    park(seq: number, reason: string): void {
      park.run(reason, seq)
    },
    /** Rows that were parked for this reason, null: for any, wait again. Answers how many. */
    unpark: (reason: string | null): number => unpark.run(reason).changes,
    /** Keeps at most `limit` entries: the oldest that are not urgent go first. Answers how many went; the rows stay in the logbook. */
    trim: db.transaction((limit: number): number => {
      const over = Math.max(0, (count.get() ?? 0) - limit)
      if (over === 0) return 0
      trim.run(over)
      dropped.run(over)
      return over
    }),
  }
}
