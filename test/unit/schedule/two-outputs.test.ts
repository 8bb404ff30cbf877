// Two outputs under one rundown: one that an alert or its device held up keeps its own pace, and loses no row to the other.
import { beforeEach, expect, test } from 'vitest'
import type { PlayItem } from '../../../shared/audio-protocol.ts'
import type { ItemId, OutputId } from '../../../shared/domain/ids.ts'
import type { RundownItemDraft } from '../../../shared/domain/schedule.ts'
import { type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import type { OutputNow } from '../../../station/schedule/ports.ts'
import { ScheduleService } from '../../../station/schedule/schedule-service.ts'
import { fileRow, nothingOn, rundownPorts } from '../../support/rundown-rig.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-11-21' as BroadcastDay
const [fm, wired] = ['fm', 'wired'] as [OutputId, OutputId]
const minutes = (count: number) => count * 60_000
const at = (clockMs: number) => epochMs(startOfDay(day) + clockMs)

let clock: VirtualClock
let schedule: ScheduleService
const now = new Map<OutputId, OutputNow>()
const queues = new Map<OutputId, readonly PlayItem[]>()
const joined: [OutputId, string, number][] = []

beforeEach(async () => {
  clock = new VirtualClock(at(minutes(480)))
  now.clear()
  queues.clear()
  joined.length = 0
  const outputs = [fm, wired].map((id) => ({ id, name: id }))
  schedule = new ScheduleService(
    rundownPorts(
      clock,
      { outputs },
      {
        outputNow: (id) => now.get(id) ?? nothingOn,
        setQueue: (id, _revision, items) => void queues.set(id, items),
        playNow: (id, { title, startFrame }) => void joined.push([id, title, Math.round(startFrame / 48_000)]),
      },
    ),
  )
  await schedule.load()
  schedule.start()
})

const add = (title: string, lengthMinutes: number, start: RundownItemDraft['start'] = { kind: 'follow' }) =>
  schedule.edits.add(day, fileRow(title, minutes(lengthMinutes), start), null)

function idOf(title: string): ItemId {
  const found = schedule.view(day).items.find(({ item }) => item.title === title)
  if (!found) throw new Error(`no row ${title}`)
  return found.item.itemId
}

/** This row begins on this output and will be on for so long. */
function begins(outputId: OutputId, title: string, lengthMinutes: number): void {
  const itemId = idOf(title)
  now.set(outputId, { itemId, busyUntilMs: clock.now() + minutes(lengthMinutes), live: 'onAir', held: false, free: false })
  schedule.itemStarted(outputId, itemId, clock.now(), 0)
  schedule.refit(outputId)
}

/** A bulletin of this length is on both outputs. What is added afterwards follows it. */
async function bothOn(lengthMinutes: number): Promise<void> {
  await add('bản tin', lengthMinutes, { kind: 'hard', atMs: clock.now() })
  for (const output of [fm, wired]) begins(output, 'bản tin', lengthMinutes)
}

function ends(outputId: OutputId, title: string): void {
  now.set(outputId, nothingOn)
  schedule.itemEnded(outputId, idOf(title), clock.now(), 'finished')
}

/** It has its place under an alert and goes on later: so much of it is left, after so long. */
function waits(outputId: OutputId, waitMinutes: number, leftMinutes: number): void {
  const before = now.get(outputId)
  if (before === undefined) throw new Error(`nothing on ${outputId}`)
  now.set(outputId, { ...before, busyUntilMs: clock.now() + minutes(waitMinutes + leftMinutes), live: 'interrupted' })
}

const queueOf = (outputId: OutputId) => queues.get(outputId)?.map(({ title, start }) => `${title} ${start.kind}`)

test('an output that an alert put behind plays the next row whole, also where the other began or ended it long before', async () => {
  await bothOn(10)
  await add('câu chuyện', 4)
  await add('ca nhạc', 30)
  await clock.advance(minutes(8))
  // An alert of five minutes over fm alone.
  waits(fm, 5, 2)
  await clock.advance(minutes(2))
  ends(wired, 'bản tin')
  begins(wired, 'câu chuyện', 4)
  await clock.advance(minutes(4))
  expect(queueOf(fm)).toEqual(['câu chuyện follow', 'ca nhạc follow'])
  expect(queueOf(wired)).toEqual(['ca nhạc follow'])
  expect(schedule.nextFor(fm)?.title).toBe('câu chuyện')
  ends(wired, 'câu chuyện')
  begins(wired, 'ca nhạc', 30)
  await clock.advance(minutes(1))
  ends(fm, 'bản tin')
  begins(fm, 'câu chuyện', 4)
  await clock.advance(10)
  expect([queueOf(fm), queueOf(wired)]).toEqual([['ca nhạc follow'], []])
  await clock.advance(minutes(4))
  ends(fm, 'câu chuyện')
  begins(fm, 'ca nhạc', 30)
  await clock.advance(minutes(1))
  expect([queueOf(fm), queueOf(wired)]).toEqual([[], []])
  expect(joined).toEqual([])
})

test('what waits on one output moves nothing on the other', async () => {
  await bothOn(10)
  await add('ca nhạc', 30)
  await clock.advance(minutes(9))
  waits(wired, 7, 1)
  schedule.refit(fm)
  await clock.advance(10)
  // No fill, no silence: the next one follows on fm although wired will be on for eight minutes more.
  expect(queueOf(fm)).toEqual(['ca nhạc follow'])
  expect(schedule.view(day).items[1]?.startMs).toBe(at(minutes(490)))
})

test('a row that one output begins after the other finished it moves nothing on the other, and is not joined there again', async () => {
  await bothOn(5)
  await add('câu chuyện', 5)
  await add('phóng sự', 5, { kind: 'soft', atMs: at(minutes(492)) })
  waits(fm, 5, 4)
  await clock.advance(minutes(5))
  ends(wired, 'bản tin')
  begins(wired, 'câu chuyện', 5)
  await clock.advance(minutes(4.5))
  ends(fm, 'bản tin')
  await clock.advance(minutes(0.5))
  ends(wired, 'câu chuyện')
  begins(fm, 'câu chuyện', 5)
  schedule.refit(wired)
  await clock.advance(1000)
  expect(schedule.nextFor(wired)).toMatchObject({ title: 'phóng sự', startMs: at(minutes(492)) })
  expect(queues.get(wired)?.map(({ title, start }) => [title, start.kind === 'at' ? start.atMs : null])).toContainEqual([
    'phóng sự',
    at(minutes(492)),
  ])
  expect(schedule.rejoin(wired)).toBe(false)
  expect(schedule.view(day).items[1]).toMatchObject({ state: 'aired', actualStartMs: at(minutes(485)), actualEndMs: at(minutes(490)) })
  await clock.advance(minutes(4))
  ends(fm, 'câu chuyện')
  expect(schedule.view(day).items[1]).toMatchObject({ actualEndMs: at(minutes(490)) })
})

test('a row for one output alone is not missed because the other, which does not have it, is ahead', async () => {
  await bothOn(5)
  await schedule.edits.add(day, fileRow('riêng', minutes(2), { kind: 'follow' }, [fm]), null)
  await add('ca nhạc', 30, { kind: 'soft', atMs: at(minutes(487)) })
  waits(fm, 3, 5)
  await clock.advance(minutes(5))
  ends(wired, 'bản tin')
  await clock.advance(minutes(2))
  begins(wired, 'ca nhạc', 30)
  await clock.advance(minutes(0.5))
  expect(queueOf(fm)).toEqual(['riêng follow', 'ca nhạc follow'])
  expect(schedule.view(day).items.map((row) => row.state)).not.toContain('missed')
})

test('an output that came to fill because it was far behind joins the row that is on as well', async () => {
  await bothOn(5)
  await add('ca nhạc', 20)
  await add('thời sự', 10)
  waits(fm, 13, 4)
  await clock.advance(minutes(5))
  ends(wired, 'bản tin')
  begins(wired, 'ca nhạc', 20)
  await clock.advance(minutes(12))
  ends(fm, 'bản tin')
  const fill = `fill-${idOf('thời sự')}` as ItemId
  now.set(fm, { itemId: fill, busyUntilMs: at(minutes(505)), live: 'onAir', held: false, free: false })
  await clock.advance(2000)
  expect(joined.map(([output, title]) => [output, title])).toEqual([[fm, 'ca nhạc']])
  // Until it is heard it is not told again and again.
  await clock.advance(2000)
  expect(joined).toHaveLength(1)
})

test('a fixed time brings both outputs together again', async () => {
  await bothOn(10)
  await add('câu chuyện', 4)
  await add('thời sự', 10, { kind: 'hard', atMs: at(minutes(494)) })
  waits(fm, 5, 10)
  await clock.advance(minutes(10))
  ends(wired, 'bản tin')
  begins(wired, 'câu chuyện', 4)
  await clock.advance(minutes(1))
  expect(queueOf(fm)).toEqual(['câu chuyện follow', 'thời sự at'])
  await clock.advance(minutes(3))
  for (const output of [fm, wired]) begins(output, 'thời sự', 10)
  await clock.advance(minutes(1))
  expect([queueOf(fm), queueOf(wired)]).toEqual([[], []])
})

test('an output that comes free after a long time joins the row that is on, at its place; one that a hand has freed of it does not', async () => {
  await bothOn(5)
  await add('câu chuyện', 5)
  await add('ca nhạc', 60)
  // The card of fm is gone for half an hour.
  waits(fm, 0, 1)
  for (const title of ['câu chuyện', 'ca nhạc']) {
    await clock.advance(minutes(5))
    begins(wired, title, title === 'ca nhạc' ? 60 : 5)
  }
  await clock.advance(minutes(20))
  ends(fm, 'bản tin')
  await clock.advance(3000)
  expect(joined).toEqual([[fm, 'ca nhạc', 20 * 60 + 1]])
  begins(fm, 'ca nhạc', 40)
  ends(fm, 'ca nhạc')
  await clock.advance(10_000)
  expect(joined).toHaveLength(1)
})

test('rows of an output that STOP silenced are not played behind the one it joins', async () => {
  await bothOn(5)
  await add('câu chuyện', 5)
  await add('ca nhạc', 60)
  schedule.itemEnded(fm, idOf('bản tin'), clock.now(), 'stopped')
  now.set(fm, { ...nothingOn, free: false })
  for (const title of ['câu chuyện', 'ca nhạc']) {
    await clock.advance(minutes(5))
    begins(wired, title, title === 'ca nhạc' ? 60 : 5)
  }
  await clock.advance(minutes(1))
  expect(schedule.rejoin(fm)).toBe(true)
  expect(joined).toEqual([[fm, 'ca nhạc', 60]])
  expect(queueOf(fm)).toEqual([])
})
