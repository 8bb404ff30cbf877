// Alarms: things that need a person. One per cause; raising again what stands changes its words at most; clearing takes it away.
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../../shared/domain/clock.ts'
import type { AlarmView } from '../../shared/domain/onair.ts'
import { type AlarmCode, alarmCatalog, type AlarmParams, endsWhenSeen } from './alarm-catalog.ts'

export interface AlarmEvents {
  onChanged(): void
  onRaised(alarm: AlarmView): void
  onCleared(alarm: AlarmView): void
  onAcknowledged(alarm: AlarmView, actor: string): void
}

export class AlarmsService {
  readonly #clock: Clock
  readonly #events: AlarmEvents
  readonly #alarms = new Map<string, AlarmView>()

  constructor(clock: Clock, events: AlarmEvents) {
    this.#clock = clock
    this.#events = events
  }

  /** `subject` tells two causes of one code apart (a device id, an output id). */
  raise<Code extends AlarmCode>(code: Code, subject: string, params: AlarmParams<Code>): void {
    const alarmId = `${code}:${subject}`
    const standing = this.#alarms.get(alarmId)
    if (standing !== undefined) return this.#reword(standing, params)
    const alarm: AlarmView = {
      alarmId,
      code,
      params,
      priority: alarmCatalog[code].priority,
      raisedAtMs: this.#clock.now(),
      acknowledgedAtMs: null,
    }
    this.#alarms.set(alarmId, alarm)
    this.#events.onRaised(alarm)
    this.#events.onChanged()
  }

  /** The same cause with another reason or count: the screen says what holds now. */
  #reword(standing: AlarmView, params: AlarmView['params']): void {
    if (isDeepStrictEqual(standing.params, params)) return
    this.#alarms.set(standing.alarmId, { ...standing, params })
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
  set<Code extends AlarmCode>(standing: boolean, code: Code, subject: string, params: AlarmParams<Code>): void {
    if (standing) this.raise(code, subject, params)
    else this.clear(code, subject)
  }

  has(code: AlarmCode, subject: string): boolean {
    return this.#alarms.has(`${code}:${subject}`)
  }

  acknowledge(alarmId: string, actor: string): boolean {
    const alarm = this.#alarms.get(alarmId)
    if (!alarm) return false
    if (alarm.acknowledgedAtMs === null) {
      const seen = { ...alarm, acknowledgedAtMs: this.#clock.now() }
      this.#alarms.set(alarmId, seen)
      this.#events.onAcknowledged(seen, actor)
      if (endsWhenSeen.has(alarm.code)) {
        this.#alarms.delete(alarmId)
        this.#events.onCleared(seen)
      }
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
