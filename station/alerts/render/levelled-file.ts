// Sound of unknown length, written once as it comes, measured, and written again at the right level: mono s16le 48 kHz under
// its final name. Holds one second of sound, whatever the length.
import { createHash, type Hash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs'
import { LoudnessMeter } from './loudness-meter.ts'

/** Highest true peak of anything made here, dBTP. */
const ceilingDbtp = -1
const chunkFrames = 48_000
/** One value of the overview per 10 ms until the length is known. */
const peakFrames = 480

export interface LevelledFile {
  readonly path: string
  readonly frames: number
  readonly integratedLufs: number | null
  readonly truePeakDbtp: number
  /** Highest sample of every 10 ms, 0…1. */
  readonly peaks: readonly number[]
}

export class LevelledWriter {
  readonly #rawPath: string
  readonly #path: string
  readonly #raw: number
  readonly #meter = new LoudnessMeter()
  #frames = 0

  constructor(path: string) {
    this.#path = path
    this.#rawPath = `${path}.raw`
    this.#raw = openSync(this.#rawPath, 'w', 0o600)
  }

  /** Frames written so far. */
  get frames(): number {
    return this.#frames
  }

  write(samples: Float32Array): void {
    this.#meter.push(samples)
    writeAll(this.#raw, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength))
    this.#frames += samples.length
  }

  silence(ms: number): void {
    this.write(new Float32Array(Math.round(ms * 48)))
  }

  /** Brings it to `targetLufs` (less where the true peak would pass −1 dBTP); `hash` sees the bytes as they are written. */
  finish(targetLufs: number, hash: Hash = createHash('sha256')): LevelledFile {
    const lufs = this.#meter.integratedLufs()
    const peakDbtp = this.#meter.truePeakDbtp()
    const gainDb = Math.min(lufs === null ? ceilingDbtp - peakDbtp : targetLufs - lufs, ceilingDbtp - peakDbtp)
    const gain = Number.isFinite(gainDb) ? 10 ** (gainDb / 20) : 0
    closeSync(this.#raw)
    const raw = openSync(this.#rawPath, 'r')
    const partPath = `${this.#path}.part`
    const out = openSync(partPath, 'w', 0o600)
    const chunk = Buffer.alloc(chunkFrames * 4)
    const peaks: number[] = []
    for (;;) {
      const bytes = readSync(raw, chunk)
      if (bytes === 0) break
      const samples = new Float32Array(chunk.buffer, chunk.byteOffset, bytes / 4)
      const pcm = quantise(samples, gain, peaks)
      hash.update(pcm)
      writeAll(out, pcm)
    }
    fsyncSync(out)
    closeSync(out)
    closeSync(raw)
    rmSync(this.#rawPath)
    renameSync(partPath, this.#path)
    return {
      path: this.#path,
      frames: this.#frames,
      integratedLufs: lufs === null ? null : lufs + gainDb,
      truePeakDbtp: peakDbtp + gainDb,
      peaks,
    }
  }

  /** Leaves nothing behind. */
  discard(): void {
    closeSync(this.#raw)
    rmSync(this.#rawPath, { force: true })
    rmSync(`${this.#path}.part`, { force: true })
  }
}

function quantise(samples: Float32Array, gain: number, peaks: number[]): Buffer {
  const pcm = Buffer.allocUnsafe(samples.length * 2)
  let peak = 0
  for (const [index, sample] of samples.entries()) {
    const value = sample * gain
    pcm.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))), index * 2)
    peak = Math.max(peak, Math.abs(value))
    if ((index + 1) % peakFrames === 0 || index === samples.length - 1) {
      peaks.push(Math.round(peak * 1000) / 1000)
      peak = 0
    }
  }
  return pcm
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
}
