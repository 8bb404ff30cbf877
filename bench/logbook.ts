// A logbook of years: a day on the screen, one page of rows, the supervisor's day, the search and the month, asked of the real
// store over a database of many rows; and the whole chain checked once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../shared/domain/clock.ts'
import type { LogEntry } from '../shared/domain/logbook.ts'
import type { Month } from '../shared/domain/review.ts'
import { addDays, type BroadcastDay, epochMs, startOfDay } from '../shared/domain/time.ts'
import { LogbookService, ReviewService } from '../station/logbook/index.ts'
import { openWritable } from '../station/store/connection.ts'
import { createLogbookWriter } from '../station/store/logbook-writer.ts'
import { loadMigrations, migrate } from '../station/store/migrations.ts'
import { openStore, type Store } from '../station/store/index.ts'
import { logEntry } from '../test/support/log-entries.ts'
import { seededRandom } from '../test/support/seeded-random.ts'
import { type Result, result, spread } from './report.ts'

export interface LogbookOptions {
  readonly rows: number
  readonly rowsPerDay: number
  readonly runs: number
  /** 0 = the chain is not checked. */
  readonly verify: number
}

export const logbookFull: LogbookOptions = { rows: 1_000_000, rowsPerDay: 2700, runs: 300, verify: 1 }

const firstDay = '2024-01-01' as BroadcastDay
const subjects = [
  'Bản tin sáng',
  'Dân ca Thái',
  'Thời sự huyện',
  'Khuyến nông: chăm chè vụ đông',
  'Thông báo của xã',
  'Thời tiết',
  'Nhạc hiệu',
]
const places = ['Nậm Có', 'Khau Phạ', 'Chế Tạo', 'Púng Luông', 'La Pán Tẩn', 'Hồ Bốn', 'Lao Chải', 'Kim Nọi', 'Mồ Dề', 'Dế Xu Phình']
const queries = [
  'ban tin',
  'Đường',
  'thoi su huyen',
  'khau pha',
  'che',
  'hoà',
  'nam co lu',
  'mat song',
  'x',
  'thông báo của xã',
  'khong co chu nay',
  'FM 64',
]

export async function runLogbook(options: LogbookOptions): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-logbook-'))
  const path = join(folder, 'station.sqlite')
  try {
    const fillS = fill(path, options)
    const store = await openStore({ path, bootId: 'bench', clock: systemClock })
    try {
      return [
        result('rows written', options.rows, 'rows'),
        result('rows written per second', options.rows / fillS, 'rows/s'),
        ...(await ask(store, options)),
      ]
    } finally {
      await store.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Rows as the product writes them, chained and indexed; only the disk is not waited for. Answers the seconds it took. */
function fill(path: string, { rows, rowsPerDay }: LogbookOptions): number {
  const started = performance.now()
  const db = openWritable(path, () => undefined)
  migrate(db, loadMigrations())
  db.pragma('synchronous = OFF')
  const append = createLogbookWriter(db)
  const random = seededRandom(7).next
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const stepMs = 86_400_000 / rowsPerDay
  let open: LogEntry | null = null
  for (let done = 0; done < rows; ) {
    const entries = Array.from({ length: Math.min(5000, rows - done) }, (_, index) => {
      const seq = done + index
      const atMs = epochMs(startOfDay(firstDay) + seq * stepMs)
      const entry: LogEntry = rowOf(seq, atMs, open, pick, random)
      open = entry.phase === 'open' ? entry : entry.phase === 'close' ? null : open
      return { entryId: `e${seq}`, entry }
    })
    append({ entries, bootId: 'bench', writtenAtMs: epochMs(0), mayHaveLanded: false })
    done += entries.length
    db.pragma('wal_checkpoint(TRUNCATE)')
  }
  db.close()
  return (performance.now() - started) / 1000
}

/** A fifth of the rows are airings in pairs; the rest is what devices, alarms and people leave behind. */
function rowOf(seq: number, atMs: number, open: LogEntry | null, pick: <T>(list: readonly T[]) => T, random: () => number): LogEntry {
  const base = { atMs: epochMs(atMs), monotonicMs: seq * 1000.5 }
  if (seq % 10 === 0)
    return logEntry({
      ...base,
      kind: 'item.aired',
      phase: 'open',
      actionId: `item/main/item-${seq}/${atMs}`,
      subject: `${pick(subjects)} ${pick(places)}`,
      planned: { startMs: atMs },
    })
  if (seq % 10 === 9 && open !== null) return { ...open, ...base, phase: 'close', measured: { reason: 'finished', playedMs: 1_000 } }
  if (seq % 10 === 4)
    return logEntry({
      ...base,
      kind: 'alarm.raised',
      subject: 'DEVICE_LOST',
      measured: { device: `FM ${pick(places)}`, reason: 'mất sóng' },
    })
  return logEntry({
    ...base,
    kind: 'device.status',
    subject: `Máy phát ${pick(places)}`,
    measured: { state: 'online', forwardPowerW: Math.round(random() * 300) / 10 },
  })
}

async function ask(store: Store, { rows, rowsPerDay, runs, verify }: LogbookOptions): Promise<Result[]> {
  const random = seededRandom(11).next
  const days = Math.max(1, Math.floor(rows / rowsPerDay))
  const anyDay = () => addDays(firstDay, Math.floor(random() * days))
  const logbook = new LogbookService({ store: store.logbook, bootId: 'bench', clock: systemClock, onTrouble: () => undefined })
  const review = new ReviewService({ store: { ...store.logbook, items: async () => [] }, logbook, clock: systemClock, outputIds: ['main'] })
  const timed = async (count: number, run: () => Promise<unknown>) => {
    const ms: number[] = []
    for (let i = 0; i < count; i++) {
      const from = performance.now()
      await run()
      ms.push(performance.now() - from)
    }
    return ms
  }
  await store.logbook.head()
  const cold = await timed(1, () => store.logbook.rows({ day: anyDay(), limit: 5000 }))
  const wholeDays = await timed(Math.ceil(runs / 10), () => store.logbook.rows({ day: anyDay(), limit: 5000 }))
  const pages = await timed(runs, () => store.logbook.rows({ day: anyDay(), limit: 100 }))
  const reviews = await timed(Math.ceil(runs / 10), () => review.day(anyDay()))
  const searches = await timed(runs, () =>
    store.logbook.search({ text: queries[Math.floor(random() * queries.length)] ?? '', beforeSeq: 1e15, limit: 100 }),
  )
  const months = await timed(10, () => review.month(anyDay().slice(0, 7) as Month))
  const answers = [
    result('a day of rows, first', cold[0] ?? null, 'ms', { max: 200 }),
    ...spread('a day of rows', wholeDays, 'ms', { p99: 200 }),
    ...spread('a day compared with its plan', reviews, 'ms', { p99: 200 }),
    ...spread('query of 100 rows', pages, 'ms', { p99: 20 }),
    ...spread('search', searches, 'ms', { p99: 100 }),
    ...spread('month overview', months, 'ms', { p99: 200 }),
  ]
  if (verify === 0) return answers
  const from = performance.now()
  const verdict = await store.logbook.verify()
  return [
    ...answers,
    result('whole chain checked', performance.now() - from, 'ms'),
    result('chain whole', verdict.ok ? 1 : 0, 'yes', { min: 1 }),
  ]
}
