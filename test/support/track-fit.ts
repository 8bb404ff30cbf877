// The arithmetic under the discontinuity detector: least-squares gains of known recordings in a stretch of capture, and the
// place of a stretch of capture in a recording.
import { fft } from './fft.ts'

/** A recording laid over the capture: its frame 0 lies at capture frame `origin`. Silent outside itself unless it loops. */
export interface Track {
  readonly pcm: Float32Array
  readonly loop: boolean
  readonly origin: number
}

export interface Fit {
  /** Energy left unexplained. */
  readonly residual: number
  readonly rest: Float32Array
  /** Energy each track contributes. */
  readonly energies: readonly number[]
}

/**
 * Best explanation of `window` (capture frames from `at`) as Σ (a + b·t)·track: gains may change linearly, as in a fade. With
 * `corner` (a frame of the window) they may change their slope there, as where a fade begins or ends, but never jump.
 */
export function fitGains(window: Float32Array, tracks: readonly Track[], at: number, corner: number | null = null): Fit {
  const length = window.length
  const basis: Float64Array[] = []
  const perTrack = corner === null ? 2 : 3
  for (const track of tracks) {
    const flat = new Float64Array(length)
    const ramp = new Float64Array(length)
    for (let i = 0; i < length; i++) {
      const value = sampleAt(track, at + i)
      flat[i] = value
      ramp[i] = value * ((2 * i) / length - 1)
    }
    basis.push(flat, ramp)
    if (corner !== null) basis.push(flat.map((value, i) => (value * Math.max(0, i - corner)) / length))
  }
  const gains = solve(basis, window)
  const rest = Float32Array.from(window)
  const energies: number[] = []
  let residual = 0
  for (let k = 0; k < basis.length; k += perTrack) {
    let energy = 0
    for (let i = 0; i < length; i++) {
      let part = 0
      for (let j = k; j < k + perTrack; j++) part += (gains[j] ?? 0) * (basis[j]?.[i] ?? 0)
      rest[i] = (rest[i] ?? 0) - part
      energy += part * part
    }
    energies.push(energy)
  }
  for (let i = 0; i < length; i++) residual += (rest[i] ?? 0) ** 2
  return { residual, rest, energies }
}

function sampleAt(track: Track, captureFrame: number): number {
  const index = captureFrame - track.origin
  if (!track.loop) return index < 0 ? 0 : (track.pcm[index] ?? 0)
  const length = track.pcm.length
  return track.pcm[((index % length) + length) % length] ?? 0
}

/** Normal equations with a trace of ridge, so that a silent track costs nothing. */
function solve(basis: readonly Float64Array[], window: Float32Array): number[] {
  const size = basis.length
  const rows: number[][] = basis.map((a, i) => [...basis.map((b, j) => dot(a, b) + (i === j ? 1e-12 : 0)), dot(a, window)])
  for (let pivot = 0; pivot < size; pivot++) {
    const pivotRow = rows[pivot] as number[]
    const scale = pivotRow[pivot] as number
    if (Math.abs(scale) < 1e-15) continue
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const target = rows[row] as number[]
      const factor = (target[pivot] as number) / scale
      for (let column = pivot; column <= size; column++) target[column] = (target[column] as number) - factor * (pivotRow[column] as number)
    }
  }
  return rows.map((row, i) => (Math.abs(row[i] as number) < 1e-15 ? 0 : (row[size] as number) / (row[i] as number)))
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

const searchSize = 1 << 16

/**
 * The frame of `pcm` at which `window` lies, by normalised correlation above 0.5; null if it is not from there.
 * A window of 512 frames of noise reaches 0.3 by chance in hours of search. With `loop`, also across the end.
 */
export function findIn(window: Float32Array, pcm: Float32Array, loop: boolean): number | null {
  const energy = dot(window, window)
  if (energy === 0) return null
  const wr = new Float64Array(searchSize)
  const wi = new Float64Array(searchSize)
  wr.set(window)
  fft(wr, wi)
  const step = searchSize - window.length
  const first = -window.length
  const end = loop ? pcm.length : pcm.length - 1
  for (let base = loop ? 0 : first; base < end; base += step) {
    const re = new Float64Array(searchSize)
    const im = new Float64Array(searchSize)
    for (let i = 0; i < searchSize; i++) {
      const index = base + i
      re[i] = loop ? (pcm[index % pcm.length] ?? 0) : index < 0 ? 0 : (pcm[index] ?? 0)
    }
    const stretch = Float64Array.from(re)
    fft(re, im)
    for (let k = 0; k < searchSize; k++) {
      const [a, b, c, d] = [re[k] as number, im[k] as number, wr[k] as number, wi[k] as number]
      re[k] = a * c + b * d
      im[k] = -(b * c - a * d)
    }
    fft(re, im)
    let local = 0
    for (let i = 0; i < window.length; i++) local += (stretch[i] as number) ** 2
    let best = { score: 0.5, lag: -1 }
    for (let lag = 0; lag < step; lag++) {
      // Against the greater of the two energies: a near-silent edge of the recording must not look like a perfect match.
      const score = (re[lag] as number) / searchSize / Math.sqrt(Math.max(local, 1e-12) * energy)
      if (score > best.score && local > 1e-9) best = { score, lag }
      local += (stretch[lag + window.length] as number) ** 2 - (stretch[lag] as number) ** 2
    }
    if (best.lag >= 0) return loop ? (base + best.lag) % pcm.length : base + best.lag
  }
  return null
}
