// The papers of a day: collects what is on them and has them made beside the station's thread, one at a time.
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../shared/domain/clock.ts'
import { OperatorError } from '../../../shared/domain/errors.ts'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { BroadcastDay } from '../../../shared/domain/time.ts'
import type { ReviewService } from '../review-service.ts'
import type { DaySheet, SheetStation } from './day-sheet.ts'

export type SheetFormat = 'pdf' | 'xlsx' | 'csv'

export interface SheetPorts {
  readonly station: SheetStation
  readonly review: ReviewService
  readonly clock: Clock
  rows(day: BroadcastDay): Promise<readonly LogRow[]>
  head(): Promise<{ readonly seq: number; readonly hash: string }>
}

const longestMs = 60_000

export class SheetService {
  readonly #ports: SheetPorts
  #last: Promise<unknown> = Promise.resolve()

  constructor(ports: SheetPorts) {
    this.#ports = ports
  }

  /** The file's bytes. */
  make(day: BroadcastDay, format: SheetFormat): Promise<Uint8Array> {
    const next = this.#last.then(() => this.#make(day, format))
    this.#last = next.catch(() => undefined)
    return next
  }

  async #make(day: BroadcastDay, format: SheetFormat): Promise<Uint8Array> {
    const { station, review, clock, head } = this.#ports
    const [reviewed, rows, newest] = await Promise.all([review.day(day), format === 'pdf' ? [] : this.#ports.rows(day), head()])
    const sheet: DaySheet = { station, review: reviewed, head: { seq: newest.seq, hash: newest.hash }, madeAtMs: clock.now() }
    return inWorker({ format, sheet, rows })
  }
}

function inWorker(data: { format: SheetFormat; sheet: DaySheet; rows: readonly LogRow[] }): Promise<Uint8Array> {
  const worker = new Worker(new URL('./sheet-worker.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  })
  return new Promise<Uint8Array>((resolve, reject) => {
    const limit = setTimeout(() => reject(new OperatorError('STORE_UNAVAILABLE', { reason: 'the sheet took too long' })), longestMs)
    worker.once('message', (bytes: Uint8Array) => resolve(bytes))
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new OperatorError('STORE_UNAVAILABLE', { reason: `the sheet was not made (${code})` })))
    worker.once('exit', () => clearTimeout(limit))
  }).finally(() => worker.terminate())
}
