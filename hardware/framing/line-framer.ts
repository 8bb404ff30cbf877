// Cuts a stream of bytes into text lines. CR, LF and CR LF all end a line, whatever mixture the device uses; empty lines are
// dropped. A line longer than the ceiling is thrown away up to its end and counted, so that garbage never grows in memory.

export interface LineFrames {
  readonly lines: readonly string[]
  /** Over-long lines that ended, or began to be thrown away, in this chunk. */
  readonly overflows: number
}

const CR = 0x0d
const LF = 0x0a

export class LineFramer {
  readonly #ceilingBytes: number
  #bytes: number[] = []
  #skipping = false

  /** @param ceilingBytes longest line accepted; control protocols stay far below 256. */
  constructor(ceilingBytes: number) {
    this.#ceilingBytes = ceilingBytes
  }

  push(chunk: Uint8Array): LineFrames {
    const lines: string[] = []
    let overflows = 0
    for (const byte of chunk) {
      if (byte === CR || byte === LF) {
        if (!this.#skipping && this.#bytes.length > 0) lines.push(Buffer.from(this.#bytes).toString('latin1'))
        this.#bytes = []
        this.#skipping = false
      } else if (!this.#skipping) {
        this.#bytes.push(byte)
        if (this.#bytes.length > this.#ceilingBytes) {
          overflows += 1
          this.#bytes = []
          this.#skipping = true
        }
      }
    }
    return { lines, overflows }
  }

  /** Forgets a partial line, as after a reconnect. */
  reset(): void {
    this.#bytes = []
    this.#skipping = false
  }
}
