// Nothing is previewed most of the day, and rendering silence for the preview costs an eighth of what station and audio process
// may cost together (measured: 1.4–2 % of a core). So its context is suspended while nothing sounds there. Suspending and resuming
// are done by the engine off this thread, also with a sound server that hangs (measured); a resumed context ticks within 15 ms.
// Not every device can pause, and the engine does not survive trying: it is found out elsewhere first (pause-probe.ts).
// A suspended device cannot be seen to be lost, so it is looked after: resumed for a moment every now and then.
import type { AudioClock } from './audio-clock.ts'
import type { Pausing } from './pause-probe.ts'
import { Refusal } from './refusal.ts'

/**
 * Two collections of played sound (played-sound.ts) go by first: what is collected while the context is suspended would wait in the
 * engine's bounded queue, and a full one blocks this thread.
 */
const restAfterMs = 21_000
const lookEveryMs = 10_000
/** As long as a device that is gone takes to be found out (devices.ts), and some more. */
const lookMs = 500
/** A context whose clock stands still is left for devices.ts to judge. */
const standingMs = 100
const wakeWithinMs = 1000

export class Rest {
  readonly #context: Pick<AudioContext, 'suspend' | 'resume'>
  readonly #clock: Pick<AudioClock, 'frame' | 'stillMs' | 'restart' | 'observe'>
  readonly #pausing: Pausing
  readonly #now: () => number
  /** null until it was asked; `asking` until it is answered. */
  #pauses: boolean | 'asking' | null = null
  #resting = false
  /** Since when it rests, or has been awake. */
  #sinceMs: number
  #idleSinceMs: number | null = null
  #suspended: Promise<unknown> = Promise.resolve()
  /** Where the clock stood when it was resumed, until it moves. */
  #resumedAt: number | null = null

  constructor(
    context: Pick<AudioContext, 'suspend' | 'resume'>,
    clock: Pick<AudioClock, 'frame' | 'stillMs' | 'restart' | 'observe'>,
    pausing: Pausing,
    now: () => number = () => performance.now(),
  ) {
    this.#context = context
    this.#clock = clock
    this.#pausing = pausing
    this.#now = now
    this.#sinceMs = now()
  }

  /** Its clock stands still because it is told to. */
  get resting(): boolean {
    return this.#resting
  }

  /** Call regularly. `idle`: nothing sounds here and nothing is about to. */
  tick(idle: boolean): void {
    const nowMs = this.#now()
    this.#idleSinceMs = idle ? (this.#idleSinceMs ?? nowMs) : null
    const heldMs = nowMs - this.#sinceMs
    if (this.#resting) {
      if (heldMs >= lookEveryMs) this.rouse()
    } else if (this.#idleSinceMs !== null && nowMs - this.#idleSinceMs >= restAfterMs && heldMs >= lookMs) this.#rest()
  }

  /** Resumes it and does not wait: from now on its clock has to move, and is watched like any other. */
  rouse(): void {
    if (!this.#resting) return
    this.#resting = false
    this.#sinceMs = this.#now()
    this.#resumedAt = this.#clock.frame()
    this.#clock.restart()
    // What cannot be resumed stands still, which is found out and told by whoever watches the clock.
    this.#suspended.then(() => this.#context.resume()).catch(() => undefined)
  }

  /** Resolves once it renders. Throws a Refusal when it does not within a second. */
  async wake(): Promise<void> {
    this.#idleSinceMs = null
    this.rouse()
    while (this.#resumedAt !== null && this.#clock.frame() === this.#resumedAt) {
      if (this.#now() - this.#sinceMs > wakeWithinMs) throw new Refusal('CUE_UNAVAILABLE', 'the preview device does not start')
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    if (this.#resumedAt !== null) this.#clock.observe()
    this.#resumedAt = null
  }

  #rest(): void {
    if (this.#pauses === null) void this.#ask()
    if (this.#pauses !== true || this.#clock.stillMs() > standingMs) return
    this.#resting = true
    this.#sinceMs = this.#now()
    // One that breaks here stands still afterwards, and devices.ts opens it anew.
    this.#suspended = this.#context.suspend().catch(() => {
      this.#pauses = false
      this.#pausing.broke()
      this.rouse()
    })
  }

  async #ask(): Promise<void> {
    this.#pauses = 'asking'
    this.#pauses = await this.#pausing.possible()
  }
}
