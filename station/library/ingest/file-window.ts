// Random access to a file of any size through one buffer, for the container checks: they look at headers all over a
// file and must not hold it in memory. Reads past the end give what there is.
import { readSync } from 'node:fs'

const windowBytes = 1 << 20

export class FileWindow {
  readonly size: number
  readonly #fd: number
  readonly #buffer = Buffer.allocUnsafe(windowBytes)
  #start = 0
  #length = 0

  constructor(fd: number, size: number) {
    this.#fd = fd
    this.size = size
  }

  /** Up to `length` (≤ 1 MiB) bytes at `offset`; shorter at the end of the file. Valid until the next call. */
  at(offset: number, length: number): Buffer {
    if (length > windowBytes) throw new RangeError(`window of ${length} bytes`)
    if (offset < this.#start || offset + length > this.#start + this.#length) this.#fill(offset)
    const from = offset - this.#start
    return this.#buffer.subarray(Math.min(from, this.#length), Math.min(from + length, this.#length))
  }

  #fill(offset: number): void {
    this.#start = offset
    this.#length = 0
    while (this.#length < windowBytes) {
      const count = readSync(this.#fd, this.#buffer, this.#length, windowBytes - this.#length, offset + this.#length)
      if (count === 0) break
      this.#length += count
    }
  }
}
