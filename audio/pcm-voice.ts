// Plays an air copy from disk, always some seconds ahead of the audio clock. Each slice covers fixed frames of the clock, so a
// late read never shifts the item: what comes too late is measured as an underrun, and the rest moves to after it, without a gap in the item.
import { fromDb } from '../shared/domain/levels.ts'
import type { PlaySource } from '../shared/audio-protocol.ts'
import { cutFadeFrames, horizonFrames, quantumCeil, quantumFloor, quantumFrames, sliceFrames } from './frames.ts'
import type { FadeShape } from './gain-fader.ts'
import { PcmFile } from './pcm-file.ts'
import { makeBuffer, SliceLine } from './slice-line.ts'
import type { Voice } from './voice.ts'

export interface PcmVoiceOptions {
  readonly context: BaseAudioContext
  readonly destination: AudioNode
  readonly source: Extract<PlaySource, { kind: 'pcm' }>
  /** Opened, and primed where the start must not wait. */
  readonly file: PcmFile
  readonly startF: number
  readonly startFrame: number
  /** Frames of the item that could not be scheduled in time. */
  readonly onUnderrun: (frames: number) => void
  readonly clockFrame: () => number
}

/** The file of this source, not yet opened. */
export function pcmFileOf(source: Extract<PlaySource, { kind: 'pcm' }>): PcmFile {
  return new PcmFile(source.path, source.frames, source.loop)
}

export class PcmVoice implements Voice {
  failure: string | null = null
  #startF: number
  #endF: number
  /** Where the source itself ends. */
  #sourceEndF: number
  readonly #options: PcmVoiceOptions
  readonly #line: SliceLine
  readonly #gain: number
  /** Next frame of the audio clock to schedule. */
  #nextF: number
  #reading = false
  #released = false

  constructor(options: PcmVoiceOptions) {
    this.#options = options
    this.#gain = fromDb(options.source.gainDb)
    this.#line = new SliceLine(options.context, options.destination, this.#gain)
    this.#startF = options.startF
    const frames = options.source.frames - options.startFrame
    this.#sourceEndF = options.source.loop && options.source.frames > 0 ? Infinity : options.startF + Math.max(0, frames)
    this.#endF = this.#sourceEndF
    this.#nextF = quantumFloor(options.startF)
    const primed = options.file.takePrimed(options.startFrame)
    if (primed !== null && this.#nextF === options.startF) this.#place(primed, primed.length / 2)
  }

  get startF(): number {
    return this.#startF
  }

  get endF(): number {
    return this.#endF
  }

  positionAt(frame: number): number {
    const { source, startFrame } = this.#options
    const position = startFrame + Math.max(0, frame - this.#startF)
    if (source.loop && source.frames > 0) return position % source.frames
    return Math.min(position, source.frames)
  }

  fadeIn(frames: number, shape: FadeShape): void {
    this.#line.fader.ramp(this.#startF, 0, 0)
    this.#line.fader.ramp(this.#startF + 1, this.#gain, Math.max(1, frames - 1), shape)
  }

  fadeOut(frame: number, frames: number, shape: FadeShape): void {
    this.#line.fader.ramp(frame, 0, frames, shape)
    this.#endF = Math.min(this.#endF, frame + frames)
  }

  unfade(nowF: number): void {
    this.#line.fader.ramp(nowF, this.#gain, cutFadeFrames)
    this.#endF = this.#sourceEndF
  }

  pump(nowF: number): void {
    this.#line.prune(nowF)
    if (this.#reading || this.#released || this.failure !== null) return
    if (this.#nextF >= Math.min(nowF + horizonFrames, this.#endF)) return
    this.#reading = true
    void this.#fill().then(
      () => {
        this.#reading = false
      },
      (cause: unknown) => {
        this.#reading = false
        this.#fail(cause)
      },
    )
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#endF = Math.min(this.#endF, this.#options.clockFrame())
    this.#line.release()
    void this.#options.file.close().catch((cause: unknown) => {
      this.failure ??= String(cause)
    })
  }

  async #fill(): Promise<void> {
    while (!this.#released && this.#nextF < Math.min(this.#options.clockFrame() + horizonFrames, this.#endF)) {
      const lead = Math.max(0, this.#startF - this.#nextF)
      const from = this.#options.startFrame + Math.max(0, this.#nextF - this.#startF)
      const samples = await this.#options.file.read(from, sliceFrames - lead)
      if (this.#released) return
      this.#place(samples, sliceFrames - lead, lead)
    }
  }

  #place(samples: Int16Array, count: number, lead = 0): void {
    const frames = quantumCeil(lead + count)
    const left = new Float32Array(frames)
    const right = new Float32Array(frames)
    for (let i = 0; i < count; i++) {
      left[lead + i] = (samples[2 * i] ?? 0) / 32768
      right[lead + i] = (samples[2 * i + 1] ?? 0) / 32768
    }
    this.#keepAhead()
    this.#line.place(makeBuffer([left, right]), this.#nextF)
    this.#nextF += frames
  }

  /** A slice that would begin in the past moves the rest of the item to where it can still be played whole. */
  #keepAhead(): void {
    const nowF = this.#options.clockFrame()
    if (this.#nextF >= nowF) return
    const late = quantumCeil(nowF - this.#nextF + 4 * quantumFrames)
    this.#nextF += late
    this.#startF += late
    this.#endF += late
    this.#sourceEndF += late
    this.#options.onUnderrun(late)
  }

  #fail(cause: unknown): void {
    if (this.#released) return
    this.failure = cause instanceof Error ? cause.message : String(cause)
    this.#endF = Math.min(this.#endF, Math.max(this.#nextF, this.#options.clockFrame()))
  }
}
