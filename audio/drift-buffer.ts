// Between two clocks: samples come in at the sound card's pace and go out at the programme's. Kept at a target delay by reading
// at a rate that differs by parts per million, with cubic interpolation, so that nothing is ever dropped or repeated.
// Pure: it is told how many frames wait in all, here and on the audio clock.

/** Strongest correction, parts of one: 0.5 % for some seconds is not heard in speech, and works off what a hold-up left behind. */
const maxCorrection = 0.005
/** Correction per frame of filtered error: 10 ms off are worked away with 0.14 %, two thirds of it within 7 s. */
const proportional = 3e-6
/** Integral part per frame and second: learns the steady difference of the two clocks. */
const integral = 2e-8
/** Share of a new reading in the filtered fill; readings come every 10 ms. */
const smoothing = 0.01
/** When even the lowest fill of this many readings lies so far above the target, the surplus came from a hold-up, not from drift. */
const surplusReadings = 40
const surplusFrames = 1440

export class DriftBuffer {
  readonly #targetFrames: number
  readonly #channels: number
  #samples: Float32Array[]
  /** Frames held. */
  #held = 0
  /** Read position in the held frames; the interpolation needs one before and two after. */
  #position = 1
  #filteredFill: number
  #steady = 0
  #lowestFill = Infinity
  #readings = 0

  /** @param targetFrames how many frames should wait in all, held here plus already placed ahead. */
  constructor(channels: number, targetFrames: number) {
    this.#channels = channels
    this.#targetFrames = targetFrames
    this.#filteredFill = targetFrames
    this.#samples = Array.from({ length: channels }, () => new Float32Array(4096))
  }

  /** Input frames per output frame, now. */
  get rate(): number {
    const error = this.#filteredFill - this.#targetFrames
    return 1 + Math.max(-maxCorrection, Math.min(maxCorrection, error * proportional + this.#steady))
  }

  /** Frames that can be taken at this rate. */
  get available(): number {
    return Math.max(0, Math.floor((this.#held - 2 - this.#position) / this.rate))
  }

  /** Adds interleaved s16le frames. */
  push(samples: Int16Array): void {
    const frames = Math.floor(samples.length / this.#channels)
    this.#makeRoom(frames)
    for (let channel = 0; channel < this.#channels; channel++) {
      const target = this.#samples[channel]
      if (target === undefined) continue
      for (let i = 0; i < frames; i++) target[this.#held + i] = (samples[i * this.#channels + channel] ?? 0) / 32768
    }
    this.#held += frames
  }

  /**
   * Reports how many frames wait on the audio clock beyond those held here; call once per push. Returns how many frames to leave out:
   * after a hold-up what piled up would otherwise be worked off for minutes, and a live voice would stay late.
   */
  steer(placedAheadFrames: number, elapsedS: number): number {
    const fill = this.#held - this.#position + placedAheadFrames
    const surplus = this.#surplus(fill)
    this.#filteredFill += (fill - this.#filteredFill) * smoothing
    const error = this.#filteredFill - this.#targetFrames
    this.#steady = Math.max(-maxCorrection, Math.min(maxCorrection, this.#steady + error * integral * elapsedS))
    return surplus
  }

  /** Leaves out up to so many of the oldest frames held; returns how many it were. */
  leaveOut(frames: number): number {
    const count = Math.max(0, Math.min(frames, Math.floor(this.#held - 3 - this.#position)))
    this.#position += count
    this.#filteredFill = this.#targetFrames
    return count
  }

  /** The delay begins anew at its target; what was learnt about the clocks stays. */
  settle(): void {
    this.#filteredFill = this.#targetFrames
    this.#lowestFill = Infinity
    this.#readings = 0
  }

  #surplus(fill: number): number {
    this.#lowestFill = Math.min(this.#lowestFill, fill)
    this.#readings++
    if (this.#readings < surplusReadings) return 0
    const surplus = this.#lowestFill - this.#targetFrames
    this.#lowestFill = Infinity
    this.#readings = 0
    return surplus > surplusFrames ? Math.floor(surplus) : 0
  }

  /** Takes `count` frames at the present rate; `count` must not exceed `available`. */
  take(count: number): Float32Array<ArrayBuffer>[] {
    const rate = this.rate
    const out = this.#samples.map(() => new Float32Array(count))
    for (let channel = 0; channel < this.#channels; channel++) {
      const source = this.#samples[channel]
      const target = out[channel]
      if (source === undefined || target === undefined) continue
      for (let i = 0; i < count; i++) target[i] = cubicAt(source, this.#position + i * rate)
    }
    this.#position += count * rate
    return out
  }

  #makeRoom(frames: number): void {
    const keepFrom = Math.max(0, Math.floor(this.#position) - 1)
    if (keepFrom > 0) {
      for (const samples of this.#samples) samples.copyWithin(0, keepFrom, this.#held)
      this.#held -= keepFrom
      this.#position -= keepFrom
    }
    const capacity = this.#samples[0]?.length ?? 0
    if (this.#held + frames <= capacity) return
    this.#samples = this.#samples.map((samples) => {
      const larger = new Float32Array(Math.max(capacity * 2, this.#held + frames))
      larger.set(samples.subarray(0, this.#held))
      return larger
    })
  }
}

/** Catmull-Rom through the four samples around `position`; exact on a sample. */
function cubicAt(samples: Float32Array, position: number): number {
  const index = Math.floor(position)
  const x = position - index
  const y1 = samples[index] ?? 0
  if (x === 0) return y1
  const y0 = samples[index - 1] ?? y1
  const y2 = samples[index + 1] ?? y1
  const y3 = samples[index + 2] ?? y2
  const a = 1.5 * (y1 - y2) + 0.5 * (y3 - y0)
  const b = y0 - 2.5 * y1 + 2 * y2 - 0.5 * y3
  return ((a * x + b) * x + 0.5 * (y2 - y0)) * x + y1
}
