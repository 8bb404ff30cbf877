// The voices of a programme on one audio clock, in order of start: the item on air, what overlaps it, and what is already placed
// after it. It tells what the clock has passed, and gives back what has not begun when the plan changes.
import type { AudioEventOf, PlayItem, ResumePolicy } from '../shared/audio-protocol.ts'
import type { OutputId } from '../shared/domain/ids.ts'
import type { EpochMs } from '../shared/domain/time.ts'
import { cutFadeFrames, framesOfMs, quantumFrames } from './frames.ts'
import { type InputFeeds, makeVoice, type ReadyItem, withinHorizon } from './item-voice.ts'
import type { Emit } from './journal.ts'
import type { OutputBus } from './output-bus.ts'
import type { LastPlaced } from './timeline.ts'
import type { Voice } from './voice.ts'

export type EndReason = AudioEventOf<'itemEnded'>['reason']

/** What a programme reports to. */
export interface ProgrammePort {
  readonly outputId: OutputId
  readonly emit: Emit
  readonly inputs: InputFeeds
  /** The state changed. */
  changed(): void
}

export interface Placed {
  readonly item: PlayItem
  readonly voice: Voice
  readonly startFrame: number
  /** Resumed after an interruption: its beginning is no start. */
  readonly resumed: ResumePolicy | null
  /** Foreseen from the queue: taken back when the plan changes. Otherwise it was ordered, and starts as soon as it is read. */
  readonly foreseen: boolean
  startedAtMs: EpochMs
  begun: boolean
  endReason: EndReason
  /** Where a planned fade-out begins. */
  cutF: number | null
}

const toleratedFrames = framesOfMs(20)
const settledFrames = framesOfMs(500)

export class ProgrammeChain {
  readonly #port: ProgrammePort
  readonly #bus: OutputBus
  #placed: Placed[] = []
  /** Interrupted voices until their fade is over. */
  #dying: Voice[] = []

  constructor(port: ProgrammePort, bus: OutputBus) {
    this.#port = port
    this.#bus = bus
  }

  get empty(): boolean {
    return this.#placed.length === 0
  }

  /** On air, or ordered and about to be; what is only foreseen is not, however near it is. */
  get current(): Placed | null {
    return this.#placed.findLast((placed) => placed.begun || !placed.foreseen) ?? null
  }

  get last(): LastPlaced | null {
    const placed = this.#placed.at(-1)
    return placed === undefined ? null : { startF: placed.voice.startF, endF: placed.voice.endF }
  }

  /** Placed ahead from the queue, and not begun. */
  get upcoming(): PlayItem[] {
    return this.#placed.filter((placed) => !placed.begun && placed.foreseen).map((placed) => placed.item)
  }

