// Who is waiting for the next value of which OSC address. Every wait ends: with the value, with null after its time, with the
// caller's abort, or with the loss of the wire.
import type { Clock } from '../../shared/domain/clock.ts'
import type { DriverError } from '../../shared/domain/errors.ts'

interface Waiting {
  settle(value: number): void
  fail(error: unknown): void
}

export class ReadBacks {
  readonly #clock: Clock
  readonly #waiting = new Map<string, Set<Waiting>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Resolves with the next value of this address, or null after `withinMs`. */
  next(address: string, withinMs: number, signal: AbortSignal): Promise<number | null> {
    return new Promise<number | null>((resolve, reject) => {
      const done = () => {
        timer.cancel()
        signal.removeEventListener('abort', abort)
        const others = this.#waiting.get(address)
        others?.delete(waiting)
        if (others?.size === 0) this.#waiting.delete(address)
      }
      const waiting: Waiting = {
        settle: (value) => {
          done()
          resolve(value)
        },
        fail: (error) => {
          done()
          reject(error)
        },
      }
      const abort = () => waiting.fail(signal.reason)
      const timer = this.#clock.after(withinMs, () => {
        done()
        resolve(null)
      })
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.set(address, (this.#waiting.get(address) ?? new Set()).add(waiting))
    })
  }

  settle(address: string, value: number): void {
    for (const waiting of [...(this.#waiting.get(address) ?? [])]) waiting.settle(value)
  }

  failAll(error: DriverError): void {
    for (const waiting of [...this.#waiting.values()].flatMap((set) => [...set])) waiting.fail(error)
  }
}
