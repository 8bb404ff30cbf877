import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StationConfig } from '../../../shared/config.ts'
import type { CartId, ItemId, OutputId } from '../../../shared/domain/ids.ts'
import type { ItemStart, RundownItem } from '../../../shared/domain/schedule.ts'
import { type BroadcastDay, type EpochMs, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { buildQueue, insideWindows, joinAt, resumeOf } from '../../../station/schedule/build-queue.ts'
import { type ItemFact, planDay, noFact } from '../../../station/schedule/plan-day.ts'

const day = '2026-11-21' as BroadcastDay
const at = (clock: string): EpochMs => {
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return epochMs(startOfDay(day) + ((hours * 60 + minutes) * 60 + seconds) * 1000)
}
const hard = (clock: string): ItemStart => ({ kind: 'hard', atMs: at(clock) })
const soft = (clock: string): ItemStart => ({ kind: 'soft', atMs: at(clock) })
const follow: ItemStart = { kind: 'follow' }
const minutes = (count: number) => count * 60_000

function row(name: string, start: ItemStart, durationMs: number, change: Partial<RundownItem> = {}): RundownItem {
  return {
    itemId: name as ItemId,
    day,
    position: 0,
    title: name,
    contentType: 'speech',
    source: { kind: 'file', cartId: name as CartId },
    start,
    durationMs,
    crossfadeMs: null,
    resume: null,
    outputIds: [],
    ...change,
  }
}
const facts = (entries: Record<string, Partial<ItemFact>>) =>
  new Map(Object.entries(entries).map(([id, fact]) => [id as ItemId, { ...noFact, ...fact }]))
const none = facts({})

describe('after an interruption', () => {
  const config = StationConfig.parse({ station: { id: 's', name: 'S' } })
  const inputId = 'line' as never

  test.each<[string, Partial<RundownItem>, ReturnType<typeof resumeOf>]>([
    ['speech goes back five seconds', { contentType: 'speech' }, { kind: 'rewind', ms: 5000 }],
    ['music goes on where it was', { contentType: 'music' }, { kind: 'exact' }],
    ['a jingle is not heard again', { contentType: 'jingle' }, { kind: 'skip' }],
    ['a relay by stream is joined where it is', { source: { kind: 'relayStream', url: 'https://tinh.example/live' } }, { kind: 'rejoin' }],
    ['a relay by line too', { source: { kind: 'relayLine', inputId }, contentType: 'music' }, { kind: 'rejoin' }],
    ['a live microphone too', { source: { kind: 'live', inputId } }, { kind: 'rejoin' }],
    ['what the row says itself comes first', { contentType: 'jingle', resume: { kind: 'exact' } }, { kind: 'exact' }],
  ])('%s', (_title, change, policy) => {
    expect(resumeOf(row('a', follow, minutes(1), change), config)).toEqual(policy)
  })
})

describe('a day is fitted', () => {
  test('rows follow each other from a hard start; music overlaps by its crossfade', () => {
    const fit = planDay(
      [row('a', hard('05:00'), minutes(10)), row('b', follow, minutes(5), { contentType: 'music' }), row('c', follow, minutes(5))],
      none,
      at('04:00'),
    )
    expect(fit.items.map((one) => one.startMs)).toEqual([at('05:00'), at('05:10') - 1500, at('05:15') - 1500])
  })

  test('a hard start cuts what runs over it, and says by how much', () => {
    const fit = planDay([row('a', hard('05:00'), minutes(12)), row('b', hard('05:10'), minutes(5))], none, at('04:00'))
    expect(fit.items[0]).toMatchObject({ overrunMs: minutes(2), endMs: at('05:10') })
    expect(fit).toMatchObject({ nextHardStartMs: at('05:00') })
  })

  test('a gap before a hard start is the under-run of the day', () => {
    const fit = planDay(
      [row('a', hard('05:00'), minutes(8)), row('b', hard('05:10'), minutes(5))],
      facts({ a: { startedAtMs: at('05:00'), live: 'onAir' } }),
      at('05:01'),
    )
    expect(fit.items[1]?.gapBeforeMs).toBe(minutes(2))
    expect(fit.balanceMs).toBe(minutes(2))
  })

  test('a soft row waits for its time but is only late, never cut in', () => {
    const early = planDay([row('a', hard('05:00'), minutes(8)), row('b', soft('05:10'), minutes(5))], none, at('04:00'))
    expect(early.items[1]).toMatchObject({ startMs: at('05:10'), lateMs: 0, gapBeforeMs: minutes(2) })
    const late = planDay([row('a', hard('05:00'), minutes(12)), row('b', soft('05:10'), minutes(5))], none, at('04:00'))
    expect(late.items[1]).toMatchObject({ startMs: at('05:12'), lateMs: minutes(2) })
  })

  test('what really happened moves the rest: an interruption makes the rows after it late', () => {
    const fit = planDay(
      [row('a', hard('05:00'), minutes(10)), row('b', follow, minutes(5))],
      facts({ a: { startedAtMs: at('05:00'), live: 'onAir', expectedEndMs: at('05:13') } }),
      at('05:05'),
    )
    expect(fit.items[1]?.startMs).toBe(at('05:13'))
  })

  test('a row that was never started and whose time is over is missed; one before a started row too', () => {
    const fit = planDay([row('a', hard('05:00'), minutes(10)), row('b', hard('06:00'), minutes(10))], none, at('05:30'))
    expect(fit.items.map((one) => one.state)).toEqual(['missed', 'planned'])
    const skipped = planDay(
      [row('a', hard('05:00'), minutes(60)), row('b', hard('05:10'), minutes(10))],
      facts({ b: { startedAtMs: at('05:10'), live: 'onAir' } }),
      at('05:11'),
    )
    expect(skipped.items[0]?.state).toBe('missed')
  })

  test('a follow row after a row that is over starts from now on, not in the past', () => {
    const fit = planDay(
      [row('a', hard('05:00'), minutes(10)), row('b', follow, minutes(5))],
      facts({ a: { startedAtMs: at('05:00'), endedAtMs: at('05:10'), endReason: 'finished' } }),
      at('09:00'),
    )
    expect(fit.items[1]).toMatchObject({ startMs: at('09:00'), state: 'planned' })
  })

  test('a follow row of an evening keeps its place by the clock after midnight, and is missed, not sent the next day', () => {
    const rows = [row('a', hard('23:50'), minutes(10)), row('b', follow, minutes(5))]
    const over = facts({ a: { startedAtMs: at('23:50'), endedAtMs: epochMs(at('23:50') + minutes(12)), endReason: 'finished' } })
    const soonAfter = planDay(rows, over, epochMs(at('23:50') + minutes(13))).items[1]
    expect(soonAfter).toMatchObject({ startMs: at('23:50') + minutes(12), state: 'planned' })
    const nextMorning = planDay(rows, over, epochMs(at('05:10') + minutes(24 * 60))).items
    expect(nextMorning.map(({ state }) => state)).toEqual(['aired', 'missed'])
  })

  test('a row that STOP ended keeps its place, so that it is joined again', () => {
    const fit = planDay(
      [row('a', hard('05:00'), minutes(10)), row('b', follow, minutes(5))],
      facts({ a: { startedAtMs: at('05:00'), endedAtMs: at('05:02'), endReason: 'stopped' } }),
      at('05:03'),
    )
    expect(fit.items[1]?.startMs).toBe(at('05:10'))
  })

  test('yesterday reaching past midnight pushes the first follow row', () => {
    const fit = planDay([row('a', follow, minutes(5))], none, epochMs(at('00:00') - minutes(5)), epochMs(at('00:00') + minutes(3)))
    expect(fit.items[0]?.startMs).toBe(at('00:00') + minutes(3))
  })

  test('states by what was reported', () => {
    const fit = planDay(
      [row('a', hard('05:00'), minutes(1)), row('b', follow, minutes(1)), row('c', follow, minutes(1)), row('d', follow, minutes(1))],
      facts({
        a: { startedAtMs: at('05:00'), endedAtMs: at('05:01'), endReason: 'finished' },
        b: { startedAtMs: at('05:01'), endedAtMs: at('05:01:30'), endReason: 'nextTaken' },
        c: { startedAtMs: at('05:01:30'), live: 'interrupted' },
        d: { proof: { playable: false, reason: 'missing' } },
      }),
      at('05:02'),
    )
    expect(fit.items.map((one) => one.state)).toEqual(['aired', 'cutShort', 'interrupted', 'unplayable'])
  })

  test('rows never overlap by more than their crossfade and never run backwards, whatever the day', () => {
    const anyRow = fc.record({
      kind: fc.constantFrom('hard', 'soft', 'follow'),
      minute: fc.integer({ min: 0, max: 1439 }),
      seconds: fc.integer({ min: 1, max: 7200 }),
    })
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), (drafts) => {
        const sorted = drafts.toSorted((a, b) => a.minute - b.minute)
        const items = sorted.map((draft, index) =>
          row(
            `r${index}`,
            draft.kind === 'follow'
              ? follow
              : { kind: draft.kind as 'hard' | 'soft', atMs: epochMs(startOfDay(day) + minutes(draft.minute)) },
            draft.seconds * 1000,
          ),
        )
        const fit = planDay(items, none, epochMs(startOfDay(day) - 1))
        for (const [index, planned] of fit.items.entries()) {
          expect(planned.endMs).toBeGreaterThanOrEqual(planned.startMs)
          const before = fit.items[index - 1]
          if (before) expect(planned.startMs).toBeGreaterThanOrEqual(before.endMs)
        }
      }),
    )
  })
})

