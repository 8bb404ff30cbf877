// The logbook through the real store: order, acknowledgement, the sealed heads, what storage does to a value, and recovery.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { BroadcastDay } from '../../../shared/domain/time.ts'
import { addDays, epochMs, startOfDay } from '../../../shared/domain/station-time.ts'
import type { StoreHealth } from '../../../station/store/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-08-01' as BroadcastDay

/** The worker threads that are started from here on, oldest first. */
function watchWorkers(): Worker[] {
  const workers: Worker[] = []
  const watch = (worker: Worker) => workers.push(worker)
  process.on('worker', watch)
  onTestFinished(() => void process.off('worker', watch))
  return workers
}

it('numbers rows in the order of the calls, chains them, and answers each when it is written', async () => {
  const { logbook } = await openTestStore(temporaryFolder('store'))
  const rows = await Promise.all(Array.from({ length: 450 }, (_, index) => logbook.append(logEntry({ subject: `${index}` }))))
  expect(rows.map((row) => [row.seq, row.subject])).toEqual(rows.map((_, index) => [index + 1, `${index}`]))
  expect(await logbook.rows({ afterSeq: 0 })).toEqual(rows)
  expect(await logbook.head()).toEqual({ seq: 450, hash: rows[449]!.hash })
  expect(await logbook.verify()).toMatchObject({ ok: true, rows: 450 })
})

it('gives back what was hashed, whatever was put into a payload', async () => {
  const { logbook } = await openTestStore(temporaryFolder('store'))
  const measured = { peakDb: Number.NEGATIVE_INFINITY, gone: undefined, '\ud800': '\udfff', nested: { z: -0, text: 'a\u0000b' } }
  const row = await logbook.append(logEntry({ subject: 'lẻ \ud83d', actor: '\u0000', measured, monotonicMs: 0.1 + 0.2 }))
  expect(row).toMatchObject({
    subject: 'lẻ \ufffd',
    measured: { peakDb: '-Infinity', '\ufffd': '\ufffd', nested: { z: 0, text: 'a\u0000b' } },
  })
  expect(await logbook.rows({ afterSeq: 0 })).toEqual([row])
  expect(await logbook.verify()).toMatchObject({ ok: true, rows: 1 })
})

it('refuses a row that breaks a rule of the table, and writes the others of its batch', async () => {
  const { logbook } = await openTestStore(temporaryFolder('store'))
  const good = () => logbook.append(logEntry())
  const outcomes = await Promise.allSettled([good(), logbook.append(logEntry({ atMs: 'noon' as never })), good()])
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(outcomes[1]).toMatchObject({ reason: { code: 'BUG' } })
  expect(await logbook.verify()).toMatchObject({ ok: true, rows: 2 })
})

it('finds the rows of a station day by the time of the event, from midnight to midnight in Viet Nam', async () => {
  const { logbook } = await openTestStore(temporaryFolder('store'))
  const midnight = startOfDay(day)
  const next = startOfDay(addDays(day, 1))
  for (const atMs of [midnight - 1, midnight, next - 1, next]) await logbook.append(logEntry({ atMs: epochMs(atMs) }))
  expect((await logbook.rows({ day })).map((row) => row.seq)).toEqual([2, 3])
  expect((await logbook.rows({ day, afterSeq: 2 })).map((row) => row.seq)).toEqual([3])
  expect((await logbook.rows({ day, limit: 1 })).map((row) => row.seq)).toEqual([2])
})

it('knows the actions that are open', async () => {
  const { logbook } = await openTestStore(temporaryFolder('store'))
  const row = (phase: 'open' | 'close', actionId: string) => logbook.append(logEntry({ phase, actionId }))
  await Promise.all([row('open', 'a'), row('open', 'b'), row('close', 'a')])
  expect((await logbook.openActions()).map((open) => open.actionId)).toEqual(['b'])
})

it('seals the head beside the database after each row, and finds at the next start that rows are gone (S3, S11)', async () => {
  const folder = temporaryFolder('store')
  const first = await openTestStore(folder)
  expect(first.anchor).toEqual({ state: 'absent' })
  for (let index = 0; index < 3; index += 1) await first.logbook.append(logEntry())
  const head = await first.logbook.head()
  await first.close()
  expect(JSON.parse(readFileSync(join(folder, 'logbook-head.json'), 'utf8'))).toEqual(head)

  const second = await openTestStore(folder)
  expect(second.anchor).toEqual({ state: 'agrees' })
  await second.close()

  const db = new Database(join(folder, 'station.sqlite'))
  const before = db.prepare('SELECT hash FROM logbook WHERE seq = 2').pluck().get()
  db.exec(`DROP TRIGGER logbook_no_delete; DELETE FROM logbook WHERE seq = 3; UPDATE logbook_head SET seq = 2, hash = '${String(before)}'`)
  db.close()
  const third = await openTestStore(folder)
  expect(third.anchor).toMatchObject({ state: 'mismatch', reason: expect.stringContaining('sealed at row 3, the newest row is 2') })
  expect(readdirSync(folder).filter((name) => name.includes('mismatch'))).toHaveLength(1)
})

