/// <reference path="./espeak.d.ts" />
// The built-in Vietnamese voice: eSpeak NG as WebAssembly (GPL-3.0), text in, mono 48 kHz float out. Runs in the speech
// process only: it is synchronous, holds 120 MB, and its licence binds what links it.
import load, { type EspeakWorker } from '@echogarden/espeak-ng-emscripten'
import { OperatorError } from '../../../shared/domain/errors.ts'
import { resample22050To48000 } from './resample.ts'

export interface SpokenWord {
  /** From the first sample, ms. */
  readonly atMs: number
  /** Place in the text, UTF-16 units. */
  readonly start: number
  readonly end: number
}

export interface SpokenPhrase {
  /** Mono, 48 kHz, −1…1, without silence around it. */
  readonly samples: Float32Array
  readonly words: readonly SpokenWord[]
}

export interface Voice {
  /** Says one phrase (up to a few sentences). */
  say(text: string): SpokenPhrase
}

/** Announcing pace; eSpeak's own is 175. Words a minute, a Vietnamese syllable being a word. */
const wordsPerMinute = 155
const espeakRateHz = 22_050
/** What counts as silence around a phrase, of full scale. */
const silenceBelow = 0.004
/** Kept around the sound so that no consonant is cut, samples at 48 kHz. */
const margin = 480

export async function loadVoice(name: string): Promise<Voice> {
  const module = await load()
  const engine = await new module.eSpeakNGWorker()
  if (engine.set_voice(name) !== 0) throw new OperatorError('SPEECH_FAILED', { reason: 'unknown voice', voice: name })
  if (engine.samplerate !== espeakRateHz) throw new OperatorError('SPEECH_FAILED', { reason: `voice at ${engine.samplerate} Hz` })
  engine.set_rate(wordsPerMinute)
  return { say: (text) => say(engine, text) }
}

function say(engine: EspeakWorker, text: string): SpokenPhrase {
  const parts: Int16Array[] = []
  const words: SpokenWord[] = []
  engine.synthesize(text, (samples, events) => {
    if (samples !== null) parts.push(samples.slice())
    for (const event of events ?? []) {
      if (event.type !== 'word' || event.word_length === 0) continue
      const start = utf16Offset(text, event.text_position - 1)
      words.push({ atMs: event.audio_position, start, end: utf16Offset(text, event.text_position - 1 + event.word_length) })
    }
  })
  const all = resample22050To48000(parts)
  const first = all.findIndex((sample) => Math.abs(sample) > silenceBelow)
  if (first === -1) return { samples: new Float32Array(0), words: [] }
  const last = all.findLastIndex((sample) => Math.abs(sample) > silenceBelow)
  const from = Math.max(0, first - margin)
  const samples = all.slice(from, Math.min(all.length, last + margin))
  const durationMs = samples.length / 48
  return { samples, words: words.map((word) => ({ ...word, atMs: Math.min(durationMs, Math.max(0, word.atMs - from / 48)) })) }
}

/** eSpeak counts characters; a character outside the basic plane is two of JavaScript's units. */
function utf16Offset(text: string, characters: number): number {
  let offset = 0
  for (let count = 0; count < characters && offset < text.length; count++) offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  return offset
}
