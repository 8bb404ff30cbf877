// Listens at a sink's monitor with a 10 ms reader and keeps what it hears, with a clock: frame ↔ `performance.now()` of this
// process. Chunks come in bursts, so a frame's time is taken from many chunks around it, not from its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { SoundServer } from '../../simulator/sound/sound-server.ts'
import { rateHz } from './signals.ts'

export interface CaptureOptions {
  readonly server: Pick<SoundServer, 'env'>
  /** A PulseAudio source, usually `server.sinkMonitor(name)`. */
  readonly source: string
  /** Seconds kept in memory, oldest dropped first. Default 120. */
  readonly keepS?: number
  /** Sees every chunk (left channel) as it comes; `fromFrame` counts from the start of the capture. */
  readonly onFrames?: (left: Float32Array, fromFrame: number) => void
}

interface Chunk {
  readonly fromFrame: number
  readonly left: Float32Array
  readonly right: Float32Array
  readonly arrivedMs: number
}

/** How far around a frame the clock is taken from, frames. */
const clockWindow = 2 * rateHz

export class MonitorCapture {
  readonly #reader: ChildProcess
  readonly #options: CaptureOptions
  #chunks: Chunk[] = []
  #frames = 0
  #rest = Buffer.alloc(0)
  #ended: Error | null = null
  readonly #waiting = new Set<() => void>()

