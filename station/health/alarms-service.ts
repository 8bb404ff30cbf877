// Alarms: things that need a person. One per cause; raising again what stands is nothing; clearing takes it away.
import type { Clock } from '../../shared/domain/clock.ts'
import type { AlarmView } from '../../shared/domain/onair.ts'

type Params = Readonly<Record<string, string | number>>

export interface AlarmEvents {
  onChanged(): void
  onRaised(alarm: AlarmView): void
  onCleared(alarm: AlarmView): void
  onAcknowledged(alarm: AlarmView): void
}

/** Priority of every alarm code (UX.md: 1 ◆ act now, 2 ▲ act soon, 3 ● know). Texts and remedies live with the screens. */
export const alarmPriorities = {
  AUDIO_LOST: 1,
  AUDIO_STALLED: 1,
  AUDIO_UNAVAILABLE: 1,
  DEVICE_OUTPUT_LOST: 1,
  ON_BACKUP_DEVICE: 2,
  PROGRAMME_SILENT: 1,
  CARRIER_STUCK: 1,
  LEASE_LAPSED: 1,
  ALERT_NOT_COVERED: 1,
  ALERT_INTERRUPTED: 1,
  STOP_LATCHED: 1,
  NO_LEVEL_AT_TRANSMITTER: 1,
  CHAIN_BROKEN: 1,
  STORE_FAILED: 1,
  STORE_SLOW: 2,
  DEVICE_LOST: 2,
  DEVICE_FAULTED: 2,
  DEVICE_UNCONFIRMED: 2,
  NEXT_UNPLAYABLE: 2,
  INPUT_LOST: 2,
  CLOCK_UNTRUSTED: 2,
  STREAM_FAILED: 2,
  PROVINCE_EMERGENCY: 1,
  PROVINCE_MANIFEST_REFUSED: 1,
  PROVINCE_CERTIFICATE: 2,
  PROVINCE_UNREACHABLE: 2,
  PROVINCE_STALE: 2,
  PROVINCE_DECISION: 2,
  PROVINCE_OUTBOX_PARKED: 2,
  PROVINCE_OUTBOX_DROPPED: 2,
  PROVINCE_LINK_FAILED: 2,
  AIR_CHECK_ROOM: 2,
  DISK_LOW: 2,
  DISK_FULL: 1,
  MEDIA_CHANGED: 1,
} as const satisfies Record<string, 1 | 2 | 3>
export type AlarmCode = keyof typeof alarmPriorities

export class AlarmsService {
  readonly #clock: Clock
  readonly #events: AlarmEvents
  readonly #alarms = new Map<string, AlarmView>()

  constructor(clock: Clock, events: AlarmEvents) {
    this.#clock = clock
    this.#events = events
  }

  /** `subject` tells two causes of one code apart (a device id, an output id). */
  raise(code: AlarmCode, subject: string, params: Params): void {
    const alarmId = `${code}:${subject}`
    if (this.#alarms.has(alarmId)) return
    const alarm: AlarmView = {
      alarmId,
      code,
      params,
      priority: alarmPriorities[code],
      raisedAtMs: this.#clock.now(),
      acknowledgedAtMs: null,
    }
    this.#alarms.set(alarmId, alarm)
    this.#events.onRaised(alarm)
    this.#events.onChanged()
  }

  clear(code: AlarmCode, subject: string): void {
    const alarm = this.#alarms.get(`${code}:${subject}`)
    if (!alarm) return
    this.#alarms.delete(alarm.alarmId)
    this.#events.onCleared(alarm)
    this.#events.onChanged()
  }

  /** Raises or clears by a condition. */
  set(standing: boolean, code: AlarmCode, subject: string, params: Params = {}): void {
    if (standing) this.raise(code, subject, params)
    else this.clear(code, subject)
  }

  has(code: AlarmCode, subject: string): boolean {
    return this.#alarms.has(`${code}:${subject}`)
  }

  acknowledge(alarmId: string): boolean {
    const alarm = this.#alarms.get(alarmId)
    if (!alarm) return false
    if (alarm.acknowledgedAtMs === null) {
      const seen = { ...alarm, acknowledgedAtMs: this.#clock.now() }
      this.#alarms.set(alarmId, seen)
      this.#events.onAcknowledged(seen)
      this.#events.onChanged()
    }
    return true
  }

  /** Unacknowledged first, then by priority, newest first. */
  views(): AlarmView[] {
    return [...this.#alarms.values()].sort(
      (a, b) =>
        Number(a.acknowledgedAtMs !== null) - Number(b.acknowledgedAtMs !== null) || a.priority - b.priority || b.raisedAtMs - a.raisedAtMs,
    )
  }
}
