// Chimes for the hot keys: struck bars, each a fundamental with the overtones of a free bar (1 : 2.76 : 5.40), the higher ones
// dying first. Pure, so that the same notes always give the same file.
import { tuneRateHz } from './tune.ts'

export interface ChimeOptions {
  /** Struck one after another. */
  readonly notesHz: readonly number[]
  readonly everyS: number
  /** How long the last note rings. */
  readonly ringS: number
}

const partials = [
  { ratio: 1, level: 0.3, decayS: 0.9 },
  { ratio: 2.76, level: 0.1, decayS: 0.35 },
  { ratio: 5.4, level: 0.04, decayS: 0.12 },
] as const
/** A bar is struck, not switched on. */
const attackS = 0.003

/** Stereo, interleaved, −1…1. */
export function makeChime({ notesHz, everyS, ringS }: ChimeOptions): Float32Array {
  const frames = Math.round((everyS * (notesHz.length - 1) + ringS) * tuneRateHz)
  const mix = new Float32Array(frames * 2)
  for (const [index, hz] of notesHz.entries()) {
    const first = Math.round(index * everyS * tuneRateHz)
    for (let frame = first; frame < frames; frame++) {
      const atS = (frame - first) / tuneRateHz
      const leftS = (frames - frame) / tuneRateHz
      const edge = Math.min(1, atS / attackS, leftS / 0.2)
      let sample = 0
      for (const { ratio, level, decayS } of partials) sample += level * Math.exp(-atS / decayS) * Math.sin(2 * Math.PI * hz * ratio * atS)
      mix[frame * 2] = (mix[frame * 2] ?? 0) + sample * edge
      mix[frame * 2 + 1] = (mix[frame * 2 + 1] ?? 0) + sample * edge
    }
  }
  return mix
}
