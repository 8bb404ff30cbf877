// The air copy (headerless s16le, 48 kHz, stereo) as it is written, and what can only be learnt sample by sample: its hash,
// sample peak, silence at head and tail, and the waveform overview.
import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import type { Peaks } from '../../../shared/domain/library.ts'
import { airRateHz } from './decode.ts'

/** Quieter than this at head or tail counts as silence, −50 dBFS. */
const silenceBelow = 10 ** (-50 / 20)
const bucketFrames = airRateHz / 50
/** Buckets of a finished overview; neighbours are merged until there are no more. */
const maxBuckets = 4096
const blockFrames = 32_768

export class AirCopyWriter {
  readonly #fd: number
  readonly #gain: number
  readonly #hash = createHash('sha256')
  readonly #block = new Int16Array(blockFrames * 2)
  #filled = 0
  #frames = 0
  #samplePeak = 0
  #firstLoud = -1
  #lastLoud = -1
  readonly #mins: number[] = []
  readonly #maxs: number[] = []
  #bucketMin = Number.POSITIVE_INFINITY
  #bucketMax = Number.NEGATIVE_INFINITY
  #bucketLeft = bucketFrames

  /** `gain` is linear, applied before rounding. */
  constructor(path: string, gain: number) {
    this.#fd = openSync(path, 'wx', 0o600)
    this.#gain = gain
  }

  write(interleaved: Float32Array): void {
    const gain = this.#gain
    const block = this.#block
    for (let index = 0; index < interleaved.length; index += 2) {
      const left = (interleaved[index] ?? 0) * gain
      const right = (interleaved[index + 1] ?? 0) * gain
      const loud = Math.max(Math.abs(left), Math.abs(right))
      if (loud > this.#samplePeak) this.#samplePeak = loud
      if (loud >= silenceBelow) {
        if (this.#firstLoud < 0) this.#firstLoud = this.#frames
        this.#lastLoud = this.#frames
      }
      const sum = (left + right) / 2
      if (sum < this.#bucketMin) this.#bucketMin = sum
      if (sum > this.#bucketMax) this.#bucketMax = sum
      if (--this.#bucketLeft === 0) this.#closeBucket()
      block[this.#filled++] = toInt16(left)
      block[this.#filled++] = toInt16(right)
      this.#frames++
      if (this.#filled === block.length) this.#flush()
    }
  }

  /** Highest absolute sample so far, 1 = full scale; above it the copy is clipped and must be made again with less gain. */
  get samplePeak(): number {
    return this.#samplePeak
  }

  /** Writes the rest, makes it durable, and says what was found. */
  finish(): { frames: number; sha256: string; silenceHeadMs: number; silenceTailMs: number; peaks: Peaks } {
    this.#flush()
    fsyncSync(this.#fd)
    closeSync(this.#fd)
    if (this.#bucketLeft < bucketFrames) this.#closeBucket()
    const msOf = (frames: number) => Math.round((frames * 1000) / airRateHz)
    const silent = this.#firstLoud < 0
    return {
      frames: this.#frames,
      sha256: this.#hash.digest('hex'),
      silenceHeadMs: silent ? msOf(this.#frames) : msOf(this.#firstLoud),
      silenceTailMs: silent ? msOf(this.#frames) : msOf(this.#frames - 1 - this.#lastLoud),
      peaks: mergeBuckets(this.#mins, this.#maxs),
    }
  }

  #closeBucket(): void {
    this.#mins.push(this.#bucketMin)
    this.#maxs.push(this.#bucketMax)
    this.#bucketMin = Number.POSITIVE_INFINITY
    this.#bucketMax = Number.NEGATIVE_INFINITY
    this.#bucketLeft = bucketFrames
  }

  #flush(): void {
    const bytes = Buffer.from(this.#block.buffer, 0, this.#filled * 2)
    this.#hash.update(bytes)
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#fd, bytes, written)
    this.#filled = 0
  }
}

function toInt16(value: number): number {
  const scaled = Math.round(value * 32_768)
  return scaled > 32_767 ? 32_767 : scaled < -32_768 ? -32_768 : scaled
}

function mergeBuckets(mins: readonly number[], maxs: readonly number[]): Peaks {
  const per = Math.max(1, Math.ceil(mins.length / maxBuckets))
  const min: number[] = []
  const max: number[] = []
  for (let from = 0; from < mins.length; from += per) {
    min.push(toThousandth(Math.max(-1, Math.min(...mins.slice(from, from + per)))))
    max.push(toThousandth(Math.min(1, Math.max(...maxs.slice(from, from + per)))))
  }
  return { bucketMs: (per * bucketFrames * 1000) / airRateHz, min, max }
}

function toThousandth(value: number): number {
  return Math.round(value * 1000) / 1000
}
