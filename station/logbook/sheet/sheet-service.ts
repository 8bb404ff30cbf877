// The papers of a day: collects what is on them and has them made beside the station's thread, one at a time. Each is told by a row
// of the logbook, which seals a PDF and a spreadsheet (sheet-seal.ts); a paper whose row could not be written is not handed out.
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../shared/domain/clock.ts'
import { OperatorError } from '../../../shared/domain/errors.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { BroadcastDay } from '../../../shared/domain/time.ts'
import type { LogbookService } from '../logbook-service.ts'
import type { ReviewService } from '../review-service.ts'
import type { DaySheet, SheetStation } from './day-sheet.ts'
import { type Seal, type SheetContent, sealKind } from './sheet-seal.ts'

export type SheetFormat = 'pdf' | 'xlsx' | 'csv'

/** What the thread says: the content that is to be sealed, and then the file. */
export type SheetAnswer = { readonly kind: 'seal'; readonly content: SheetContent } | { readonly kind: 'made'; readonly bytes: Uint8Array }

type RowsQuery = { readonly day: BroadcastDay; readonly limit: number } | { readonly afterSeq: number; readonly limit: number }

export interface SheetPorts {
  readonly station: SheetStation
  readonly review: ReviewService
  readonly logbook: Pick<LogbookService, 'note'>
  readonly clock: Clock
  rows(query: RowsQuery): Promise<readonly LogRow[]>
  head(): Promise<{ readonly seq: number; readonly hash: string }>
}

const longestMs = 60_000
const mostRows = 200_000

export class SheetService {
  readonly #ports: SheetPorts
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: SheetPorts) {
    this.#ports = ports
  }

  /** The file's bytes. `by`: who takes it out; a row says so. */
  make(day: BroadcastDay, format: SheetFormat, by: string): Promise<Uint8Array> {
    const next = this.#last.then(() => this.#make(day, format, by))
    this.#last = next.catch(() => undefined)
    return next
  }

  async #make(day: BroadcastDay, format: SheetFormat, by: string): Promise<Uint8Array> {
    const { station, review, clock, head } = this.#ports
    const [reviewed, rows, newest] = await Promise.all([review.day(day), format === 'pdf' ? [] : this.#rowsOf(day), head()])
    const sheet: DaySheet = { station, review: reviewed, head: { seq: newest.seq, hash: newest.hash }, madeAtMs: clock.now() }
    return inWorker({ format, sheet, rows }, async (content) => {
      const note = { kind: sealKind, actor: by, outputId: null, subject: day, measured: { ...content } } as const
      const row = await this.#ports.logbook.note(note)
      if (row === null) throw new OperatorError('STORE_UNAVAILABLE', { reason: 'the row that seals the sheet was not written' })
      return row
    })
  }

  /** The rows of a day, and what was written between them about another (late rows, a clock that was set): a chain has no gaps. */
  async #rowsOf(day: BroadcastDay): Promise<readonly LogRow[]> {
    const rows = await this.#ports.rows({ day, limit: mostRows })
    const [first, last] = [rows[0], rows.at(-1)]
    if (first === undefined || last === undefined) return rows
    const count = last.seq - first.seq + 1
    return count === rows.length || count > mostRows ? rows : this.#ports.rows({ afterSeq: first.seq - 1, limit: count })
  }
}

function inWorker(data: { format: SheetFormat; sheet: DaySheet; rows: readonly LogRow[] }, seal: Seal): Promise<Uint8Array> {
  const worker = new Worker(new URL('./sheet-worker.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  return new Promise<Uint8Array>((resolve, reject) => {
    const limit = setTimeout(() => reject(new OperatorError('STORE_UNAVAILABLE', { reason: 'the sheet took too long' })), longestMs)
    worker.on('message', (answer: SheetAnswer) => {
      if (answer.kind === 'made') resolve(answer.bytes)
      else seal(answer.content).then((row) => worker.postMessage(row), reject)
    })
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new OperatorError('STORE_UNAVAILABLE', { reason: `the sheet was not made (${code})` })))
    worker.once('exit', () => clearTimeout(limit))
  }).finally(() => worker.terminate())
}
