// Appends to the logbook, in the worker. A batch is one transaction: its rows are sealed one on the other, the head moves with
// them, and only after the commit (fsynced) are they answered. `mayHaveLanded` is set on a second attempt after a storage
// fault: then each entry is first looked for by its id, because a failed commit may still have reached the file.
import type { LogEntry, LogRow } from '../../shared/domain/logbook.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import { emptyHead, type LogbookHead, sealRow } from '../logbook/index.ts'
import { isStorageFault, type WriteConnection } from './connection.ts'
import { searchText } from './search-text.ts'
import { fromColumns, type LogbookColumns, toColumns } from './logbook-rows.ts'

export interface QueuedEntry {
  readonly entryId: string
  readonly entry: LogEntry
}

export interface AppendBatch {
  readonly entries: readonly QueuedEntry[]
  readonly bootId: string
  readonly writtenAtMs: EpochMs
  readonly mayHaveLanded: boolean
}

/** One per entry, in order. A refused entry breaks a rule of the table; the others of its batch are written. */
export type AppendResult = { readonly row: LogRow } | { readonly refused: string }

export type LogbookWriter = (batch: AppendBatch) => { readonly results: readonly AppendResult[]; readonly head: LogbookHead }

export function createLogbookWriter(db: WriteConnection): LogbookWriter {
  const insert = db.prepare<[LogbookColumns]>(`
    INSERT INTO logbook VALUES (@seq, @entry_id, @boot_id, @kind, @phase, @action_id, @at_ms, @monotonic_ms, @written_at_ms,
      @actor, @output_id, @subject, @planned, @sent, @measured, @late, @prev_hash, @hash)`)
  const index = db.prepare('INSERT INTO logbook_search (rowid, text) VALUES (?, ?)')
  const findEntry = db.prepare<[string], LogbookColumns>('SELECT * FROM logbook WHERE entry_id = ?')
  const newest = db.prepare<[], LogbookHead>('SELECT seq, hash FROM logbook ORDER BY seq DESC LIMIT 1')
  const moveHead = db.prepare(
    'INSERT INTO logbook_head VALUES (1, ?, ?) ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash',
  )
  const opened = db.prepare('INSERT INTO logbook_open VALUES (?, ?) ON CONFLICT DO NOTHING')
  const closed = db.prepare('DELETE FROM logbook_open WHERE action_id = ?')

  function appendOne(queued: QueuedEntry, batch: AppendBatch, head: LogbookHead): LogRow {
    const { entry } = queued
    const row = sealRow({
      ...entry,
      seq: head.seq + 1,
      entryId: queued.entryId,
      bootId: batch.bootId,
      writtenAtMs: batch.writtenAtMs,
      prevHash: head.hash,
    })
    const columns = toColumns(row)
    insert.run(columns)
    index.run(row.seq, searchText(columns.subject, columns.actor, [columns.planned, columns.sent, columns.measured]))
    if (entry.actionId !== null && entry.phase === 'open') opened.run(entry.actionId, row.seq)
    if (entry.actionId !== null && entry.phase === 'close') closed.run(entry.actionId)
    return row
  }

  const appendAll = db.transaction((batch: AppendBatch): LogRow[] => {
    let head = newest.get() ?? emptyHead
    const rows: LogRow[] = []
    for (const queued of batch.entries) {
      const landed = batch.mayHaveLanded ? findEntry.get(queued.entryId) : undefined
      const row = landed === undefined ? appendOne(queued, batch, head) : fromColumns(landed)
      if (landed === undefined) head = row
      rows.push(row)
    }
    moveHead.run(head.seq, head.hash)
    return rows
  })

  return (batch) => {
    const results = appendEach(appendAll.immediate, batch)
    return { results, head: newest.get() ?? emptyHead }
  }
}

/** The batch as one transaction; where one entry spoils it, entry by entry, so that the others are still written. */
function appendEach(append: (batch: AppendBatch) => LogRow[], batch: AppendBatch): AppendResult[] {
  try {
    return append(batch).map((row) => ({ row }))
  } catch (error) {
    if (isStorageFault(error)) throw error
    if (batch.entries.length > 1) return batch.entries.flatMap((entry) => appendEach(append, { ...batch, entries: [entry] }))
    return [{ refused: error instanceof Error ? error.message : String(error) }]
  }
}
