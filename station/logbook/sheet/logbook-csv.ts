// The logbook as CSV (RFC 4180, CRLF) for a spreadsheet, and read back to be verified. Titles and names come from outside: a cell
// that a spreadsheet would take for a formula gets an apostrophe before it (FAULTS X4, OWASP "CSV injection"), whatever column it
// stands in; one that begins with an apostrophe gets a second, so that what was written can be told from it. A program that saved the
// file again may have spelled its letters and its line ends otherwise: that changes nothing that anybody reads, and is read as it was.
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { clockText, dateText } from '../../../shared/domain/time.ts'
import { canonicalJson, type JsonValue, toJsonValue } from '../canonical-json.ts'
import { hashRow, type StoredRow } from '../chain.ts'

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

export const rowColumns: readonly string[] = columns.map(([name]) => name)

/** A row as the texts of its columns; '' where there is nothing, an apostrophe where there is an empty text, two where there is one. */
export function rowTexts(row: LogRow): readonly string[] {
  return columns.map(([, cell]) => {
    const value = cell(row)
    if (value === null) return ''
    const text = String(value)
    return text === '' || text.startsWith("'") ? `'${text}` : text
  })
}

/** The rows of such texts, in their order. */
export function* rowsFromTexts(lines: Iterable<readonly string[]>): Generator<StoredRow> {
  for (const line of lines) {
    const seq = Number(line[0]) || 0
    if (line.length !== columns.length)
      yield { row: null, seq, fault: `has ${line.length} columns, not ${columns.length}: the row was changed` }
    else
      yield readRow(
        line.map((text) => (text === '' ? null : text)),
        seq,
      )
  }
}

/** First line, with the mark that makes spreadsheets read UTF-8. */
export const csvHeader = `\uFEFF${rowColumns.join(',')}\r\n`

export function csvLine(row: LogRow): string {
  return `${columns.map(([, cell]) => csvCell(cell(row))).join(',')}\r\n`
}

/** A file of text in the encoding that its first bytes name; without such a mark it is UTF-8. */
export function textOf(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2)
  const encoding = mark === 'fffe' ? 'utf-16le' : mark === 'feff' ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}

/** The rows of an export, in its order. What is not as we write it is a fault of that row, never an exception. */
export function* csvRows(text: string): Generator<StoredRow> {
  const [header, ...lines] = parseCsv(text.replace(/^\uFEFF/, ''))
  if (header === undefined || header.map((cell) => cell ?? '').join() !== rowColumns.join()) {
    yield { row: null, seq: 1, fault: 'not an export of this program: its columns are others' }
    return
  }
  for (const [index, line] of lines.entries()) {
    const seq = Number(line[0]) || index + 1
    if (line.length !== columns.length)
      yield { row: null, seq, fault: `has ${line.length} columns, not ${columns.length}: the row was changed` }
    else yield readRow(line, seq)
  }
}

function readRow(line: readonly (string | null)[], seq: number): StoredRow {
  const cells = new Map(rowColumns.map((name, index) => [name, unguard(line[index] ?? null)]))
  const text = (name: string) => cells.get(name) ?? ''
  try {
    const row: LogRow = {
      seq: Number(text('seq')),
      entryId: text('entryId'),
      bootId: text('bootId'),
      kind: text('kind') as LogRow['kind'],
      phase: text('phase') as LogRow['phase'],
      actionId: cells.get('actionId') ?? null,
      atMs: Number(text('atMs')) as LogRow['atMs'],
      monotonicMs: Number(text('monotonicMs')),
      writtenAtMs: Number(text('writtenAtMs')) as LogRow['writtenAtMs'],
      actor: text('actor'),
      outputId: cells.get('output') ?? null,
      subject: text('subject'),
      planned: readPayload('planned', cells),
      sent: readPayload('sent', cells),
      measured: readPayload('measured', cells),
      late: text('late') === 'late',
      prevHash: text('prevHash'),
      hash: text('hash'),
    }
    // Date and time are said twice; the words must agree with the number that the hash covers.
    const agrees = text('date') === dateText(row.atMs) && text('time') === clockText(row.atMs)
    return agrees
      ? { row: withItsLineEnds(row), fault: null }
      : { row: null, seq, fault: 'date or time does not agree with atMs: the row was changed' }
  } catch (error) {
    return { row: null, seq, fault: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Spreadsheets keep LF where a text had CR LF. The row's own hash says whether that is all that happened to it; payloads are JSON, in
 * which a line end is spelled in letters.
 */
function withItsLineEnds(row: LogRow): LogRow {
  if (!/\n/.test(row.subject + row.actor) || hashRow(row) === row.hash) return row
  const text = (words: string) => words.replaceAll(/\r?\n/g, '\r\n')
  const asWritten = { ...row, subject: text(row.subject), actor: text(row.actor) }
  return hashRow(asWritten) === row.hash ? asWritten : row
}

function readPayload(name: string, cells: ReadonlyMap<string, string | null>): Record<string, unknown> | null {
  const text = cells.get(name) ?? null
  if (text === null) return null
  const value: unknown = JSON.parse(text)
  if (canonicalJson(value as JsonValue) !== text) throw new Error(`${name} is not spelled as we write it: the row was changed`)
  return value as Record<string, unknown>
}

/** What a spreadsheet may act upon, and the mark against it. */
const guarded = /^\s*[=+\-@|%\t\r＝＋－＠']/

function csvCell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = guarded.test(value) ? `'${value}` : value
  return harmless === '' || /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function unguard(cell: string | null): string | null {
  return cell?.startsWith("'") ? cell.slice(1) : cell
}

/** RFC 4180; null = nothing between two commas, '' = an empty text in quotes. */
function parseCsv(text: string): (string | null)[][] {
  const lines: (string | null)[][] = []
  let line: (string | null)[] = []
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|$)/gy
  for (let found = field.exec(text); found !== null && field.lastIndex <= text.length; found = field.exec(text)) {
    const [whole, quoted, plain = '', end = ''] = found
    if (whole === '' && line.length === 0) break
    line.push(quoted === undefined ? (plain === '' ? null : plain) : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    lines.push(line)
    line = []
    if (end === '') break
  }
  return lines
}

function payload(value: Readonly<Record<string, unknown>> | null): string | null {
  return value === null ? null : canonicalJson(toJsonValue(value))
}
