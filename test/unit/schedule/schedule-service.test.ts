// The rundown in operation on a virtual clock, with a far end that plays what it is sent.
import { beforeEach, describe, expect, test } from 'vitest'
import type { PlayItem } from '../../../shared/audio-protocol.ts'
import type { CartId, ItemId, OutputId } from '../../../shared/domain/ids.ts'
import { addDays, type BroadcastDay, dayOf, type EpochMs, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import type { OutputNow } from '../../../station/schedule/ports.ts'
import { ScheduleService } from '../../../station/schedule/schedule-service.ts'
import { fileRow, memoryRundown, nothingOn, rundownPorts } from '../../support/rundown-rig.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const day = '2026-11-21' as BroadcastDay
const output = 'main' as OutputId
const minutes = (count: number) => count * 60_000

describe('the rundown in operation', () => {
  let clock: VirtualClock
  let schedule: ScheduleService
  let now: OutputNow
  let queue: readonly PlayItem[]
  let joined: PlayItem | null
  let trusted: boolean
  let missing: Set<string>
  const starting: string[] = []
  const standing = new Set<string>()
  const missed: string[] = []

  const begin = async (atMs: EpochMs, config: object = {}) => {
    clock = new VirtualClock(atMs)
    now = nothingOn
    queue = []
    joined = null
    trusted = true
    missing = new Set()
    starting.length = 0
    standing.clear()
    missed.length = 0
    schedule = new ScheduleService(
      rundownPorts(clock, config, {
        prove: (cartId) => Promise.resolve(missing.has(cartId) ? { playable: false, reason: 'missing' } : { playable: true, reason: null }),
        outputNow: () => now,
        clockTrusted: () => trusted,
        setQueue: (_output, _revision, items) => {
          queue = items
        },
        playNow: (_output, item) => {
          joined = item
        },
        expectStart: (_output, causeId) => starting.push(causeId),
        onUnplayable: (row) => void standing.add(row.item.itemId),
        onSettled: (itemId) => void standing.delete(itemId),
        onMissed: (row) => missed.push(row.item.title),
      }),
    )
    await schedule.load()
    schedule.start()
  }
  const draft = fileRow
  const idOf = (title: string, of: BroadcastDay = day): ItemId => {
    const found = schedule.view(of).items.find((row) => row.item.title === title)
    if (!found) throw new Error(`no row ${title}`)
    return found.item.itemId
  }
  const air = (title: string, forMs: number, of: BroadcastDay = day) => {
    const itemId = idOf(title, of)
    now = { itemId, busyUntilMs: clock.now() + forMs, live: 'onAir', held: false, free: false }
    schedule.itemStarted(output, itemId, clock.now(), 0)
  }
  const at = (clockMs: number) => epochMs(startOfDay(day) + clockMs)

  beforeEach(() => begin(at(minutes(300))))

  test('an edit is on the disk before its queue is sent; a file row has its file’s own length', async () => {
    const plan = await schedule.edits.add(day, draft('a', 90_000, { kind: 'hard', atMs: at(minutes(310)) }), null)
    expect(plan.items[0]?.item.durationMs).toBe(90_000)
    expect(plan.canUndo).toBe(true)
    await clock.advance(10)
    expect(queue.map((item) => item.title)).toEqual(['a'])
    await schedule.edits.undo(day)
    await clock.advance(10)
    expect(queue).toEqual([])
  })

  test('midnight is seamless: the row that runs over it is followed by tomorrow’s first, which does not wait for 00:00', async () => {
    await begin(epochMs(at(0) + minutes(1439)))
    const tomorrow = addDays(day, 1)
    await schedule.edits.add(day, draft('cuối', minutes(4), { kind: 'hard', atMs: clock.now() }), null)
    await schedule.edits.add(tomorrow, draft('đầu', minutes(5), { kind: 'follow' }), null)
    air('cuối', minutes(4))
    schedule.refit(output)
    await clock.advance(10)
    expect(queue.map((item) => [item.title, item.start.kind])).toEqual([['đầu', 'follow']])
    await clock.advance(minutes(2))
    expect(dayOf(clock.now())).toBe(tomorrow)
    schedule.refit(output)
    await clock.advance(10)
    expect(queue.map((item) => item.title)).toEqual(['đầu'])
    expect(schedule.today().items[0]?.startMs).toBe(epochMs(at(0) + minutes(1443)))
    expect(schedule.nextFor(output)?.title).toBe('đầu')
  })

  test('after midnight the day shows what is left of the evening before, and only that', async () => {
    await begin(epochMs(at(0) + minutes(1430)))
    const tomorrow = addDays(day, 1)
    const carried = (of: BroadcastDay) => schedule.view(of).carried.map((row) => [row.item.title, row.state])
    await schedule.edits.add(day, draft('tối', minutes(4), { kind: 'hard', atMs: clock.now() }), null)
    await schedule.edits.add(day, draft('khuya', minutes(16), { kind: 'follow' }), null)
    await schedule.edits.add(day, draft('nửa đêm', minutes(5), { kind: 'follow' }), null)
    await schedule.edits.add(tomorrow, draft('đầu', minutes(5), { kind: 'follow' }), null)
    await clock.advance(11_000)
    // Before midnight nothing is carried into today; into tomorrow what goes over its beginning.
    expect([day, tomorrow, addDays(day, 2)].map(carried)).toEqual([
      [],
      [
        ['khuya', 'proven'],
        ['nửa đêm', 'planned'],
      ],
      [],
    ])
    air('tối', minutes(4))
    await clock.advance(minutes(4))
    schedule.itemEnded(output, idOf('tối'), clock.now(), 'finished')
    air('khuya', minutes(16))
    await clock.advance(minutes(8))
    expect(schedule.today().day).toBe(tomorrow)
    expect(carried(tomorrow)).toEqual([
      ['khuya', 'onAir'],
      ['nửa đêm', 'proven'],
    ])
    expect(carried(day)).toEqual([])
    expect(schedule.nextFor(output)?.title).toBe('nửa đêm')
    // It waits for a hand beyond the end it was to have: it is still there.
    now = { ...now, busyUntilMs: null, live: 'interrupted' }
    await clock.advance(minutes(9))
    expect(carried(tomorrow)[0]).toEqual(['khuya', 'interrupted'])
    schedule.itemEnded(output, idOf('khuya'), clock.now(), 'skipped')
    air('nửa đêm', minutes(5))
    await clock.advance(10)
    expect(carried(tomorrow)).toEqual([['nửa đêm', 'onAir']])
    await clock.advance(minutes(5))
    schedule.itemEnded(output, idOf('nửa đêm'), clock.now(), 'finished')
    air('đầu', minutes(5), tomorrow)
    await clock.advance(10)
    expect(carried(tomorrow)).toEqual([])
  })

  test('a row of the evening that STOP ended is shown after midnight for as long as it can be joined again', async () => {
    await begin(epochMs(at(0) + minutes(1435)))
    await schedule.edits.add(day, draft('khuya', minutes(10), { kind: 'hard', atMs: clock.now() }), null)
    air('khuya', minutes(10))
    await clock.advance(minutes(2))
    schedule.itemEnded(output, idOf('khuya'), clock.now(), 'stopped')
    now = nothingOn
    await clock.advance(minutes(4))
    expect(schedule.today().carried.map((row) => row.item.title)).toEqual(['khuya'])
    expect(schedule.rejoin(output)).toBe(true)
    await clock.advance(minutes(5))
    expect(schedule.today().carried).toEqual([])
  })

  test('a hard start of the new day cuts what runs over midnight, and is told so on both days', async () => {
    await begin(epochMs(at(0) + minutes(1430)))
    const tomorrow = addDays(day, 1)
    const midnight = startOfDay(tomorrow)
    await schedule.edits.add(day, draft('khuya', minutes(30), { kind: 'hard', atMs: clock.now() }), null)
    await schedule.edits.add(day, draft('nửa đêm', minutes(5), { kind: 'follow' }), null)
    await schedule.edits.add(tomorrow, draft('mới', minutes(3), { kind: 'hard', atMs: epochMs(midnight + minutes(5)) }), null)
    const rows = (of: BroadcastDay) =>
      schedule.view(of).items.map(({ item, endMs, overrunMs }) => [item.title, endMs - midnight, overrunMs])
    expect(rows(day)).toEqual([
      ['khuya', minutes(5), minutes(15)],
      ['nửa đêm', minutes(5), minutes(5)],
    ])
    expect(schedule.view(tomorrow).carried.map((row) => row.overrunMs)).toEqual([minutes(15), minutes(5)])
    clock.jumpWall(minutes(20))
    // The power was away: it never came, and cut nothing.
    expect(rows(day)[0]).toEqual(['khuya', minutes(20), 0])
    expect(schedule.rejoin(output)).toBe(true)
    expect(joined?.title).toBe('khuya')
    // It came: the evening is over, whatever its length.
    schedule.itemStarted(output, idOf('mới', tomorrow), epochMs(midnight + minutes(5)), 0)
    schedule.itemEnded(output, idOf('mới', tomorrow), epochMs(midnight + minutes(8)), 'finished')
    expect(rows(day)[0]).toEqual(['khuya', minutes(5), minutes(15)])
    expect(schedule.rejoin(output)).toBe(false)
  })

  test('after a power cut the row that should be on is joined at its wall-clock offset, across midnight too', async () => {
    await begin(epochMs(at(0) + minutes(1438)))
    await schedule.edits.add(day, draft('đêm', minutes(10), { kind: 'hard', atMs: clock.now() }), null)
    await clock.advance(minutes(5))
    expect(schedule.rejoin(output)).toBe(true)
    expect(joined).toMatchObject({ title: 'đêm' })
    expect(Math.abs((joined?.startFrame ?? 0) - minutes(5) * 48)).toBeLessThan(48 * 50)
  })

  test('joined in its middle and lost again, a row is joined where the clock says, not from where it was first heard', async () => {
    await begin(at(minutes(740)))
    await schedule.edits.add(day, draft('trưa', minutes(60), { kind: 'hard', atMs: at(minutes(720)) }), null)
    const joinedAtMinute = () => {
      expect(schedule.rejoin(output)).toBe(true)
      const startFrame = joined?.startFrame ?? 0
      schedule.itemStarted(output, idOf('trưa'), clock.now(), startFrame)
      return Math.round(startFrame / 48 / minutes(1))
    }
    expect(joinedAtMinute()).toBe(20)
    // A power cut, and another one.
    await clock.advance(minutes(10))
    expect(joinedAtMinute()).toBe(30)
    await clock.advance(minutes(10))
    expect(joinedAtMinute()).toBe(40)
    for (const minute of [45, 50]) {
      schedule.itemEnded(output, idOf('trưa'), clock.now(), 'stopped')
      await clock.advance(minutes(5))
      expect(joinedAtMinute()).toBe(minute)
    }
    schedule.itemEnded(output, idOf('trưa'), clock.now(), 'stopped')
    await clock.advance(minutes(11))
    expect(schedule.rejoin(output)).toBe(false)
  })

  test('a relay that is joined twice ends when it was to end, and is not joined after that', async () => {
    await begin(at(minutes(380)))
    const relay = { ...draft('tiếp âm', 0, { kind: 'hard', atMs: at(minutes(360)) }), durationMs: minutes(30) }
    await schedule.edits.add(day, { ...relay, source: { kind: 'relayStream', url: 'http://127.0.0.1/vov1' } }, null)
    for (const minute of [380, 386]) {
      await clock.advance(at(minutes(minute)) - clock.now())
      expect(schedule.rejoin(output)).toBe(true)
      expect(joined?.endAtMs).toBe(at(minutes(390)))
      schedule.itemStarted(output, idOf('tiếp âm'), clock.now(), 0)
    }
    await clock.advance(minutes(10))
    expect(schedule.rejoin(output)).toBe(false)
  })

  test('nothing starts by itself while the clock is not trusted or outside the windows', async () => {
    await begin(at(minutes(300)), { broadcastWindows: [{ from: '05:00', to: '20:00' }] })
    await schedule.edits.add(day, draft('a', minutes(60), { kind: 'hard', atMs: clock.now() }), null)
    trusted = false
    expect(schedule.rejoin(output)).toBe(false)
    expect(queue).toEqual([])
    trusted = true
    await begin(at(minutes(180)), { broadcastWindows: [{ from: '05:00', to: '20:00' }] })
    await schedule.edits.add(day, draft('03:15', minutes(60), { kind: 'hard', atMs: at(minutes(180)) }), null)
    expect(schedule.rejoin(output)).toBe(false)
    expect(joined).toBeNull()
  })

  test('S9: a row that is found missing is replaced by fill in the queue, and is itself again when it is back', async () => {
    await schedule.edits.add(day, draft('a', minutes(5), { kind: 'hard', atMs: at(minutes(305)) }), null)
    missing.add(`a-${minutes(5)}`)
    await clock.advance(11_000)
    expect(schedule.view(day).items[0]?.state).toBe('unplayable')
    expect(queue[0]?.source).toMatchObject({ path: '/air/fill-60000', loop: true })
    missing.clear()
    await clock.advance(11_000)
    expect(schedule.view(day).items[0]?.state).toBe('proven')
    expect(queue[0]?.source).toMatchObject({ path: `/air/a-${minutes(5)}` })
  })

  test.each<[string, () => unknown]>([
    ['deleted', () => schedule.edits.remove(day, idOf('a'))],
    ['aired, as fill', () => air('a', minutes(5))],
    ['missed', () => clock.jumpWall(minutes(20))],
  ])('S9: the alarm of a row that was missing ends when that row is %s', async (_, over) => {
    await schedule.edits.add(day, draft('a', minutes(5), { kind: 'hard', atMs: at(minutes(305)) }), null)
    missing.add(`a-${minutes(5)}`)
    await clock.advance(11_000)
    expect(standing.size).toBe(1)
    await over()
    await clock.advance(11_000)
    expect(standing.size).toBe(0)
  })

  test('a gap is called filled only where fill will really bridge it', async () => {
    await schedule.edits.add(day, draft('a', minutes(2), { kind: 'hard', atMs: at(minutes(301)) }), null)
    await schedule.edits.add(day, draft('ngắn', minutes(1), { kind: 'hard', atMs: (at(minutes(303)) + 1000) as EpochMs }), null)
    await schedule.edits.add(day, draft('vừa', minutes(1), { kind: 'hard', atMs: at(minutes(309)) }), null)
    await schedule.edits.add(day, draft('chiều', minutes(5), { kind: 'hard', atMs: at(minutes(330)) }), null)
    const gaps = () => schedule.view(day).items.map((row) => [row.gapBeforeMs / 1000, row.gapFilled])
    expect(gaps()).toEqual([
      [0, false],
      [1, false],
      [299, true],
      [1200, false],
    ])
    // The fill itself is on: its gap is still bridged. Cleared away by hand: silence until the row.
    await clock.advance(minutes(6))
    air('a', minutes(2))
    schedule.itemEnded(output, idOf('a'), clock.now(), 'finished')
    air('ngắn', minutes(1))
    schedule.itemEnded(output, idOf('ngắn'), clock.now(), 'finished')
    now = { itemId: `fill-${idOf('vừa')}` as ItemId, busyUntilMs: at(minutes(309)), live: 'onAir', held: false, free: false }
    expect(gaps()[2]?.[1]).toBe(true)
    now = nothingOn
    expect(gaps()[2]?.[1]).toBe(false)
  })

  test('T1: a jump of the wall clock starts nothing twice and skips with a reason', async () => {
    await schedule.edits.add(day, draft('a', minutes(30), { kind: 'hard', atMs: clock.now() }), null)
    await schedule.edits.add(day, draft('b', minutes(5), { kind: 'hard', atMs: at(minutes(345)) }), null)
    air('a', minutes(30))
    clock.jumpWall(minutes(60))
    await schedule.clockJumped()
    await clock.advance(2500)
    expect(queue).toEqual([])
    expect(missed).toEqual(['b'])
    clock.jumpWall(-minutes(60))
    await schedule.clockJumped()
    await clock.advance(1500)
    expect(queue.map((item) => item.title)).toEqual(['b'])
  })

  test('a start that is told late, by a station that was held up, makes no row missed', async () => {
    await schedule.edits.add(day, draft('a', 3000, { kind: 'hard', atMs: clock.now() }), null)
    const dueMs = clock.now()
    // The first look after its whole time has passed; what the audio process had to say is read after it.
    await clock.advance(3500)
    expect(schedule.view(day).items[0]?.state).toBe('missed')
    expect(missed).toEqual([])
    schedule.itemStarted(output, idOf('a'), dueMs, 0)
    await clock.advance(5000)
    expect(missed).toEqual([])
  })

  test('rows after one that waits for a hand move on with it, and are not missed', async () => {
    await schedule.edits.add(day, draft('a', minutes(2), { kind: 'hard', atMs: clock.now() }), null)
    await schedule.edits.add(day, draft('b', minutes(3), { kind: 'follow' }), null)
    air('a', minutes(2))
    for (let turn = 0; turn < 10; turn += 1) {
      await clock.advance(minutes(1))
      now = { ...now, busyUntilMs: clock.now() + minutes(1), live: 'interrupted' }
    }
    expect(schedule.view(day).items[1]).toMatchObject({ startMs: clock.now() + minutes(1) })
    expect(missed).toEqual([])
  })

  test('carriers are keyed ahead of a start out of silence', async () => {
    await schedule.edits.add(day, draft('a', minutes(5), { kind: 'hard', atMs: at(minutes(301)) }), null)
    await clock.advance(50_000)
    expect(starting).toEqual([])
    await clock.advance(5000)
    expect(starting[0]).toBe(idOf('a'))
  })

  test('S9: a row that was missing, deleted, and is brought back is an alarm again', async () => {
    await schedule.edits.add(day, draft('a', minutes(5), { kind: 'hard', atMs: at(minutes(305)) }), null)
    missing.add(`a-${minutes(5)}`)
    await clock.advance(11_000)
    await schedule.edits.remove(day, idOf('a'))
    await clock.advance(11_000)
    expect(standing.size).toBe(0)
    await schedule.edits.undo(day)
    await clock.advance(11_000)
    expect(standing.size).toBe(1)
  })

  test('a recording that only a far day uses is in use, also for a station that has not looked at that day', async () => {
    const rundown = memoryRundown()
    const far = addDays(day, 5)
    const first = new ScheduleService(rundownPorts(clock, {}, { rundown }))
    await first.edits.add(far, fileRow('xa', 1000, { kind: 'follow' }), null)
    const second = new ScheduleService(rundownPorts(clock, {}, { rundown }))
    await second.load()
    await expect(second.assertUnused('xa-1000' as CartId)).rejects.toMatchObject({ code: 'CART_IN_USE', detail: { title: 'xa' } })
    await second.assertUnused('khác-1000' as CartId)
  })

  test.each(['the look once a second', 'the watch of the clock'])(
    'T2: a clock set only after the start, found by %s first: the plan of the real day, and what should be on is joined',
    async (first) => {
      const rundown = memoryRundown()
      const planning = new ScheduleService(rundownPorts(clock, {}, { rundown }))
      await planning.edits.add(day, fileRow('sáng', minutes(60), { kind: 'hard', atMs: at(minutes(420)) }), null)
      clock = new VirtualClock(epochMs(1000))
      let isTrusted = false
      const joins: [string, number][] = []
      const late = new ScheduleService(
        rundownPorts(
          clock,
          {},
          {
            rundown,
            clockTrusted: () => isTrusted,
            playNow: (_output, item) => void joins.push([item.title, Math.round(item.startFrame / 48 / minutes(1))]),
          },
        ),
      )
      await late.load()
      late.start()
      await clock.advance(5000)
      clock.jumpWall(at(minutes(441)) - clock.now())
      isTrusted = true
      if (first === 'the look once a second') await clock.advance(1000)
      await late.clockJumped()
      expect(late.today().items.map((row) => row.item.title)).toEqual(['sáng'])
      expect(joins).toEqual([['sáng', 21]])
    },
  )

  test('days that a sleeping computer passed over are read when it wakes', async () => {
    const later = addDays(day, 3)
    const rundown = memoryRundown()
    await new ScheduleService(rundownPorts(clock, {}, { rundown })).edits.add(later, fileRow('hai', 1000, { kind: 'follow' }), null)
    const asleep = new ScheduleService(rundownPorts(clock, {}, { rundown }))
    await asleep.load()
    asleep.start()
    clock.jumpWall(minutes(3 * 1440))
    await clock.advance(1500)
    expect(asleep.today().items.map((row) => row.item.title)).toEqual(['hai'])
  })

  test('refusals name what is wrong: a row on air, one that has aired, an unknown input, a recording in use', async () => {
    await schedule.edits.add(day, draft('a', minutes(5), { kind: 'hard', atMs: clock.now() }), null)
    air('a', minutes(5))
    await expect(schedule.edits.remove(day, idOf('a'))).rejects.toMatchObject({ code: 'ITEM_ON_AIR' })
    await expect(
      schedule.edits.add(
        day,
        { ...draft('m', 0, { kind: 'follow' }), source: { kind: 'live', inputId: 'no' as never }, durationMs: 1000 },
        null,
      ),
    ).rejects.toMatchObject({ code: 'INPUT_NOT_CONFIGURED' })
    await expect(schedule.assertUnused(`a-${minutes(5)}` as CartId)).rejects.toMatchObject({ code: 'CART_IN_USE' })
    await expect(schedule.edits.undo(addDays(day, 3))).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' })
    await clock.advance(minutes(5))
    schedule.itemEnded(output, idOf('a'), clock.now(), 'finished')
    for (const rewritten of [
      () => schedule.edits.remove(day, idOf('a')),
      () => schedule.edits.move(day, idOf('a'), 0),
      () => schedule.edits.update(day, idOf('a'), draft('b', minutes(5), { kind: 'follow' })),
    ])
      await expect(rewritten()).rejects.toMatchObject({ code: 'ITEM_AIRED' })
  })
})
