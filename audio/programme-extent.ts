// Up to when a programme has something to play: the leases of carriers and zones hang on it. Pure.
import type { PlayItem } from '../shared/audio-protocol.ts'
import { type EpochMs, epochMs } from '../shared/domain/time.ts'
import { msOfFrames } from './frames.ts'

/** @param lastEndMs wall time at which the last placed item ends, null = never. Returns null for "without end". */
export function holdsUntil(lastEndMs: number | null, queue: readonly PlayItem[]): EpochMs | null {
  let endMs = lastEndMs
  for (const item of queue) {
    const startMs = item.start.kind === 'at' ? item.start.atMs : endMs
    if (startMs === null) continue
    endMs = itemEndMs(item, startMs)
  }
  return endMs === null ? null : epochMs(endMs)
}

function itemEndMs(item: PlayItem, startMs: number): number | null {
  const ownMs =
    item.source.kind === 'pcm' && !item.source.loop ? startMs - item.crossfadeMs + msOfFrames(item.source.frames - item.startFrame) : null
  if (item.endAtMs === null) return ownMs
  return ownMs === null ? item.endAtMs : Math.min(ownMs, item.endAtMs)
}
