// The sheet of a day as a spreadsheet: one page per table, one of all rows, and one with the seal. Every cell is written as text, by
// type, so nothing in it is ever taken for a formula (FAULTS X4); in the tables for people times, lengths and counts are numbers.
import writeXlsxFile from 'write-excel-file/node'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { DaySheet } from './day-sheet.ts'
import { coverTitle, pagesOf, rowsTitle, sealedContent, sealPage, sealTitle } from './sheet-pages.ts'
import type { Seal } from './sheet-seal.ts'
import { type CellKind, formOf, kindOf, numberOf } from './typed-cells.ts'
import { escapeCell } from './xlsx-pages.ts'

const widthOf: Readonly<Record<string, number>> = { 'Nội dung': 48, 'Giải trình': 60, 'Vì sao': 24, 'Sai khác': 16, 'Đầu ra': 20 }

export async function sheetXlsx(sheet: DaySheet, rows: readonly LogRow[], seal: Seal): Promise<Buffer> {
  const pages = pagesOf(sheet, rows)
  const sealed = sealPage(await seal(sealedContent(pages)))
  return writeXlsxFile(
    [...pages, sealed].map(({ title, lines }) => {
      const isTable = title !== coverTitle && title !== sealTitle
      const [head = [], ...body] = lines
      const kinds = isTable && title !== rowsTitle ? head.map(kindOf) : []
      const heading = head.map((text) => (isTable ? { ...cell(text), fontWeight: 'bold' as const } : cell(text)))
      return {
        sheet: title,
        data: [heading, ...body.map((line) => line.map((text, column) => typed(text, kinds[column] ?? null)))],
        columns: isTable ? head.map((column) => ({ width: widthOf[column] ?? (kindOf(column) === 'moment' ? 20 : 12) })) : [{ width: 100 }],
        ...(isTable ? { stickyRowsCount: 1 } : {}),
      }
    }),
  ).toBuffer()
}

function typed(text: string, kind: CellKind | null) {
  const value = kind === null ? null : numberOf(kind, text)
  return kind === null || value === null ? cell(text) : { type: Number, value, format: formOf[kind] }
}

function cell(text: string) {
  return { type: String, value: escapeCell(text) }
}
