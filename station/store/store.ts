// The station's database as the rest of the station sees it: typed repositories whose promises settle when the disk has
// answered. Nothing here waits for a disk; the workers do.
import { randomUUID } from 'node:crypto'
import type { Clock } from '../../shared/domain/clock.ts'
import type { LogEntry, LogRow } from '../../shared/domain/logbook.ts'
import { addDays, startOfDay } from '../../shared/domain/station-time.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import { toJsonValue } from '../logbook/index.ts'
import type { AnchorState } from './anchors.ts'
import type { RowsAfter, RowsSpan } from './logbook-reader.ts'
import type { ReadName, ReadOperations, WriteName, WriteOperations } from './operations.ts'
import { ReadPool } from './read-pool.ts'
import { type StoreHealth, WriteQueue } from './write-queue.ts'

type Read<K extends ReadName> = (...args: Parameters<ReadOperations[K]>) => Promise<ReturnType<ReadOperations[K]>>
type Write<K extends WriteName> = (...args: Parameters<WriteOperations[K]>) => Promise<ReturnType<WriteOperations[K]>>

/** Rows of a broadcast day (by the time of the event) and after a sequence, or just the latter; oldest first, at most `limit` (10,000). */
export type RowsQuery =
  | { readonly day: BroadcastDay; readonly afterSeq?: number; readonly limit?: number }
  | { readonly afterSeq: number; readonly limit?: number }

export interface Store {
  readonly bootId: string
  readonly logbook: {
    /** Settles when the row is on the disk (synchronous=FULL). Rows are written in the order of these calls. */
    append(entry: LogEntry): Promise<LogRow>
    rows(query: RowsQuery): Promise<LogRow[]>
    readonly head: Read<'logbook.head'>
    readonly openActions: Read<'logbook.openActions'>
    /** Walks the whole chain against the sealed heads. */
    readonly verify: Read<'logbook.verify'>
    /** Some rows after a head; in a worker of its own. */
    readonly verifySlice: Read<'logbook.verifySlice'>
    readonly dayFacts: Read<'logbook.dayFacts'>
    readonly reviewRows: Read<'logbook.reviewRows'>
    readonly rowsPerDay: Read<'logbook.rowsPerDay'>
    readonly search: Read<'logbook.search'>
  }
  readonly rundown: {
    readonly day: Read<'rundown.day'>
    readonly daysUsing: Read<'rundown.daysUsing'>
    readonly replaceDay: Write<'rundown.replaceDay'>
    readonly undo: Write<'rundown.undo'>
    readonly setActual: Write<'rundown.setActual'>
  }
  readonly carts: {
    readonly all: Read<'carts.all'>
    readonly get: Read<'carts.get'>
    readonly bySha256: Read<'carts.bySha256'>
    readonly peaks: Read<'carts.peaks'>
    readonly put: Write<'carts.put'>
    readonly remove: Write<'carts.remove'>
  }
  readonly alerts: { readonly all: Read<'alerts.all'>; readonly get: Read<'alerts.get'>; readonly put: Write<'alerts.put'> }
  readonly settings: { readonly get: Read<'settings.get'>; readonly set: Write<'settings.set'> }
  /** Rows enter in the transaction that writes them. */
  readonly outbox: {
    readonly next: Read<'outbox.next'>
    readonly state: Read<'outbox.state'>
    readonly open: Write<'outbox.open'>
    readonly committed: Write<'outbox.committed'>
    readonly park: Write<'outbox.park'>
    readonly unpark: Write<'outbox.unpark'>
    readonly trim: Write<'outbox.trim'>
  }
  readonly province: {
    readonly all: Read<'province.all'>
    readonly put: Write<'province.put'>
    readonly remove: Write<'province.remove'>
  }
  readonly health: StoreHealth
  /** How the logbook's newest row agreed with the heads sealed elsewhere at the last opening; `mismatch` = tampering or an old copy. */
  readonly anchor: AnchorState
  /** Calls back on every change of health. Answers how to stop it. */
  onHealth(listener: (health: StoreHealth) => void): () => void
  /** Waits at most `deadlineMs` (default 3000) for queued writes. Answers how many were given up. Idempotent. */
  close(deadlineMs?: number): Promise<number>
}

export interface StoreOptions {
  /** `DIR/station.sqlite`; its folder must exist. */
  readonly path: string
  /** Of this start of the station; written into every row. */
  readonly bootId: string
  readonly clock: Clock
  /** A health listener from the first moment on. */
  readonly onHealth?: (health: StoreHealth) => void
}

