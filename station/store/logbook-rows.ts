// A logbook row as columns and back. The verifier reads strictly: a stored payload that is not spelled as we write it is a row that
// somebody changed, even where it would still parse. Everybody else reads what is there and never refuses: a row edited by hand, or a
// flipped bit, is the verifier's to name, and must keep neither a station from starting nor the rows around it from being read.
import type { LogKind, LogRow } from '../../shared/domain/logbook.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import { canonicalJson, type JsonValue, type StoredRow } from '../logbook/index.ts'

/** As SQLite holds it. */
export interface LogbookColumns {
  readonly seq: number
  readonly entry_id: string
  readonly boot_id: string
  readonly kind: string
  readonly phase: string
  readonly action_id: string | null
  readonly at_ms: number
  readonly monotonic_ms: number
  readonly written_at_ms: number
  readonly actor: string
  readonly output_id: string | null
  readonly subject: string
  readonly planned: string | null
  readonly sent: string | null
  readonly measured: string | null
  readonly late: number
  readonly prev_hash: string
  readonly hash: string
}

export function toColumns(row: LogRow): LogbookColumns {
  return {
    seq: row.seq,
    entry_id: row.entryId,
    boot_id: row.bootId,
    kind: row.kind,
    phase: row.phase,
    action_id: row.actionId,
    at_ms: row.atMs,
    monotonic_ms: row.monotonicMs,
    written_at_ms: row.writtenAtMs,
    actor: row.actor,
    output_id: row.outputId,
    subject: row.subject,
    planned: payloadText(row.planned),
    sent: payloadText(row.sent),
    measured: payloadText(row.measured),
    late: row.late ? 1 : 0,
    prev_hash: row.prevHash,
    hash: row.hash,
  }
}

type Payload = Record<string, unknown>

/** The row of these columns as it is now, whoever wrote it. A payload that is none is `{ unreadable: its text }`. Never throws. */
export function fromColumns(columns: LogbookColumns): LogRow {
  return rowOf(columns, (_, text) => jsonObject(text) ?? { unreadable: text })
}

/** For the verifier and the export: the row as we wrote it, or why it is not. Never throws. */
export function readStoredRow(columns: LogbookColumns): StoredRow {
  try {
    return { row: rowOf(columns, payloadAsWritten), fault: null }
  } catch (error) {
    return { row: null, seq: columns.seq, fault: error instanceof Error ? error.message : String(error) }
  }
}

function rowOf(columns: LogbookColumns, read: (column: string, text: string) => Payload): LogRow {
  const payload = (column: 'planned' | 'sent' | 'measured') => {
    const text = columns[column]
    return text === null ? null : read(column, text)
  }
  return {
    seq: columns.seq,
    entryId: columns.entry_id,
    bootId: columns.boot_id,
    kind: columns.kind as LogKind,
    phase: columns.phase as LogRow['phase'],
    actionId: columns.action_id,
    atMs: columns.at_ms as EpochMs,
    monotonicMs: columns.monotonic_ms,
    writtenAtMs: columns.written_at_ms as EpochMs,
    actor: columns.actor,
    outputId: columns.output_id,
    subject: columns.subject,
    planned: payload('planned'),
    sent: payload('sent'),
    measured: payload('measured'),
    late: columns.late === 1,
    prevHash: columns.prev_hash,
    hash: columns.hash,
  }
}

function payloadText(value: Readonly<Record<string, unknown>> | null): string | null {
  return value === null ? null : canonicalJson(value as JsonValue)
}

function payloadAsWritten(column: string, text: string): Payload {
  const value = jsonObject(text)
  if (value === null) throw new Error(`${column} is not a JSON object: the row was changed`)
  if (canonicalJson(value as JsonValue) !== text) throw new Error(`${column} is not spelled as we write it: the row was changed`)
  return value
}

/** null where the text is not the JSON of an object. */
function jsonObject(text: string): Payload | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Payload) : null
  } catch {
    return null
  }
}
