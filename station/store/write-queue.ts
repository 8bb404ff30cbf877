// Everything that is to be written, in order, and the recovery of its worker.
//
//            first open ok               batch not answered in 1 s
//   opening ──────────────▶ ok ◀────────────────────────────────▶ slow
//      │                     │ storage fault · worker died          │
//      └──────▶ recovering ◀─┴──────────────────────────────────────┘
//                  │ reopened and verified → ok          any → closed
//
// One batch is in flight at a time. Rows that a fault caught in flight go back to the head of the queue and are first looked
// for by their id; other writes in flight are refused (their caller decides), and nothing that waits behind loses its place.
import { BugError, OperatorError } from '../../shared/domain/errors.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { LogEntry, LogRow } from '../../shared/domain/logbook.ts'
import type { EpochMs, MonotonicMs } from '../../shared/domain/time.ts'
import type { AppendBatch, AppendResult } from './logbook-writer.ts'
import type { WriteName } from './operations.ts'
import type { Opened } from './protocol.ts'
import { StorageFault, WorkerLink } from './worker-link.ts'

export type StoreHealth =
  | { readonly state: 'opening' }
  | { readonly state: 'ok' }
  /** The disk takes its time; rows wait, nobody else does. */
  | { readonly state: 'slow'; readonly sinceMs: EpochMs; readonly queued: number }
  | { readonly state: 'recovering'; readonly sinceMs: EpochMs; readonly code: string; readonly reason: string; readonly queued: number }
  | { readonly state: 'closed' }

interface Append {
  readonly kind: 'append'
  readonly entryId: string
  readonly entry: LogEntry
  readonly queuedAt: MonotonicMs
  /** A fault caught it in flight: it may have landed. */
  attempted: boolean
  readonly resolve: (row: LogRow) => void
  readonly reject: (error: Error) => void
}

interface Call {
  readonly kind: 'call'
  readonly name: WriteName
  readonly args: readonly unknown[]
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

export interface WriteQueueOptions {
  readonly path: string
  readonly bootId: string
  readonly clock: Clock
  readonly onHealth: (health: StoreHealth) => void
  readonly onOpened: (opened: Opened) => void
}

/** Entries and calls held while the disk is away; beyond it new ones are refused. A busy hour writes about 1,000 rows. */
const queueLimit = 20_000
/** A row that waited longer than this before its transaction began is marked late (*ghi muộn*). */
const lateAfterMs = 250
const slowAfterMs = 1000
const batchLimit = 200
const firstRetryMs = 50
const longestRetryMs = 5000

export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #queue: (Append | Call)[] = []
  #inFlight: readonly (Append | Call)[] = []
  #health: StoreHealth = { state: 'opening' }
  #link: WorkerLink | null = null
  #retryMs = firstRetryMs
  #retry: Timer | null = null
  #slow: Timer | null = null
  #whenDrained: (() => void) | null = null

  constructor(options: WriteQueueOptions) {
    this.#options = options
  }

  get health(): StoreHealth {
    return this.#health
  }

  /** First opening: a database that is not ours rejects; a disk that fails does not, the queue then keeps trying. */
  async start(): Promise<void> {
    try {
      await this.#open(false)
    } catch (error) {
      if (!(error instanceof StorageFault)) throw error
      this.#recover(error)
    }
  }

  append(entryId: string, entry: LogEntry): Promise<LogRow> {
    return new Promise((resolve, reject) => {
      const queuedAt = this.#options.clock.monotonic()
      this.#add({ kind: 'append', entryId, entry, queuedAt, attempted: false, resolve, reject })
    })
  }

  call(name: WriteName, args: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => this.#add({ kind: 'call', name, args, resolve, reject }))
  }

