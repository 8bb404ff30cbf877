// The supervisor's day over a real database: what is said about it becomes rows, and the signature names the head it stands on.
import { expect, test } from 'vitest'
import type { Month } from '../../../shared/domain/review.ts'
import { addDays, type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { LogbookService, ReviewService } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-08-01' as BroadcastDay
const folders: string[] = []

async function setUp(nowMs: number) {
  const clock = new VirtualClock(nowMs)
  folders.push(temporaryFolder('review'))
  const store = await openTestStore(folders.at(-1) ?? '')
  const logbook = new LogbookService({ store: store.logbook, bootId: 'boot-1', clock, onTrouble: (error) => expect.fail(error.message) })
  const review = new ReviewService({
    store: { ...store.logbook, items: async () => [] },
    logbook,
    clock,
    outputIds: ['main'],
  })
  const airing = logEntry({
    kind: 'item.aired',
    phase: 'open',
    actionId: `item/main/x/${startOfDay(day)}`,
    atMs: startOfDay(day),
    subject: 'Đột xuất',
  })
  await store.logbook.append(airing)
  await store.logbook.append({ ...airing, phase: 'close', measured: { reason: 'finished' } })
  return { store, review, clock }
}

test('asked, answered, noted, signed: each a row of its own, none an edit, and the month shows it', async () => {
  const { store, review, clock } = await setUp(startOfDay(day) + 20 * 3_600_000)
  const before = await review.day(day)
  const [difference] = before.differences
  expect(difference).toMatchObject({ kind: 'unplanned', subject: 'Đột xuất' })
  const id = difference!.differenceId
  await expect(review.answer(day, id, 'vì sao', 'Sử')).rejects.toMatchObject({ code: 'NOTHING_ASKED' })
  await expect(review.ask(day, 'late/main/none', 'vì sao', 'Mai')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(review.ask(day, id, '  ', 'Mai')).rejects.toMatchObject({ code: 'TEXT_EMPTY' })
  await review.ask(day, id, 'Vì sao phát ngoài lịch?', 'Mai')
  await expect(review.sign(day, 'Mai')).rejects.toMatchObject({ code: 'DAY_NOT_OVER' })
  expect(await review.month('2026-08' as Month)).toEqual([
    { day, rows: 3, signedBy: null, signedAtMs: null, differences: null, unanswered: 1 },
  ])
  await clock.advance(5 * 3_600_000)
  await review.answer(day, id, 'Thông báo khẩn của xã', 'Sử')
  await review.annotate(day, 'Đã gọi xác nhận', 1, 'Mai')
  const head = await store.logbook.head()
  const signed = await review.sign(day, 'Lò Thị Mai')
  expect(signed.notes.map(({ kind, actor, text }) => [kind, actor, text])).toEqual([
    ['asked', 'Mai', 'Vì sao phát ngoài lịch?'],
    ['answered', 'Sử', 'Thông báo khẩn của xã'],
    ['note', 'Mai', 'Đã gọi xác nhận'],
  ])
  expect(signed.signatures).toMatchObject([{ by: 'Lò Thị Mai', headSeq: head.seq, headHash: head.hash, differences: 1, unanswered: 0 }])
  const [first, next] = await review.month('2026-08' as Month)
  expect(first).toMatchObject({ day, signedBy: 'Lò Thị Mai', differences: 1, unanswered: 0 })
  expect(next).toMatchObject({ day: '2026-08-02', rows: 3, signedBy: null })
  expect(await store.logbook.verify()).toMatchObject({ ok: true, rows: 6 })
})

test('a day without a station for a while has that silence; searching needs no marks', async () => {
  const { store } = await setUp(startOfDay(day))
  const found = await store.logbook.search({ text: 'dot xuat', beforeSeq: 1e9, limit: 10 })
  expect(found.map((row) => row.seq)).toEqual([2, 1])
  expect(await store.logbook.search({ text: 'đột', beforeSeq: 2, limit: 10 })).toHaveLength(1)
  expect(await store.logbook.search({ text: '"*', beforeSeq: 1e9, limit: 10 })).toEqual([])
  expect(await store.logbook.search({ text: 'dot OR xuat NEAR(', beforeSeq: 1e9, limit: 10 })).toEqual([])
})

test('a night and two days without a station are told on each of them, and a day without a row is in the month, unsigned', async () => {
  const hour = 3_600_000
  const midnight = startOfDay(day)
  const { store, clock } = await setUp(midnight + 80 * hour)
  const item = (of: BroadcastDay) => ({
    itemId: `i-${of}` as never,
    day: of,
    position: 0,
    title: 'Bản tin',
    contentType: 'speech' as const,
    source: { kind: 'file' as const, cartId: 'cart' as never },
    start: { kind: 'hard' as const, atMs: epochMs(startOfDay(of) + 20 * hour) },
    durationMs: hour,
    crossfadeMs: null,
    resume: null,
    outputIds: [],
  })
  await store.logbook.append(logEntry({ kind: 'operator.command', atMs: epochMs(midnight + 10 * hour), subject: 'x' }))
  const folder = await store.close().then(() => folders.at(-1)!)
  const again = await openTestStore(folder, { bootId: 'boot-2' })
  await again.logbook.append(logEntry({ kind: 'station.started', atMs: epochMs(midnight + 79 * hour), subject: 'Đài' }))
  const logbook = new LogbookService({ store: again.logbook, bootId: 'boot-2', clock, onTrouble: (error) => expect.fail(error.message) })
  const review = new ReviewService({ store: { ...again.logbook, items: async (of) => [item(of)] }, logbook, clock, outputIds: ['main'] })
  const silences = async (of: BroadcastDay) =>
    (await review.day(of)).differences.flatMap((each) =>
      each.kind === 'silence' ? [[each.reason, (each.fromMs - startOfDay(of)) / hour, (each.toMs - startOfDay(of)) / hour]] : [],
    )
  expect(await silences(day)).toEqual([['stationDown', 10, 24]])
  expect(await silences(addDays(day, 1))).toEqual([['stationDown', 0, 24]])
  expect(await silences(addDays(day, 2))).toEqual([['stationDown', 0, 24]])
  const month = await review.month('2026-08' as Month)
  expect(month.map(({ day: of, rows, signedBy }) => [of, rows, signedBy])).toEqual([
    [day, 3, null],
    [addDays(day, 1), 0, null],
    [addDays(day, 2), 0, null],
    [addDays(day, 3), 1, null],
  ])
})
