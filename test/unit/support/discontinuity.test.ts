// The detector is itself on trial here: what it must find is planted, what it must not find is music.
import { expect, test } from 'vitest'
import { findDiscontinuities, ToneContinuity } from '../../support/discontinuity.ts'
import { lfsrNoise, locate, marker, rateHz, tones } from '../../support/signals.ts'

const first = { id: 'first', pcm: lfsrNoise(1, 6 * rateHz) }
const second = { id: 'second', pcm: lfsrNoise(2, 6 * rateHz) }

/** Lays `pcm` over `out` from `at`, with a gain for each frame of the recording. */
function lay(out: Float32Array, pcm: Float32Array, at: number, gain: (frame: number) => number = () => 1, from = 0, to = pcm.length): void {
  for (let i = from; i < to; i++) out[at + i - from] = (out[at + i - from] ?? 0) + (pcm[i] ?? 0) * gain(i)
}

function without(capture: Float32Array, at: number, frames: number): Float32Array {
  return Float32Array.from([...capture.subarray(0, at), ...capture.subarray(at + frames)])
}

function withRepeat(capture: Float32Array, at: number, frames: number): Float32Array {
  return Float32Array.from([...capture.subarray(0, at + frames), ...capture.subarray(at)])
}

const crossfade = 1.5 * rateHz

/** Two items with a 1.5 s crossfade, ducked by 12 dB in 5 ms for a second, after 0.3 s of silence. */
function programme(): Float32Array {
  const lead = 14_400
  const out = new Float32Array(lead + 11 * rateHz)
  const duck = (frame: number) => {
    const at = frame - 2 * rateHz
    if (at < 0 || at > rateHz) return 1
    return 1 - 0.75 * Math.min(1, at / 240, (rateHz - at) / 240)
  }
  lay(out, first.pcm, lead, (i) => duck(i) * Math.min(1, (6 * rateHz - i) / crossfade))
  lay(out, second.pcm, lead + 6 * rateHz - crossfade, (i) => Math.min(1, i / crossfade))
  return out
}

test('a clean capture with silence, a duck and a crossfade has no discontinuity', () => {
  const { discontinuities, soundings } = findDiscontinuities(programme(), [first, second])
  expect(discontinuities).toEqual([])
  expect(soundings.map((one) => [one.id, one.originFrame])).toEqual([
    ['first', 14_400],
    ['second', 14_400 + 6 * rateHz - crossfade],
  ])
})

test("a cut that fades out, is silent and fades in from the same place passes at every position against the detector's own grid", () => {
  const fade = 240
  for (let shift = 0; shift < 64; shift += 3) {
    for (const silent of [0, 100, 430, 2000]) {
      const at = 20_000 + shift
      const capture = new Float32Array(rateHz)
      lay(capture, first.pcm, 0, (i) => Math.max(0, Math.min(1, (at + fade - i) / fade)), 0, at + fade)
      lay(capture, first.pcm, at + fade + silent, (i) => Math.min(1, (i - at) / fade), at, rateHz - fade - silent)
      const found = findDiscontinuities(capture, [first]).discontinuities.filter((one) => one.kind !== 'repeated')
      expect(found, `${shift} ${silent}`).toEqual([])
    }
  }
})

test('one dropped and one repeated 64-frame block in the same capture are found, and nothing else', () => {
  const broken = withRepeat(without(programme(), 70_001, 64), 400_013, 64)
  const { discontinuities } = findDiscontinuities(broken, [first, second])
  expect(discontinuities.map(({ kind, frames, id }) => [kind, frames, id])).toEqual([
    ['dropped', 64, 'first'],
    ['repeated', 64, 'second'],
  ])
  expect(Math.abs((discontinuities[0]?.atFrame ?? 0) - 70_001)).toBeLessThanOrEqual(64)
  expect(Math.abs((discontinuities[1]?.atFrame ?? 0) - 400_013)).toBeLessThanOrEqual(128)
})

test('a block dropped in the middle of a crossfade is one discontinuity', () => {
  const middle = 14_400 + 6 * rateHz - crossfade / 2
  const { discontinuities } = findDiscontinuities(without(programme(), middle, 64), [first, second])
  expect(discontinuities.map(({ kind, frames }) => [kind, frames])).toEqual([['dropped', 64]])
})

