// Makes an alert's two files in the speech process: attention, and the body with its readings. One phrase or one second of
// sound is held at a time, so ten minutes cost no more memory than one.
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { OperatorError } from '../../../shared/domain/errors.ts'
import type { Voice } from '../speech/voice.ts'
import { attentionTone } from './attention-tone.ts'
import { type LevelledFile, LevelledWriter } from './levelled-file.ts'
import { LoudnessMeter } from './loudness-meter.ts'
import type { Phrase } from './phrases.ts'
import type { RenderedFiles, RenderJob, SpeakJob, SpokenFile, WordAt } from './render-job.ts'

const framesPerMs = 48
/** A recording inside a drill is cut this often at the latest for a reminder, ms. */
const pcmPieceMs = 1000
const stereoFrameBytes = 4
/** Silence after a spoken attention, so that it can be looped, ms. */
const spokenAttentionPauseMs = 900
const overviewPoints = 1000

export function speak(job: SpeakJob, voice: Voice): SpokenFile {
  const writer = new LevelledWriter(job.outPath)
  const script = new Script(writer, voice, 1, null, { leadFrames: 0, maxFrames: Number.POSITIVE_INFINITY })
  try {
    for (const phrase of job.phrases) script.say(phrase)
    const { path, frames, integratedLufs, truePeakDbtp } = writer.finish(job.targetLufs)
    return { path, frames, integratedLufs, truePeakDbtp, text: script.text, words: script.words }
  } catch (cause) {
    writer.discard()
    throw cause
  }
}

