// The supervisor's day over a real database: what is said about it becomes rows, and the signature names the head it stands on.
import { describe, expect, test } from 'vitest'
import type { Month } from '../../../shared/domain/review.ts'
import type { RundownItem } from '../../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { LogbookService, ReviewService } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-08-01' as BroadcastDay
const folders: string[] = []

const itemOf = (itemId: string, of: BroadcastDay, startMs: number, durationMs: number): RundownItem => ({
  itemId: itemId as never,
  day: of,
  position: 0,
  title: `Mục ${itemId}`,
  contentType: 'speech',
  source: { kind: 'file', cartId: 'cart' as never },
  start: { kind: 'hard', atMs: epochMs(startMs) },
  durationMs,
  crossfadeMs: null,
  resume: null,
  outputIds: [],
})

async function setUp(nowMs: number, items: readonly RundownItem[] = []) {
  const clock = new VirtualClock(nowMs)
  folders.push(temporaryFolder('review'))
  const store = await openTestStore(folders.at(-1) ?? '')
  const logbook = new LogbookService({ store: store.logbook, bootId: 'boot-1', clock, onTrouble: (error) => expect.fail(error.message) })
  const review = new ReviewService({
    store: { ...store.logbook, items: async (of) => items.filter((item) => item.day === of) },
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
  expect(await store.logbook.search({ text: 'xua do', beforeSeq: 1e9, limit: 10 }), 'the beginnings of words').toEqual(found)
  expect(await store.logbook.search({ text: '"*', beforeSeq: 1e9, limit: 10 })).toEqual([])
  expect(await store.logbook.search({ text: 'dot OR xuat NEAR(', beforeSeq: 1e9, limit: 10 })).toEqual([])
})

test('a night and two days without a station are told on each of them, and a day without a row is in the month, unsigned', async () => {
  const hour = 3_600_000
  const midnight = startOfDay(day)
  const { store, clock } = await setUp(midnight + 80 * hour)
  const item = (of: BroadcastDay) => itemOf(`i-${of}`, of, startOfDay(of) + 20 * hour, hour)
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

/**
 * Two days around a midnight: one item planned over it, one that begins 20 minutes after it; and what was sent of them.
 * @param lateRow length of one more row of the evening, which follows the one over midnight and so begins after it, minutes
 */
async function overMidnight(sent: readonly (readonly [itemId: string, from: number, to: number, reason?: string])[], lateRow = 0) {
  const minute = 60_000
  const next = addDays(day, 1)
  const midnight = startOfDay(next)
  const store = await openTestStore(temporaryFolder('midnight'))
  for (const [itemId, from, to, reason = 'finished'] of sent) {
    const atMs = epochMs(midnight + from * minute)
    const opened = logEntry({
      kind: 'item.aired',
      phase: 'open',
      actionId: `item/main/${itemId}/${atMs}`,
      atMs,
      subject: `Mục ${itemId}`,
      outputId: 'main',
    })
    await store.logbook.append(opened)
    await store.logbook.append({ ...opened, phase: 'close', atMs: epochMs(midnight + to * minute), measured: { reason } })
  }
  const [evening, morning] = [
    itemOf('đêm', day, midnight - 10 * minute, (30 - lateRow) * minute),
    itemOf('mai', next, midnight + 20 * minute, 10 * minute),
  ]
  const last: RundownItem = { ...itemOf('khuya', day, 0, lateRow * minute), start: { kind: 'follow' } }
  const items = lateRow > 0 ? [evening, last, morning] : [evening, morning]
  const clock = new VirtualClock(midnight + 30 * 3_600_000)
  const logbook = new LogbookService({ store: store.logbook, bootId: 'boot-1', clock, onTrouble: (error) => expect.fail(error.message) })
  const itemsOf = (of: BroadcastDay) => Promise.resolve(items.filter((item) => item.day === of))
  const review = new ReviewService({ store: { ...store.logbook, items: itemsOf }, logbook, clock, outputIds: ['main'] })
  const shown = async (of: BroadcastDay) => {
    const { planned, sent: aired, carried, differences } = await review.day(of)
    return {
      planned: planned.map(({ itemId }) => itemId),
      sent: aired.map(({ itemId }) => itemId),
      carried: [carried.planned.map(({ itemId }) => itemId), carried.sent.map(({ itemId }) => itemId)],
      differences: differences.map(({ kind, subject, byMs, reason }) => [kind, subject, byMs / minute, reason]),
    }
  }
  return [await shown(day), await shown(next)] as const
}

describe('over midnight', () => {
  test('a day is signed when its evening is over, planned and sent, not at the stroke of midnight', async () => {
    const midnight = startOfDay(addDays(day, 1))
    const { store, review, clock } = await setUp(midnight + 1000, [itemOf('đêm', day, midnight - 600_000, 900_000)])
    await expect(review.sign(day, 'Mai')).rejects.toMatchObject({ code: 'DAY_NOT_OVER' })
    const opened = { ...logEntry({ kind: 'item.aired', phase: 'open', actionId: 'item/main/đêm/1', atMs: epochMs(midnight - 600_000) }) }
    await store.logbook.append({ ...opened, outputId: 'main' })
    await clock.advance(300_000)
    await expect(review.sign(day, 'Mai'), 'it is still heard').rejects.toMatchObject({ code: 'DAY_NOT_OVER' })
    await store.logbook.append({
      ...opened,
      outputId: 'main',
      phase: 'close',
      atMs: epochMs(midnight + 301_000),
      measured: { reason: 'finished' },
    })
    expect((await review.sign(day, 'Mai')).signatures).toHaveLength(1)
  })

  test('what runs over midnight is drawn on both days, planned and sent, and counted on the day it was planned for', async () => {
    const [first, second] = await overMidnight([
      ['đêm', -10, 20],
      ['mai', 20, 30],
    ])
    expect(first).toEqual({ planned: ['đêm'], sent: ['đêm'], carried: [[], []], differences: [] })
    expect(second).toEqual({ planned: ['mai'], sent: ['mai'], carried: [['đêm'], ['đêm']], differences: [] })
  })

  test('a difference of it is counted once: not aired, and gone on after a restart in the new day', async () => {
    const [first, second] = await overMidnight([['mai', 20, 30]])
    expect(first.differences).toEqual([['notAired', 'Mục đêm', 30, null]])
    expect(second).toEqual({ planned: ['mai'], sent: ['mai'], carried: [['đêm'], []], differences: [] })
    const [cut, rest] = await overMidnight([
      ['đêm', -10, -5, 'audioDied'],
      ['đêm', 5, 15, 'nextTaken'],
      ['mai', 20, 30],
    ])
    expect(cut).toMatchObject({ sent: ['đêm', 'đêm'], differences: [['cutShort', 'Mục đêm', 15, 'nextTaken']] })
    expect(rest).toMatchObject({ sent: ['mai'], carried: [['đêm'], ['đêm']], differences: [] })
  })

  test('begun a moment before its own midnight it is of its own day; what ran on in its place is named', async () => {
    const [first, second] = await overMidnight([
      ['đêm', -10, -0.5],
      ['mai', -0.001, 10],
    ])
    expect(first).toMatchObject({ sent: ['đêm'], differences: [] })
    expect(second).toMatchObject({ sent: ['mai'], differences: [] })
    const [evening, morning] = await overMidnight([['đêm', -10, 40]])
    expect(evening.differences).toEqual([])
    expect(morning).toMatchObject({ carried: [['đêm'], ['đêm']], differences: [['replaced', 'Mục mai', 10, 'Mục đêm']] })
  })

  test('a row of the evening that begins after midnight is the evening’s: drawn on both days, neither missing nor unplanned', async () => {
    const [first, second] = await overMidnight(
      [
        ['đêm', -10, 10],
        ['khuya', 10, 20],
        ['mai', 20, 30],
      ],
      10,
    )
    expect(first).toEqual({ planned: ['đêm', 'khuya'], sent: ['đêm', 'khuya'], carried: [[], []], differences: [] })
    const carried = [
      ['đêm', 'khuya'],
      ['đêm', 'khuya'],
    ]
    expect(second).toEqual({ planned: ['mai'], sent: ['mai'], carried, differences: [] })
  })

  test('where such a row was not aired, or broke off, that is said once, of the evening', async () => {
    const around = [
      ['đêm', -10, 10],
      ['mai', 20, 30],
    ] as const
    const [lost, unharmed] = await overMidnight(around, 10)
    expect(lost.differences).toEqual([['notAired', 'Mục khuya', 10, null]])
    expect(unharmed).toMatchObject({ sent: ['mai'], carried: [['đêm', 'khuya'], ['đêm']], differences: [] })
    const [cut, whole] = await overMidnight([...around, ['khuya', 10, 14, 'nextTaken']], 10)
    expect(cut.differences).toEqual([['cutShort', 'Mục khuya', 6, 'nextTaken']])
    expect(whole.differences).toEqual([])
  })
})
