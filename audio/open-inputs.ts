// The live inputs that are open over the programme of one output.
import type { AudioCommandOf, AudioEventOf, ResumePolicy } from '../shared/audio-protocol.ts'
import type { InputId, OutputId } from '../shared/domain/ids.ts'
import { cutFadeFrames, framesOfMs } from './frames.ts'
import { inputDelayMs } from './item-voice.ts'
import type { Emit } from './journal.ts'
import { type LiveFeed, LiveVoice } from './live-voice.ts'
import type { OutputBus } from './output-bus.ts'

type OpenOrder = AudioCommandOf<'openInput'>
type CloseReason = AudioEventOf<'inputClosed'>['reason']

interface Open {
  readonly order: OpenOrder
  readonly voice: LiveVoice
}

const fadeInMs = 20

export class OpenInputs {
  readonly #outputId: OutputId
  readonly #bus: OutputBus
  readonly #emit: Emit
  readonly #open = new Map<InputId, Open>()
  #dying: LiveVoice[] = []

  constructor(outputId: OutputId, bus: OutputBus, emit: Emit) {
    this.#outputId = outputId
    this.#bus = bus
    this.#emit = emit
  }

  get ids(): InputId[] {
    return [...this.#open.keys()]
  }

  /** How far the programme is lowered for them, dB. */
  get duckDb(): number {
    return Math.min(0, ...[...this.#open.values()].filter(({ order }) => order.mode === 'duck').map(({ order }) => order.duckDb))
  }

  /** One of them has the air for itself. */
  get replacing(): boolean {
    return [...this.#open.values()].some(({ order }) => order.mode === 'replace')
  }

  isOpen(inputId: InputId): boolean {
    return this.#open.has(inputId)
  }

  open(order: OpenOrder, feed: LiveFeed): void {
    const clockFrame = () => this.#bus.clock.frame()
    const voice = new LiveVoice({
      context: this.#bus.context,
      destination: this.#bus.mix,
      feed,
      gainDb: order.gainDb,
      startF: clockFrame(),
      startFrame: 0,
      delayFrames: framesOfMs(inputDelayMs),
      onUnderrun: (frames) => this.#emit({ kind: 'underrun', outputId: this.#outputId, frames }),
      clockFrame,
    })
    voice.fadeIn(framesOfMs(fadeInMs), 'linear')
    this.#open.set(order.inputId, { order, voice })
    this.#emit({ kind: 'inputOpened', outputId: this.#outputId, inputId: order.inputId })
  }

  /** Returns the resume policy it was opened with, undefined when it was not open. */
  close(inputId: InputId, reason: CloseReason, frame = this.#bus.clock.frame()): ResumePolicy | null | undefined {
    const open = this.#open.get(inputId)
    if (open === undefined) return undefined
    this.#open.delete(inputId)
    open.voice.fadeOut(frame, cutFadeFrames, 'linear')
    this.#dying.push(open.voice)
    this.#emit({ kind: 'inputClosed', outputId: this.#outputId, inputId, reason })
    return open.order.resume
  }

  tick(nowF: number): void {
    for (const { voice } of this.#open.values()) voice.pump(nowF)
    this.#dying = this.#dying.filter((voice) => {
      if (voice.endF > nowF) return true
      voice.release()
      return false
    })
  }

  release(): void {
    for (const { voice } of this.#open.values()) voice.release()
    for (const voice of this.#dying) voice.release()
    this.#open.clear()
    this.#dying = []
  }
}