  /**
   * Something was placed for a moment that has since moved against the audio clock, because that clock lost time: a hard start,
   * or what follows a fixed end. Not in its last half second, where taking it back could be heard.
   */
  get misplaced(): boolean {
    const nowF = this.#bus.clock.frame()
    return this.#placed.some(({ begun, foreseen, item, voice: { startF } }, index) => {
      if (begun || !foreseen || startF - nowF < settledFrames) return false
      if (item.start.kind === 'at') return Math.abs(this.#bus.clock.frameAt(item.start.atMs) - startF) > toleratedFrames
      const before = this.#placed[index - 1]
      return before !== undefined && startF - before.voice.endF > toleratedFrames
    })
  }

  /** @param foreseen placed ahead from the queue, rather than ordered */
  place(
    ready: ReadyItem,
    startF: number,
    { resumed, startedAtMs, foreseen }: Pick<Placed, 'resumed' | 'foreseen'> & { readonly startedAtMs: EpochMs | null },
  ): Voice {
    const { outputId, emit, inputs } = this.#port
    const voice = makeVoice(ready, this.#bus, startF, inputs, {
      onUnderrun: (frames) => emit({ kind: 'underrun', outputId, frames }),
      onFailure: (message) => emit({ kind: 'failure', code: 'RELAY_FAILED', message: `${ready.item.itemId}: ${message}`, outputId }),
      onFailureOver: () => emit({ kind: 'failureOver', code: 'RELAY_FAILED', outputId }),
    })
    this.#placed.push({
      item: ready.item,
      voice,
      startFrame: ready.startFrame,
      resumed,
      foreseen,
      startedAtMs: startedAtMs ?? this.#bus.clock.wallOf(startF),
      begun: false,
      endReason: 'finished',
      cutF: null,
    })
    voice.pump(this.#bus.clock.frame())
    return voice
  }

  /** The last placed item fades into the next one. */
  crossfadeLast(frame: number, fadeFrames: number): void {
    const placed = this.#placed.at(-1)
    if (placed === undefined) return
    placed.voice.fadeOut(frame, fadeFrames, 'equalPower')
    placed.cutF = frame
  }

  /** Everything that would still sound then fades out from this frame. */
  cut(reason: EndReason, frame: number, fadeFrames: number): void {
    for (const placed of this.#placed) {
      if (placed.voice.endF <= frame) continue
      placed.voice.fadeOut(frame, fadeFrames, fadeFrames > cutFadeFrames ? 'equalPower' : 'linear')
      placed.endReason = reason
      placed.cutF = frame
    }
  }

  /** Gives back what has not begun; what was to fade into it plays on to its own end. */
  retract(): PlayItem[] {
    const nowF = this.#bus.clock.frame()
    const back = this.upcoming
    if (back.length === 0) return back
    this.#placed = this.#placed.filter((placed) => {
      if (placed.begun || !placed.foreseen) return true
      placed.voice.release()
      return false
    })
    for (const placed of this.#placed) {
      if (placed.cutF === null || placed.cutF <= nowF || isEnded(placed, nowF)) continue
      placed.voice.unfade(nowF)
      placed.cutF = null
      placed.endReason = 'finished'
    }
    return back
  }

  /**
   * First thing in an interruption, before anything else is looked at: nothing sounds after the fade. Returns the frame at which
   * the fade began: the engine takes orders before each quantum, so when a burst of rendering began while these few were being
   * given, they were taken after its first quantum.
   */
  silence(frame: number, fadeFrames: number): number {
    for (const { voice } of this.#placed) if (voice.startF <= frame && voice.endF > frame) voice.fadeOut(frame, fadeFrames, 'linear')
    return this.#bus.clock.frame() === frame ? frame : frame + quantumFrames
  }

  /** After `silence`: empties the chain. Returns the item whose place is kept and what goes back to the queue. */
  interrupt(frame: number): { readonly kept: Placed | null; readonly frame: number; readonly back: PlayItem[] } {
    const alive = this.#placed.filter((placed) => !isEnded(placed, frame))
    const onAir = alive.findLast((placed) => placed.voice.startF <= frame && placed.voice.endF > frame)
    const kept = onAir ?? alive.find((placed) => placed.resumed !== null && placed.voice.startF > frame) ?? null
    const position = kept === null ? 0 : kept === onAir ? kept.voice.positionAt(frame) : kept.startFrame
    const back = alive.filter((placed) => placed !== kept && placed.voice.startF > frame).map((placed) => placed.item)
    for (const placed of this.#placed) {
      if (placed.voice.startF <= frame) this.#announce(placed)
      if (placed !== kept && placed.voice.startF <= frame) this.#ended(placed, frame)
      if (placed.voice.startF > frame) placed.voice.release()
      else this.#dying.push(placed.voice)
    }
    this.#placed = []
    return { kept, frame: Math.floor(position), back }
  }

  /** Keeps everything scheduled, cuts what has a fixed end in sight, tells what the clock has passed. */
  tick(nowF: number): void {
    for (const { voice } of this.#placed) voice.pump(nowF)
    for (const placed of this.#placed) this.#limit(placed, nowF)
    const over = this.#placed.filter((placed) => placed.voice.endF <= nowF)
    this.#placed = this.#placed.filter((placed) => placed.voice.endF > nowF)
    // What has ended is told before what began in its place.
    for (const placed of over) {
      this.#announce(placed)
      this.#ended(placed, placed.voice.endF)
      placed.voice.release()
    }
    for (const placed of this.#placed) if (placed.voice.startF <= nowF) this.#announce(placed)
    this.#dying = this.#dying.filter((voice) => {
      if (voice.endF > nowF) return true
      voice.release()
      return false
    })
  }

  /** Lets go of everything; the device is gone. */
  release(): void {
    for (const voice of [...this.#placed.map((placed) => placed.voice), ...this.#dying]) voice.release()
    this.#placed = []
    this.#dying = []
  }

  #limit(placed: Placed, nowF: number): void {
    if (placed.item.endAtMs === null) return
    const endF = Math.max(nowF, this.#bus.clock.frameAt(placed.item.endAtMs))
    if (!withinHorizon(endF, nowF) || placed.voice.endF <= endF + cutFadeFrames) return
    placed.voice.fadeOut(endF, cutFadeFrames, 'linear')
    placed.endReason = 'fixedEnd'
  }

  #announce(placed: Placed): void {
    if (placed.begun) return
    placed.begun = true
    const { item, voice, startFrame, resumed } = placed
    const common = { outputId: this.#port.outputId, itemId: item.itemId }
    const atMs = this.#bus.clock.wallOf(voice.startF)
    if (resumed === null) this.#port.emit({ kind: 'itemStarted', ...common, startFrame }, atMs)
    else this.#port.emit({ kind: 'itemResumed', ...common, frame: startFrame, policy: resumed }, atMs)
    this.#port.changed()
  }

  #ended(placed: Placed, endF: number): void {
    const { item, voice } = placed
    const { outputId, emit } = this.#port
    if (voice.failure !== null) emit({ kind: 'failure', code: 'ITEM_FAILED', message: `${item.itemId}: ${voice.failure}`, outputId })
    const reason = voice.failure === null ? placed.endReason : 'failed'
    emit(
      { kind: 'itemEnded', outputId, itemId: item.itemId, frame: Math.floor(voice.positionAt(endF)), reason },
      this.#bus.clock.wallOf(endF),
    )
    this.#port.changed()
  }
}

/** It still sounds in its fade, or on a device whose clock stands still, and yet it does not come back: an order or a hard start ended it. */
function isEnded({ endReason, cutF }: Placed, frame: number): boolean {
  if (endReason === 'hardStart') return cutF !== null && cutF <= frame
  return endReason === 'stopped' || endReason === 'cleared' || endReason === 'nextTaken'
}