  private constructor(options: CaptureOptions) {
    this.#options = options
    this.#reader = spawn(
      'parec',
      ['--latency-msec=10', '--format=float32le', `--rate=${rateHz}`, '--channels=2', `--device=${options.source}`],
      { env: { ...process.env, ...options.server.env }, stdio: ['ignore', 'pipe', 'ignore'] },
    )
    this.#reader.stdout?.on('data', (data: Buffer) => this.#take(data, performance.now()))
    this.#reader.once('exit', (code) => this.#end(new Error(`parec ended with ${code}`)))
    this.#reader.once('error', (cause) => this.#end(new Error('parec could not be started', { cause })))
  }

  /** Attaches; resolves when the first samples have come. */
  static async start(options: CaptureOptions): Promise<MonitorCapture> {
    const capture = new MonitorCapture(options)
    await capture.waitFor(() => capture.#frames > 0, 10_000, 'the monitor to be heard')
    return capture
  }

  /** Frames heard so far; also the number of the next one. */
  get frames(): number {
    return this.#frames
  }

  /** The number of the frame heard `backFrames` ago, or of the first one kept. */
  mark(backFrames = 0): number {
    return Math.max(this.firstKept, this.#frames - backFrames)
  }

  /** First frame still in memory. */
  get firstKept(): number {
    return this.#chunks[0]?.fromFrame ?? this.#frames
  }

  /** False once the reader has ended (sound server killed, sink removed). */
  get alive(): boolean {
    return this.#ended === null
  }

  /** Left channel of `[from, to)`; throws if part of it is no longer, or not yet, there. */
  samples(from: number = this.firstKept, to: number = this.#frames): Float32Array {
    return this.#range('left', from, to)
  }

  right(from: number = this.firstKept, to: number = this.#frames): Float32Array {
    return this.#range('right', from, to)
  }

  #range(side: 'left' | 'right', from: number, to: number): Float32Array {
    if (from < this.firstKept || to > this.#frames) throw new RangeError(`frames ${from}–${to} of ${this.firstKept}–${this.#frames}`)
    const out = new Float32Array(Math.max(0, to - from))
    for (let index = this.#indexOf(from); index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index] as Chunk
      if (chunk.fromFrame >= to) break
      const start = Math.max(from, chunk.fromFrame)
      const end = Math.min(to, chunk.fromFrame + chunk.left.length)
      out.set(chunk[side].subarray(start - chunk.fromFrame, end - chunk.fromFrame), start - from)
    }
    return out
  }

  /** When the chunk with this frame reached this process, ms of `performance.now()`: up to a chunk (5–10 ms) after it sounded. */
  arrivalMs(frame: number): number {
    return (this.#chunks[this.#indexOf(frame)] as Chunk).arrivedMs
  }

  /**
   * When this frame was heard here, ms of `performance.now()`: by the median chunk of the 4 s around it, so that one chunk that
   * waited in a busy process, or one that a null sink rendered ahead, does not move it.
   */
  timeMs(frame: number): number {
    const offsets: number[] = []
    for (let index = this.#indexOf(Math.max(this.firstKept, frame - clockWindow)); index < this.#chunks.length; index++) {
      const chunk = this.#chunks[index] as Chunk
      if (chunk.fromFrame > frame + clockWindow) break
      offsets.push(chunk.arrivedMs - ((chunk.fromFrame + chunk.left.length) * 1000) / rateHz)
    }
    offsets.sort((a, b) => a - b)
    return (offsets[offsets.length >> 1] ?? Number.NaN) + (frame * 1000) / rateHz
  }

  /** The frame heard at `ms` of `performance.now()`, clamped to what is kept. */
  frameAt(ms: number): number {
    const last = this.#chunks.at(-1)
    if (last === undefined) return this.#frames
    let frame = last.fromFrame
    for (let round = 0; round < 3; round++) {
      const clamped = Math.min(Math.max(frame, this.firstKept), this.#frames - 1)
      frame = clamped + Math.round(((ms - this.timeMs(clamped)) * rateHz) / 1000)
    }
    return Math.min(Math.max(frame, this.firstKept), this.#frames)
  }

  /** Resolves with the predicate's first truthy answer; asked again after every chunk. Rejects after `withinMs` or when the reader ends. */
  waitFor<T>(predicate: (capture: MonitorCapture) => T | false | null | undefined, withinMs: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(deadline)
        this.#waiting.delete(ask)
      }
      const ask = () => {
        try {
          const answer = predicate(this)
          if (answer) {
            stop()
            resolve(answer)
          } else if (this.#ended !== null) {
            stop()
            reject(new Error(`waiting for ${what}`, { cause: this.#ended }))
          }
        } catch (cause) {
          stop()
          reject(cause instanceof Error ? cause : new Error(String(cause)))
        }
      }
      const deadline = setTimeout(() => {
        stop()
        reject(new Error(`waited ${withinMs} ms for ${what}`))
      }, withinMs)
      this.#waiting.add(ask)
      ask()
    })
  }

  /** Resolves once `frames` more frames than now have been heard. */
  async hear(frames: number): Promise<void> {
    const until = this.#frames + frames
    await this.waitFor(() => this.#frames >= until, 10_000 + (frames * 1000) / rateHz, `${frames} frames`)
  }

  /** Ends the reader; what was heard stays readable. Idempotent. */
  async stop(): Promise<void> {
    if (this.#reader.exitCode !== null || this.#reader.signalCode !== null) return
    const gone = once(this.#reader, 'exit')
    this.#reader.kill('SIGKILL')
    await gone
  }

  #take(data: Buffer, arrivedMs: number): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data
    const count = Math.floor(bytes.length / 8)
    this.#rest = Buffer.from(bytes.subarray(count * 8))
    if (count === 0) return
    const left = new Float32Array(count)
    const right = new Float32Array(count)
    for (let i = 0; i < count; i++) {
      left[i] = bytes.readFloatLE(i * 8)
      right[i] = bytes.readFloatLE(i * 8 + 4)
    }
    const chunk = { fromFrame: this.#frames, left, right, arrivedMs }
    this.#chunks.push(chunk)
    this.#frames += count
    const keep = (this.#options.keepS ?? 120) * rateHz
    // Dropped in batches: shifting an array of thousands for each chunk would be measured as our own load.
    if (this.#frames - this.firstKept > keep * 1.25) this.#chunks = this.#chunks.slice(this.#indexOf(this.#frames - keep))
    this.#options.onFrames?.(left, chunk.fromFrame)
    for (const ask of [...this.#waiting]) ask()
  }

  #end(reason: Error): void {
    this.#ended = reason
    for (const ask of [...this.#waiting]) ask()
  }

  #indexOf(frame: number): number {
    let [low, high] = [0, this.#chunks.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#chunks[middle] as Chunk).fromFrame <= frame) low = middle
      else high = middle - 1
    }
    return low
  }
}
