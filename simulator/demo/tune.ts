// Music for the demonstration programme, made here so that nobody's rights are aired: a plucked string (Karplus and Strong's
// delay line) walking on a five-note scale over a slow bass, the same tune for the same seed.

export const tuneRateHz = 48_000
/** Semitones above the tonic: the five-note scale of the *điệu Bắc*. */
const scale = [0, 2, 5, 7, 9] as const
const stringLoss = 0.996

export interface TuneOptions {
  readonly seconds: number
  readonly seed: number
  /** Frequency of the tonic, Hz. */
  readonly tonicHz: number
  readonly beatsPerMinute: number
}

/** Stereo, interleaved, −1…1, fading out over its last three seconds. */
export function makeTune({ seconds, seed, tonicHz, beatsPerMinute }: TuneOptions): Float32Array {
  const frames = Math.round(seconds * tuneRateHz)
  const mix = new Float32Array(frames * 2)
  const random = randomFrom(seed)
  const beat = 60 / beatsPerMinute
  let step = 5
  for (let at = 0, count = 0; at < seconds - 2; count++) {
    const length = [0.5, 0.5, 1, 1, 2][Math.floor(random() * 5)] ?? 1
    step = Math.max(0, Math.min(12, step + Math.round((random() - 0.5) * 4)))
    if (random() > 0.12) pluck(mix, { atS: at, hz: pitch(tonicHz, step), seconds: 2.5, level: 0.32, pan: 0.35 + 0.3 * random() }, random)
    if (count % 4 === 0) pluck(mix, { atS: at, hz: pitch(tonicHz / 2, (step % 2) * 3), seconds: 4, level: 0.22, pan: 0.5 }, random)
    at += length * beat
  }
  fadeOut(mix, 3)
  return mix
}

/** Three rising notes and a chord: a station's call sign. */
export function makeJingle(): Float32Array {
  const mix = new Float32Array(tuneRateHz * 2 * 5)
  const random = randomFrom(7)
  for (const [index, step] of [0, 2, 4, 5].entries()) {
    pluck(mix, { atS: 0.1 + index * 0.45, hz: pitch(392, step), seconds: 3, level: 0.4, pan: 0.3 + 0.13 * index }, random)
  }
  fadeOut(mix, 1.5)
  return mix
}

function pitch(tonicHz: number, step: number): number {
  const octave = Math.floor(step / scale.length)
  return tonicHz * 2 ** (octave + (scale[step % scale.length] ?? 0) / 12)
}

interface Note {
  readonly atS: number
  readonly hz: number
  readonly seconds: number
  readonly level: number
  /** 0 = left, 1 = right. */
  readonly pan: number
}

function pluck(mix: Float32Array, note: Note, random: () => number): void {
  const string = Float32Array.from({ length: Math.max(2, Math.round(tuneRateHz / note.hz)) }, () => random() * 2 - 1)
  const first = Math.round(note.atS * tuneRateHz)
  const frames = Math.min(Math.round(note.seconds * tuneRateHz), mix.length / 2 - first)
  for (let frame = 0, place = 0; frame < frames; frame++) {
    const next = (place + 1) % string.length
    const sample = string[place] ?? 0
    string[place] = stringLoss * 0.5 * (sample + (string[next] ?? 0))
    place = next
    const index = (first + frame) * 2
    mix[index] = (mix[index] ?? 0) + sample * note.level * (1 - note.pan)
    mix[index + 1] = (mix[index + 1] ?? 0) + sample * note.level * note.pan
  }
}

function fadeOut(mix: Float32Array, seconds: number): void {
  const frames = Math.min(Math.round(seconds * tuneRateHz), mix.length / 2)
  const first = mix.length / 2 - frames
  for (let frame = 0; frame < frames; frame++) {
    const gain = 1 - frame / frames
    const index = (first + frame) * 2
    mix[index] = (mix[index] ?? 0) * gain
    mix[index + 1] = (mix[index + 1] ?? 0) * gain
  }
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
