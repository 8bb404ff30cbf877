// Makes one file of a day in a thread of its own: laying out pages takes a tenth of a second and more, and the station's thread
// has the air to look after.
import { parentPort, workerData } from 'node:worker_threads'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { DaySheet } from './day-sheet.ts'
import { csvHeader, csvLine } from './logbook-csv.ts'
import type { SheetFormat } from './sheet-service.ts'

const { format, sheet, rows } = workerData as { format: SheetFormat; sheet: DaySheet; rows: readonly LogRow[] }

async function make(): Promise<Uint8Array> {
  switch (format) {
    case 'pdf':
      return (await import('./sheet-pdf.ts')).sheetPdf(sheet)
    case 'xlsx':
      return (await import('./sheet-xlsx.ts')).sheetXlsx(sheet, rows)
    case 'csv':
      return Buffer.from(`${csvHeader}${rows.map(csvLine).join('')}`, 'utf8')
  }
}

const made = await make()
parentPort?.postMessage(new Uint8Array(made))
