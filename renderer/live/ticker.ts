// One animation-frame loop for everything that moves without React: needles, playheads, clocks, countdowns. What the station
// told comes first (`work`); in a frame in which that changed the screen, needles and texts wait for the next one, so that one
// frame never pays for both. `fast` runs every frame, `half` every other one (needles), `slow` twenty times a second (texts).

export type Draw = (nowMs: number) => void

export interface Ticker {
  /** Runs before anything is drawn; true when it changed what React shows. */
  work(step: () => boolean): () => void
  fast(draw: Draw): () => void
  half(draw: Draw): () => void
  slow(draw: Draw): () => void
}

const slowEveryMs = 50
/** Texts wait at most this long, however much the station tells. */
const slowAtMostMs = 100

export function createTicker(request: (run: Draw) => number = (run) => requestAnimationFrame(run)): Ticker {
  const work = new Set<() => boolean>()
  const fast = new Set<Draw>()
  const half = new Set<Draw>()
  const slow = new Set<Draw>()
  let sinceHalf = 1
  let frame: number | null = null
  let slowAtMs = Number.NEGATIVE_INFINITY

  const run = (nowMs: number) => {
    frame = null
    let busy = false
    for (const step of work) busy = step() || busy
    for (const draw of fast) draw(nowMs)
    sinceHalf += 1
    if (sinceHalf >= (busy ? 3 : 2)) {
      sinceHalf = 0
      for (const draw of half) draw(nowMs)
    }
    if (nowMs - slowAtMs >= (busy ? slowAtMostMs : slowEveryMs)) {
      slowAtMs = nowMs
      for (const draw of slow) draw(nowMs)
    }
    wake()
  }
  const wake = () => {
    if (frame === null && work.size + fast.size + half.size + slow.size > 0) frame = request(run)
  }
  const adder =
    <T>(set: Set<T>) =>
    (each: T) => {
      set.add(each)
      wake()
      return () => {
        set.delete(each)
      }
    }
  return { work: adder(work), fast: adder(fast), half: adder(half), slow: adder(slow) }
}