/**
 * Opens (and creates or migrates) the database. Rejects with STORE_FROM_FUTURE or STORE_UNAVAILABLE where the file is not ours;
 * a failing disk does not reject: the store is then `recovering`, keeps what is appended in memory, and goes on trying.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const listeners = new Set<(health: StoreHealth) => void>()
  if (options.onHealth !== undefined) listeners.add(options.onHealth)
  let anchor: AnchorState = { state: 'absent' }
  const writes = new WriteQueue({
    path: options.path,
    bootId: options.bootId,
    clock: options.clock,
    onHealth: (health) => {
      for (const listener of listeners) listener(health)
    },
    onOpened: (opened) => {
      anchor = opened.anchor
    },
  })
  const reads = new ReadPool(options.path, options.clock)
  try {
    await writes.start()
  } catch (error) {
    await writes.close(0)
    throw error
  }

  const read =
    <K extends ReadName>(name: K): Read<K> =>
    (...args) =>
      reads.call(name, args)
  const write =
    <K extends WriteName>(name: K): Write<K> =>
    (...args) =>
      writes.call(name, args) as Promise<ReturnType<WriteOperations[K]>>

  return {
    bootId: options.bootId,
    logbook: {
      append: (entry) => append(writes, entry),
      rows: (query) => reads.call('logbook.rows', [spanOf(query)]),
      head: read('logbook.head'),
      openActions: read('logbook.openActions'),
      verify: () => reads.callApart('logbook.verify', []),
      verifySlice: (...args) => reads.callApart('logbook.verifySlice', args),
      dayFacts: read('logbook.dayFacts'),
      reviewRows: read('logbook.reviewRows'),
      rowsPerDay: read('logbook.rowsPerDay'),
      search: read('logbook.search'),
    },
    rundown: {
      day: read('rundown.day'),
      daysUsing: read('rundown.daysUsing'),
      replaceDay: write('rundown.replaceDay'),
      undo: write('rundown.undo'),
      setActual: write('rundown.setActual'),
    },
    carts: {
      all: read('carts.all'),
      get: read('carts.get'),
      bySha256: read('carts.bySha256'),
      peaks: read('carts.peaks'),
      put: write('carts.put'),
      remove: write('carts.remove'),
    },
    alerts: { all: read('alerts.all'), get: read('alerts.get'), put: write('alerts.put') },
    settings: { get: read('settings.get'), set: write('settings.set') },
    outbox: {
      next: read('outbox.next'),
      state: read('outbox.state'),
      open: write('outbox.open'),
      committed: write('outbox.committed'),
      park: write('outbox.park'),
      unpark: write('outbox.unpark'),
      trim: write('outbox.trim'),
    },
    province: { all: read('province.all'), put: write('province.put'), remove: write('province.remove') },
    get health() {
      return writes.health
    },
    get anchor() {
      return anchor
    },
    onHealth(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close(deadlineMs = 3000) {
      const [given] = await Promise.all([writes.close(deadlineMs), reads.close()])
      return given
    },
  }
}

/** The entry is made what storage will give back before it is hashed: what is verified later is what was written. */
function append(writes: WriteQueue, entry: LogEntry): Promise<LogRow> {
  return writes.append(randomUUID(), {
    kind: entry.kind,
    phase: entry.phase,
    actionId: wellFormed(entry.actionId),
    atMs: entry.atMs,
    monotonicMs: entry.monotonicMs,
    actor: wellFormed(entry.actor),
    outputId: wellFormed(entry.outputId),
    subject: wellFormed(entry.subject),
    planned: payload(entry.planned),
    sent: payload(entry.sent),
    measured: payload(entry.measured),
    late: entry.late,
  })
}

function wellFormed<T extends string | null>(text: T): T {
  return toJsonValue(text) as T
}

function payload(value: LogEntry['planned']): LogEntry['planned'] {
  return value === null ? null : (toJsonValue(value) as Record<string, unknown>)
}

/** The worker does not know the station's zone, nor load what knows it. */
function spanOf(query: RowsQuery): RowsSpan | RowsAfter {
  if (!('day' in query)) return query
  const { day, afterSeq = 0, limit } = query
  const span = { fromMs: startOfDay(day), toMs: startOfDay(addDays(day, 1)), afterSeq }
  return limit === undefined ? span : { ...span, limit }
}
