// What the supervisor's day is made of, read by index: rows that tell what was sent or measured, spans without a station, what
// was said about days, rows per day, and the search.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ReadConnection } from './connection.ts'
import { fromColumns, type LogbookColumns } from './logbook-rows.ts'
import { searchQuery } from './search-text.ts'

export interface SearchQuery {
  readonly text: string
  /** Only older rows, for the next page. */
  readonly beforeSeq: number
  readonly limit: number
}

const factKinds = [
  'item.aired',
  'item.missed',
  'item.skipped',
  'cutin',
  'input.live',
  'hotkey',
  'stop',
  'station.started',
  'station.stopped',
  'audio.died',
  'recording.failed',
  'recording.removed',
]

export const reviewSql = {
  facts: `SELECT * FROM logbook INDEXED BY logbook_at WHERE at_ms >= ? AND at_ms < ? AND (kind IN (${factKinds.map((kind) => `'${kind}'`).join(', ')})
    OR (kind IN ('alarm.raised', 'alarm.cleared') AND subject IN ('PROGRAMME_SILENT', 'STREAM_FAILED', 'RECORDER_FAILED', 'DEVICE_OUTPUT_LOST'))) ORDER BY seq`,
  started: `SELECT * FROM logbook INDEXED BY logbook_at WHERE at_ms >= ? AND at_ms < ? AND kind = 'station.started' ORDER BY seq`,
  newestBefore: 'SELECT * FROM logbook INDEXED BY logbook_at WHERE at_ms < ? ORDER BY at_ms DESC, seq DESC LIMIT 1',
  oldestFrom: 'SELECT * FROM logbook INDEXED BY logbook_at WHERE at_ms >= ? ORDER BY at_ms, seq LIMIT 1',
  firstRows: 'SELECT * FROM logbook WHERE seq >= ? AND boot_id = ? ORDER BY seq LIMIT 200',
  before: 'SELECT kind, at_ms FROM logbook WHERE seq < ? AND boot_id <> ? ORDER BY seq DESC LIMIT 1',
  review: `SELECT * FROM logbook WHERE kind IN ('review.note', 'review.asked', 'review.answered', 'review.signed')
    AND subject >= ? AND subject <= ? ORDER BY subject, seq`,
  count: 'SELECT count(*) FROM logbook WHERE at_ms >= ? AND at_ms < ?',
  search: `SELECT logbook.* FROM logbook_search JOIN logbook ON logbook.seq = logbook_search.rowid
    WHERE logbook_search MATCH ? AND logbook_search.rowid < ? ORDER BY logbook_search.rowid DESC LIMIT ?`,
} as const

export function createReviewReader(db: ReadConnection) {
  const facts = db.prepare<[number, number], LogbookColumns>(reviewSql.facts)
  const started = db.prepare<[number, number], LogbookColumns>(reviewSql.started)
  const newestBefore = db.prepare<[number], LogbookColumns>(reviewSql.newestBefore)
  const oldestFrom = db.prepare<[number], LogbookColumns>(reviewSql.oldestFrom)
  const firstRows = db.prepare<[number, string], LogbookColumns>(reviewSql.firstRows)
  const before = db.prepare<[number, string], { kind: string; at_ms: number }>(reviewSql.before)
  const review = db.prepare<[string, string], LogbookColumns>(reviewSql.review)
  const count = db.prepare<[number, number], number>(reviewSql.count).pluck()
  const search = db.prepare<[string, number, number], LogbookColumns>(reviewSql.search)
  /** The start that ended a span without a station which goes on past this instant. */
  const startedAfter = (atMs: number): LogRow[] => {
    const [last, next] = [newestBefore.get(atMs), oldestFrom.get(atMs)]
    if (last === undefined || next === undefined || last.boot_id === next.boot_id) return []
    const start = firstRows.all(next.seq, next.boot_id).find((row) => row.kind === 'station.started')
    return start === undefined ? [] : [fromColumns(start)]
  }
  return {
    dayFacts(fromMs: number, toMs: number): { rows: LogRow[]; dead: { fromMs: number; toMs: number; seq: number }[] } {
      const dead = [...started.all(fromMs, toMs).map(fromColumns), ...startedAfter(toMs)].flatMap((row) => {
        const last = before.get(row.seq, row.bootId)
        // Adopted: the audio process played on.
        if (last === undefined || row.measured?.['adopted'] === true) return []
        return [{ fromMs: last.at_ms, toMs: row.atMs, seq: row.seq }]
      })
      return { rows: facts.all(fromMs, toMs).map(fromColumns), dead }
    },
    reviewRows: (fromDay: string, toDay: string): LogRow[] => review.all(fromDay, toDay).map(fromColumns),
    /** One count for each pair of neighbouring instants. */
    rowsPerDay: (startsMs: readonly number[]): number[] =>
      startsMs.slice(0, -1).map((fromMs, index) => count.get(fromMs, startsMs[index + 1] ?? fromMs) ?? 0),
    /** Newest first. */
    search({ text, beforeSeq, limit }: SearchQuery): LogRow[] {
      const query = searchQuery(text)
      return query === null ? [] : search.all(query, beforeSeq, limit).map(fromColumns)
    },
  }
}
