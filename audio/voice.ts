// What plays one item (or one alert reading, or one over) on one context. A voice is placed on the audio clock when it is made
// and keeps itself scheduled ahead; what it does not know about is why it plays or what comes after it.
import type { FadeShape } from './gain-fader.ts'

export interface Voice {
  /** Frame of the audio clock at which the item's first frame sounds. */
  readonly startF: number
  /** First frame of the audio clock at which it no longer sounds; Infinity while it has no end. */
  readonly endF: number
  /** Why it could not go on, once it could not. */
  readonly failure: string | null
  /** Keeps it scheduled ahead; called every few milliseconds while the clock moves. */
  pump(nowF: number): void
  /** Position in the item's own PCM at this frame of the audio clock. */
  positionAt(frame: number): number
  /** Fades it in from its start. */
  fadeIn(frames: number, shape: FadeShape): void
  /** Fades it out from `frame` over `frames`; after that it has ended. */
  fadeOut(frame: number, frames: number, shape: FadeShape): void
  /** Takes a planned fade-out back: it plays on to its own end. */
  unfade(nowF: number): void
  /** Ends it now and lets go of everything it holds. Idempotent. */
  release(): void
}
