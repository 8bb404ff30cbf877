// How exactly a programme goes on after a cut-in, from one capture: its place at the last sample before its fade-out against
// its place at the first sample of its return. Pure arithmetic on samples; no clock is involved.
import { type Discontinuity, findDiscontinuities, type KnownSound } from '../test/support/discontinuity.ts'
import { rateHz } from '../test/support/signals.ts'
import { fitGains, type Track } from '../test/support/track-fit.ts'

export interface ResumeFinding {
  /** First sample after minus last sample before, ms of programme: 0 = not a sample lost or heard twice. */
  readonly errorMs: number
  /** From the alert's first sample to the beginning of the programme's fade-out, ms. */
  readonly overlapMs: number
  /** Frame of the programme's recording at the cut. */
  readonly placeAtCut: number
  readonly discontinuities: readonly Discontinuity[]
}

const step = 8
/** Long enough to tell programme and alert apart, short against a 5 ms fade. */
const windowFrames = 48

/** Null where the capture does not hold programme, alert and programme again. */
export function measureResume(capture: Float32Array, programme: KnownSound, alert: KnownSound): ResumeFinding | null {
  const { soundings, discontinuities } = findDiscontinuities(capture, [programme, alert])
  const cutIn = soundings.find((one) => one.id === alert.id)
  if (cutIn === undefined) return null
  const before = soundings.findLast((one) => one.id === programme.id && one.fromFrame < cutIn.originFrame)
  const after = soundings.find((one) => one.id === programme.id && one.fromFrame > cutIn.originFrame)
  if (before === undefined || after === undefined) return null
  const alertTrack = { pcm: alert.pcm, loop: false, origin: cutIn.originFrame }
  const fadeOut = fadeFrame(capture, programme, before.originFrame, alertTrack, cutIn.originFrame, 'out')
  const fadeIn = fadeFrame(capture, programme, after.originFrame, alertTrack, after.fromFrame, 'in')
  if (fadeOut === null || fadeIn === null) return null
  const placeAtCut = fadeOut - before.originFrame
  const placeAfter = fadeIn - after.originFrame
  return {
    errorMs: ((placeAfter - placeAtCut) * 1000) / rateHz,
    overlapMs: ((fadeOut - cutIn.originFrame) * 1000) / rateHz,
    placeAtCut,
    discontinuities,
  }
}

/** Where a fade-out begins at full gain, or a fade-in at none: a line through its 25 % and 75 %, drawn on to that end. */
function fadeFrame(
  capture: Float32Array,
  programme: KnownSound,
  origin: number,
  alert: Track,
  near: number,
  way: 'in' | 'out',
): number | null {
  const tracks = [{ pcm: programme.pcm, loop: programme.loop === true, origin }, alert]
  const from = Math.max(0, near - rateHz / 20)
  const gains: number[] = []
  for (let at = from; at < near + rateHz / 20 && at + windowFrames < capture.length; at += step) {
    const window = capture.subarray(at, at + windowFrames)
    let reference = 0
    for (let i = 0; i < windowFrames; i++) reference += (programme.pcm[at + i - origin] ?? 0) ** 2
    const energy = fitGains(window, tracks, at).energies[0] ?? 0
    gains.push(reference > 0 ? Math.sqrt(energy / reference) : 0)
  }
  const full = way === 'in' ? gains.at(-1) : gains.at(0)
  if (full === undefined || full < 1e-3) return null
  const crossing = (share: number): number | null => {
    const passed = (gain: number) => (way === 'in' ? gain >= share * full : gain <= share * full)
    const index = gains.findIndex((gain, i) => passed(gain) && passed(gains[i + 1] ?? gain) && passed(gains[i + 2] ?? gain))
    if (index < 1) return null
    const [a, b] = [gains[index - 1] ?? 0, gains[index] ?? 0]
    const within = a === b ? 1 : (share * full - a) / (b - a)
    return from + (index - 1 + within) * step + windowFrames / 2
  }
  const [quarter, threeQuarters] = [crossing(0.25), crossing(0.75)]
  if (quarter === null || threeQuarters === null) return null
  const slope = (quarter - threeQuarters) / 2
  return Math.round(way === 'in' ? quarter + slope : threeQuarters - slope)
}
