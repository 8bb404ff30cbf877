// Small bookkeeping every transport shares: handlers are called in order, `onDown` once, and nothing after `close`.
import type { TransportHandlers } from './transport.ts'

export class ConnectionState {
  readonly #handlers: TransportHandlers
  #ended = false
  #up = false

  constructor(handlers: TransportHandlers) {
    this.#handlers = handlers
  }

  get ended(): boolean {
    return this.#ended
  }

  up(): void {
    if (this.#ended || this.#up) return
    this.#up = true
    this.#handlers.onUp()
  }

  bytes(bytes: Uint8Array): void {
    if (!this.#ended && this.#up) this.#handlers.onBytes(bytes)
  }

  /** True when this call ended it. */
  down(reason: string): boolean {
    if (this.#ended) return false
    this.#ended = true
    this.#handlers.onDown(reason)
    return true
  }

  /** Silences the handlers; true when it was still alive. */
  close(): boolean {
    if (this.#ended) return false
    this.#ended = true
    return true
  }
}
