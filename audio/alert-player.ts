// Airs an alert on one output: hot = attention once, then the readings; cold = attention round and round until `proceed`.
// The first slice waits ready-made, one start message away. The engine takes orders between two bursts of rendering; when a
// burst began while the order was given, the first slice is withdrawn and a spare one begins, so that the slices always join.
import type { AudioBufferSourceNode } from 'node-web-audio-api'
import type { AudioCommandOf, OutputAudioState } from '../shared/audio-protocol.ts'
import type { AlertId, CutInId, OutputId } from '../shared/domain/ids.ts'
import { fromDb } from '../shared/domain/levels.ts'
import type { EpochMs } from '../shared/domain/time.ts'
import { airingScore, attentionScore, leadFrames, prepareSlice, readingAt } from './alert-score.ts'
import type { LoadedAlert } from './alert-store.ts'
import { cutFadeFrames, framesOfMs, msOfFrames, quantumCeil, startLeadFrames } from './frames.ts'
import type { Emit } from './journal.ts'
import { MemoryVoice, type MemoryVoiceOptions, scoreFrames, type Stretch } from './memory-voice.ts'
import type { OutputBus } from './output-bus.ts'
import { makeBuffer, SliceLine } from './slice-line.ts'

export type AlertEndReason = 'finished' | 'stopped' | 'replaced' | 'stopAll' | 'failed'
export type FireOrder = AudioCommandOf<'fireAlert'>
type FireMode = FireOrder['mode']

/** One to fire, and one for when a burst of rendering began at that very moment: the next is milliseconds away, so it does. */
const preparedEach = 2

interface Prepared {
  readonly line: SliceLine
  readonly node: AudioBufferSourceNode
  readonly frames: number
}

interface Airing {
  readonly order: FireOrder
  readonly alert: LoadedAlert
  readonly startedF: number
  readonly startedAtMs: EpochMs
  /** Attention round and round; null in a hot airing, without an attention signal, and once it was told to proceed. */
  attention: MemoryVoice | null
  /** The whole hot score; in a cold airing from its readings on. null while it waits. */
  readings: MemoryVoice | null
  readingsSeen: number
}

export class AlertPlayer {
  readonly #outputId: OutputId
  readonly #bus: OutputBus
  readonly #emit: Emit
  readonly #prepared = new Map<string, Prepared[]>()
  #airing: Airing | null = null
  /** Faded out, kept until they are silent. */
  #ending: MemoryVoice[] = []

  constructor(outputId: OutputId, bus: OutputBus, emit: Emit) {
    this.#outputId = outputId
    this.#bus = bus
    this.#emit = emit
  }

  get order(): FireOrder | null {
    return this.#airing?.order ?? null
  }

