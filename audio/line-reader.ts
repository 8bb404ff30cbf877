// Newline-delimited text from a byte stream, with a ceiling: a peer that sends a line without end is cut off, not stored.

/** A queue of 500 items is about 300 kB. */
export const longestLineBytes = 2 << 20

export class LineReader {
  readonly #onLine: (line: string) => void
  #parts: Buffer[] = []
  #bytes = 0

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine
  }

  /** Throws when a line exceeds the ceiling. */
  push(data: Buffer): void {
    let from = 0
    for (;;) {
      const end = data.indexOf(10, from)
      if (end < 0) break
      this.#keep(data.subarray(from, end))
      const line = Buffer.concat(this.#parts).toString('utf8')
      this.#parts = []
      this.#bytes = 0
      from = end + 1
      if (line.length > 0) this.#onLine(line)
    }
    if (from < data.length) this.#keep(data.subarray(from))
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > longestLineBytes) throw new Error(`a line of more than ${longestLineBytes} bytes`)
    this.#parts.push(part)
  }
}
