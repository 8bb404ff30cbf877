// The audio clock of one context and how it stands to wall time. The engine renders in bursts, so the clock jumps by a few
// quanta every few milliseconds; the relation is the median of recent readings, which neither a burst nor one late reading moves.
import { sampleRateHz } from '../shared/domain/levels.ts'
import { type EpochMs, epochMs } from '../shared/domain/time.ts'
import { framesOfMs, msOfFrames } from './frames.ts'

const readingsKept = 64
/** A wall clock that jumped further than this starts a new relation at once, ms. */
const jumpMs = 250

export class AudioClock {
  readonly #context: BaseAudioContext
  readonly #wallNow: () => number
  readonly #offsetsMs: number[] = []
  #medianMs: number
  #lastFrame = -1
  #lastMoveMs: number

  constructor(context: BaseAudioContext, wallNow: () => number = Date.now) {
    this.#context = context
    this.#wallNow = wallNow
    this.#medianMs = wallNow() - msOfFrames(this.frame())
    this.#lastMoveMs = performance.now()
  }

  /** The next frame the engine will render. */
  frame(): number {
    return Math.round(this.#context.currentTime * sampleRateHz)
  }

  /** Takes a reading; call it regularly. Returns how long the clock has stood still, ms. */
  observe(): number {
    const frame = this.frame()
    const monotonicMs = performance.now()
    if (frame !== this.#lastFrame) {
      this.#lastFrame = frame
      this.#lastMoveMs = monotonicMs
    }
    const offsetMs = this.#wallNow() - msOfFrames(frame)
    if (Math.abs(offsetMs - this.#medianMs) > jumpMs) this.#offsetsMs.length = 0
    this.#offsetsMs.push(offsetMs)
    if (this.#offsetsMs.length > readingsKept) this.#offsetsMs.shift()
    const sorted = this.#offsetsMs.toSorted((a, b) => a - b)
    this.#medianMs = sorted[sorted.length >> 1] ?? offsetMs
    return monotonicMs - this.#lastMoveMs
  }

  /** For so long nobody looked at it, ms. */
  forgive(ms: number): void {
    this.#lastMoveMs = Math.min(performance.now(), this.#lastMoveMs + ms)
  }

  /** For a context that was suspended: it is not late from now on, and its old relation to wall time is forgotten. */
  restart(): void {
    this.#lastFrame = this.frame()
    this.#lastMoveMs = performance.now()
    this.#offsetsMs.length = 0
  }

  /** How long the clock has stood still at the last reading, ms. */
  stillMs(): number {
    return this.frame() === this.#lastFrame ? performance.now() - this.#lastMoveMs : 0
  }

  /** Wall time at which this frame is rendered. */
  wallOf(frame: number): EpochMs {
    return epochMs(this.#medianMs + msOfFrames(frame))
  }

  /** Frame rendered at this wall time; may lie in the past. */
  frameAt(wallMs: number): number {
    return framesOfMs(wallMs - this.#medianMs)
  }
}