it.each([
  ['spelled in another way', `replace(measured, ':', ': ')`, ({ measured }: LogRow) => measured],
  ['no JSON', `'{"index":'`, () => ({ unreadable: '{"index":' })],
  ['JSON of no object', `'[1]'`, () => ({ unreadable: '[1]' })],
])('S4, C6: rows whose payload is %s keep nobody from opening and reading; the verifier names the first', async (_, changed, shown) => {
  const folder = temporaryFolder('store')
  const first = await openTestStore(folder)
  await first.outbox.open(true)
  const entry = (index: number) => logEntry({ kind: 'item.aired', phase: 'open', actionId: `item/${index}`, measured: { index } })
  const rows: LogRow[] = []
  for (let index = 1; index <= 4; index += 1) rows.push(await first.logbook.append(entry(index)))
  await first.close()
  const db = new Database(join(folder, 'station.sqlite'))
  db.exec(`DROP TRIGGER logbook_no_update; UPDATE logbook SET measured = ${changed} WHERE seq IN (2, 4)`)
  db.close()

  const { anchor, health, logbook, outbox } = await openTestStore(folder)
  expect([anchor, health]).toEqual([{ state: 'agrees' }, { state: 'ok' }])
  const asStored = rows.map((row) => (row.seq % 2 === 0 ? { ...row, measured: shown(row) } : row))
  expect(await logbook.rows({ afterSeq: 0 })).toEqual(asStored)
  expect(await logbook.openActions()).toEqual(asStored)
  expect((await logbook.dayFacts(0, Number.MAX_SAFE_INTEGER)).rows).toEqual(asStored)
  expect(await outbox.next(10)).toEqual(asStored)
  expect(await logbook.verify()).toMatchObject({ ok: false, firstBadSeq: 2, reason: expect.stringMatching(/^measured is not .*changed$/) })
  expect(await logbook.append(entry(5))).toMatchObject({ seq: 5, prevHash: rows[3]!.hash })
})

it('survives the death of its worker: rows keep their order, none twice, and health says so', async () => {
  const workers = watchWorkers()
  const health: StoreHealth['state'][] = []
  const store = await openTestStore(temporaryFolder('store'), { onHealth: (now) => health.push(now.state) })
  const appended = [0, 1, 2, 3].map((index) => store.logbook.append(logEntry({ subject: `${index}` })))
  await workers[0]!.terminate()
  appended.push(store.logbook.append(logEntry({ subject: '4' })))
  const rows = await Promise.all(appended)
  expect(rows.map((row) => [row.seq, row.subject])).toEqual(rows.map((_, index) => [index + 1, `${index}`]))
  expect(await store.logbook.verify()).toMatchObject({ ok: true, rows: 5 })
  expect(health).toEqual(['ok', 'recovering', 'ok'])
})

it('survives the death of its reader', async () => {
  const workers = watchWorkers()
  const store = await openTestStore(temporaryFolder('store'))
  await store.logbook.append(logEntry())
  await store.logbook.head()
  await workers[1]!.terminate()
  await expect(store.logbook.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await store.logbook.head()).toMatchObject({ seq: 1 })
})

it('refuses another write that was under way when the worker died: it may or may not have landed', async () => {
  const workers = watchWorkers()
  const store = await openTestStore(temporaryFolder('store'))
  const write = store.settings.set('x', 1)
  await Promise.all([workers[0]!.terminate(), expect(write).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })])
  await store.settings.set('x', 2)
  expect(await store.settings.get('x')).toBe(2)
})

it('a database that is damaged does not keep the station from starting: it is recovering, and rows wait in memory', async () => {
  const folder = temporaryFolder('store')
  writeFileSync(join(folder, 'station.sqlite'), 'this is no database '.repeat(500))
  const store = await openTestStore(folder)
  expect(store.health).toMatchObject({ state: 'recovering', code: 'SQLITE_NOTADB' })
  const waiting = store.logbook.append(logEntry())
  const refused = expect(waiting).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(await store.close(0)).toBe(1)
  await refused
})

it('writes what waited as soon as the disk is there, marked late where it waited longer than 250 ms', async () => {
  const clock = new VirtualClock()
  const missing = join(temporaryFolder('store'), 'not-mounted-yet')
  const store = await openTestStore('', { path: join(missing, 'station.sqlite'), clock })
  expect(store.health).toMatchObject({ state: 'recovering', code: 'ENOENT' })
  const rows: LogRow[] = []
  void store.logbook.append(logEntry({ subject: 'waited' })).then((row) => rows.push(row))
  await clock.advance(251)
  void store.logbook.append(logEntry({ subject: 'just now' })).then((row) => rows.push(row))
  mkdirSync(missing)
  while (rows.length < 2) await clock.advance(rows.length === 0 ? 10 : 0)
  expect(rows.map((row) => [row.seq, row.subject, row.late])).toEqual([
    [1, 'waited', true],
    [2, 'just now', expect.any(Boolean)],
  ])
  const now = await store.logbook.append(logEntry())
  expect(now.late).toBe(false)
})

it('refuses to read a database that is not made yet, and reads it as soon as it is', async () => {
  const clock = new VirtualClock()
  const missing = join(temporaryFolder('store'), 'not-mounted-yet')
  const store = await openTestStore('', { path: join(missing, 'station.sqlite'), clock })
  await expect(store.logbook.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  mkdirSync(missing)
  new Database(join(missing, 'station.sqlite')).close()
  await expect(store.logbook.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  while (store.health.state !== 'ok') await clock.advance(10)
  await store.logbook.append(logEntry())
  expect(await store.logbook.head()).toMatchObject({ seq: 1 })
})

it('closes once what is queued is written; after that it refuses', async () => {
  const folder = temporaryFolder('store')
  const store = await openTestStore(folder)
  const rows = Array.from({ length: 300 }, () => store.logbook.append(logEntry()))
  expect(await store.close()).toBe(0)
  expect(await Promise.all(rows)).toHaveLength(300)
  expect(store.health).toEqual({ state: 'closed' })
  await expect(store.logbook.append(logEntry())).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await expect(store.logbook.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(existsSync(join(folder, 'station.sqlite-wal'))).toBe(false)
})
