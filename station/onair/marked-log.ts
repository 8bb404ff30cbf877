// A logbook port that marks rows with the audio event they come from: what a restarted station has already journalled.
import type { LogPort } from './ports.ts'

type Row = { readonly measured?: Record<string, unknown> }

export class MarkedLog implements LogPort {
  readonly #log: LogPort
  /** `boot:seq` of the event whose rows are being written. */
  #mark: string | null = null

  constructor(log: LogPort) {
    this.#log = log
  }

  /** Rows written in `work` carry this mark. */
  during(mark: string, work: () => void): void {
    this.#mark = mark
    try {
      work()
    } finally {
      this.#mark = null
    }
  }

  open(row: Parameters<LogPort['open']>[0]): void {
    this.#log.open(this.#marked(row))
  }

  close(row: Parameters<LogPort['close']>[0]): void {
    this.#log.close(this.#marked(row))
  }

  note(row: Parameters<LogPort['note']>[0]): void {
    this.#log.note(this.#marked(row))
  }

  #marked<T extends Row>(row: T): T {
    return this.#mark === null ? row : { ...row, measured: { ...row.measured, audioEvent: this.#mark } }
  }
}
