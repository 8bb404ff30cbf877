// Flashes lamps of panels that cannot do it themselves, all in step, below the 3 flashes a second of WCAG 2.3.1.
import type { Clock, Timer } from '../../shared/domain/clock.ts'

/** Lit and dark phases, ms each: one flash a second. */
export const flashPhaseMs = 500

export class Flasher {
  readonly #clock: Clock
  readonly #draw: (key: number, lit: boolean) => void
  readonly #keys = new Set<number>()
  #timer: Timer | null = null
  #lit = true

  /** @param draw called at each phase for each flashing key. */
  constructor(clock: Clock, draw: (key: number, lit: boolean) => void) {
    this.#clock = clock
    this.#draw = draw
  }

  set(key: number, flash: boolean): void {
    if (flash) this.#keys.add(key)
    else this.#keys.delete(key)
    if (this.#keys.size === 0) this.stop()
    else this.#timer ??= this.#clock.every(flashPhaseMs, () => this.#turn())
  }

  /** Forgets every key; leaves no timer. */
  stop(): void {
    this.#keys.clear()
    this.#timer?.cancel()
    this.#timer = null
    this.#lit = true
  }

  #turn(): void {
    this.#lit = !this.#lit
    for (const key of this.#keys) this.#draw(key, this.#lit)
  }
}
