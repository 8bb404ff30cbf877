// One programme output as the service keeps it: the machine's state beside what was last measured, and the view of both.
import type { AudioEvent, AudioMessage, OutputAudioState } from '../../shared/audio-protocol.ts'
import type { InputId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { CarrierView, OnAirOutputView } from '../../shared/domain/onair.ts'
import { type EpochMs, epochMs, type MonotonicMs } from '../../shared/domain/time.ts'
import type { CutInView } from '../../shared/domain/alert.ts'
import type { AudioProof } from '../plant/index.ts'
import type { OnAirState } from './onair-machine.ts'
import type { RundownPort } from './ports.ts'

export type AudioReport = Extract<AudioMessage, { kind: 'report' }>
export type AudioHealth = OnAirOutputView['audio']['state']

const framesPerMs = 48
/** Level above which the programme bus or an input counts as sounding, dBFS RMS. */
export const soundingDbfs = -60
/** A report older than this proves nothing, ms. */
const freshMs = 1000
/** Pauses of speech: the tally does not fall before the bus was silent for this long, ms. */
const tallyPauseMs = 5000

export class OutputRuntime {
  readonly outputId: OutputId
  readonly name: string
  /** The sound device it should have; null = none. */
  readonly #configured: string | null
  state: OnAirState = { kind: 'silent' }
  audio: OutputAudioState | null = null
  health: AudioHealth = 'restarting'
  /** How far the alert on air is, as last measured, ms; null = none. */
  alertMs: number | null = null
  previous: OnAirOutputView['previous'] = null
  /** Titles by item, for the rows of items that have left the queue. */
  readonly #titles = new Map<ItemId, string>()
  #clockS = 0
  #clockMovedMs: MonotonicMs | null = null
  #soundedMs: MonotonicMs | null = null
  /** When each open input was last heard by its own level. */
  readonly #inputsSounded = new Map<InputId, MonotonicMs>()
  #frame: number | null = null
  #silentSinceMs: MonotonicMs | null = null

  constructor(outputId: OutputId, name: string, device: string | null) {
    this.outputId = outputId
    this.name = name
    this.#configured = device
  }

  takeState(audio: OutputAudioState): void {
    this.audio = audio
    this.#frame = audio.item?.frame ?? null
    if (audio.item) this.remember(audio.item.item.itemId, audio.item.item.title)
  }

  takeReport(report: AudioReport['outputs'][number], nowMs: MonotonicMs): void {
    if (report.clockS > this.#clockS || report.clockS < this.#clockS - 1) this.#clockMovedMs = nowMs
    this.#clockS = report.clockS
    this.#frame = report.frame
    this.alertMs = report.alertMs
    const sounding = Math.max(...report.level.rmsDb) > soundingDbfs
    if (sounding) this.#soundedMs = nowMs
    this.#silentSinceMs = sounding ? null : (this.#silentSinceMs ?? nowMs)
  }

  /** It is in no report while its device is missing. */
  takeSilence(nowMs: MonotonicMs): void {
    this.#silentSinceMs ??= nowMs
  }

  /** Levels of the inputs themselves: what sounds on the bus may be the programme under a silent microphone. */
  takeInputs(inputs: AudioReport['inputs'], nowMs: MonotonicMs): void {
    const open = this.audio?.openInputs ?? []
    for (const inputId of this.#inputsSounded.keys()) if (!open.includes(inputId)) this.#inputsSounded.delete(inputId)
    for (const { inputId, level } of inputs)
      if (open.includes(inputId) && Math.max(...level.rmsDb) > soundingDbfs) this.#inputsSounded.set(inputId, nowMs)
  }

  /** Open inputs that were heard within the pauses of speech. */
  soundingInputs(nowMs: MonotonicMs): InputId[] {
    return [...this.#inputsSounded].filter(([, atMs]) => nowMs - atMs < tallyPauseMs).map(([inputId]) => inputId)
  }

  remember(itemId: ItemId, title: string): void {
    this.#titles.set(itemId, title)
    const oldest = this.#titles.keys().next()
    if (this.#titles.size > 500 && !oldest.done) this.#titles.delete(oldest.value)
  }

  /** null = never heard of in this boot. */
  title(itemId: ItemId): string | null {
    return this.#titles.get(itemId) ?? null
  }

  proof(nowMs: MonotonicMs): AudioProof {
    return { clockAdvances: this.#clockMovedMs !== null && nowMs - this.#clockMovedMs < freshMs, lastLevelMs: this.#soundedMs }
  }

  /** How long the bus has been silent, ms; 0 while it sounds. */
  silentForMs(nowMs: MonotonicMs): number {
    return this.#silentSinceMs === null ? 0 : nowMs - this.#silentSinceMs
  }

  noteEnded(event: Extract<AudioEvent, { kind: 'itemEnded' }>, title: string, startedAtMs: EpochMs): void {
    this.previous = { itemId: event.itemId, title, startedAtMs, endReason: event.reason }
  }

  /** Wall time at which the item on air will end, as far as it is known now. */
  expectedEnd(nowMs: EpochMs): EpochMs | null {
    const on = this.audio?.item
    if (!on) return null
    if (on.item.endAtMs !== null) return on.item.endAtMs
    if (on.item.source.kind !== 'pcm' || on.item.source.loop) return null
    // An item that waits (held, interrupted) ends no sooner than if it went on now, or when the alert over it is read.
    const alert = this.audio?.alert ?? null
    const waitMs = on.state === 'playing' || alert === null ? 0 : Math.max(0, alert.durationMs - alert.positionMs)
    return epochMs(nowMs + waitMs + (on.item.source.frames - (this.#frame ?? on.frame)) / framesPerMs)
  }

  view(
    rundown: RundownPort,
    carriers: readonly CarrierView[],
    cutIn: CutInView | null,
    nowMs: EpochMs,
    monotonicMs: MonotonicMs,
  ): OnAirOutputView {
    const { state, audio } = this
    const on = audio?.item ?? null
    return {
      outputId: this.outputId,
      name: this.name,
      phase: state.kind === 'programme' ? 'programme' : state.kind,
      onAir: this.#tally(carriers, monotonicMs),
      now: on && {
        itemId: on.item.itemId,
        title: on.item.title,
        startedAtMs: on.startedAtMs,
        endsAtMs: this.expectedEnd(nowMs),
        durationMs: on.item.source.kind === 'pcm' && !on.item.source.loop ? on.item.source.frames / framesPerMs : null,
        positionMs: (this.#frame ?? on.frame) / framesPerMs,
        interruptedBy: on.state === 'interrupted' ? (cutIn?.title ?? 'micro') : null,
      },
      previous: this.previous,
      next: rundown.nextFor(this.outputId),
      openInputs: audio?.openInputs ?? [],
      soundingInputs: this.soundingInputs(monotonicMs),
      hotKeysPlaying: audio?.oversPlaying ?? [],
      cutIn,
      carriers: [...carriers],
      stoppedSinceMs: state.kind === 'stopped' ? state.sinceMs : null,
      awaiting:
        state.kind === 'awaitingResume' && on ? { itemId: state.itemId, title: on.item.title, positionMs: on.frame / framesPerMs } : null,
      audio: { state: this.#sound(), device: audio?.device ?? null, onBackup: audio?.onBackup ?? false },
    }
  }

  /** A process that runs is not a sound: its card may be missing. */
  #sound(): AudioHealth {
    if (this.health !== 'running' || this.audio === null || this.audio.device !== null) return this.health
    return this.#configured === null ? 'none' : 'lost'
  }

  /**
   * measured: the audio clock advances, the bus sounds and a carrier is measured up; anything less is not called on air. Where there is
   * a transmitter only its forward power counts: a closed relay may be no more than its interlock, and radiates nothing. Where a
   * microphone has the air it is the microphone's sound that counts, not what is left of the programme under it.
   */
  #tally(carriers: readonly CarrierView[], nowMs: MonotonicMs): OnAirOutputView['onAir'] {
    const wants = this.state.kind !== 'silent' && this.state.kind !== 'stopped' && this.state.kind !== 'awaitingResume'
    if (!wants) return 'off'
    const proof = this.proof(nowMs)
    const bus = proof.lastLevelMs !== null && nowMs - proof.lastLevelMs < tallyPauseMs
    const sounds = bus && (this.state.kind !== 'liveInput' || this.soundingInputs(nowMs).length > 0)
    const transmitters = carriers.filter((carrier) => carrier.kind === 'transmitter')
    const proving = transmitters.length > 0 ? transmitters : carriers
    return proof.clockAdvances && sounds && proving.some((carrier) => carrier.state === 'up') ? 'measured' : 'unconfirmed'
  }
}

/** The machine's state as an adopted audio process shows it; `cutIn` is what was persisted of the airing. */
export function stateFromAudio(
  audio: OutputAudioState,
  cutIn: Extract<OnAirState, { kind: 'cutIn' }>['cutIn'] | null,
  emergency: boolean,
  stoppedSinceMs: EpochMs,
): OnAirState {
  if (audio.stopped) return { kind: 'stopped', sinceMs: stoppedSinceMs }
  const under = audio.item?.item.itemId ?? null
  // Held, or waiting for a decision: the audio process does not tell these apart, and both are ended by a hand.
  const underWas = audio.item?.state === 'held' ? 'held' : 'playing'
  if (audio.alert && cutIn)
    return {
      kind: 'cutIn',
      cutIn,
      phase: audio.alert.phase,
      awaitingCarriers: audio.alert.phase === 'attention' && cutIn.temperature === 'cold',
      lateCarriers: [],
      under,
      underWas,
    }
  if (audio.openInputs.length > 0) return { kind: 'liveInput', inputIds: audio.openInputs, emergency, under, underWas }
  if (!audio.item) return { kind: 'silent' }
  const { itemId } = audio.item.item
  if (audio.item.state === 'held') return { kind: 'held', itemId }
  return audio.item.state === 'interrupted' ? { kind: 'awaitingResume', itemId } : { kind: 'programme', itemId }
}
