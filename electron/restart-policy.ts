// When the shell starts the station, waits for it, gives it up and starts it again. Pure: no clock, no process.
//
//            start            ready
//   idle ──────────▶ starting ──────▶ running
//    ▲                 │  ▲              │
//    │ exited          │  │ wake         │ exited
//    │                 ▼  │ (due)        ▼
//   stopping ◀─stop─ waiting ◀───────────┘
//    (from any)        ▲  exited(ordered, wrong configuration, altered) ──▶ refused ── retry ──▶ starting
//                      └─ exited / not ready in time
//
//   idle      nobody wants a station
//   starting  spawned (or found running), not ready yet
//   running   takes orders
//   waiting   dead; the next start has a time
//   refused   ended by order, wrongly configured, or altered: a person decides when to try again
//   stopping  ordered to end
import { assertNever } from '../shared/domain/assert-never.ts'

/** Exit codes of `station/main.ts` and, the last, of `station/packaged.ts`. */
export const exitOrdered = 0
export const exitWrongConfiguration = 2
export const exitFolderLocked = 3
export const exitPayloadAltered = 4

/** A station that is not ready by then is killed, ms. Long: a slow disk must not be made into a boot loop. */
export const readyWithinMs = 60_000
/** SIGTERM ends a station within 5 s; then it is killed, ms. */
export const endWithinMs = 6000
/** One that ran this long had started well: its death is the first of its kind, ms. */
export const provenMs = 60_000
/** Pause before the 1st, 2nd, … start after a death, ms. The first is at once: audio plays on and wants to be adopted. */
export const pausesMs: readonly [number, ...number[]] = [0, 500, 1000, 2000, 5000, 10_000]

export type RestartState =
  | { readonly state: 'idle' }
  | { readonly state: 'starting'; readonly failures: number; readonly dueMs: number }
  | { readonly state: 'running'; readonly failures: number; readonly sinceMs: number }
  | { readonly state: 'waiting'; readonly failures: number; readonly dueMs: number; readonly reason: string }
  | { readonly state: 'refused'; readonly reason: string }
  | { readonly state: 'stopping'; readonly dueMs: number }

/** Times are monotonic, ms. */
export type RestartEvent = { readonly atMs: number } & (
  | { readonly kind: 'start' | 'ready' | 'wake' | 'retry' | 'stop' }
  /** `exitCode` null: killed by a signal, or a station we did not spawn fell silent. */
  | { readonly kind: 'exited'; readonly exitCode: number | null; readonly reason: string }
)

/** `wakeAfter` replaces an earlier one; null cancels it. `begin` looks for a running station first, then spawns. */
export type RestartEffect =
  | { readonly kind: 'begin' }
  | { readonly kind: 'end'; readonly how: 'term' | 'kill' }
  | { readonly kind: 'wakeAfter'; readonly ms: number | null }

export type RestartRefusal = 'ALREADY_WANTED' | 'NOT_WANTED' | 'NOT_STARTING' | 'TOO_EARLY' | 'NOTHING_TO_RETRY' | 'NOTHING_RUNS'
export type RestartStep =
  | { readonly state: RestartState; readonly effects: readonly RestartEffect[] }
  | { readonly refused: RestartRefusal }

export function transition(state: RestartState, event: RestartEvent): RestartStep {
  switch (state.state) {
    case 'idle':
      if (event.kind === 'start') return begin(0, event.atMs)
      return { refused: event.kind === 'exited' ? 'NOTHING_RUNS' : 'NOT_WANTED' }
    case 'starting':
      return whileStarting(state, event)
    case 'running':
      return whileRunning(state, event)
    case 'waiting':
      return whileWaiting(state, event)
    case 'refused':
      if (event.kind === 'retry') return begin(0, event.atMs)
      if (event.kind === 'stop') return { state: { state: 'idle' }, effects: [{ kind: 'wakeAfter', ms: null }] }
      return { refused: event.kind === 'start' ? 'ALREADY_WANTED' : 'NOTHING_RUNS' }
    case 'stopping':
      return whileStopping(state, event)
    default:
      return assertNever(state)
  }
}

type In<K extends RestartState['state']> = Extract<RestartState, { state: K }>

