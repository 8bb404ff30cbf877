// Logbook entries for tests that care about one or two of their fields.
import type { LogEntry, LogRow } from '../../shared/domain/logbook.ts'
import { epochMs } from '../../shared/domain/station-time.ts'
import { emptyHead, sealRow } from '../../station/logbook/index.ts'

export function logEntry(change: Partial<LogEntry> = {}): LogEntry {
  return {
    kind: 'operator.command',
    phase: 'note',
    actionId: null,
    atMs: epochMs(Date.UTC(2026, 7, 1, 1, 0, 0)),
    monotonicMs: 1234.5678,
    actor: 'Trực ban',
    outputId: 'main',
    subject: 'Bản tin sáng',
    planned: null,
    sent: null,
    measured: null,
    late: false,
    ...change,
  }
}

/** Rows as they stand in a logbook, each on the one before it. */
export function sealedRows(
  count: number,
  from: { readonly bootId?: string; readonly fromSeq?: number; readonly prevHash?: string; readonly subject?: string } = {},
): LogRow[] {
  const rows: LogRow[] = []
  const { bootId = 'boot-1', fromSeq = 1, prevHash = emptyHead.hash, subject = 'hàng' } = from
  for (let seq = fromSeq; seq < fromSeq + count; seq += 1) {
    const entry = logEntry({ subject: `${subject} ${seq}` })
    const entryId = `${bootId}-${subject}-${seq}`
    rows.push(sealRow({ ...entry, seq, entryId, bootId, writtenAtMs: epochMs(seq), prevHash: rows.at(-1)?.hash ?? prevHash }))
  }
  return rows
}
