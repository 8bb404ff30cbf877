// Guards the writing side of a wire: a write that the operating system never takes ends after a time (H7), and what waits to be
// written is bounded. A wire that blocked once is broken: it is reported down, so that the reconnect machine opens it anew.
import type { Clock } from '../../shared/domain/clock.ts'
import { DriverError } from '../../shared/domain/errors.ts'

export interface WriteGateOptions {
  readonly name: string
  readonly clock: Clock
  readonly timeoutMs: number
  /** Most bytes that may wait for the operating system; control traffic is a few hundred. */
  readonly ceilingBytes: number
  /** Hands bytes to the operating system and calls back when it took them. */
  send(bytes: Uint8Array, done: (error?: Error | null) => void): void
  /** The wire must be given up. */
  onBroken(reason: string): void
}

export const writeTimeoutMs = 1000
export const writeCeilingBytes = 65_536

export class WriteGate {
  readonly #options: WriteGateOptions
  #waitingBytes = 0
  #closed: DriverError | null = null
  readonly #pending = new Set<(error: DriverError) => void>()

  constructor(options: WriteGateOptions) {
    this.#options = options
  }

  write(bytes: Uint8Array): Promise<void> {
    const { name, clock, timeoutMs, ceilingBytes } = this.#options
    if (this.#closed !== null) return Promise.reject(this.#closed)
    if (this.#waitingBytes + bytes.length > ceilingBytes) {
      return Promise.reject(new DriverError('timeout', name, `${this.#waitingBytes} bytes already wait to be written`))
    }
    this.#waitingBytes += bytes.length
    return new Promise<void>((resolve, reject) => {
      let settled = false
      const settle = (error: DriverError | null) => {
        if (settled) return
        settled = true
        this.#pending.delete(settle)
        this.#waitingBytes -= bytes.length
        timer.cancel()
        if (error === null) resolve()
        else reject(error)
      }
      const timer = clock.after(timeoutMs, () => {
        settle(new DriverError('timeout', name, `a write of ${bytes.length} bytes was not taken within ${timeoutMs} ms`))
        this.#options.onBroken('a write blocked')
      })
      this.#pending.add(settle)
      try {
        this.#options.send(bytes, (error) => settle(error ? new DriverError('lost', name, error.message, { cause: error }) : null))
      } catch (cause) {
        settle(new DriverError('lost', name, 'the write threw', { cause }))
      }
    })
  }

  /** Rejects what waits with `lost`; later writes are rejected too. */
  shut(reason: string): void {
    this.#closed ??= new DriverError('lost', this.#options.name, reason)
    for (const settle of [...this.#pending]) settle(this.#closed)
  }
}
