// Ten past midnight in a night of storm, for the fake station: the evening's rows are still on air and to come.
import type { RundownItem } from '../../shared/domain/schedule.ts'
import { addDays, dayOf, epochMs, startOfDay } from '../../shared/domain/time.ts'
import { fakeItems } from './fake-data.ts'
import { fakeOutput } from './fake-output.ts'
import { planOf } from './fake-plan.ts'
import type { FakeStation } from './fake-station.ts'

const minute = 60_000
/** 22/11/2026 00:10:00 at the station. */
export const afterMidnightMs = Date.UTC(2026, 10, 21, 17, 10)

/** @param station made with `nowMs: afterMidnightMs` */
export function eveningGoesOn(station: FakeStation): void {
  const now = station.now()
  const [today, before] = [dayOf(now), addDays(dayOf(now), -1)]
  const [pattern] = fakeItems(now).filter((item) => item.source.kind === 'file')
  if (pattern === undefined) throw new Error('no row with a recording')
  const row = (itemId: string, title: string, minutes: number, from: number | null): RundownItem => ({
    ...pattern,
    itemId: itemId as RundownItem['itemId'],
    day: before,
    title,
    durationMs: minutes * minute,
    start: from === null ? { kind: 'follow' } : { kind: 'hard', atMs: epochMs(startOfDay(today) + from * minute) },
  })
  const rows = [
    row('eve-1', 'Tin bão số 13 lúc 23 giờ 30', 25, -30),
    row('eve-2', 'Hướng dẫn sơ tán: xã Lao Chải, Nậm Khắt', 20, -5),
    row('eve-3', 'Lịch trực hồ chứa và ngầm tràn trong đêm', 10, null),
    row('eve-4', 'Tin bão số 13 lúc 0 giờ 25', 15, null),
  ]
  const carried = planOf(before, rows, now, 1, false).items.filter((each) => each.endMs > now)
  station.change({
    schedule: { ...station.world.schedule, carried },
    onair: station.world.onair.map(({ outputId, name }) => fakeOutput(carried, now, outputId, name, false)),
  })
}
