// What the audio process tells, passed to whom it concerns. Until there is somebody to hear it, it waits.
import type { AudioEvent, AudioMessage, OutputAudioState } from '../../shared/audio-protocol.ts'
import type { StationConfig } from '../../shared/config.ts'
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
  readonly #config: Pick<StationConfig, 'audio' | 'outputs'>
  readonly #lostInputs = new Set<string>()
  /** Outputs whose stream or recorder failed and was not told to work again. */
  readonly #failing = new Set<OutputId>()
  #early: AudioEvent[] | null = []
  /** The newest of each output. */
  readonly #earlyStates = new Map<OutputId, OutputAudioState>()
  #hearers: Hearers | null = null

  constructor(alarms: AlarmsService, config: Pick<StationConfig, 'audio' | 'outputs'>) {
    this.#alarms = alarms
    this.#config = config
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
    for (const output of this.#earlyStates.values()) this.#hearState(output)
    for (const event of early) this.hear(event)
  }

  take(event: AudioEvent): void {
    if (this.#early === null) this.hear(event)
    else this.#early.push(event)
  }

  state(output: OutputAudioState): void {
    if (this.#early === null) this.#hearState(output)
    else this.#earlyStates.set(output.outputId, output)
  }

  /** The preview has no state, but is in every report while its device is there. */
  report({ cue }: Pick<Extract<AudioMessage, { kind: 'report' }>, 'cue'>): void {
    const device = this.#config.audio.cueDevice
    if (this.#early === null && device !== null) this.#alarms.set(cue === null, 'DEVICE_OUTPUT_LOST', 'cue', { device })
  }

  /** Another audio process took over: what its predecessor could not do, it tries anew and tells itself. */
  replaced(): void {
    for (const outputId of this.#failing) {
      this.#alarms.clear('STREAM_FAILED', outputId)
      this.#alarms.clear('RECORDER_FAILED', outputId)
    }
    this.#failing.clear()
    for (const inputId of this.#lostInputs) this.#alarms.clear('INPUT_LOST', inputId)
    this.#lostInputs.clear()
    this.#alarms.clear('AUDIO_UNAVAILABLE', deviceOpenFailed)
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
    // Where another device still will not open, its next attempt says so again.
    if (event.kind === 'deviceBack') this.#alarms.clear('AUDIO_UNAVAILABLE', deviceOpenFailed)
    if (event.kind === 'failure' && event.outputId !== undefined) this.#failing.add(event.outputId)
    if (event.kind === 'failure') this.#alarms.raise(failureAlarm(event.code), event.outputId ?? event.code, { reason: event.message })
    if (event.kind === 'failureOver') this.#alarms.clear(failureAlarm(event.code), event.outputId)
    // A stream that is no longer wanted fails no more; the next one tells its own failure.
    if (event.kind === 'itemEnded') this.#alarms.clear('STREAM_FAILED', event.outputId)
    alerts.audioEvent(event)
    onair.audioEvent(event, missed)
  }

  /** By what holds, not by what happened: a card that was lost before this station or this audio process began is lost just as much. */
  #hearState(output: OutputAudioState): void {
    const device = this.#config.outputs.find(({ id }) => id === output.outputId)?.device ?? null
    if (device !== null) this.#alarms.set(output.device === null, 'DEVICE_OUTPUT_LOST', output.outputId, { device })
    this.#hearers?.onair.audioState(output)
  }
}

const deviceOpenFailed = 'DEVICE_OPEN_FAILED'

/** What a failure of the audio process is to the operator: another remedy for each. */
function failureAlarm(code: string): 'STREAM_FAILED' | 'ITEM_FAILED' | 'RECORDER_FAILED' | 'AUDIO_UNAVAILABLE' {
  if (code === 'RELAY_FAILED') return 'STREAM_FAILED'
  if (code === 'ITEM_FAILED') return 'ITEM_FAILED'
  return code === 'RECORDER_FAILED' ? 'RECORDER_FAILED' : 'AUDIO_UNAVAILABLE'
}
