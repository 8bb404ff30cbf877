import { describe, expect, it } from 'vitest'
import { horizonFrames, startLeadFrames } from '../../../audio/frames.ts'
import { holdsUntil } from '../../../audio/programme-extent.ts'
import { resumePoint } from '../../../audio/resume-point.ts'
import { nextStart } from '../../../audio/timeline.ts'
import type { PlayItem } from '../../../shared/audio-protocol.ts'

function item(id: string, changes: Partial<PlayItem> = {}): PlayItem {
  return {
    itemId: id as PlayItem['itemId'],
    title: id,
    cartId: null,
    source: { kind: 'pcm', path: `/${id}`, frames: 480_000, gainDb: 0, loop: false },
    startFrame: 0,
    start: { kind: 'follow' },
    endAtMs: null,
    crossfadeMs: 0,
    resume: { kind: 'exact' },
    ...changes,
  }
}
const at = (atMs: number): PlayItem['start'] => ({ kind: 'at', atMs: atMs as never })
/** Wall time 0 is frame 0. */
const frameOfWall = (wallMs: number) => wallMs * 48

describe('what comes next', () => {
  it('begins at the very frame at which the item before ends', () => {
    const next = nextStart({ last: { startF: 0, endF: 1_000_001 }, queue: [item('b')], nowF: 500_000, frameOfWall })
    expect(next).toMatchObject({ startF: 1_000_001, fadeFrames: 0, cuts: false, index: 0 })
  })

  it('overlaps by the crossfade, but never by more than half of either item', () => {
    const queue = [item('b', { crossfadeMs: 1500 })]
    expect(nextStart({ last: { startF: 0, endF: 960_000 }, queue, nowF: 0, frameOfWall })).toMatchObject({
      startF: 888_000,
      fadeFrames: 72_000,
    })
    expect(nextStart({ last: { startF: 0, endF: 48_000 }, queue, nowF: 0, frameOfWall })).toMatchObject({
      startF: 24_000,
      fadeFrames: 24_000,
    })
  })

  it('starts the first item at once when nothing is on air', () => {
    expect(nextStart({ last: null, queue: [item('a')], nowF: 7, frameOfWall })).toMatchObject({ startF: 7 + startLeadFrames })
  })

  it('foresees nothing behind an item without an end', () => {
    expect(nextStart({ last: { startF: 0, endF: Infinity }, queue: [item('b')], nowF: 0, frameOfWall })).toBeNull()
  })

  it('of several hard starts whose time has come only the last one starts', () => {
    const queue = [item('b', { start: at(1000) }), item('c', { start: at(2000) }), item('d', { start: at(90_000) })]
    expect(nextStart({ last: null, queue, nowF: 200_000, frameOfWall })).toMatchObject({ index: 1, startF: 200_000 + startLeadFrames })
    expect(nextStart({ last: null, queue, nowF: 60_000, frameOfWall })).toMatchObject({ index: 0 })
  })

  it('lets a hard start take the air and passes over what stood before it', () => {
    const queue = [item('b'), item('c', { start: at(10_000), crossfadeMs: 500 })]
    expect(nextStart({ last: { startF: 0, endF: 960_000 }, queue, nowF: 0, frameOfWall })).toMatchObject({
      index: 1,
      startF: 480_000,
      fadeFrames: 24_000,
      cuts: true,
    })
  })

  it('plays what fits before a hard start', () => {
    const queue = [item('b'), item('c', { start: at(60_000) })]
    expect(nextStart({ last: { startF: 0, endF: 960_000 }, queue, nowF: 0, frameOfWall })).toMatchObject({ index: 0, startF: 960_000 })
  })

  it('starts an overdue hard start at once', () => {
    const queue = [item('c', { start: at(1000) })]
    expect(nextStart({ last: null, queue, nowF: 960_000, frameOfWall })).toMatchObject({ startF: 960_000 + startLeadFrames, cuts: false })
  })

  it('keeps its horizon above the three seconds a blocked thread may take', () => {
    expect(horizonFrames).toBeGreaterThanOrEqual(3 * 48_000)
  })
})

describe('where an interrupted item goes on', () => {
  const news = item('news')
  it.each([
    [{ kind: 'exact' }, { kind: 'at', frame: 100_000 }],
    [
      { kind: 'rewind', ms: 1000 },
      { kind: 'at', frame: 52_000 },
    ],
    [
      { kind: 'rewind', ms: 60_000 },
      { kind: 'at', frame: 0 },
    ],
    [{ kind: 'rejoin' }, { kind: 'at', frame: 196_000 }],
    [{ kind: 'skip' }, { kind: 'over', reason: 'skipped' }],
    [{ kind: 'hold' }, { kind: 'hold' }],
  ] as const)('%o', (policy, expected) => {
    expect(resumePoint(news, 100_000, policy, 2000, 0)).toEqual(expected)
  })

  it('does not go on behind its own end', () => {
    expect(resumePoint(news, 470_000, { kind: 'rejoin' }, 2000, 0)).toEqual({ kind: 'over', reason: 'finished' })
  })

  it('does not go on after its fixed end', () => {
    expect(resumePoint(item('relay', { endAtMs: 5000 as never }), 0, { kind: 'exact' }, 0, 5000)).toEqual({
      kind: 'over',
      reason: 'fixedEnd',
    })
  })

  it('stays inside a loop', () => {
    const loop = item('fill', { source: { kind: 'pcm', path: '/f', frames: 48_000, gainDb: 0, loop: true } })
    expect(resumePoint(loop, 40_000, { kind: 'rejoin' }, 1500, 0)).toEqual({ kind: 'at', frame: 16_000 })
  })
})

describe('how long there is something to play', () => {
  it('adds what is queued and takes the overlaps off', () => {
    expect(holdsUntil(1000, [item('a', { crossfadeMs: 500 }), item('b')])).toBe(1000 + 9500 + 10_000)
  })

  it('is without end for a loop, until a hard start ends it', () => {
    const loop = item('fill', { source: { kind: 'pcm', path: '/f', frames: 48_000, gainDb: 0, loop: true } })
    expect(holdsUntil(1000, [loop])).toBeNull()
    expect(holdsUntil(1000, [loop, item('c', { start: at(90_000) })])).toBe(100_000)
  })
})
