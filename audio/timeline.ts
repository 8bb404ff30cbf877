// What comes next on a programme output and at which frame of the audio clock: pure. Items follow each other; an item with a
// hard start takes the air at its wall time and whatever of the queue stood before it is passed over.
import type { PlayItem } from '../shared/audio-protocol.ts'
import { cutFadeFrames, framesOfMs, startLeadFrames } from './frames.ts'

/** The item on air, or the last one already placed. */
export interface LastPlaced {
  readonly startF: number
  /** Infinity: it has no end of its own. */
  readonly endF: number
}

export interface TimelineView {
  readonly last: LastPlaced | null
  readonly queue: readonly PlayItem[]
  readonly nowF: number
  /** Nothing starts by itself (held, or interrupted): only a hard start may be foreseen. */
  readonly frameOfWall: (wallMs: number) => number
}

export interface NextStart {
  readonly item: PlayItem
  /** Place in the queue; those before it are passed over. */
  readonly index: number
  readonly startF: number
  /** Overlap with what sounds before it; 0 = the next sample. */
  readonly fadeFrames: number
  /** It takes the air from an item that has not ended. */
  readonly cuts: boolean
}

/** The next start, or null while nothing can be foreseen (the last item has no end and no hard start waits). */
export function nextStart(view: TimelineView): NextStart | null {
  const following = nextFollowing(view)
  const hard = nextHard(view)
  if (hard === null) return following
  return following === null || hard.startF <= following.startF ? hard : following
}

function nextFollowing(view: TimelineView): NextStart | null {
  const item = view.queue[0]
  if (item === undefined || item.start.kind !== 'follow') return null
  const soonestF = view.nowF + startLeadFrames
  const { last } = view
  if (last === null) return { item, index: 0, startF: soonestF, fadeFrames: 0, cuts: false }
  if (last.endF === Infinity) return null
  const fadeFrames = crossfadeFrames(item, last)
  return { item, index: 0, startF: Math.max(soonestF, last.endF - fadeFrames), fadeFrames, cuts: false }
}

function nextHard(view: TimelineView): NextStart | null {
  const soonestF = view.nowF + startLeadFrames
  // Of several whose time has come (an alert lay over them) the last one: the others would sound for a moment each.
  const due = view.queue.findLastIndex(({ start }) => start.kind === 'at' && view.frameOfWall(start.atMs) <= soonestF)
  const index = due >= 0 ? due : view.queue.findIndex((item) => item.start.kind === 'at')
  const item = view.queue[index]
  if (item === undefined || item.start.kind !== 'at') return null
  const startF = Math.max(soonestF, view.frameOfWall(item.start.atMs))
  const cuts = view.last !== null && view.last.endF > startF
  return { item, index, startF, fadeFrames: cuts ? Math.max(cutFadeFrames, framesOfMs(item.crossfadeMs)) : 0, cuts }
}

/** A crossfade never takes more than half of either item. */
function crossfadeFrames(item: PlayItem, last: LastPlaced): number {
  const ownFrames = item.source.kind === 'pcm' && !item.source.loop ? item.source.frames - item.startFrame : Infinity
  return Math.max(0, Math.floor(Math.min(framesOfMs(item.crossfadeMs), (last.endF - last.startF) / 2, ownFrames / 2)))
}
