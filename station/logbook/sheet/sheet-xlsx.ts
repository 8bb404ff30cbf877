// The sheet of a day as a spreadsheet: one page per table and one of all rows. Every cell is written as text, by type, so nothing
// in it is ever taken for a formula (FAULTS X4).
import writeXlsxFile from 'write-excel-file/node'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { type DaySheet, headText, type SheetTable, sheetTables, sheetTitle, summaryLines } from './day-sheet.ts'
import { rowCells, rowColumns } from './logbook-csv.ts'

/** Excel takes no more characters in a cell. */
const longestCell = 32_000
const widthOf: Readonly<Record<string, number>> = { 'Nội dung': 48, 'Giải trình': 60, 'Vì sao': 24, 'Sai khác': 16, 'Đầu ra': 20 }

export async function sheetXlsx(sheet: DaySheet, rows: readonly LogRow[]): Promise<Buffer> {
  const cover = [[sheetTitle(sheet)], [sheet.station.name], ...summaryLines(sheet).map((line) => [line]), [headText(sheet)]]
  const pages: readonly SheetTable[] = [
    ...sheetTables(sheet),
    { title: 'Nhật ký', columns: rowColumns, rows: rows.map(rowCells), empty: '' },
  ]
  return writeXlsxFile([
    { sheet: 'Phiếu', data: cover.map((line) => line.map(cell)), columns: [{ width: 100 }] },
    ...pages.map((page) => ({
      sheet: page.title.slice(0, 31),
      data: [page.columns.map((text) => ({ ...cell(text), fontWeight: 'bold' as const })), ...page.rows.map((row) => row.map(cell))],
      columns: page.columns.map((column) => ({ width: widthOf[column] ?? 12 })),
      stickyRowsCount: 1,
    })),
  ]).toBuffer()
}

function cell(text: string) {
  return { type: String, value: text.slice(0, longestCell) }
}
