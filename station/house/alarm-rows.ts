// Alarms with their rows: raised, cleared, acknowledged. There are alarms before there is a logbook; those have no rows.
import type { Clock } from '../../shared/domain/clock.ts'
import { AlarmsService } from '../health/index.ts'
import type { LogPort } from '../onair/index.ts'

/** @param rows null until the logbook is open */
export function createAlarms(clock: Clock, rows: () => LogPort | null, onChanged: () => void): AlarmsService {
  return new AlarmsService(clock, {
    onChanged,
    onRaised: (alarm) =>
      rows()?.note({
        kind: 'alarm.raised',
        actor: 'station',
        outputId: null,
        subject: alarm.code,
        measured: { ...alarm.params, priority: alarm.priority },
      }),
    onCleared: (alarm) =>
      rows()?.note({ kind: 'alarm.cleared', actor: 'station', outputId: null, subject: alarm.code, measured: { ...alarm.params } }),
    onAcknowledged: (alarm, actor) => rows()?.note({ kind: 'alarm.acknowledged', actor, outputId: null, subject: alarm.code }),
  })
}
