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

  /** Chunks come each 10 ms; after 100 of them `piled` come at once. Returns what was to be left out, per reading. */
  function heldUp(piled: number, afterwards: number, lateOnce = 0): number[] {
    const buffer = new DriftBuffer(1, delay)
    const surplus: number[] = []
    let placedAhead = delay - chunk
    for (let n = 0; n < 100 + afterwards; n++) {
      for (let i = 0; i < (n === 100 ? piled : 1); i++) buffer.push(period)
      const late = n === 100 ? lateOnce : 0
      surplus.push(buffer.steer(placedAhead - chunk + late, 0.01))
      const frames = Math.floor(buffer.available / 128) * 128
      if (frames === 0) continue
      buffer.take(frames)
      placedAhead += frames - chunk
    }
    return surplus.filter((frames) => frames > 0)
  }

  it('what a hold-up of a quarter of a second left behind is to be left out within a second; one reading alone is not believed', () => {
    const [first = 0, ...more] = heldUp(25, 80)
    expect(first).toBeGreaterThan(20 * chunk)
    expect(first).toBeLessThan(26 * chunk)
    expect(more.length).toBeLessThanOrEqual(1)
    expect(heldUp(1, 80, 30 * chunk)).toEqual([])
    expect(heldUp(3, 80)).toEqual([])
  })

  it('leaves out the oldest, never what the interpolation needs, and begins at its target again', () => {
    const buffer = new DriftBuffer(1, delay)
    const ramp = Int16Array.from({ length: 3000 }, (_, i) => i)
    buffer.push(ramp)
    expect(buffer.leaveOut(1000)).toBe(1000)
    expect(buffer.rate).toBe(1)
    expect(Math.round((buffer.take(1)[0]?.[0] ?? 0) * 32_768)).toBe(1001)
    expect(buffer.leaveOut(1e6)).toBe(3000 - 3 - 1002)
    expect(buffer.leaveOut(1e6)).toBe(0)
    expect(buffer.leaveOut(-5)).toBe(0)
  })

  it('never turns more than half a percent, however far it is off', () => {
    for (const ahead of [1e6, -1e6]) {
      const buffer = new DriftBuffer(1, delay)
      for (let i = 0; i < 10_000; i++) buffer.steer(ahead, 0.01)
      expect(Math.abs(buffer.rate - 1)).toBeCloseTo(0.005, 9)
      expect(Math.sign(buffer.rate - 1)).toBe(Math.sign(ahead))
      buffer.settle()
    }
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
