// Random numbers that come again: a failure names its seed. Mulberry32 (public domain, Tommy Ettinger).
export interface SeededRandom {
  /** 0 ≤ x < 1. */
  next(): number
  /** Integer from 0 to `below` − 1. */
  below(below: number): number
}

export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, below: (below) => Math.floor(next() * below) }
}