  /** Waits at most `deadlineMs` for what is queued, then ends the worker. Answers how many writes were given up. */
  async close(deadlineMs: number): Promise<number> {
    if (this.#health.state === 'closed') return 0
    await this.#drained(deadlineMs)
    const given = [...this.#inFlight, ...this.#queue.splice(0)]
    this.#inFlight = []
    this.#retry?.cancel()
    this.#slow?.cancel()
    const healthy = this.#health.state === 'ok'
    this.#setHealth({ state: 'closed' })
    for (const job of given) job.reject(new OperatorError('STORE_UNAVAILABLE', { reason: 'closed' }))
    const link = this.#link
    this.#link = null
    if (healthy) await link?.closeConnection()
    await link?.terminate()
    return given.length
  }

  #add(job: Append | Call): void {
    const full = this.#queue.length >= queueLimit
    if (full || this.#health.state === 'closed') {
      job.reject(new OperatorError('STORE_UNAVAILABLE', { reason: full ? 'queue full' : 'closed' }))
      return
    }
    this.#queue.push(job)
    this.#pump()
  }

  #pump(): void {
    if (this.#queue.length === 0 && this.#inFlight.length === 0) this.#whenDrained?.()
    const link = this.#link
    if (link === null || this.#inFlight.length > 0 || this.#queue.length === 0) return
    if (this.#health.state !== 'ok') return
    const batch = this.#takeBatch()
    this.#inFlight = batch
    this.#slow = this.#options.clock.after(slowAfterMs, () => this.#markSlow())
    const [first] = batch
    const done = first?.kind === 'call' ? this.#sendCall(link, first) : this.#sendAppends(link, batch.filter(isAppend))
    done.then(
      () => this.#settled(link),
      (error: unknown) => this.#failed(link, error),
    )
  }

  /** The first call alone, or every append that stands before the next call. */
  #takeBatch(): readonly (Append | Call)[] {
    if (this.#queue[0]?.kind === 'call') return this.#queue.splice(0, 1)
    const next = this.#queue.findIndex((job) => job.kind === 'call')
    return this.#queue.splice(0, Math.min(next === -1 ? this.#queue.length : next, batchLimit))
  }

  async #sendCall(link: WorkerLink, job: Call): Promise<void> {
    const value = await link.call(job.name, job.args)
    job.resolve(value)
  }

  async #sendAppends(link: WorkerLink, jobs: readonly Append[]): Promise<void> {
    const { clock, bootId } = this.#options
    const now = clock.monotonic()
    const entries = jobs.map((job) => {
      const late = job.entry.late || job.attempted || now - job.queuedAt > lateAfterMs
      return { entryId: job.entryId, entry: { ...job.entry, late } }
    })
    const mayHaveLanded = jobs.some((job) => job.attempted)
    const batch: AppendBatch = { entries, bootId, writtenAtMs: clock.now(), mayHaveLanded }
    const answer = (await link.call('logbook.append', [batch])) as { readonly results: readonly AppendResult[] }
    for (const [index, job] of jobs.entries()) settleAppend(job, answer.results[index])
  }

  #settled(link: WorkerLink): void {
    if (link !== this.#link) return
    this.#landed()
    this.#pump()
  }

  #landed(): void {
    this.#inFlight = []
    this.#slow?.cancel()
    if (this.#health.state === 'slow') this.#setHealth({ state: 'ok' })
  }

  #failed(link: WorkerLink, error: unknown): void {
    if (link !== this.#link) return
    const failed = this.#inFlight
    this.#slow?.cancel()
    if (error instanceof StorageFault) {
      this.#recover(error)
      return
    }
    this.#landed()
    const why = error instanceof Error ? error : new BugError(String(error))
    for (const job of failed) job.reject(why)
    this.#pump()
  }

  #markSlow(): void {
    if (this.#health.state === 'ok') this.#setHealth({ state: 'slow', sinceMs: this.#options.clock.now(), queued: this.#queue.length })
  }

  /** Puts back what a fault caught in flight and opens anew, at once and then ever more slowly. */
  #recover(fault: StorageFault): void {
    if (this.#health.state === 'closed') return
    this.#slow?.cancel()
    const caught = this.#inFlight
    this.#inFlight = []
    const appends = caught.filter(isAppend)
    for (const job of appends) job.attempted = true
    this.#queue.unshift(...appends)
    for (const job of caught) {
      if (job.kind === 'call') job.reject(new OperatorError('STORE_UNAVAILABLE', { reason: fault.code }, { cause: fault }))
    }
    const sinceMs = this.#health.state === 'recovering' ? this.#health.sinceMs : this.#options.clock.now()
    this.#setHealth({ state: 'recovering', sinceMs, code: fault.code, reason: fault.message, queued: this.#queue.length })
    this.#retry?.cancel()
    this.#retry = this.#options.clock.after(this.#retryMs, () => this.#reopen())
    this.#retryMs = Math.min(this.#retryMs * 2, longestRetryMs)
  }

  #reopen(): void {
    this.#open(true).then(
      () => this.#pump(),
      (error: unknown) =>
        this.#recover(error instanceof StorageFault ? error : new StorageFault('REFUSED', String(error), { cause: error })),
    )
  }

  async #open(afterFault: boolean): Promise<void> {
    const link = this.#link ?? this.#spawn()
    const opened = await link.open(afterFault, this.#options.clock.now())
    if (this.#health.state === 'closed') return
    this.#retryMs = firstRetryMs
    this.#setHealth({ state: 'ok' })
    this.#options.onOpened(opened)
  }

  #spawn(): WorkerLink {
    const link: WorkerLink = new WorkerLink({ role: 'writer', path: this.#options.path }, (fault) => {
      if (link !== this.#link) return
      if (fault.code === 'WORKER_DIED') this.#link = null
      if (this.#health.state === 'ok' || this.#health.state === 'slow') this.#recover(fault)
    })
    this.#link = link
    return link
  }

  async #drained(deadlineMs: number): Promise<void> {
    if (this.#queue.length === 0 && this.#inFlight.length === 0) return
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(deadlineMs, resolve)
      this.#whenDrained = () => {
        timer.cancel()
        resolve()
      }
    })
  }

  #setHealth(health: StoreHealth): void {
    this.#health = health
    this.#options.onHealth(health)
  }
}

function isAppend(job: Append | Call): job is Append {
  return job.kind === 'append'
}

function settleAppend(job: Append, result: AppendResult | undefined): void {
  if (result === undefined) job.reject(new BugError('the store answered fewer rows than it was given'))
  else if ('row' in result) job.resolve(result.row)
  else job.reject(new BugError(`the logbook refused a row: ${result.refused}`))
}
