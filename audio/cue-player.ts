// Preview on the cue bus: the very graph, samples and gain that would air, on another device.
import type { AudioCommandOf, PlaySource } from '../shared/audio-protocol.ts'
import type { AlertId } from '../shared/domain/ids.ts'
import { fromDb } from '../shared/domain/levels.ts'
import { airingScore } from './alert-score.ts'
import type { LoadedAlert } from './alert-store.ts'
import { cutFadeFrames, framesOfMs, msOfFrames, quantumCeil, sliceFrames, startLeadFrames } from './frames.ts'
import type { Emit } from './journal.ts'
import { MemoryVoice, scoreFrames } from './memory-voice.ts'
import type { OutputBus } from './output-bus.ts'
import { PcmVoice, pcmFileOf } from './pcm-voice.ts'
import { Refusal } from './refusal.ts'
import { SliceLine } from './slice-line.ts'

interface Cue {
  readonly alertId: AlertId | null
  readonly voice: MemoryVoice | PcmVoice
}

export class CuePlayer {
  readonly #bus: OutputBus
  readonly #emit: Emit
  #cue: Cue | null = null
  #dying: (MemoryVoice | PcmVoice)[] = []
  #decision = 0
  /** Orders whose sound is being made ready. */
  #coming = 0

  constructor(bus: OutputBus, emit: Emit) {
    this.#bus = bus
    this.#emit = emit
  }

  /** Position of what is previewed, ms; null when nothing is. */
  get positionMs(): number | null {
    const voice = this.#cue?.voice
    if (voice === undefined) return null
    const nowF = this.#bus.clock.frame()
    return Math.round(msOfFrames(voice instanceof MemoryVoice ? voice.playedAt(nowF) : voice.positionAt(nowF)))
  }

  /** Nothing sounds here and nothing is about to. */
  get idle(): boolean {
    return this.#cue === null && this.#dying.length === 0 && this.#coming === 0
  }

  async cueAlert(order: AudioCommandOf<'cueAlert'>, alert: LoadedAlert): Promise<void> {
    this.stop()
    const decision = this.#decision
    await this.#ready(() => this.#bus.rest.wake())
    if (decision !== this.#decision) return
    const score = airingScore(alert, order)
    const offset = Math.min(framesOfMs(order.offsetMs), Math.max(0, scoreFrames(score) - 1))
    const line = new SliceLine(this.#bus.context, this.#bus.direct, fromDb(alert.gainDb))
    const nowF = this.#bus.clock.frame()
    const voice = new MemoryVoice(line, score, quantumCeil(nowF + startLeadFrames), { loop: false, offset, onUnderrun: () => undefined })
    voice.pump(nowF)
    this.#begin({ alertId: alert.alertId, voice })
  }

  async cueItem(source: PlaySource, offsetMs: number): Promise<void> {
    if (source.kind !== 'pcm') throw new Refusal('INVALID_INPUT', `a ${source.kind} source cannot be previewed`)
    this.stop()
    const decision = this.#decision
    const file = pcmFileOf(source)
    const startFrame = Math.min(framesOfMs(offsetMs), Math.max(0, source.frames - 1))
    try {
      await this.#ready(() => Promise.all([this.#bus.rest.wake(), file.prime(startFrame, sliceFrames)]))
    } catch (cause) {
      await file.close()
      throw cause
    }
    if (decision !== this.#decision) return file.close()
    const clockFrame = () => this.#bus.clock.frame()
    const startF = quantumCeil(clockFrame() + startLeadFrames)
    const voice = new PcmVoice({
      context: this.#bus.context,
      destination: this.#bus.music,
      source,
      file,
      startF,
      startFrame,
      onUnderrun: () => undefined,
      clockFrame,
    })
    this.#begin({ alertId: null, voice })
  }

  stop(): void {
    this.#decision++
    const cue = this.#cue
    if (cue === null) return
    this.#cue = null
    const nowF = this.#bus.clock.frame()
    this.#tellEnd(cue, nowF)
    if (cue.voice.endF > nowF) cue.voice.fadeOut(nowF, cutFadeFrames, 'linear')
    this.#dying.push(cue.voice)
  }

  tick(nowF: number): void {
    this.#cue?.voice.pump(nowF)
    if (this.#cue !== null && this.#cue.voice.endF <= nowF) {
      this.#tellEnd(this.#cue, this.#cue.voice.endF)
      this.#dying.push(this.#cue.voice)
      this.#cue = null
    }
    this.#dying = this.#dying.filter((voice) => {
      if (voice.endF > nowF) return true
      voice.release()
      return false
    })
  }

  async #ready(make: () => Promise<unknown>): Promise<void> {
    this.#coming++
    try {
      await make()
    } finally {
      this.#coming--
    }
  }

  #begin(cue: Cue): void {
    this.#cue = cue
    this.#emit({ kind: 'cueStarted', alertId: cue.alertId }, this.#bus.clock.wallOf(cue.voice.startF))
  }

  #tellEnd(cue: Cue, frame: number): void {
    const playedMs = Math.round(msOfFrames(Math.max(0, frame - cue.voice.startF)))
    this.#emit({ kind: 'cueEnded', alertId: cue.alertId, playedMs }, this.#bus.clock.wallOf(frame))
  }
}
