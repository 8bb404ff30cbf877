// The sheet of a day as PDF: A4, Be Vietnam Pro embedded (made for stacked Vietnamese marks), page numbers, and the head of the
// logbook's chain as text and QR code on the first page. Sealed: see pdf-seal.ts.
/// <reference path="./pdfmake.d.ts" />
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pdfmake from 'pdfmake'
import { clockText, dateText, epochMs } from '../../../shared/domain/time.ts'
import { blankSeal, sealPdf } from './pdf-seal.ts'
import type { Seal } from './sheet-seal.ts'
import { type DaySheet, headText, type SheetTable, sheetTables, sheetTitle, summaryLines } from './day-sheet.ts'

const family = 'BeVietnamPro'
const fontFolder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/be-vietnam-pro/package.json'))
const font = (weight: string) => join(fontFolder, weight, `${family}_${weight}.ttf`)

export async function sheetPdf(sheet: DaySheet, seal: Seal): Promise<Buffer> {
  const normal = font('400Regular')
  const bold = font('700Bold')
  pdfmake.setFonts({ [family]: { normal, bold, italics: normal, bolditalics: bold } })
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => path === normal || path === bold)
  return sealPdf(await pdfmake.createPdf(definition(sheet)).getBuffer(), seal)
}

function definition(sheet: DaySheet): object {
  const { station, madeAtMs, review } = sheet
  const title = sheetTitle(sheet)
  const madeAt = epochMs(madeAtMs)
  const made = `Lập lúc ${dateText(madeAt)} ${clockText(madeAt)}`
  return {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [36, 54, 36, 48],
    info: { title: `${title} – ${station.name}`, author: station.name, subject: headText(sheet), Niemphong: blankSeal },
    defaultStyle: { font: family, fontSize: 9, lineHeight: 1.25 },
    styles: {
      title: { fontSize: 16, bold: true },
      section: { fontSize: 11, bold: true, margin: [0, 12, 0, 4] },
      head: { bold: true, fillColor: '#e4e6e8' },
      small: { fontSize: 7.5, color: '#444444' },
    },
    header: {
      columns: [
        { text: `${station.name}${station.place.length > 0 ? ` · ${station.place.join(' › ')}` : ''}`, bold: true },
        { text: station.training ? 'TẬP HUẤN – KHÔNG RA LOA' : '', alignment: 'right', bold: true },
      ],
      margin: [36, 24, 36, 0],
    },
    footer: (page: number, pages: number) => ({
      columns: [
        { text: `${title} · ${made}`, style: 'small' },
        { text: `Trang ${page}/${pages}`, alignment: 'right', style: 'small' },
      ],
      margin: [36, 16, 36, 0],
    }),
    content: [
      {
        columns: [
          [{ text: title, style: 'title' }, ...summaryLines(sheet).map((text) => ({ text, margin: [0, 3, 0, 0] }))],
          {
            width: 150,
            stack: [{ qr: headText(sheet), fit: 96, alignment: 'right', eccLevel: 'M' }],
          },
        ],
      },
      { text: `Đầu chuỗi nhật ký: hàng ${sheet.head.seq}, mã ${sheet.head.hash}`, style: 'small', margin: [0, 6, 0, 0] },
      ...sheetTables(sheet).flatMap(table),
      {
        columns: [signature('Người trực sóng', ''), signature('Người giám sát', review.signatures.at(-1)?.by ?? '')],
        margin: [0, 24, 0, 0],
        unbreakable: true,
      },
    ],
  }
}

function table({ title, columns, rows, empty }: SheetTable): object[] {
  const heading = { text: title, style: 'section' }
  if (rows.length === 0) return [heading, { text: empty }]
  const isLong = (column: string | undefined) => column === 'Nội dung' || column === 'Giải trình'
  const widths = columns.map((column) => (isLong(column) ? '*' : 'auto'))
  const cells = (row: readonly string[]) => row.map((text, index) => ({ text, noWrap: !isLong(columns[index]) && text.length < 32 }))
  const body = [columns.map((text) => ({ text, style: 'head' })), ...rows.map(cells)]
  return [heading, { table: { headerRows: 1, dontBreakRows: true, widths, body }, layout: 'lightHorizontalLines' }]
}

function signature(role: string, name: string): object {
  return {
    stack: [
      { text: role, bold: true, alignment: 'center' },
      { text: name, alignment: 'center', margin: [0, 40, 0, 0] },
    ],
  }
}
