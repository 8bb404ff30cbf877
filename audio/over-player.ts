// Hot keys: short recordings over the programme, which is lowered meanwhile.
import type { AudioCommandOf, AudioEventOf } from '../shared/audio-protocol.ts'
import type { OutputId } from '../shared/domain/ids.ts'
import { cutFadeFrames, quantumCeil, sliceFrames, startLeadFrames } from './frames.ts'
import type { Emit } from './journal.ts'
import type { OutputBus } from './output-bus.ts'
import { PcmVoice, pcmFileOf } from './pcm-voice.ts'

type OverOrder = AudioCommandOf<'playOver'>
type OverEndReason = AudioEventOf<'overEnded'>['reason']

interface Over {
  readonly order: OverOrder
  /** null while its beginning is read. */
  voice: PcmVoice | null
}

export class OverPlayer {
  readonly #outputId: OutputId
  readonly #bus: OutputBus
  readonly #emit: Emit
  readonly #onChange: () => void
  readonly #overs = new Map<number, Over>()
  #dying: PcmVoice[] = []

  /** @param onChange the set of sounding overs changed, and with it how far the programme is lowered. */
  constructor(outputId: OutputId, bus: OutputBus, emit: Emit, onChange: () => void) {
    this.#outputId = outputId
    this.#bus = bus
    this.#emit = emit
    this.#onChange = onChange
  }

  get slots(): number[] {
    return [...this.#overs.keys()]
  }

  /** How far the programme is lowered for them, dB; 0 = not at all. */
  get duckDb(): number {
    return Math.min(0, ...[...this.#overs.values()].map(({ order }) => order.duckDb))
  }

  /** The same key again begins anew. */
  async play(order: OverOrder): Promise<void> {
    this.end(order.slot, 'stopped')
    const source = { kind: 'pcm', path: order.path, frames: order.frames, gainDb: order.gainDb, loop: order.loop } as const
    const file = pcmFileOf(source)
    const over: Over = { order, voice: null }
    this.#overs.set(order.slot, over)
    try {
      await file.prime(0, sliceFrames)
    } catch (cause) {
      this.#overs.delete(order.slot)
      await file.close()
      throw cause
    }
    if (this.#overs.get(order.slot) !== over) return file.close()
    const clockFrame = () => this.#bus.clock.frame()
    const onUnderrun = (frames: number) => this.#emit({ kind: 'underrun', outputId: this.#outputId, frames })
    const startF = quantumCeil(clockFrame() + startLeadFrames)
    over.voice = new PcmVoice({
      context: this.#bus.context,
      destination: this.#bus.mix,
      source,
      file,
      startF,
      startFrame: 0,
      onUnderrun,
      clockFrame,
    })
    this.#emit({ kind: 'overStarted', outputId: this.#outputId, slot: order.slot }, this.#bus.clock.wallOf(startF))
    this.#onChange()
  }

  end(slot: number, reason: OverEndReason): void {
    const over = this.#overs.get(slot)
    if (over === undefined) return
    this.#overs.delete(slot)
    if (over.voice !== null) {
      over.voice.fadeOut(this.#bus.clock.frame(), cutFadeFrames, 'linear')
      this.#dying.push(over.voice)
      this.#emit({ kind: 'overEnded', outputId: this.#outputId, slot, reason })
    }
    this.#onChange()
  }

  endAll(reason: OverEndReason): void {
    for (const slot of this.slots) this.end(slot, reason)
  }

  tick(nowF: number): void {
    for (const [slot, { voice }] of this.#overs) {
      voice?.pump(nowF)
      if (voice !== null && voice.endF <= nowF) this.end(slot, 'finished')
    }
    this.#dying = this.#dying.filter((voice) => {
      if (voice.endF > nowF) return true
      voice.release()
      return false
    })
  }

  release(): void {
    for (const { voice } of this.#overs.values()) voice?.release()
    for (const voice of this.#dying) voice.release()
    this.#overs.clear()
    this.#dying = []
  }
}
