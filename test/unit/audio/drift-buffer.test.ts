// Two clocks that differ: simulated to the sample, an hour in a second or two.
import { describe, expect, it } from 'vitest'
import { DriftBuffer } from '../../../audio/drift-buffer.ts'

const chunk = 480
const delay = 1920

/** One period of 100 Hz is just one chunk: cheap enough for an hour, and a jump shows in the second difference. */
const period = Int16Array.from({ length: chunk }, (_, i) => Math.round(16_000 * Math.sin((2 * Math.PI * i) / chunk)))
/** Second difference of that tone, with room for rounding and interpolation. */
const smooth = 0.5 * ((2 * Math.PI) / chunk) ** 2 + 3 / 32_768

/** Runs the tone through the buffer with the input clock `ppm` faster than the output clock. */
function run(seconds: number, ppm: number, jitterFrames = 0) {
  const buffer = new DriftBuffer(1, delay)
  let placedF: number | null = null
  let worstEarly = Infinity
  let breaks = 0
  let [before, last] = [Number.NaN, Number.NaN]
  let lastDelay = 0
  for (let n = 1; n <= seconds * 100; n++) {
    const nowF = Math.round((n * chunk) / (1 + ppm / 1e6)) + Math.round(Math.abs(Math.sin(n * 12.9898)) * jitterFrames)
    buffer.push(period)
    placedF ??= nowF + delay - chunk
    worstEarly = Math.min(worstEarly, placedF - nowF)
    buffer.steer(placedF - nowF, 0.01)
    const frames = Math.floor(buffer.available / 128) * 128
    if (frames === 0) continue
    for (const value of buffer.take(frames)[0] ?? []) {
      if (Math.abs(value - 2 * last + before) > smooth) breaks++
      before = last
      last = value
    }
    placedF += frames
    lastDelay = placedF - nowF
  }
  return { breaks, worstEarly, lastDelay }
}

describe('a live input whose clock differs', () => {
  it.each([100, -100])(
    '%i ppm for an hour: no discontinuity, never late',
    (ppm) => {
      const { breaks, worstEarly, lastDelay } = run(3600, ppm, 0)
      expect(breaks).toBe(0)
      expect(worstEarly).toBeGreaterThan(480)
      expect(lastDelay).toBeLessThan(delay + 960)
    },
    120_000,
  )

  it('100 ppm with chunks up to 10 ms late: no discontinuity', () => {
    const { breaks, worstEarly } = run(300, 100, 480)
    expect(breaks).toBe(0)
    expect(worstEarly).toBeGreaterThan(0)
  }, 60_000)

  it('a jump would have been found', () => {
    const [a, b, c] = [period[100] ?? 0, period[101] ?? 0, period[166] ?? 0].map((value) => value / 32_768) as [number, number, number]
    expect(Math.abs(c - 2 * b + a)).toBeGreaterThan(smooth)
  })

  it('passes samples unchanged while the clocks agree', () => {
    const buffer = new DriftBuffer(2, delay)
    const samples = Int16Array.from({ length: 2 * chunk }, (_, i) => ((i * 7919) % 20_000) - 10_000)
    buffer.push(samples)
    buffer.steer(delay - chunk + 1, 0)
    const [left] = buffer.take(256)
    // The read position starts one frame in: the interpolation needs a neighbour.
    expect(left?.[10]).toBeCloseTo((samples[2 * 11] ?? 0) / 32768, 4)
  })
})
