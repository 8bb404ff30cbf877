// Makes one file of a day in a thread of its own: laying out pages takes a tenth of a second and more, and the station's thread
// has the air to look after. On the way it asks for the row that seals the file, and waits for it.
import { once } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { BugError } from '../../../shared/domain/errors.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { DaySheet } from './day-sheet.ts'
import { csvHeader, csvLine } from './logbook-csv.ts'
import { type SheetContent, sha256Of } from './sheet-seal.ts'
import type { SheetAnswer, SheetFormat } from './sheet-service.ts'

const { format, sheet, rows } = workerData as { format: SheetFormat; sheet: DaySheet; rows: readonly LogRow[] }
const port = parentPort
if (port === null) throw new BugError('the sheet worker runs in a thread')

async function seal(content: SheetContent): Promise<LogRow> {
  const answer = once(port as NonNullable<typeof port>, 'message')
  tell({ kind: 'seal', content })
  const [row] = (await answer) as [LogRow]
  return row
}

function tell(answer: SheetAnswer): void {
  port?.postMessage(answer)
}

async function make(): Promise<Uint8Array> {
  switch (format) {
    case 'pdf':
      return (await import('./sheet-pdf.ts')).sheetPdf(sheet, seal)
    case 'xlsx':
      return (await import('./sheet-xlsx.ts')).sheetXlsx(sheet, rows, seal)
    case 'csv': {
      // Carries no seal: it is the rows themselves. That it was taken out, and which bytes, is told all the same.
      const bytes = Buffer.from(`${csvHeader}${rows.map(csvLine).join('')}`, 'utf8')
      await seal({ format, sha256: sha256Of(bytes) })
      return bytes
    }
  }
}

tell({ kind: 'made', bytes: new Uint8Array(await make()) })
// Listening for a seal keeps a thread alive.
port.close()
