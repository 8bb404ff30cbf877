// Where an interrupted item goes on: pure.
import type { PlayItem, ResumePolicy } from '../shared/audio-protocol.ts'
import { framesOfMs } from './frames.ts'

export type ResumePoint =
  | { readonly kind: 'at'; readonly frame: number }
  /** It does not go on. */
  | { readonly kind: 'over'; readonly reason: 'finished' | 'fixedEnd' | 'skipped' }
  /** Somebody has to decide. */
  | { readonly kind: 'hold' }

/** @param frame where it fell silent; @param gapMs how long it was silent; @param nowMs wall time. */
export function resumePoint(item: PlayItem, frame: number, policy: ResumePolicy, gapMs: number, nowMs: number): ResumePoint {
  if (policy.kind === 'hold') return { kind: 'hold' }
  if (policy.kind === 'skip') return { kind: 'over', reason: 'skipped' }
  if (item.endAtMs !== null && item.endAtMs <= nowMs) return { kind: 'over', reason: 'fixedEnd' }
  const { source } = item
  const moved = policy.kind === 'rewind' ? -framesOfMs(policy.ms) : policy.kind === 'rejoin' ? framesOfMs(gapMs) : 0
  const target = Math.max(0, frame + moved)
  if (source.kind !== 'pcm') return { kind: 'at', frame: target }
  if (source.loop) return { kind: 'at', frame: source.frames > 0 ? target % source.frames : 0 }
  return target < source.frames ? { kind: 'at', frame: target } : { kind: 'over', reason: 'finished' }
}
