// Plays a network stream: pulled from its store in whole slices, some way ahead. When the store runs dry there is silence, one
// underrun is told, and it goes on once a reserve has come together again. The programme never waits for the network.
import { fromDb, sampleRateHz } from '../shared/domain/levels.ts'
import { cutFadeFrames, quantumCeil, quantumFrames, startLeadFrames } from './frames.ts'
import type { FadeShape } from './gain-fader.ts'
import type { RelayFeed } from './relay-feed.ts'
import { makeBuffer, SliceLine } from './slice-line.ts'
import type { Voice } from './voice.ts'

/** Gathered before it sounds, and before it sounds again after it ran dry. */
const reserveFrames = 1.5 * sampleRateHz
/** Scheduled ahead of the audio clock. */
const aheadFrames = 2 * sampleRateHz
const sliceFrames = 80 * quantumFrames

export interface RelayVoiceOptions {
  readonly context: BaseAudioContext
  readonly destination: AudioNode
  /** Of this voice alone, and closed with it. */
  readonly feed: Pick<RelayFeed, 'available' | 'take' | 'close'>
  readonly gainDb: number
  readonly startF: number
  readonly startFrame: number
  readonly onUnderrun: (frames: number) => void
  readonly clockFrame: () => number
}

export class RelayVoice implements Voice {
  readonly startF: number
  readonly failure = null
  #endF = Infinity
  readonly #options: RelayVoiceOptions
  readonly #line: SliceLine
  readonly #gain: number
  /** null while the reserve is gathered. */
  #nextF: number | null = null
  #dryF: number | null = null

  constructor(options: RelayVoiceOptions) {
    this.#options = options
    this.startF = options.startF
    this.#gain = fromDb(options.gainDb)
    this.#line = new SliceLine(options.context, options.destination, this.#gain)
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
    const { feed, onUnderrun } = this.#options
    this.#line.prune(nowF)
    if (this.#nextF === null) {
      if (feed.available < reserveFrames) return
      this.#nextF = quantumCeil(Math.max(this.startF, nowF + startLeadFrames))
      if (this.#dryF !== null) onUnderrun(this.#nextF - this.#dryF)
    }
    // This thread was held up for longer than it is ahead: slices placed in the past would all sound at once.
    if (this.#nextF < Math.min(nowF, this.#endF) && feed.available >= sliceFrames) {
      const lateF = this.#nextF
      this.#nextF = quantumCeil(nowF + startLeadFrames)
      onUnderrun(this.#nextF - lateF)
    }
    while (this.#nextF < Math.min(nowF + aheadFrames, this.#endF) && feed.available >= sliceFrames) this.#place(this.#nextF)
    if (this.#nextF > nowF || feed.available >= sliceFrames) return
    this.#dryF = this.#nextF
    this.#nextF = null
  }

  release(): void {
    this.#options.feed.close()
    this.#endF = Math.min(this.#endF, this.#options.clockFrame())
    this.#line.release()
  }

  #place(atF: number): void {
    const samples = this.#options.feed.take(sliceFrames)
    const left = new Float32Array(sliceFrames)
    const right = new Float32Array(sliceFrames)
    for (let i = 0; i < sliceFrames; i++) {
      left[i] = (samples[2 * i] ?? 0) / 32768
      right[i] = (samples[2 * i + 1] ?? 0) / 32768
    }
    this.#line.place(makeBuffer([left, right]), atF)
    this.#nextF = atF + sliceFrames
  }
}
