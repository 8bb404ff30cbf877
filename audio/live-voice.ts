// Plays samples that arrive while they are played (microphone, line, network relay) a fixed short time behind their arrival.
// The feed brings chunks at its own pace; the drift buffer turns them into whole quanta of the audio clock.
import { fromDb } from '../shared/domain/levels.ts'
import { DriftBuffer } from './drift-buffer.ts'
import { cutFadeFrames, quantumCeil, quantumFrames } from './frames.ts'
import type { FadeShape } from './gain-fader.ts'
import { makeBuffer, SliceLine } from './slice-line.ts'
import type { Voice } from './voice.ts'

/** Where live samples come from. */
export interface LiveFeed {
  readonly channels: number
  /** Calls back with interleaved s16le samples until unsubscribed. */
  subscribe(listener: (samples: Int16Array) => void): () => void
}

export interface LiveVoiceOptions {
  readonly context: BaseAudioContext
  readonly destination: AudioNode
  readonly feed: LiveFeed
  readonly gainDb: number
  readonly startF: number
  readonly startFrame: number
  readonly delayFrames: number
  readonly onUnderrun: (frames: number) => void
  readonly clockFrame: () => number
}

/** A capture that has just begun first brings what had piled up meanwhile; that is left out, ms. */
const settleMs = 100
export class LiveVoice implements Voice {
  readonly startF: number
  failure: string | null = null
  #endF = Infinity
  readonly #options: LiveVoiceOptions
  readonly #line: SliceLine
  readonly #gain: number
  readonly #buffer: DriftBuffer
  readonly #unsubscribe: () => void
  #nextF: number | null = null
  #lastPushMs: number | null = null
  #firstPushMs: number | null = null
  /** Surplus after a hold-up, still to be left out. */
  #leaveOut = 0

  constructor(options: LiveVoiceOptions) {
    this.#options = options
    this.startF = options.startF
    this.#gain = fromDb(options.gainDb)
    this.#line = new SliceLine(options.context, options.destination, this.#gain)
    this.#buffer = new DriftBuffer(options.feed.channels, options.delayFrames)
    this.#unsubscribe = options.feed.subscribe((samples) => this.#push(samples))
  }

  get endF(): number {
    return this.#endF
  }

  positionAt(frame: number): number {
    return this.#options.startFrame + Math.max(0, frame - this.startF)
  }

  fadeIn(frames: number, shape: FadeShape): void {
    this.#line.fader.ramp(this.startF, 0, 0)
    this.#line.fader.ramp(this.startF + 1, this.#gain, Math.max(1, frames - 1), shape)
  }

  fadeOut(frame: number, frames: number, shape: FadeShape): void {
    this.#line.fader.ramp(frame, 0, frames, shape)
    this.#endF = Math.min(this.#endF, frame + frames)
  }

  unfade(nowF: number): void {
    this.#line.fader.ramp(nowF, this.#gain, cutFadeFrames)
    this.#endF = Infinity
  }

  pump(nowF: number): void {
    this.#line.prune(nowF)
  }

  release(): void {
    this.#unsubscribe()
    this.#endF = Math.min(this.#endF, this.#options.clockFrame())
    this.#line.release()
  }

  #push(samples: Int16Array): void {
    const nowF = this.#options.clockFrame()
    const arrivedMs = performance.now()
    // Placed ahead of its time it waits: what is said before the start is not heard late.
    if (this.#nextF === null && nowF + this.#options.delayFrames < this.startF) return
    this.#firstPushMs ??= arrivedMs
    if (arrivedMs - this.#firstPushMs < settleMs) return
    this.#buffer.push(samples)
    this.#nextF ??= quantumCeil(Math.max(this.startF, nowF + this.#options.delayFrames - samples.length / this.#options.feed.channels))
    if (this.#nextF < nowF) this.#restart(nowF)
    this.#leaveOut += this.#buffer.steer(this.#nextF - nowF, this.#lastPushMs === null ? 0 : (arrivedMs - this.#lastPushMs) / 1000)
    this.#lastPushMs = arrivedMs
    if (this.#leaveOut > 0) this.#leaveOut -= this.#buffer.leaveOut(this.#leaveOut)
    const frames = Math.floor(this.#buffer.available / quantumFrames) * quantumFrames
    if (frames === 0) return
    this.#line.place(makeBuffer(this.#buffer.take(frames)), this.#nextF)
    this.#nextF += frames
  }

  /** The samples came too late: what is held is played from a fresh delay on, and the gap is reported. */
  #restart(nowF: number): void {
    const freshF = quantumCeil(nowF + this.#options.delayFrames - 480)
    this.#options.onUnderrun(freshF - (this.#nextF ?? freshF))
    this.#nextF = freshF
    this.#leaveOut = 0
    this.#buffer.settle()
  }
}
