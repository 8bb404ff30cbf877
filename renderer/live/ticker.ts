// One animation-frame loop for everything that moves without React: needles, playheads, clocks, countdowns. `fast` runs
// every frame, `half` every other one (needles), `slow` twenty times a second, which is enough for text.

export type Draw = (nowMs: number) => void

export interface Ticker {
  fast(draw: Draw): () => void
  half(draw: Draw): () => void
  slow(draw: Draw): () => void
}

const slowEveryMs = 50

export function createTicker(): Ticker {
  const fast = new Set<Draw>()
  const half = new Set<Draw>()
  let odd = false
  const slow = new Set<Draw>()
  let frame: number | null = null
  let slowAtMs = 0

  const run = (nowMs: number) => {
    frame = null
    for (const draw of fast) draw(nowMs)
    odd = !odd
    if (odd) for (const draw of half) draw(nowMs)
    if (nowMs - slowAtMs >= slowEveryMs) {
      slowAtMs = nowMs
      for (const draw of slow) draw(nowMs)
    }
    wake()
  }
  const wake = () => {
    if (frame === null && fast.size + half.size + slow.size > 0) frame = requestAnimationFrame(run)
  }
  const adder = (set: Set<Draw>) => (draw: Draw) => {
    set.add(draw)
    wake()
    return () => {
      set.delete(draw)
    }
  }
  return { fast: adder(fast), half: adder(half), slow: adder(slow) }
}
