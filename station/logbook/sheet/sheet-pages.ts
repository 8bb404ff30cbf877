// The pages of a day's spreadsheet as texts, and what of them its row seals. Read back it is judged by its cells, not by its bytes:
// saving it again in a spreadsheet program changes nothing, a changed cell is found.
import type { ChainVerdict, LogRow } from '../../../shared/domain/logbook.ts'
import { canonicalJson } from '../canonical-json.ts'
import type { Anchor } from '../chain.ts'
import { type DaySheet, headText, sheetTables, sheetTitle, summaryLines } from './day-sheet.ts'
import { rowColumns, rowsFromTexts, rowTexts } from './logbook-csv.ts'
import { badPaper, type PaperVerdict, readSeal, type SheetContent, sealText, sha256Of, verifyPaper } from './sheet-seal.ts'
import { kindOf, shows, wordsOf } from './typed-cells.ts'
import { verifyRows } from './verify-rows.ts'
import { type NumberCell, readXlsx, trimmed, type XlsxPage } from './xlsx-pages.ts'

/** Excel takes no more characters in a cell. */
const longestCell = 32_000
export const coverTitle = 'Phiếu'
export const rowsTitle = 'Nhật ký'
export const sealTitle = 'Niêm phong'
const sealWords = 'Dấu niêm phong của phiếu này. Kiểm tra: truc-song logbook verify TỆP.xlsx'

export function pagesOf(sheet: DaySheet, rows: readonly LogRow[]): readonly XlsxPage[] {
  const cover = [[sheetTitle(sheet)], [sheet.station.name], ...summaryLines(sheet).map((line) => [line]), [headText(sheet)]]
  const tables = sheetTables(sheet).map(({ tab, columns, rows: lines }) => ({
    title: tab,
    lines: [columns, ...lines.map((line) => line.map(cut))],
  }))
  return [
    { title: coverTitle, lines: cover },
    ...tables,
    { title: rowsTitle, lines: [rowColumns, ...rows.map((row) => split(rowTexts(row)))] },
  ]
}

export function sealedContent(pages: readonly XlsxPage[]): SheetContent {
  const digests = Object.fromEntries(
    pages.map(({ title, lines }) => [title, sha256Of(canonicalJson(trimmed(lines).map((cells) => cells.map(sameLineEnds))))]),
  )
  return { format: 'xlsx', sha256: sha256Of(canonicalJson(digests)), pages: digests }
}

export function sealPage(row: LogRow): XlsxPage {
  return { title: sealTitle, lines: [[sealWords], [sealText(row)]] }
}

export function verifyXlsx(bytes: Buffer, heads: readonly Anchor[]): PaperVerdict {
  let pages: XlsxPage[]
  try {
    pages = readXlsx(bytes, sayNumber)
  } catch (error) {
    return badPaper(error instanceof Error ? error.message : String(error))
  }
  const sealed = pages.find(({ title }) => title === sealTitle)
  const row = readSeal(sealed?.lines[1]?.[0] ?? '')
  if (row === null) return badPaper('no seal: not a day sheet of this program, or the seal was changed')
  const [, ...lines] = pages.find(({ title }) => title === rowsTitle)?.lines ?? []
  // The rows first: they can name the one that was changed.
  const stored = [...rowsFromTexts(lines.map(joined))]
  const lastSeq = stored.at(-1)?.row?.seq ?? 0
  const rows: ChainVerdict =
    stored.length === 0
      ? { ok: true, rows: 0, headSeq: 0, headHash: '' }
      : verifyRows(
          stored,
          heads.filter((head) => head.seq <= lastSeq),
        )
  const reach = { fromSeq: (stored[0]?.row?.seq ?? lastSeq + 1) - 1, toSeq: lastSeq }
  if (!rows.ok) return { verdict: rows, seal: row, reach }
  // Words beside the seal would be words on a page that nobody sealed.
  if (sealed?.lines.length !== 2 || sealed.lines.some((cells) => cells.length !== 1) || sealed.lines[0]?.[0] !== sealWords)
    return badPaper('the page of the seal was changed')
  const content = sealedContent(pages.filter((page) => page !== sealed))
  if (new Set(pages.map(({ title }) => title)).size !== pages.length) return badPaper('two pages have one name')
  return { verdict: verifyPaper(row, content, rows.rows), seal: row, reach }
}

/** A number stands for the words it was made from; in any other form a person would see other words than these. */
function sayNumber({ page, column, value, form }: NumberCell): string {
  const kind = page === rowsTitle ? null : kindOf(column)
  if (kind === null) return String(value)
  if (!shows(kind, form)) throw new Error(`page “${page}”: a number under “${column}” is shown in a form of its own: ${form}`)
  return wordsOf(kind, value)
}

/** Programs keep one kind of line end when they save, and nobody sees which. */
function sameLineEnds(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n')
}

function cut(text: string): string {
  return text.slice(0, longestCell)
}

/** Texts longer than a cell go on behind the last column, as `column:text`. */
function split(cells: readonly string[]): string[] {
  const more = cells.flatMap((text, column) =>
    Array.from({ length: Math.max(0, Math.ceil(text.length / longestCell) - 1) }, (_, index) => {
      const from = (index + 1) * longestCell
      return `${column}:${text.slice(from, from + longestCell)}`
    }),
  )
  return [...cells.map(cut), ...more]
}

function joined(cells: readonly string[]): string[] {
  const whole = Array.from({ length: rowColumns.length }, (_, column) => cells[column] ?? '')
  for (const part of cells.slice(rowColumns.length)) {
    const [, column = '', text = ''] = /^(\d+):([\s\S]*)$/.exec(part) ?? []
    if (whole[Number(column)] === undefined || column === '') return [...cells]
    whole[Number(column)] += text
  }
  return whole
}
