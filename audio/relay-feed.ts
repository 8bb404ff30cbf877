// The samples of one network stream, in order, held in memory up to a few seconds; the relay process is started again with
// growing pauses when it ends. A full store stops reading the pipe, so the sender waits.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { sampleRateHz } from '../shared/domain/levels.ts'

const bytesPerFrame = 4
/** Frames held at most. */
const storeFrames = 6 * sampleRateHz
const firstPauseMs = 500
const longestPauseMs = 5000

export class RelayFeed {
  readonly #url: string
  readonly #onFailure: (message: string) => void
  readonly #onDelivers: () => void
  /** Nothing came yet, or not since a failure. */
  #silent = true
  #child: ChildProcessByStdio<Writable, Readable, Readable> | null = null
  #chunks: Buffer[] = []
  #bytes = 0
  #pauseMs = firstPauseMs
  #timer: NodeJS.Timeout | null = null
  #closed = false

  /** @param onDelivers samples come: the first, also where an earlier feed of this stream told a failure, and the first after each failure */
  constructor(url: string, onFailure: (message: string) => void, onDelivers: () => void) {
    this.#url = url
    this.#onFailure = onFailure
    this.#onDelivers = onDelivers
    this.#start()
  }

  /** Frames held. */
  get available(): number {
    return Math.floor(this.#bytes / bytesPerFrame)
  }

  /** Exactly `frames` interleaved stereo frames; `frames` must not exceed `available`. */
  take(frames: number): Int16Array {
    const out = Buffer.alloc(frames * bytesPerFrame)
    let filled = 0
    while (filled < out.length) {
      const chunk = this.#chunks[0]
      if (chunk === undefined) break
      const used = chunk.copy(out, filled, 0, Math.min(chunk.length, out.length - filled))
      filled += used
      if (used === chunk.length) this.#chunks.shift()
      else this.#chunks[0] = chunk.subarray(used)
    }
    this.#bytes -= filled
    if (this.available < storeFrames) this.#child?.stdout.resume()
    return new Int16Array(out.buffer, out.byteOffset, frames * 2)
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#child?.kill('SIGKILL')
    this.#chunks = []
    this.#bytes = 0
  }

  #start(): void {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./relay-process.ts', import.meta.url)), this.#url], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    let reason = ''
    child.stdout.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk)
      this.#bytes += chunk.length
      this.#pauseMs = firstPauseMs
      if (this.#silent) this.#onDelivers()
      this.#silent = false
      if (this.available >= storeFrames) child.stdout.pause()
    })
    child.stderr.on('data', (text: Buffer) => {
      reason = `${reason}${text.toString()}`.slice(-500)
    })
    child.once('error', (cause) => this.#again(cause.message))
    child.once('close', (code) => this.#again(reason.trim() || `relay process ended with code ${code}`))
  }

  #again(reason: string): void {
    this.#child = null
    if (this.#closed || this.#timer !== null) return
    this.#silent = true
    this.#onFailure(reason)
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#start()
    }, this.#pauseMs)
    this.#pauseMs = Math.min(longestPauseMs, this.#pauseMs * 2)
  }
}
