// The logbook as CSV (RFC 4180, CRLF) for a spreadsheet. Titles and names come from outside: a cell that a spreadsheet would take
// for a formula gets an apostrophe before it (FAULTS X4, OWASP "CSV injection"), whatever column it stands in.
import type { LogRow } from '../../shared/domain/logbook.ts'
import { clockText, dateText } from '../../shared/domain/time.ts'
import { canonicalJson, toJsonValue } from '../logbook/index.ts'

const columns: readonly (readonly [name: string, cell: (row: LogRow) => string | number | null])[] = [
  ['seq', (row) => row.seq],
  ['date', (row) => dateText(row.atMs)],
  ['time', (row) => clockText(row.atMs)],
  ['atMs', (row) => row.atMs],
  ['kind', (row) => row.kind],
  ['phase', (row) => row.phase],
  ['late', (row) => (row.late ? 'late' : '')],
  ['output', (row) => row.outputId],
  ['subject', (row) => row.subject],
  ['actor', (row) => row.actor],
  ['planned', (row) => payload(row.planned)],
  ['sent', (row) => payload(row.sent)],
  ['measured', (row) => payload(row.measured)],
  ['actionId', (row) => row.actionId],
  ['bootId', (row) => row.bootId],
  ['entryId', (row) => row.entryId],
  ['monotonicMs', (row) => row.monotonicMs],
  ['writtenAtMs', (row) => row.writtenAtMs],
  ['prevHash', (row) => row.prevHash],
  ['hash', (row) => row.hash],
]

/** First line, with the mark that makes spreadsheets read UTF-8. */
export const csvHeader = `\uFEFF${columns.map(([name]) => name).join(',')}\r\n`

export function csvLine(row: LogRow): string {
  return `${columns.map(([, cell]) => csvCell(cell(row))).join(',')}\r\n`
}

function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = /^\s*[=+\-@|%\t\r＝＋－＠]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function payload(value: Readonly<Record<string, unknown>> | null): string | null {
  return value === null ? null : canonicalJson(toJsonValue(value))
}
