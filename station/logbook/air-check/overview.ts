// The waveform overview of a recording: lowest and highest sample of each 100 ms, both channels together, as int8 pairs. Made once by
// the encoder for what is closed, and on asking for what is still being recorded, where only what is new is read.
import { open } from 'node:fs/promises'

/** Length of one bucket, ms. */
export const bucketMs = 100
const bucketFrames = 4800
const bytesPerFrame = 4
/** Read at a time, so that the station's thread is never held: 1 s of sound, under a millisecond of work. */
const stepBytes = 48_000 * bytesPerFrame
/** Tapes remembered; there is one open per output. */
const mostTapes = 8

export class Overview {
  #values = new Int8Array(2 * 3000)
  #frames = 0

  /** Stereo PCM, 16 bit, from this frame on. */
  take(samples: Buffer, atFrame: number): void {
    const count = samples.length / 2
    this.#frames = Math.max(this.#frames, atFrame + (count >> 1))
    const needed = 2 * Math.ceil(this.#frames / bucketFrames)
    if (needed > this.#values.length) {
      const larger = new Int8Array(2 * needed)
      larger.set(this.#values)
      this.#values = larger
    }
    for (let index = 0; index < count; index++) {
      const bucket = Math.floor((atFrame + (index >> 1)) / bucketFrames)
      const value = samples.readInt16LE(index * 2) >> 8
      if (value < (this.#values[2 * bucket] ?? 0)) this.#values[2 * bucket] = value
      if (value > (this.#values[2 * bucket + 1] ?? 0)) this.#values[2 * bucket + 1] = value
    }
  }

  /** Pairs of all buckets so far. */
  values(): Int8Array {
    return this.#values.subarray(0, 2 * Math.ceil(this.#frames / bucketFrames))
  }
}

interface Tape {
  readonly overview: Overview
  bytes: number
}

/** Overviews of tapes that the recorder still writes. */
export class TapeOverviews {
  readonly #tapes = new Map<string, Tape>()
  #turn: Promise<unknown> = Promise.resolve()

  /** @param bytes samples on the disk, whole frames; they begin at `skipBytes`. */
  of(path: string, skipBytes: number, bytes: number): Promise<Int8Array> {
    const next = this.#turn.then(() => this.#read(path, skipBytes, bytes))
    this.#turn = next.catch(() => undefined)
    return next
  }

  async #read(path: string, skipBytes: number, bytes: number): Promise<Int8Array> {
    const known = this.#tapes.get(path)
    const tape: Tape = known === undefined || known.bytes > bytes ? { overview: new Overview(), bytes: 0 } : known
    this.#tapes.delete(path)
    this.#tapes.set(path, tape)
    for (const oldest of [...this.#tapes.keys()].slice(0, -mostTapes)) this.#tapes.delete(oldest)
    const file = await open(path, 'r')
    try {
      const piece = Buffer.alloc(Math.min(stepBytes, bytes - tape.bytes))
      while (tape.bytes < bytes) {
        const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, bytes - tape.bytes), skipBytes + tape.bytes)
        const whole = bytesRead - (bytesRead % bytesPerFrame)
        if (whole === 0) break
        tape.overview.take(piece.subarray(0, whole), tape.bytes / bytesPerFrame)
        tape.bytes += whole
      }
    } finally {
      await file.close()
    }
    return tape.overview.values()
  }
}