test("every position of a dropped or repeated block against the detector's own grid is found", () => {
  const clean = first.pcm.subarray(0, rateHz)
  for (let shift = 0; shift < 64; shift += 5) {
    const at = 20_000 + shift
    expect(findDiscontinuities(without(clean, at, 64), [first]).discontinuities.map((one) => one.kind)).toEqual(['dropped'])
    expect(findDiscontinuities(withRepeat(clean, at, 64), [first]).discontinuities.map((one) => one.kind)).toEqual(['repeated'])
  }
})

test('samples replaced by silence are damage, wherever they lie', () => {
  for (let shift = 0; shift < 64; shift += 7) {
    const capture = first.pcm.slice(0, rateHz)
    capture.fill(0, 20_000 + shift, 20_000 + shift + 480)
    expect(findDiscontinuities(capture, [first]).discontinuities.length).toBeGreaterThanOrEqual(1)
  }
})

test('a gap of silence after which the recording goes on where it stopped is found', () => {
  const capture = new Float32Array(2 * rateHz)
  lay(capture, first.pcm, 0, () => 1, 0, 30_000)
  lay(capture, first.pcm, 40_000, () => 1, 30_000, 60_000)
  expect(findDiscontinuities(capture, [first]).discontinuities.length).toBeGreaterThanOrEqual(1)
})

test('a sample-accurate segue passes and one with a frame too many does not sit on the same origin', () => {
  const short = { id: 'short', pcm: lfsrNoise(3, rateHz + 17) }
  const out = new Float32Array(3 * rateHz)
  lay(out, short.pcm, 100)
  lay(out, second.pcm, 100 + short.pcm.length, () => 1, 0, rateHz)
  const { discontinuities, soundings } = findDiscontinuities(out.subarray(0, 2 * rateHz), [short, second])
  expect(discontinuities).toEqual([])
  expect(soundings.map((one) => one.originFrame)).toEqual([100, 100 + short.pcm.length])
})

test('a looped recording is followed over its seam', () => {
  const loop = { id: 'loop', pcm: lfsrNoise(9, rateHz), loop: true }
  const out = new Float32Array(4 * rateHz)
  for (let i = 0; i < out.length; i++) out[i] = loop.pcm[(i + 777) % rateHz] ?? 0
  expect(findDiscontinuities(out, [loop]).discontinuities).toEqual([])
  expect(findDiscontinuities(without(out, 120_000, 64), [loop]).discontinuities.map(({ kind, frames }) => [kind, frames])).toEqual([
    ['dropped', 64],
  ])
})

test('a foreign sound is unexplained', () => {
  const capture = first.pcm.slice(0, 2 * rateHz)
  lay(capture, lfsrNoise(77, rateHz / 2), 30_000)
  expect(findDiscontinuities(capture, [first]).discontinuities.map((one) => one.kind)).toContain('unexplained')
})

test('tones: 100 ppm of drift and a slow fade pass, a dropped and a repeated block are both found', () => {
  const frequencies = [2903, 4307]
  const drifting = new Float32Array(4 * rateHz)
  for (let i = 0; i < drifting.length; i++) {
    for (const hz of frequencies)
      drifting[i] = (drifting[i] ?? 0) + 0.2 * Math.sin(((2 * Math.PI * hz * 1.0001) / rateHz) * i) * (1 - i / (8 * rateHz))
  }
  const clean = new ToneContinuity(frequencies, 0.01)
  clean.push(drifting)
  expect(clean.breaks).toEqual([])
  const broken = new ToneContinuity(frequencies, 0.01)
  broken.push(withRepeat(without(tones(frequencies, 4 * rateHz, 0.2), 50_000, 64), 100_000, 64))
  expect(broken.breaks.length).toBe(2)
})

test('locate finds a quiet marker under louder programme to the sample', () => {
  const capture = lfsrNoise(5, rateHz, 0.3)
  lay(capture, marker(), 31_337, () => 0.25)
  const found = locate(marker(), capture)
  expect(found?.frame).toBe(31_337)
  expect(found?.gain).toBeCloseTo(0.25, 1)
})
