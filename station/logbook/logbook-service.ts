// The rule of the logbook: an action has one row when it opens and one when it closes. Nothing waits for a row: an alert, a live
// microphone and STOP must not, and a scheduled item is on the disk in the rundown before it is queued. Where an action ran before its
// row was on the disk, a row marked late (*ghi muộn*) says so: its own where it still waited to be written, else a note beside it with
// the time it took.
import type { Clock } from '../../shared/domain/clock.ts'
import { BugError } from '../../shared/domain/errors.ts'
import type { ChainVerdict, LogEntry, LogKind, LogRow } from '../../shared/domain/logbook.ts'
import type { BroadcastDay, EpochMs } from '../../shared/domain/time.ts'

/** What the service needs of the store; `Store['logbook']` is one. */
export interface LogbookStore {
  append(entry: LogEntry): Promise<LogRow>
  rows(query: { readonly day: BroadcastDay; readonly afterSeq?: number; readonly limit?: number }): Promise<LogRow[]>
  openActions(): Promise<LogRow[]>
  verify(): Promise<ChainVerdict>
}

export interface LogbookOptions {
  readonly store: LogbookStore
  readonly bootId: string
  readonly clock: Clock
  /** Hears of a row that could not be written at all (`entry` given), and of actions opened or closed twice. */
  readonly onTrouble: (error: Error, entry: LogEntry | null) => void
}

type Payload = Readonly<Record<string, unknown>>

interface Facts {
  readonly planned?: Payload | null
  readonly sent?: Payload | null
  readonly measured?: Payload | null
  /** Wall and monotonic time of the event; default: now. */
  readonly atMs?: EpochMs
  readonly monotonicMs?: number
}

export interface Note extends Facts {
  readonly kind: LogKind
  readonly actor: string
  readonly outputId: string | null
  readonly subject: string
  readonly actionId?: string | null
}

export interface Opening extends Note {
  /** Unique to one action on one output: joins the open and the close row. */
  readonly actionId: string
}

export interface Closing extends Facts {
  readonly actionId: string
  /** Default: who opened it. */
  readonly actor?: string
}

type OpenAction = Pick<LogEntry, 'kind' | 'actor' | 'outputId' | 'subject'>

/** A row that is on the disk later than this after its action is late, ms (FAULTS S8). */
const lateAfterMs = 250
/** How long whoever reads waits for rows that are on their way to the disk, ms. */
const readWaitMs = 500

export class LogbookService {
  readonly #options: LogbookOptions
  readonly #open = new Map<string, OpenAction>()
  readonly #listeners = new Set<(row: LogRow) => void>()
  /** The newest row on its way to the disk; the store writes in order. */
  #lastWrite: Promise<LogRow | null> | null = null

  constructor(options: LogbookOptions) {
    this.#options = options
  }

  /** Answers the row once it is on the disk; null where it could not be written (reported to `onTrouble`). Never rejects. */
  async open(action: Opening): Promise<LogRow | null> {
    if (this.#open.has(action.actionId)) {
      this.#options.onTrouble(new BugError(`action ${action.actionId} was opened twice`), null)
      return null
    }
    this.#open.set(action.actionId, { kind: action.kind, actor: action.actor, outputId: action.outputId, subject: action.subject })
    const { clock } = this.#options
    const askedAt = clock.monotonic()
    const entry = this.#entry('open', action)
    const written = await this.#write(entry)
    const ackMs = clock.monotonic() - askedAt
    if (written !== null && !written.late && ackMs > lateAfterMs) this.#noteLate(entry, written.seq, ackMs)
    return written
  }

  /** Closes an action once. A close without an open is reported, and kept as a note so that nothing measured is lost. */
  close(action: Closing): Promise<LogRow | null> {
    const opened = this.#open.get(action.actionId)
    if (opened === undefined) {
      this.#options.onTrouble(new BugError(`action ${action.actionId} was closed but not open`), null)
      const unknown = { kind: 'operator.command', actor: action.actor ?? 'station', outputId: null, subject: action.actionId } as const
      return this.note({ ...unknown, ...action })
    }
    this.#open.delete(action.actionId)
    return this.#write(this.#entry('close', { ...opened, ...action }))
  }

  /** A row that is no pair: an event, a command, a status. */
  note(note: Note): Promise<LogRow | null> {
    return this.#write(this.#entry('note', note))
  }

  isOpen(actionId: string): boolean {
    return this.#open.has(actionId)
  }

  /**
   * Settles what earlier boots left open: actions in `alive` (adopted from the audio process) stay open and can be closed here,
   * every other gets its closing row with `measured: { interrupted: true }`. Answers the rows written. Once per boot.
   */
  async settleEarlierBoots(alive: ReadonlySet<string>): Promise<readonly LogRow[]> {
    const left = (await this.#options.store.openActions()).filter((row) => row.bootId !== this.#options.bootId)
    const written = left.map((row) => {
      const actionId = row.actionId ?? ''
      this.#open.set(actionId, { kind: row.kind, actor: row.actor, outputId: row.outputId, subject: row.subject })
      if (alive.has(actionId)) return Promise.resolve(null)
      return this.close({ actionId, actor: 'station', measured: { interrupted: true } })
    })
    return (await Promise.all(written)).filter((row) => row !== null)
  }

  /** Calls back with every row once it is on the disk, in order. Answers how to stop it. */
  onRow(listener: (row: LogRow) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Rows of a day. What was handed over before it was asked for is among them, unless the disk takes longer than half a second. */
  async rowsOfDay(day: BroadcastDay, afterSeq: number, limit: number): Promise<LogRow[]> {
    if (this.#lastWrite !== null) await this.#writtenWithin(this.#lastWrite)
    return this.#options.store.rows({ day, afterSeq, limit })
  }

  verify(): Promise<ChainVerdict> {
    return this.#options.store.verify()
  }

  #entry(phase: LogEntry['phase'], note: Note): LogEntry {
    const { clock } = this.#options
    return {
      kind: note.kind,
      phase,
      actionId: note.actionId ?? null,
      atMs: note.atMs ?? clock.now(),
      monotonicMs: note.monotonicMs ?? clock.monotonic(),
      actor: note.actor,
      outputId: note.outputId,
      subject: note.subject,
      planned: note.planned ?? null,
      sent: note.sent ?? null,
      measured: note.measured ?? null,
      late: false,
    }
  }

  #write(entry: LogEntry): Promise<LogRow | null> {
    const write = this.#append(entry)
    this.#lastWrite = write
    void write.then(() => {
      if (this.#lastWrite === write) this.#lastWrite = null
    })
    return write
  }

  async #append(entry: LogEntry): Promise<LogRow | null> {
    try {
      const row = await this.#options.store.append(entry)
      for (const listener of this.#listeners) listener(row)
      return row
    } catch (error) {
      this.#options.onTrouble(error instanceof Error ? error : new BugError(String(error)), entry)
      return null
    }
  }

  #writtenWithin(row: Promise<LogRow | null>): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(readWaitMs, resolve)
      void row.then(() => {
        timer.cancel()
        resolve()
      })
    })
  }

  #noteLate(opened: LogEntry, lateSeq: number, ackMs: number): void {
    void this.#write({
      ...opened,
      phase: 'note',
      atMs: this.#options.clock.now(),
      monotonicMs: this.#options.clock.monotonic(),
      planned: null,
      sent: null,
      measured: { lateSeq, ackMs: Math.round(ackMs) },
      late: true,
    })
  }
}
