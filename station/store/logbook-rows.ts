// A logbook row as columns and back. Reading back is strict: a stored payload that is not spelled canonically, or a column of
// another type, is a row that somebody changed, even where it would still parse.
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

/** The row of these columns; throws with the reason where they were not written by us. */
export function fromColumns(columns: LogbookColumns): LogRow {
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
    planned: payload('planned', columns.planned),
    sent: payload('sent', columns.sent),
    measured: payload('measured', columns.measured),
    late: columns.late === 1,
    prevHash: columns.prev_hash,
    hash: columns.hash,
  }
}

/** For the verifier: never throws. */
export function readStoredRow(columns: LogbookColumns): StoredRow {
  try {
    return { row: fromColumns(columns), fault: null }
  } catch (error) {
    return { row: null, seq: columns.seq, fault: error instanceof Error ? error.message : String(error) }
  }
}

function payloadText(value: Readonly<Record<string, unknown>> | null): string | null {
  return value === null ? null : canonicalJson(value as JsonValue)
}

function payload(column: string, text: string | null): Record<string, unknown> | null {
  if (text === null) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${column} is not JSON: the row was changed`, { cause: error })
  }
  if (canonicalJson(value as JsonValue) !== text) throw new Error(`${column} is not spelled as we write it: the row was changed`)
  return value as Record<string, unknown>
}