function whileStarting(state: In<'starting'>, event: RestartEvent): RestartStep {
  switch (event.kind) {
    case 'ready':
      return { state: { state: 'running', failures: state.failures, sinceMs: event.atMs }, effects: [{ kind: 'wakeAfter', ms: null }] }
    case 'exited':
      return exited(state.failures, event.exitCode, event.reason, event.atMs)
    case 'wake':
      // Killed; what follows is its `exited`.
      if (event.atMs < state.dueMs) return { refused: 'TOO_EARLY' }
      return { state, effects: [{ kind: 'end', how: 'kill' }] }
    case 'stop':
      return stopping(event.atMs)
    case 'start':
      return { refused: 'ALREADY_WANTED' }
    case 'retry':
      return { refused: 'NOTHING_TO_RETRY' }
    default:
      return assertNever(event)
  }
}

function whileRunning(state: In<'running'>, event: RestartEvent): RestartStep {
  switch (event.kind) {
    case 'exited':
      return exited(event.atMs - state.sinceMs >= provenMs ? 0 : state.failures, event.exitCode, event.reason, event.atMs)
    case 'stop':
      return stopping(event.atMs)
    case 'start':
      return { refused: 'ALREADY_WANTED' }
    case 'retry':
      return { refused: 'NOTHING_TO_RETRY' }
    case 'ready':
    case 'wake':
      return { refused: 'NOT_STARTING' }
    default:
      return assertNever(event)
  }
}

function whileWaiting(state: In<'waiting'>, event: RestartEvent): RestartStep {
  switch (event.kind) {
    case 'wake':
      return event.atMs < state.dueMs ? { refused: 'TOO_EARLY' } : begin(state.failures, event.atMs)
    case 'retry':
      return begin(state.failures, event.atMs)
    case 'stop':
      return { state: { state: 'idle' }, effects: [{ kind: 'wakeAfter', ms: null }] }
    case 'start':
      return { refused: 'ALREADY_WANTED' }
    case 'ready':
      return { refused: 'NOT_STARTING' }
    case 'exited':
      return { refused: 'NOTHING_RUNS' }
    default:
      return assertNever(event)
  }
}

function whileStopping(state: In<'stopping'>, event: RestartEvent): RestartStep {
  switch (event.kind) {
    case 'exited':
      return { state: { state: 'idle' }, effects: [{ kind: 'wakeAfter', ms: null }] }
    case 'wake':
      return event.atMs < state.dueMs ? { refused: 'TOO_EARLY' } : { state, effects: [{ kind: 'end', how: 'kill' }] }
    case 'ready':
      return { state, effects: [{ kind: 'end', how: 'term' }] }
    case 'start':
    case 'retry':
    case 'stop':
      return { refused: 'NOT_WANTED' }
    default:
      return assertNever(event)
  }
}

function begin(failures: number, atMs: number): RestartStep {
  return {
    state: { state: 'starting', failures, dueMs: atMs + readyWithinMs },
    effects: [{ kind: 'begin' }, { kind: 'wakeAfter', ms: readyWithinMs }],
  }
}

function exited(failures: number, exitCode: number | null, reason: string, atMs: number): RestartStep {
  const needsPerson = exitCode === exitOrdered || exitCode === exitWrongConfiguration || exitCode === exitPayloadAltered
  if (needsPerson) return { state: { state: 'refused', reason }, effects: [{ kind: 'wakeAfter', ms: null }] }
  // Somebody else's station holds the folder: it is looked for before the next start, so there is no hurry.
  const at = exitCode === exitFolderLocked ? Math.max(failures, 2) : failures
  const pauseMs = pausesMs[Math.min(at, pausesMs.length - 1)] ?? pausesMs[0]
  return {
    state: { state: 'waiting', failures: at + 1, dueMs: atMs + pauseMs, reason },
    effects: [{ kind: 'wakeAfter', ms: pauseMs }],
  }
}

function stopping(atMs: number): RestartStep {
  return {
    state: { state: 'stopping', dueMs: atMs + endWithinMs },
    effects: [
      { kind: 'end', how: 'term' },
      { kind: 'wakeAfter', ms: endWithinMs },
    ],
  }
}
