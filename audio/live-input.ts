// One configured microphone or line. It is captured, by a process of its own, only while something listens. When chunks stop
// coming it is lost: the process is ended and another one tried.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { BusLevel } from '../shared/audio-protocol.ts'
import type { InputId } from '../shared/domain/ids.ts'
import type { Emit } from './journal.ts'
import { levelOf, pairLevels } from './level-meter.ts'
import type { LiveFeed } from './live-voice.ts'

const channels = 2
const chunkBytes = 480 * channels * 2
/** No samples for so long means that the device is gone or stalled. */
const silentMs = 500
/** From the start of the capture process to its first samples. */
const firstSamplesMs = 3000
const retryMs = 300

export class LiveInput implements LiveFeed {
  readonly inputId: InputId
  readonly channels = channels
  readonly #device: string
  readonly #emit: Emit
  readonly #listeners = new Set<(samples: Int16Array) => void>()
  #child: ChildProcessByStdio<Writable, Readable, Readable> | null = null
  #rest: Buffer = Buffer.alloc(0)
  #deadlineMs = 0
  #lost = false
  #retry: NodeJS.Timeout | null = null
  #level: BusLevel | null = null

  constructor(inputId: InputId, device: string, emit: Emit) {
    this.inputId = inputId
    this.#device = device
    this.#emit = emit
  }

  /** Of the last chunk; null while it is not captured. */
  get level(): BusLevel | null {
    return this.#level
  }

  subscribe(listener: (samples: Int16Array) => void): () => void {
    this.#listeners.add(listener)
    if (this.#child === null && this.#retry === null) this.#start()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.close()
    }
  }

  /** Notices a device that fell silent without an error. */
  check(): void {
    if (this.#child !== null && performance.now() > this.#deadlineMs) this.#drop('no samples')
  }

  /** For so long nobody listened, ms. */
  forgive(ms: number): void {
    this.#deadlineMs += ms
  }

  close(): void {
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#retry = null
    this.#stop()
  }

  #start(): void {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./capture-process.ts', import.meta.url)), this.#device], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#child = child
    this.#rest = Buffer.alloc(0)
    this.#deadlineMs = performance.now() + firstSamplesMs
    let reason = ''
    child.stdout.on('data', (data: Buffer) => {
      if (this.#child === child) this.#take(data)
    })
    child.stderr.on('data', (text: Buffer) => {
      reason = `${reason}${text.toString()}`.slice(-500)
    })
    child.once('error', (cause) => {
      if (this.#child === child) this.#drop(cause.message)
    })
    child.once('close', () => {
      if (this.#child === child) this.#drop(reason.trim().split('\n').at(-1) ?? 'the capture ended')
    })
  }

  #take(data: Buffer): void {
    this.#deadlineMs = performance.now() + silentMs
    if (this.#lost) {
      this.#lost = false
      this.#emit({ kind: 'inputBack', inputId: this.inputId })
    }
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, data]) : data
    const whole = bytes.length - (bytes.length % chunkBytes)
    this.#rest = bytes.subarray(whole)
    if (whole === 0) return
    // A copy of its own: the pipe's buffer is neither aligned nor ours to keep.
    const samples = new Int16Array(whole / 2)
    new Uint8Array(samples.buffer).set(bytes.subarray(0, whole))
    for (const listener of this.#listeners) listener(samples)
    this.#level = pairLevels(levelOf(channelOf(samples, 0), 1 / 32768), levelOf(channelOf(samples, 1), 1 / 32768))
  }

  #drop(message: string): void {
    this.#stop()
    if (!this.#lost) {
      this.#lost = true
      this.#emit({ kind: 'inputLost', inputId: this.inputId, message })
    }
    if (this.#listeners.size === 0) return
    this.#retry = setTimeout(() => {
      this.#retry = null
      this.#start()
    }, retryMs)
  }

  #stop(): void {
    const child = this.#child
    this.#child = null
    this.#level = null
    child?.kill('SIGKILL')
  }
}

function channelOf(samples: Int16Array, channel: 0 | 1): Int16Array {
  const out = new Int16Array(samples.length / channels)
  for (let i = 0; i < out.length; i++) out[i] = samples[channels * i + channel] ?? 0
  return out
}
