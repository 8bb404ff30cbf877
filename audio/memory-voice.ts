// Plays mono samples that lie wholly in memory, along a little score: stretches of samples, gaps, repeats. No disk, no wait:
// an alert's first slice is prepared beforehand, so that firing it is one message to the render thread.
import type { AudioBufferSourceNode } from 'node-web-audio-api'
import { horizonFrames, quantumCeil, quantumFloor, sliceFrames, startLeadFrames } from './frames.ts'
import type { FadeShape } from './gain-fader.ts'
import { makeBuffer, type SliceLine } from './slice-line.ts'

/** One stretch of a score; `samples: null` is silence. */
export interface Stretch {
  readonly samples: Int16Array | null
  readonly frames: number
}

/** Mono samples of a score between two positions, silence beyond its end. */
export function renderScore(score: readonly Stretch[], fromFrame: number, count: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count)
  let stretchStart = 0
  for (const { samples, frames } of score) {
    const first = Math.max(fromFrame, stretchStart)
    const last = Math.min(fromFrame + count, stretchStart + frames)
    if (samples !== null) for (let at = first; at < last; at++) out[at - fromFrame] = (samples[at - stretchStart] ?? 0) / 32768
    stretchStart += frames
    if (stretchStart >= fromFrame + count) break
  }
  return out
}

export function scoreFrames(score: readonly Stretch[]): number {
  return score.reduce((sum, { frames }) => sum + frames, 0)
}

export interface MemoryVoiceOptions {
  /** The score begins again at its end. */
  readonly loop: boolean
  /** First frame of the score to play. */
  readonly offset: number
  /** So many frames were silent; what follows comes so much later. */
  readonly onUnderrun: (frames: number) => void
}

export class MemoryVoice {
  #startF: number
  readonly #line: SliceLine
  readonly #score: readonly Stretch[]
  readonly #scoreFrames: number
  readonly #loop: boolean
  readonly #offset: number
  readonly #onUnderrun: MemoryVoiceOptions['onUnderrun']
  #cutF = Infinity
  #nextF: number

  constructor(line: SliceLine, score: readonly Stretch[], startF: number, options: MemoryVoiceOptions) {
    this.#line = line
    this.#score = score
    this.#scoreFrames = scoreFrames(score)
    this.#loop = options.loop
    this.#offset = options.offset
    this.#onUnderrun = options.onUnderrun
    this.#startF = startF
    this.#nextF = quantumFloor(startF)
  }

  /** Takes over a prepared first slice, which begins at the score's start and at `startF`. */
  startPrepared(node: AudioBufferSourceNode, frames: number): void {
    this.#line.start(node, this.#nextF, frames)
    this.#nextF += frames
  }

  get startF(): number {
    return this.#startF
  }

  /** First frame of the audio clock after the score; Infinity for a loop that was not cut. */
  get endF(): number {
    return Math.min(this.#cutF, this.#loop ? Infinity : this.#startF + this.#scoreFrames - this.#offset)
  }

  /** Frames of the score played at this frame of the audio clock, from the score's start. */
  playedAt(frame: number): number {
    return this.#offset + Math.max(0, Math.min(frame, this.endF) - this.#startF)
  }

  pump(nowF: number): void {
    this.#line.prune(nowF)
    if (this.#nextF < Math.min(nowF, this.endF)) this.#goOnFrom(nowF)
    while (this.#nextF < Math.min(nowF + horizonFrames, this.endF)) {
      this.#line.place(makeBuffer([this.#slice(this.#nextF)]), this.#nextF)
      this.#nextF += sliceFrames
    }
  }

  fadeOut(frame: number, frames: number, shape: FadeShape = 'linear'): void {
    this.#line.fader.ramp(frame, 0, frames, shape)
    this.#cutF = Math.min(this.#cutF, frame + frames)
  }

  release(): void {
    this.#line.release()
  }

  /** This thread was held up for longer than the horizon: the score goes on where it fell silent, and not a word of it is left out. */
  #goOnFrom(nowF: number): void {
    const late = quantumCeil(nowF + startLeadFrames - this.#nextF)
    this.#startF += late
    this.#nextF += late
    this.#onUnderrun(late)
  }

  #slice(fromF: number): Float32Array<ArrayBuffer> {
    const lead = Math.max(0, this.#startF - fromF)
    const position = this.#offset + Math.max(0, fromF - this.#startF)
    const out = new Float32Array(sliceFrames)
    if (!this.#loop) {
      out.set(renderScore(this.#score, position, sliceFrames - lead), lead)
      return out
    }
    let done = lead
    while (done < sliceFrames) {
      const at = (position + done - lead) % this.#scoreFrames
      const count = Math.min(sliceFrames - done, this.#scoreFrames - at)
      out.set(renderScore(this.#score, at, count), done)
      done += count
    }
    return out
  }
}
