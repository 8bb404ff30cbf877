// What goes on by itself while the station runs: looking once a second, and the wall clock.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { type AlarmsService, watchClock } from '../health/index.ts'
import type { LogPort, OnAirService } from '../onair/index.ts'
import type { PlantService } from '../plant/index.ts'
import type { ScheduleService } from '../schedule/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { LogFacts } from './log-facts.ts'
import { watchStation } from './watch.ts'

interface WatchesParts {
  readonly clock: Clock
  readonly outputIds: readonly OutputId[]
  readonly onair: OnAirService
  readonly plant: PlantService
  readonly schedule: ScheduleService
  readonly alarms: AlarmsService
  readonly rows: LogPort
  readonly facts: LogFacts
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

export function startWatches(parts: WatchesParts): readonly Timer[] {
  const { clock, outputIds, onair, plant, schedule, alarms, rows, facts, changed } = parts
  // When each device was last heard moves on although nothing else does.
  const onTallied = () => changed('onair')
  const timers = [
    clock.every(2000, () => changed('devices')),
    watchStation({ clock, outputIds, onair, plant, alarms, log: rows, onTallied }),
  ]
  timers.push(
    watchClock(clock, (byMs) => {
      rows.note({ kind: 'clock.jump', actor: 'station', outputId: null, subject: 'wall clock', measured: { byMs } })
      alarms.set(!facts.trust().trusted, 'CLOCK_UNTRUSTED', 'clock', { reason: facts.trust().reason ?? '' })
      void schedule.clockJumped()
    }),
  )
  return timers
}
