// Air-check: what goes to a programme device, in WAV segments named by output and wall time. The tap hands over a third of a
// second at a time; the disk may be slow or full, the audio never waits for it. A segment is one unbroken piece of sound: where
// samples are missing, or the wall clock moved, the next one begins, so that every second of a segment is where its name says.
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { OutputId } from '../shared/domain/ids.ts'
import { sampleRateHz } from '../shared/domain/levels.ts'
import { WavFile } from './wav-file.ts'

const tapFrames = 16_384
const segmentFrames = 300 * sampleRateHz
const flushFrames = 4 * sampleRateHz
/** What waits for the disk at most; beyond it samples are left out and that is told. */
const longestQueueFrames = 30 * sampleRateHz
const pauseAfterFailureMs = 30_000
/** What the tap was given lies two blocks before the time it is to be played at (measured: constant to the sample). */
const tapDelayFrames = 2 * tapFrames
/** A wall clock that disagrees with the samples by more than this begins a new segment. */
const clockToleranceMs = 250

interface Piece {
  readonly samples: Int16Array
  /** Wall time of the first sample. */
  readonly atMs: number
  /** It does not follow the piece before it. */
  readonly apart: boolean
}

export class Recorder {
  readonly #dir: string
  readonly #outputId: OutputId
  readonly #keepHours: number
  readonly #onFailure: (message: string) => void
  readonly #onWrites: () => void
  #failed = false
  #queue: Piece[] = []
  #queuedFrames = 0
  #writing: Promise<void> | null = null
  #file: WavFile | null = null
  #unflushed = 0
  #segmentAtMs = 0
  #pausedUntilMs = 0
  #tap: ScriptProcessorNode | null = null

  /** @param onWrites sound reaches the disk again after a failure that was told */
  constructor(dir: string, outputId: OutputId, keepHours: number, onFailure: (message: string) => void, onWrites: () => void) {
    this.#dir = dir
    this.#outputId = outputId
    this.#keepHours = keepHours
    this.#onFailure = onFailure
    this.#onWrites = onWrites
  }

  /** Listens to this node from now on. The silent way to the destination keeps the tap running. */
  connect(context: AudioContext, source: AudioNode): void {
    const tap = context.createScriptProcessor(tapFrames, 2, 2)
    this.#tap = tap
    let nextFrame: number | null = null
    tap.onaudioprocess = (event) => {
      // A device that was left may be rendered for a while yet: that is not on air.
      if (this.#tap !== tap) return
      const left = event.inputBuffer.getChannelData(0)
      const right = event.inputBuffer.numberOfChannels > 1 ? event.inputBuffer.getChannelData(1) : left
      // By the audio clock: after a blocked thread several blocks come at once, and `now` belongs to none of them.
      const frame = Math.round(event.playbackTime * context.sampleRate) - tapDelayFrames
      const atMs = Date.now() - (context.currentTime - frame / context.sampleRate) * 1000
      this.#take(left, right, atMs, frame !== nextFrame)
      nextFrame = frame + left.length
    }
    source.connect(tap)
    tap.connect(context.destination)
  }

  async close(): Promise<void> {
    await this.#writing
    const file = this.#file
    this.#file = null
    await file?.close()
  }

  #take(left: Float32Array, right: Float32Array, atMs: number, apart: boolean): void {
    if (Date.now() < this.#pausedUntilMs) return
    if (this.#queuedFrames > longestQueueFrames) {
      this.#pause('the disk is too slow for the recorder')
      return
    }
    const samples = new Int16Array(left.length * 2)
    for (let i = 0; i < left.length; i++) {
      samples[2 * i] = Math.round((left[i] ?? 0) * 32768)
      samples[2 * i + 1] = Math.round((right[i] ?? 0) * 32768)
    }
    this.#queue.push({ samples, atMs, apart })
    this.#queuedFrames += left.length
    this.#writing ??= this.#write().then(
      () => {
        this.#writing = null
      },
      (cause: unknown) => {
        this.#writing = null
        this.#file = null
        this.#pause(cause instanceof Error ? cause.message : String(cause))
      },
    )
  }

  #pause(message: string): void {
    this.#queue = []
    this.#queuedFrames = 0
    this.#pausedUntilMs = Date.now() + pauseAfterFailureMs
    this.#failed = true
    this.#onFailure(`recorder ${this.#outputId}: ${message}`)
  }

  async #write(): Promise<void> {
    for (let piece = this.#queue.shift(); piece !== undefined; piece = this.#queue.shift()) {
      const frames = piece.samples.length / 2
      this.#queuedFrames -= frames
      if (this.#file === null || this.#file.frames >= segmentFrames || piece.apart || this.#clockMoved(piece))
        await this.#nextSegment(piece.atMs)
      await this.#file?.append(piece.samples)
      if (this.#failed) this.#onWrites()
      this.#failed = false
      this.#unflushed += frames
      if (this.#unflushed < flushFrames) continue
      this.#unflushed = 0
      await this.#file?.flush()
    }
  }

  #clockMoved(piece: Piece): boolean {
    const expectedMs = this.#segmentAtMs + ((this.#file?.frames ?? 0) * 1000) / sampleRateHz
    return Math.abs(piece.atMs - expectedMs) > clockToleranceMs
  }

  async #nextSegment(atMs: number): Promise<void> {
    const before = this.#file
    this.#file = null
    await before?.close()
    await mkdir(this.#dir, { recursive: true })
    await this.#removeOldest()
    this.#segmentAtMs = atMs
    const stamp = new Date(atMs).toISOString().replaceAll(/[-:]/g, '').replace('.', '_')
    this.#file = await WavFile.create(join(this.#dir, `${segmentPrefix(this.#outputId)}${stamp}.wav`))
  }

  /**
   * The oldest segment, where it is older than it may be; one for each that begins, so that they never become more. All at once would be
   * gone with a wall clock that is a day ahead for a moment, and with it what the encoder has not made yet.
   */
  async #removeOldest(): Promise<void> {
    const keepFromMs = Date.now() - this.#keepHours * 3_600_000
    const names = (await readdir(this.#dir)).filter((name) => name.startsWith(segmentPrefix(this.#outputId)) && name.endsWith('.wav'))
    const [oldest] = names.sort()
    if (oldest === undefined) return
    const path = join(this.#dir, oldest)
    // The station may take it away meanwhile: it is made into Opus.
    const changedMs = (await stat(path).catch(() => null))?.mtimeMs ?? keepFromMs
    if (changedMs < keepFromMs) await rm(path, { force: true })
  }
}

function segmentPrefix(outputId: OutputId): string {
  return `${outputId.replaceAll(/[^A-Za-z0-9-]/g, '-')}_`
}
