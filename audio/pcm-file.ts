// Reads an air copy: headerless PCM, s16le, 48 kHz, interleaved stereo. Reads never block the JS thread; a first stretch can be
// read in advance, so that a start does not wait for the disk.
import { type FileHandle, open } from 'node:fs/promises'

const bytesPerFrame = 4

export class PcmFile {
  readonly #path: string
  readonly #frames: number
  readonly #loop: boolean
  #handle: FileHandle | null = null
  #primed: { readonly fromFrame: number; readonly samples: Int16Array } | null = null

  /** @param frames length of the item; a file that is shorter is an error when the missing part is read. */
  constructor(path: string, frames: number, loop: boolean) {
    this.#path = path
    this.#frames = frames
    this.#loop = loop && frames > 0
  }

  /** Opens the file and reads `count` frames from `fromFrame` into memory, for `takePrimed`. */
  async prime(fromFrame: number, count: number): Promise<void> {
    this.#primed = { fromFrame, samples: await this.read(fromFrame, count) }
  }

  /** The primed stretch if it begins exactly there; it is given once. */
  takePrimed(fromFrame: number): Int16Array | null {
    const primed = this.#primed
    if (primed === null || primed.fromFrame !== fromFrame) return null
    this.#primed = null
    return primed.samples
  }

  /** `count` frames from `fromFrame`, zeros after the end (a loop begins again). Throws when the file has less than it should. */
  async read(fromFrame: number, count: number): Promise<Int16Array> {
    const samples = new Int16Array(count * 2)
    let done = 0
    while (done < count) {
      const position = this.#loop ? (fromFrame + done) % this.#frames : fromFrame + done
      const wanted = Math.min(count - done, this.#frames - position)
      if (wanted <= 0) break
      await this.#readInto(new Uint8Array(samples.buffer, done * bytesPerFrame, wanted * bytesPerFrame), position)
      done += wanted
    }
    return samples
  }

  async #readInto(target: Uint8Array, position: number): Promise<void> {
    this.#handle ??= await open(this.#path, 'r')
    let filled = 0
    while (filled < target.length) {
      const { bytesRead } = await this.#handle.read(target, filled, target.length - filled, position * bytesPerFrame + filled)
      if (bytesRead === 0)
        throw new Error(`${this.#path}: ends at frame ${position + Math.floor(filled / bytesPerFrame)}, ${this.#frames} expected`)
      filled += bytesRead
    }
  }

  async close(): Promise<void> {
    const handle = this.#handle
    this.#handle = null
    await handle?.close()
  }
}
