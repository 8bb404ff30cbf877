// How exactly a programme goes on after a cut-in, from one capture: the programme's place at the alert's first sample (the
// fade excluded) against its place at the first sample after. Pure arithmetic on samples; no clock is involved.
import { findDiscontinuities, type Discontinuity, type KnownSound } from '../test/support/discontinuity.ts'
import { rateHz } from '../test/support/signals.ts'
import { fitGains } from '../test/support/track-fit.ts'

export interface ResumeFinding {
  /** First sample after minus last sample before, ms of programme: 0 = not a sample lost or heard twice. */
  readonly errorMs: number
  readonly alertFrame: number
  readonly discontinuities: readonly Discontinuity[]
}

const step = 16

/** Null where the capture does not hold programme, alert and programme again. */
export function measureResume(capture: Float32Array, programme: KnownSound, alert: KnownSound): ResumeFinding | null {
  const { soundings, discontinuities } = findDiscontinuities(capture, [programme, alert])
  const cutIn = soundings.find((one) => one.id === alert.id)
  if (cutIn === undefined) return null
  const before = soundings.findLast((one) => one.id === programme.id && one.fromFrame < cutIn.originFrame)
  const after = soundings.find((one) => one.id === programme.id && one.fromFrame > cutIn.originFrame)
  if (before === undefined || after === undefined) return null
  const onset = onsetFrame(capture, programme, after.originFrame, alert, cutIn.originFrame, after.fromFrame)
  if (onset === null) return null
  const placeAtCut = cutIn.originFrame - before.originFrame
  const placeAfter = onset - after.originFrame
  return { errorMs: ((placeAfter - placeAtCut) * 1000) / rateHz, alertFrame: cutIn.originFrame, discontinuities }
}

/** Where the programme begins to sound again: its gain, 16 frames at a time, drawn back along its rise to zero. */
function onsetFrame(
  capture: Float32Array,
  programme: KnownSound,
  origin: number,
  alert: KnownSound,
  alertOrigin: number,
  near: number,
): number | null {
  const tracks = [
    { pcm: programme.pcm, loop: programme.loop === true, origin },
    { pcm: alert.pcm, loop: false, origin: alertOrigin },
  ]
  const from = Math.max(0, near - rateHz / 20)
  const gains: number[] = []
  for (let at = from; at < near + rateHz / 10 && at + 2 * step < capture.length; at += step) {
    const window = capture.subarray(at, at + 2 * step)
    let reference = 0
    for (let i = 0; i < window.length; i++) reference += (programme.pcm[at + i - origin] ?? 0) ** 2
    const energy = fitGains(window, tracks, at).energies[0] ?? 0
    gains.push(reference > 0 ? Math.sqrt(energy / reference) : 0)
  }
  const full = gains.at(-1)
  if (full === undefined || full < 1e-3) return null
  const crossing = (share: number): number | null => {
    const index = gains.findIndex((gain, i) => gain >= share * full && (gains[i + 1] ?? gain) >= share * full)
    if (index < 0) return null
    const [low, high] = [index > 0 ? (gains[index - 1] ?? 0) : 0, gains[index] ?? 0]
    const within = high > low ? (share * full - low) / (high - low) : 1
    return from + (index - 1 + within) * step + step
  }
  const [quarter, threeQuarters] = [crossing(0.25), crossing(0.75)]
  if (quarter === null || threeQuarters === null) return null
  return Math.round(quarter - (threeQuarters - quarter) / 2)
}
