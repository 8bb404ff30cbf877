// A gain that knows its own value at every frame. AudioParam automation is written, never read back: cancelling a ramp in the
// engine restores the value from before it, so each new ramp states where it starts.
// Curves are straight pieces: overlapping value curves make the engine panic.
import { secondsOf } from './frames.ts'

export type FadeShape = 'linear' | 'equalPower'

interface Ramp {
  readonly startF: number
  readonly frames: number
  readonly from: number
  readonly to: number
  readonly shape: FadeShape
}

const equalPowerPieces = 16

/** Progress 0..1 of a fade → share of the way from its first to its last value. */
export function fadeShare(shape: FadeShape, progress: number, rising: boolean): number {
  const x = Math.min(1, Math.max(0, progress))
  if (shape === 'linear') return x
  return rising ? Math.sin((x * Math.PI) / 2) : 1 - Math.cos((x * Math.PI) / 2)
}

export class GainFader {
  readonly #param: AudioParam
  #ramps: Ramp[]

  /** @param initial linear gain the parameter was created with. */
  constructor(param: AudioParam, initial: number) {
    this.#param = param
    this.#ramps = [{ startF: 0, frames: 0, from: initial, to: initial, shape: 'linear' }]
  }

  /** Linear gain at this frame of the audio clock. */
  valueAt(frame: number): number {
    const ramp = this.#ramps.findLast((each) => each.startF <= frame) ?? this.#ramps[0]
    if (ramp === undefined) return 0
    if (ramp.frames === 0 || frame >= ramp.startF + ramp.frames) return ramp.to
    const share = fadeShare(ramp.shape, (frame - ramp.startF) / ramp.frames, ramp.to > ramp.from)
    return ramp.from + (ramp.to - ramp.from) * share
  }

  /** From `frame` on: to `to` within `frames`, from wherever it is then. Replaces whatever was planned from there on. */
  ramp(frame: number, to: number, frames: number, shape: FadeShape = 'linear'): void {
    const from = this.valueAt(frame)
    this.#ramps = [...this.#ramps.filter((each) => each.startF < frame).slice(-3), { startF: frame, frames, from, to, shape }]
    const startS = secondsOf(frame)
    this.#param.cancelScheduledValues(startS)
    this.#param.setValueAtTime(frames === 0 ? to : from, startS)
    if (frames === 0) return
    const pieces = shape === 'linear' ? 1 : equalPowerPieces
    for (let piece = 1; piece <= pieces; piece++) {
      const share = fadeShare(shape, piece / pieces, to > from)
      this.#param.linearRampToValueAtTime(from + (to - from) * share, secondsOf(frame + Math.round((frames * piece) / pieces)))
    }
  }
}
