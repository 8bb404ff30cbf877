// One configured microphone or line, captured all the time: opening it on air is then immediate, and its level shows while it is
// closed. decibri brings 10 ms chunks; when they stop coming the input is lost and is looked for again, by its exact label.
import { type Microphone, Microphone as MicrophoneClass } from 'decibri'
import type { BusLevel } from '../shared/audio-protocol.ts'
import type { InputId } from '../shared/domain/ids.ts'
import { sampleRateHz } from '../shared/domain/levels.ts'
import type { Emit } from './journal.ts'
import { levelOf, pairLevels, silence } from './level-meter.ts'
import type { LiveFeed } from './live-voice.ts'

const chunkFrames = 480
/** No chunk for so long means that the device is gone or stalled. */
const silentMs = 500
const retryMs = 500

export class LiveInput implements LiveFeed {
  readonly inputId: InputId
  readonly channels = 2
  readonly #device: string
  readonly #emit: Emit
  readonly #listeners = new Set<(samples: Int16Array) => void>()
  #microphone: Microphone | null = null
  #lastChunkMs = 0
  #lost = false
  #closed = false
  #retry: NodeJS.Timeout | null = null
  #level: BusLevel = pairLevels(silence, silence)

  constructor(inputId: InputId, device: string, emit: Emit) {
    this.inputId = inputId
    this.#device = device
    this.#emit = emit
    void this.#open()
  }

  get usable(): boolean {
    return this.#microphone !== null
  }

  get level(): BusLevel {
    return this.#level
  }

  subscribe(listener: (samples: Int16Array) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Notices a device that fell silent without an error. */
  check(): void {
    if (this.#microphone !== null && performance.now() - this.#lastChunkMs > silentMs) this.#drop('no samples')
  }

  close(): void {
    this.#closed = true
    if (this.#retry !== null) clearTimeout(this.#retry)
    this.#stop()
  }

  async #open(): Promise<void> {
    this.#retry = null
    try {
      const info = MicrophoneClass.devices().find((each) => each.name === this.#device)
      if (info === undefined) throw new Error(`no input device is called ${JSON.stringify(this.#device)}`)
      const microphone = await MicrophoneClass.open({
        device: info.id === '' ? info.index : { id: info.id },
        sampleRate: sampleRateHz,
        framesPerBuffer: chunkFrames,
        dtype: 'int16',
        channels: 2,
        channelMap: info.maxInputChannels >= 2 ? [0, 1] : [0, 0],
      })
      if (this.#closed) return microphone.stop()
      this.#microphone = microphone
      this.#lastChunkMs = performance.now()
      microphone.on('data', (chunk: Buffer) => this.#take(chunk))
      microphone.on('error', (cause: Error) => {
        if (this.#microphone === microphone) this.#drop(cause.message)
      })
    } catch (cause) {
      this.#drop(cause instanceof Error ? cause.message : String(cause))
    }
  }

  #take(chunk: Buffer): void {
    this.#lastChunkMs = performance.now()
    if (this.#lost) {
      this.#lost = false
      this.#emit({ kind: 'inputBack', inputId: this.inputId })
    }
    const samples = new Int16Array(chunk.buffer, chunk.byteOffset, chunk.length / 2)
    for (const listener of this.#listeners) listener(samples)
    this.#measure(samples)
  }

  #measure(samples: Int16Array): void {
    const left = new Int16Array(samples.length / 2)
    const right = new Int16Array(samples.length / 2)
    for (let i = 0; i < left.length; i++) {
      left[i] = samples[2 * i] ?? 0
      right[i] = samples[2 * i + 1] ?? 0
    }
    this.#level = pairLevels(levelOf(left, 1 / 32768), levelOf(right, 1 / 32768))
  }

  #drop(message: string): void {
    this.#stop()
    this.#level = pairLevels(silence, silence)
    if (!this.#lost) {
      this.#lost = true
      this.#emit({ kind: 'inputLost', inputId: this.inputId, message })
    }
    if (!this.#closed) this.#retry = setTimeout(() => void this.#open(), retryMs)
  }

  #stop(): void {
    const microphone = this.#microphone
    this.#microphone = null
    microphone?.removeAllListeners('data')
    microphone?.stop()
  }
}
