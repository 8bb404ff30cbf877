// When to ask the province. Pure.
//
//             due · nudge                    answered · failed
//   waiting ──────────────▶ pulling ────────────────────────────▶ waiting
//      ▲                      │ nudge: once more when answered
//      └──────────────────────┘
//
// Answered: the next look is one interval ± a fifth away, so that a district's stations do not knock together. Failed: the first
// looks come quickly, then ever more slowly up to the interval. A storm of nudges is at most four looks a second.
import { assertNever } from '../../shared/domain/assert-never.ts'

export type PullState =
  | { readonly kind: 'waiting'; readonly failures: number; readonly lastPullMs: number | null }
  | { readonly kind: 'pulling'; readonly failures: number; readonly startedMs: number; readonly again: boolean }

/** `atMs` is monotonic; `random` lies in 0…1. */
export type PullEvent =
  | { readonly kind: 'due'; readonly atMs: number }
  | { readonly kind: 'nudge'; readonly atMs: number }
  | { readonly kind: 'answered'; readonly atMs: number; readonly random: number }
  | { readonly kind: 'failed'; readonly atMs: number; readonly random: number }

/** `wait` replaces the wait before it. */
export type PullEffect = { readonly kind: 'pull' } | { readonly kind: 'wait'; readonly ms: number }

export interface PullStep {
  readonly state: PullState
  readonly effects: readonly PullEffect[]
}

const firstRetryMs = 1000
const leastGapMs = 250
const jitter = 0.2

export const pullIdle: PullState = { kind: 'waiting', failures: 0, lastPullMs: null }

export function pullTransition(state: PullState, event: PullEvent, intervalMs: number): PullStep {
  switch (event.kind) {
    case 'due':
      return state.kind === 'waiting' ? begin(state, event.atMs) : { state, effects: [] }
    case 'nudge': {
      if (state.kind === 'pulling') return { state: { ...state, again: true }, effects: [] }
      const sinceMs = state.lastPullMs === null ? Number.POSITIVE_INFINITY : event.atMs - state.lastPullMs
      return sinceMs >= leastGapMs ? begin(state, event.atMs) : { state, effects: [{ kind: 'wait', ms: leastGapMs - sinceMs }] }
    }
    case 'answered':
      return settle(state, 0, spread(intervalMs, event.random))
    case 'failed': {
      const failures = state.failures + 1
      return settle(state, failures, spread(Math.min(intervalMs, firstRetryMs * 2 ** Math.min(failures - 1, 20)), event.random))
    }
    default:
      return assertNever(event)
  }
}

function begin(state: PullState, atMs: number): PullStep {
  return { state: { kind: 'pulling', failures: state.failures, startedMs: atMs, again: false }, effects: [{ kind: 'pull' }] }
}

function settle(state: PullState, failures: number, waitMs: number): PullStep {
  if (state.kind !== 'pulling') return { state, effects: [] }
  // Rung while asking: what was fetched may be older than the ring. A province that fails is not asked faster for it.
  const ms = state.again && failures === 0 ? leastGapMs : waitMs
  return { state: { kind: 'waiting', failures, lastPullMs: state.startedMs }, effects: [{ kind: 'wait', ms }] }
}

/** `ms` ± a fifth. */
function spread(ms: number, random: number): number {
  return Math.round(ms * (1 - jitter + 2 * jitter * random))
}
