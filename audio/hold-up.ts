// This thread may be held up: by its own work, a debugger, or a computer that stands still as a whole. What it could not see or hear
// meanwhile counts against no device: timers run before what came in is read, so a microphone would be lost that never stopped.

/** The engine asks every 15 ms. */
const noticedMs = 100

export class HoldUp {
  readonly #now: () => number
  #lastMs: number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
    this.#lastMs = now()
  }

  /** Call regularly: how long this thread was held up since the last call, ms; 0 when it was not. */
  sinceLast(): number {
    const nowMs = this.#now()
    const passedMs = nowMs - this.#lastMs
    this.#lastMs = nowMs
    return passedMs > noticedMs ? passedMs : 0
  }
}
