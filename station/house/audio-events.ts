// What the audio process tells, passed to whom it concerns. Until there is somebody to hear it, it waits.
import type { AudioEvent } from '../../shared/audio-protocol.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { AlarmsService } from '../health/index.ts'
import type { LevelGuard, OnAirService } from '../onair/index.ts'

interface Hearers {
  readonly onair: OnAirService
  readonly alerts: AlertsService
  readonly levelGuard: LevelGuard
}

export class AudioEvents {
  readonly #alarms: AlarmsService
  readonly #lostInputs = new Set<string>()
  /** Outputs whose stream or recorder failed and was not told to work again. */
  readonly #failing = new Set<OutputId>()
  #early: AudioEvent[] | null = []
  #hearers: Hearers | null = null

  constructor(alarms: AlarmsService) {
    this.#alarms = alarms
  }

  isInputLost(inputId: string): boolean {
    return this.#lostInputs.has(inputId)
  }

  /** From now on there are ears; what came before waits for `flow`. */
  hearers(hearers: Hearers): void {
    this.#hearers = hearers
  }

  /** What waited goes first. */
  flow(): void {
    const early = this.#early ?? []
    this.#early = null
    for (const event of early) this.hear(event)
  }

  take(event: AudioEvent): void {
    if (this.#early === null) this.hear(event)
    else this.#early.push(event)
  }

  /** Another audio process took over: what its predecessor could not do, it tries anew and tells itself. */
  replaced(): void {
    for (const outputId of this.#failing) {
      this.#alarms.clear('STREAM_FAILED', outputId)
      this.#alarms.clear('RECORDER_FAILED', outputId)
    }
    this.#failing.clear()
  }

  /** @param missed it happened while no station was there: it only makes rows */
  hear(event: AudioEvent, missed = false): void {
    if (this.#hearers === null) return
    const { onair, alerts, levelGuard } = this.#hearers
    if (event.kind === 'alertStarted') levelGuard.alertStarted(event.outputId)
    if (event.kind === 'alertEnded') levelGuard.alertEnded(event.outputId)
    if (event.kind === 'inputLost') this.#lostInputs.add(event.inputId)
    if (event.kind === 'inputBack') this.#lostInputs.delete(event.inputId)
    if (event.kind === 'inputLost' || event.kind === 'inputBack')
      this.#alarms.set(event.kind === 'inputLost', 'INPUT_LOST', event.inputId, { input: event.inputId })
    if (event.kind === 'deviceLost') this.#alarms.raise('DEVICE_OUTPUT_LOST', event.outputId ?? 'cue', { device: event.device })
    if (event.kind === 'deviceBack') {
      this.#alarms.clear('DEVICE_OUTPUT_LOST', event.outputId ?? 'cue')
      // Where another device still will not open, its next attempt says so again.
      this.#alarms.clear('AUDIO_UNAVAILABLE', deviceOpenFailed)
    }
    if (event.kind === 'failure' && event.outputId !== undefined) this.#failing.add(event.outputId)
    if (event.kind === 'failure') this.#alarms.raise(failureAlarm(event.code), event.outputId ?? event.code, { reason: event.message })
    if (event.kind === 'failureOver') this.#alarms.clear(failureAlarm(event.code), event.outputId)
    // A stream that is no longer wanted fails no more; the next one tells its own failure.
    if (event.kind === 'itemEnded') this.#alarms.clear('STREAM_FAILED', event.outputId)
    alerts.audioEvent(event)
    onair.audioEvent(event, missed)
  }
}

const deviceOpenFailed = 'DEVICE_OPEN_FAILED'

/** What a failure of the audio process is to the operator: another remedy for each. */
function failureAlarm(code: string): 'STREAM_FAILED' | 'ITEM_FAILED' | 'RECORDER_FAILED' | 'AUDIO_UNAVAILABLE' {
  if (code === 'RELAY_FAILED') return 'STREAM_FAILED'
  if (code === 'ITEM_FAILED') return 'ITEM_FAILED'
  return code === 'RECORDER_FAILED' ? 'RECORDER_FAILED' : 'AUDIO_UNAVAILABLE'
}
