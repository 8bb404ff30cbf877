// An item that makes no sound: a planned pause, or a live source that is not there (then it says why).
import type { Voice } from './voice.ts'

export class SilentVoice implements Voice {
  readonly startF: number
  readonly failure: string | null
  endF = Infinity
  readonly #startFrame: number

  constructor(startF: number, startFrame: number, failure: string | null = null) {
    this.startF = startF
    this.#startFrame = startFrame
    this.failure = failure
    if (failure !== null) this.endF = startF
  }

  positionAt(frame: number): number {
    return this.#startFrame + Math.max(0, frame - this.startF)
  }

  fadeOut(frame: number, frames: number): void {
    this.endF = Math.min(this.endF, frame + frames)
  }

  unfade(): void {
    this.endF = Infinity
  }

  fadeIn(): void {
    // Silence needs no fade.
  }

  pump(): void {
    // Nothing to schedule.
  }

  release(): void {
    // Nothing to let go of.
  }
}
