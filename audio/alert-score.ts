// An alert's airing as a score of stretches: attention, reading, gap, reading … Pure.
import type { LoadedAlert } from './alert-store.ts'
import { framesOfMs, quantumFloor, sliceFrames } from './frames.ts'
import { renderScore, type Stretch, scoreFrames } from './memory-voice.ts'

export interface Readings {
  readonly bodyRepeats: number
  readonly gapMs: number
}

/** Attention once, then the readings with gaps between them. */
export function airingScore(alert: LoadedAlert, readings: Readings): Stretch[] {
  const score = attentionScore(alert)
  const gap = { samples: null, frames: framesOfMs(readings.gapMs) }
  for (let reading = 0; reading < readings.bodyRepeats; reading++) {
    if (reading > 0) score.push(gap)
    score.push({ samples: alert.body, frames: alert.body.length })
  }
  return score
}

/** The attention signal once; empty where the alert has none. */
export function attentionScore(alert: LoadedAlert): Stretch[] {
  return alert.attention === null ? [] : [{ samples: alert.attention, frames: alert.attention.length }]
}

/** Frames before the first reading. */
export function leadFrames(alert: LoadedAlert): number {
  return alert.attention?.length ?? 0
}

/** How many readings have begun at this position of the airing score. */
export function readingAt(alert: LoadedAlert, readings: Readings, position: number): number {
  const sinceFirst = position - leadFrames(alert)
  if (sinceFirst < 0) return 0
  return Math.min(readings.bodyRepeats, Math.floor(sinceFirst / (alert.body.length + framesOfMs(readings.gapMs))) + 1)
}

/**
 * What every airing of this alert in this mode begins with, whatever its repeats and gaps: up to one slice, whole quanta.
 * null where there is less than a quantum of it.
 */
export function prepareSlice(alert: LoadedAlert, mode: 'hot' | 'cold'): Float32Array<ArrayBuffer> | null {
  const once = mode === 'hot' ? airingScore(alert, { bodyRepeats: 1, gapMs: 0 }) : attentionScore(alert)
  const frames = quantumFloor(Math.min(sliceFrames, scoreFrames(once)))
  return frames === 0 ? null : renderScore(once, 0, frames)
}