  /** Frame of the audio clock at which it ends; Infinity while a cold airing waits, 0 when none is on air. */
  get endF(): number {
    if (this.#airing === null) return 0
    return this.#airing.readings?.endF ?? Infinity
  }

  /** Makes the first slices of this alert ready. */
  prepare(alert: LoadedAlert): void {
    this.forget(alert.alertId)
    for (const mode of ['hot', 'cold'] as const) {
      const slice = prepareSlice(alert, mode)
      if (slice === null) continue
      const buffer = makeBuffer([slice])
      const ready = Array.from({ length: preparedEach }, () => {
        const line = this.#line(alert)
        return { line, node: line.prepare(buffer), frames: slice.length }
      })
      this.#prepared.set(`${mode} ${alert.alertId}`, ready)
    }
  }

  forget(alertId: AlertId): void {
    for (const mode of ['hot', 'cold'] as const) for (const { line } of this.#takePrepared(mode, alertId)) line.release()
  }

  /** Puts it on air at once. Returns the frame it sounds from. */
  fire(order: FireOrder, alert: LoadedAlert): number {
    const t0F = this.#bus.clock.frame()
    const voice = this.#begin(order, alert, order.mode === 'hot' ? offsetFrames(order, airingScore(alert, order)) : 0)
    this.#finish('replaced', t0F)
    const startedF = voice?.startF ?? t0F
    this.#airing = {
      order,
      alert,
      startedF,
      startedAtMs: this.#bus.clock.wallOf(startedF),
      attention: order.mode === 'cold' ? voice : null,
      readings: order.mode === 'hot' ? voice : null,
      readingsSeen: 0,
    }
    return startedF
  }

  /** Ends the attention signal and begins the readings. */
  proceed(nowF: number): void {
    const airing = this.#airing
    if (airing === null || airing.readings !== null) return
    const startF = quantumCeil(nowF + startLeadFrames)
    if (airing.attention !== null) this.#fade(airing.attention, startF - cutFadeFrames)
    airing.attention = null
    const score = airingScore(airing.alert, airing.order)
    const offset = Math.max(leadFrames(airing.alert), offsetFrames(airing.order, score))
    airing.readings = this.#voice(this.#line(airing.alert), score, startF, { loop: false, offset })
    airing.readings.pump(nowF)
  }

  /** Ends it at this frame. */
  stop(reason: AlertEndReason, frame: number): void {
    const alert = this.#airing?.alert
    this.#finish(reason, frame)
    if (alert !== undefined && reason !== 'stopAll') this.prepare(alert)
  }

  /** Keeps it scheduled and tells what has come to pass; true when it has just ended by itself. */
  tick(nowF: number): boolean {
    this.#ending = this.#ending.filter((voice) => {
      if (voice.endF > nowF) return true
      voice.release()
      return false
    })
    const airing = this.#airing
    if (airing === null) return false
    airing.attention?.pump(nowF)
    airing.readings?.pump(nowF)
    this.#tellReadings(airing, nowF)
    if (this.endF > nowF) return false
    this.stop('finished', this.endF)
    return true
  }

  state(nowF: number): OutputAudioState['alert'] {
    const airing = this.#airing
    if (airing === null) return null
    const lead = leadFrames(airing.alert)
    const position = airing.readings?.playedAt(nowF) ?? Math.min(lead, Math.max(0, nowF - airing.startedF))
    return {
      cutInId: airing.order.cutInId,
      alertId: airing.order.alertId,
      mode: airing.order.mode,
      resume: airing.order.resume,
      phase: airing.readings !== null && position >= lead ? 'body' : 'attention',
      startedAtMs: airing.startedAtMs,
      positionMs: Math.round(msOfFrames(position)),
      durationMs: Math.round(msOfFrames(scoreFrames(airingScore(airing.alert, airing.order)))),
    }
  }

  isOn(cutInId: CutInId): boolean {
    return this.#airing?.order.cutInId === cutInId
  }

  #begin(order: FireOrder, alert: LoadedAlert, offset: number): MemoryVoice | null {
    const loop = order.mode === 'cold'
    const score = loop ? attentionScore(alert) : airingScore(alert, order)
    if (scoreFrames(score) === 0) return null
    const ready = offset === 0 ? this.#takePrepared(order.mode, alert.alertId) : []
    for (const [index, { line, node, frames }] of ready.entries()) {
      const startF = this.#bus.clock.frame()
      const voice = this.#voice(line, score, startF, { loop, offset })
      voice.startPrepared(node, frames)
      if (this.#bus.clock.frame() === startF) {
        for (const spare of ready.slice(index + 1)) spare.line.release()
        return voice
      }
      voice.release()
    }
    const voice = this.#voice(this.#line(alert), score, quantumCeil(this.#bus.clock.frame() + startLeadFrames), { loop, offset })
    voice.pump(this.#bus.clock.frame())
    return voice
  }

  #finish(reason: AlertEndReason, frame: number): void {
    const airing = this.#airing
    if (airing === null) return
    this.#airing = null
    for (const voice of [airing.attention, airing.readings]) if (voice !== null) this.#fade(voice, frame)
    const playedMs = Math.round(msOfFrames(Math.max(0, frame - airing.startedF)))
    const { cutInId, alertId } = airing.order
    this.#emit({ kind: 'alertEnded', outputId: this.#outputId, cutInId, alertId, playedMs, reason }, this.#bus.clock.wallOf(frame))
  }

  #fade(voice: MemoryVoice, frame: number): void {
    if (voice.endF > frame) voice.fadeOut(frame, cutFadeFrames)
    this.#ending.push(voice)
  }

  #tellReadings(airing: Airing, nowF: number): void {
    if (airing.readings === null) return
    const reading = readingAt(airing.alert, airing.order, airing.readings.playedAt(nowF))
    while (airing.readingsSeen < reading) {
      airing.readingsSeen++
      this.#emit({ kind: 'alertBodyStarted', outputId: this.#outputId, cutInId: airing.order.cutInId, reading: airing.readingsSeen })
    }
  }

  #takePrepared(mode: FireMode, alertId: AlertId): Prepared[] {
    const key = `${mode} ${alertId}`
    const prepared = this.#prepared.get(key) ?? []
    this.#prepared.delete(key)
    return prepared
  }

  #voice(line: SliceLine, score: readonly Stretch[], startF: number, options: Omit<MemoryVoiceOptions, 'onUnderrun'>): MemoryVoice {
    const onUnderrun = (frames: number) => this.#emit({ kind: 'underrun', outputId: this.#outputId, frames })
    return new MemoryVoice(line, score, startF, { ...options, onUnderrun })
  }

  #line(alert: LoadedAlert): SliceLine {
    return new SliceLine(this.#bus.context, this.#bus.direct, fromDb(alert.gainDb))
  }
}

/** Where the order begins, within its score. */
function offsetFrames(order: FireOrder, score: Parameters<typeof scoreFrames>[0]): number {
  return Math.min(framesOfMs(order.offsetMs ?? 0), Math.max(0, scoreFrames(score) - 1))
}