/** `suffix` makes the file names of this rendering its own. */
export function render(job: RenderJob, voice: Voice, suffix: string): RenderedFiles {
  mkdirSync(job.outDir, { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  const attention = renderAttention(job, voice, join(job.outDir, `attention-${suffix}.pcm`), hash)
  const writer = new LevelledWriter(join(job.outDir, `body-${suffix}.pcm`))
  try {
    const attentionMs = (attention?.frames ?? 0) / framesPerMs
    const level = job.source.kind === 'pcm' ? matchLevels(job, voice, job.source) : { voice: 1, pcm: 1 }
    const limit = { leadFrames: attention?.frames ?? 0, maxFrames: job.maxTotalMs * framesPerMs }
    const script = new Script(writer, voice, level.voice, job.reminder, limit)
    let first: { text: string; words: readonly WordAt[] } | null = null
    for (let reading = 0; reading < job.readings; reading++) {
      if (reading > 0) script.say(job.between)
      for (const [index, phrase] of job.before.entries()) {
        script.say(phrase)
        if (index === 0) script.reminded()
      }
      if (job.source.kind === 'phrases') for (const phrase of job.source.phrases) script.say(phrase)
      else for (const piece of monoPieces(job.source)) script.play(scale(piece, level.pcm))
      for (const phrase of job.after) script.say(phrase)
      first ??= { text: script.text, words: [...script.words] }
    }
    const body = writer.finish(job.targetLufs, hash)
    return {
      attentionPath: attention?.path ?? null,
      bodyPath: body.path,
      sha256: hash.digest('hex'),
      attentionMs: Math.round(attentionMs),
      bodyMs: Math.round(body.frames / framesPerMs),
      integratedLufs: body.integratedLufs,
      truePeakDbtp: Math.max(body.truePeakDbtp, attention?.truePeakDbtp ?? Number.NEGATIVE_INFINITY),
      spokenText: first?.text ?? '',
      words: (first?.words ?? []).map((word) => ({ ...word, atMs: Math.round(word.atMs + attentionMs) })),
      peaks: overview([...(attention?.peaks ?? []), ...body.peaks]),
    }
  } catch (cause) {
    writer.discard()
    throw cause
  }
}

function renderAttention(job: RenderJob, voice: Voice, path: string, hash: ReturnType<typeof createHash>): LevelledFile | null {
  if (job.attention.kind === 'none') return null
  const writer = new LevelledWriter(path)
  if (job.attention.kind === 'tone') writer.write(attentionTone())
  else {
    writer.write(voice.say(job.attention.phrase.text).samples)
    writer.silence(spokenAttentionPauseMs)
  }
  return writer.finish(job.targetLufs, hash)
}

interface Limit {
  /** Before the first phrase: the attention signal. */
  readonly leadFrames: number
  readonly maxFrames: number
}

/** Phrases and sound in a row, with the text and the words' times kept, and a drill's reminders put in where they are due. */
class Script {
  readonly words: WordAt[] = []
  text = ''
  readonly #writer: LevelledWriter
  readonly #voice: Voice
  readonly #gain: number
  readonly #reminder: RenderJob['reminder']
  readonly #limit: Limit
  #remindedAt = 0

  constructor(writer: LevelledWriter, voice: Voice, gain: number, reminder: RenderJob['reminder'], limit: Limit) {
    this.#writer = writer
    this.#voice = voice
    this.#gain = gain
    this.#reminder = reminder
    this.#limit = limit
  }

  /** The words of a drill, the first of every reading, have just been said. */
  reminded(): void {
    this.#remindedAt = this.#writer.frames
  }

  say(phrase: Phrase): void {
    const { samples, words } = this.#voice.say(phrase.text)
    this.#remindBefore(samples.length + phrase.pauseAfterMs * framesPerMs)
    this.#put(phrase, samples, words)
  }

  play(samples: Float32Array): void {
    this.#remindBefore(samples.length)
    this.#room(samples.length)
    this.#writer.write(samples)
  }

  #remindBefore(frames: number): void {
    if (this.#reminder === null || this.#writer.frames === this.#remindedAt) return
    if (this.#writer.frames - this.#remindedAt + frames <= this.#reminder.everyMs * framesPerMs) return
    const { samples, words } = this.#voice.say(this.#reminder.phrase.text)
    this.#put(this.#reminder.phrase, samples, words)
    this.reminded()
  }

  #put(phrase: Phrase, samples: Float32Array, words: readonly WordAt[]): void {
    this.#room(samples.length)
    const start = this.text === '' ? 0 : this.text.length + 1
    const atMs = this.#writer.frames / framesPerMs
    for (const word of words) this.words.push({ atMs: Math.round(atMs + word.atMs), start: start + word.start, end: start + word.end })
    this.text = this.text === '' ? phrase.text : `${this.text} ${phrase.text}`
    this.#writer.write(scale(samples, this.#gain))
    this.#writer.silence(phrase.pauseAfterMs)
  }

  #room(frames: number): void {
    const { leadFrames, maxFrames } = this.#limit
    if (leadFrames + this.#writer.frames + frames > maxFrames)
      throw new OperatorError('ALERT_TOO_LONG', { maxMinutes: maxFrames / framesPerMs / 60_000 })
  }
}

/** Brings a recording and the words around it to the same loudness before they are joined. */
function matchLevels(
  job: RenderJob,
  voice: Voice,
  source: { readonly path: string; readonly frames: number },
): { voice: number; pcm: number } {
  const spoken = new LoudnessMeter()
  for (const phrase of [...job.before, ...job.after, job.between]) spoken.push(voice.say(phrase.text).samples)
  const recorded = new LoudnessMeter()
  for (const piece of monoPieces(source)) recorded.push(piece)
  const toTarget = (lufs: number | null) => (lufs === null ? 1 : 10 ** ((job.targetLufs - lufs) / 20))
  return { voice: toTarget(spoken.integratedLufs()), pcm: toTarget(recorded.integratedLufs()) }
}

/** A stereo air copy as mono, a second at a time. */
function* monoPieces(source: { readonly path: string; readonly frames: number }): Generator<Float32Array> {
  const file = openSync(source.path, 'r')
  try {
    const bytes = Buffer.alloc(pcmPieceMs * framesPerMs * stereoFrameBytes)
    let left = source.frames
    while (left > 0) {
      const count = readSync(file, bytes, 0, Math.min(bytes.length, left * stereoFrameBytes), null)
      if (count === 0) throw new OperatorError('CART_UNPLAYABLE', { reason: 'truncated' })
      const frames = Math.floor(count / stereoFrameBytes)
      const mono = new Float32Array(frames)
      for (let frame = 0; frame < frames; frame++) mono[frame] = (bytes.readInt16LE(frame * 4) + bytes.readInt16LE(frame * 4 + 2)) / 65_536
      yield mono
      left -= frames
    }
  } finally {
    closeSync(file)
  }
}

function scale(samples: Float32Array, gain: number): Float32Array {
  return gain === 1 ? samples : samples.map((sample) => sample * gain)
}

function overview(peaks: readonly number[]): number[] {
  const per = Math.max(1, Math.ceil(peaks.length / overviewPoints))
  return Array.from({ length: Math.ceil(peaks.length / per) }, (_, index) => Math.max(...peaks.slice(index * per, (index + 1) * per)))
}