const config = StationConfig.parse({ station: { id: 's', name: 'S' } })
const context = {
  outputId: 'main' as OutputId,
  config,
  fillCartId: 'fill' as CartId,
  playable: (cartId: CartId) => (cartId === 'gone' ? null : { path: `/air/${cartId}.pcm`, frames: 48_000 * 60, gainDb: -3 }),
}

describe('the queue the audio process holds', () => {
  const queueOf = (items: RundownItem[], nowMs: EpochMs, busyUntilMs: number | null = null) =>
    buildQueue(planDay(items, none, nowMs).items, context, nowMs, busyUntilMs)

  test('hard rows are timed, follow rows follow, a short gap is filled until the hard start', () => {
    const queue = queueOf(
      [row('a', hard('05:00'), minutes(1)), row('b', follow, minutes(1)), row('c', hard('05:05'), minutes(1))],
      at('04:00'),
    )
    expect(queue.map((one) => [one.itemId, one.start.kind])).toEqual([
      ['a', 'at'],
      ['b', 'follow'],
      ['fill-c', 'follow'],
      ['c', 'at'],
    ])
    expect(queue[2]).toMatchObject({ endAtMs: at('05:05'), source: { kind: 'pcm', loop: true } })
  })

  test('a long gap is the end of a session: no fill', () => {
    expect(
      queueOf([row('a', hard('05:00'), minutes(1)), row('b', hard('11:00'), minutes(1))], at('04:00')).map((one) => one.itemId),
    ).toEqual(['a', 'b'])
  })

  test('tomorrow’s first follow row does not start tonight', () => {
    const tomorrow = planDay([row('a', follow, minutes(5))], none, epochMs(at('00:00') - minutes(60)))
    expect(buildQueue(tomorrow.items, context, epochMs(at('00:00') - minutes(60)), null)[0]?.start).toEqual({
      kind: 'at',
      atMs: at('00:00'),
    })
  })

  test('a missing recording is replaced by fill, of the row’s own length', () => {
    const [first] = queueOf([row('gone', hard('05:00'), minutes(1))], at('04:00'))
    expect(first?.source).toMatchObject({ kind: 'pcm', path: '/air/fill.pcm', loop: true })
  })

  test('rows outside the broadcast windows are left out', () => {
    const narrow = {
      ...context,
      config: StationConfig.parse({ station: { id: 's', name: 'S' }, broadcastWindows: [{ from: '05:00', to: '20:00' }] }),
    }
    const fit = planDay([row('night', hard('03:15'), minutes(1)), row('day', hard('05:30'), minutes(1))], none, at('01:00'))
    expect(buildQueue(fit.items, narrow, at('01:00'), null).map((one) => one.itemId)).toEqual(['day'])
    expect(insideWindows(at('03:15'), narrow.config.broadcastWindows)).toBe(false)
  })

  test('a window may go over midnight; its end is not inside', () => {
    const night = [{ from: '22:00', to: '02:00' }]
    expect(['21:59', '22:00', '23:59', '00:00', '01:59', '02:00', '12:00'].map((text) => insideWindows(at(text), night))).toEqual([
      ...[false, true, true, true, true, false, false],
    ])
    const whole = [{ from: '00:00', to: '24:00' }]
    expect(['00:00', '12:00', '23:59'].every((text) => insideWindows(at(text), whole))).toBe(true)
  })

  test('rows of an evening that begin after midnight stay in the queue, and leave it where the station’s hours end', () => {
    const rows = [
      row('late', hard('23:50'), minutes(20)),
      row('a', { kind: 'follow' }, minutes(20)),
      row('b', { kind: 'follow' }, minutes(20)),
    ]
    const queued = (windows: object[]) => {
      const config = StationConfig.parse({ station: { id: 's', name: 'S' }, broadcastWindows: windows })
      return buildQueue(planDay(rows, none, at('23:40')).items, { ...context, config }, at('23:40'), null).map((one) => one.itemId)
    }
    expect(queued([{ from: '00:00', to: '24:00' }])).toEqual(['late', 'a', 'b'])
    expect(queued([{ from: '05:00', to: '00:20' }])).toEqual(['late', 'a'])
    expect(queued([{ from: '05:00', to: '23:00' }])).toEqual([])
  })

  test('joining in progress starts at the wall-clock offset, and a loop inside itself', () => {
    const [item] = queueOf([row('a', hard('05:00'), minutes(1))], at('04:00'))
    if (!item) throw new Error('no item')
    expect(joinAt(item, at('05:00'), at('05:00:20')).startFrame).toBe(20 * 48_000)
    const loop = { ...item, source: { kind: 'pcm' as const, path: 'x', frames: 48_000 * 60, gainDb: 0, loop: true } }
    expect(joinAt(loop, at('05:00'), at('05:01:20')).startFrame).toBe(20 * 48_000)
  })
})
