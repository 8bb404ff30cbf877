// An order that was under way when its driver was closed was cancelled, whatever the wire says about it (driver contract).
import { DriverError } from '../../shared/domain/errors.ts'

export class Lifetime {
  readonly #deviceId: string
  #ended = new AbortController()

  constructor(deviceId: string) {
    this.#deviceId = deviceId
  }

  begin(): void {
    if (this.#ended.signal.aborted) this.#ended = new AbortController()
  }

  end(): void {
    this.#ended.abort()
  }

  /** Runs one order under the caller's signal and this lifetime; a failure after either ended is `cancelled`. */
  async run<T>(caller: AbortSignal, order: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ended = this.#ended.signal
    const signal = AbortSignal.any([caller, ended])
    try {
      signal.throwIfAborted()
      return await order(signal)
    } catch (cause) {
      if (!signal.aborted) throw cause
      throw new DriverError('cancelled', this.#deviceId, ended.aborted ? 'the driver is closed' : 'given up', { cause })
    }
  }
}
