// The one reconnect machine: when to dial, when a silent wire is given up, when to try again. Pure: no clock, no I/O.
// Every driver is supervised by it (one instance per wire), so that "lost" means the same for a desk and a transmitter.
//
//            open              wireUp              heard
//   idle ─────────▶ dialling ─────────▶ probing ─────────▶ online ◀──────┐ heard × 3
//    ▲                │  ▲                 │               │  │ misheard │
//    │ close          │  │ wake            │ wake/wireDown │  └──────▶ degraded
//  (from any)         │  │ (retry due)     ▼               │             │
//                     └─▶└──────────── waiting ◀───────────┴─────────────┤ wake (silent) / wireDown
//            wireDown / wake (dial timeout)                              │
//                                              online|degraded ─ fault ─▶ faulted ─ repaired ─▶ online
//
//   idle      not supervised (before `open`, after `close`)
//   dialling  a connection attempt is under way
//   probing   the wire is up, the device has not said anything valid yet
//   online    the device answers as it should
//   degraded  the device answers, but some answers are wrong or late
//   faulted   the device answers, and what it says needs a person (acknowledged without effect, stuck keyed)
//   waiting   given up for now; the next attempt has a time (`nudge`: now)
import { assertNever } from '../../shared/domain/assert-never.ts'
import { epochMs, type EpochMs, type MonotonicMs } from '../../shared/domain/time.ts'

/** One instant on both clocks: wall time to show, monotonic time to measure with. */
export interface Moment {
  readonly wallMs: EpochMs
  readonly monoMs: MonotonicMs
}

export interface ReconnectTiming {
  /** A connection attempt that is neither up nor down after this is given up, ms. */
  readonly dialTimeoutMs: number
  /** Nothing valid heard for this long means lost, ms. With the polls of a driver (≤ 500 ms) a dead device is found within 3 s. */
  readonly silenceMs: number
  /** Pause before the 1st, 2nd, … retry, ms; the last one repeats. Kept ≤ 1 s so that a re-plug is found within 2 s. */
  readonly retryMs: readonly [number, ...number[]]
}

export const defaultTiming: ReconnectTiming = { dialTimeoutMs: 1500, silenceMs: 2000, retryMs: [250, 250, 500, 500, 1000] }

/** Clean answers in a row that bring a degraded device back to online. */
const cleanAnswersToRecover = 3

interface Heard {
  readonly since: Moment
  readonly lastHeard: Moment
}
interface Attempt {
  readonly since: Moment
  /** How many attempts failed since the device was last heard. */
  readonly failures: number
  /** Why the last attempt or connection ended; null on the very first. */
  readonly failure: string | null
  readonly lastHeard: Moment | null
  readonly dueMs: MonotonicMs
}
export type ReconnectState =
  | { readonly state: 'idle'; readonly since: Moment; readonly lastHeard: Moment | null }
  | ({ readonly state: 'dialling' } & Attempt)
  | ({ readonly state: 'probing' } & Attempt)
  | ({ readonly state: 'online' } & Heard)
  | ({ readonly state: 'degraded'; readonly reason: string; readonly cleanAnswers: number } & Heard)
  | ({ readonly state: 'faulted'; readonly reason: string } & Heard)
  | ({ readonly state: 'waiting'; readonly reason: string; readonly nextAttemptAt: EpochMs } & Attempt)

/** `nudge`: there is reason to try again now (the wire below is up, a person asked), whatever the back-off says. */
export type ReconnectEvent = { readonly at: Moment } & (
  | { readonly kind: 'open' | 'close' | 'wireUp' | 'heard' | 'repaired' | 'wake' | 'nudge' }
  | { readonly kind: 'wireDown' | 'misheard' | 'fault'; readonly reason: string }
)

/** `wakeAfter` replaces an earlier one; `null` cancels it. */
export type ReconnectEffect =
  | { readonly kind: 'dial' }
  | { readonly kind: 'hangUp' }
  | { readonly kind: 'wakeAfter'; readonly ms: number | null }

export type ReconnectRefusal = 'NOT_OPEN' | 'ALREADY_OPEN' | 'NO_WIRE' | 'WIRE_ALREADY_UP' | 'NOT_FAULTED' | 'NOT_HEARD_YET' | 'NOT_WAITING'
export type ReconnectStep =
  | { readonly state: ReconnectState; readonly effects: readonly ReconnectEffect[] }
  | { readonly refused: ReconnectRefusal }

export function idleAt(at: Moment): ReconnectState {
  return { state: 'idle', since: at, lastHeard: null }
}

export function transition(state: ReconnectState, event: ReconnectEvent, timing: ReconnectTiming): ReconnectStep {
  switch (state.state) {
    case 'idle':
      return event.kind === 'open' ? dial(event.at, 0, null, state.lastHeard, timing) : { refused: 'NOT_OPEN' }
    case 'dialling':
      return whileDialling(state, event, timing)
    case 'probing':
      return whileProbing(state, event, timing)
    case 'online':
    case 'degraded':
    case 'faulted':
      return whileHeard(state, event, timing)
    case 'waiting':
      return whileWaiting(state, event, timing)
    default:
      return assertNever(state)
  }
}

type In<K extends ReconnectState['state']> = Extract<ReconnectState, { state: K }>

function whileDialling(state: In<'dialling'>, event: ReconnectEvent, timing: ReconnectTiming): ReconnectStep {
  switch (event.kind) {
    case 'open':
      return { refused: 'ALREADY_OPEN' }
    case 'close':
      return closed(state.lastHeard, event.at)
    case 'wireUp':
      return {
        state: { ...state, state: 'probing', since: event.at, dueMs: later(event.at, timing.silenceMs) },
        effects: [{ kind: 'wakeAfter', ms: timing.silenceMs }],
      }
    case 'wireDown':
      return wait(event.at, state.failures, event.reason, state.lastHeard, timing)
    case 'wake':
      if (event.at.monoMs < state.dueMs) return sleepOn(state, event.at)
      return wait(event.at, state.failures, 'no connection in time', state.lastHeard, timing)
    case 'heard':
    case 'misheard':
    case 'fault':
    case 'repaired':
      return { refused: 'NO_WIRE' }
    case 'nudge':
      return { refused: 'NOT_WAITING' }
    default:
      return assertNever(event)
  }
}

function whileProbing(state: In<'probing'>, event: ReconnectEvent, timing: ReconnectTiming): ReconnectStep {
  switch (event.kind) {
    case 'open':
      return { refused: 'ALREADY_OPEN' }
    case 'close':
      return closed(state.lastHeard, event.at)
    case 'wireUp':
      return { refused: 'WIRE_ALREADY_UP' }
    case 'heard':
      return {
        state: { state: 'online', since: event.at, lastHeard: event.at },
        effects: [{ kind: 'wakeAfter', ms: timing.silenceMs }],
      }
    case 'misheard':
      return { state: { ...state, failure: event.reason }, effects: [] }
    case 'wireDown':
      return wait(event.at, state.failures, event.reason, state.lastHeard, timing)
    case 'wake':
      if (event.at.monoMs < state.dueMs) return sleepOn(state, event.at)
      return wait(event.at, state.failures, state.failure ?? 'no answer', state.lastHeard, timing)
    case 'fault':
    case 'repaired':
      return { refused: 'NOT_HEARD_YET' }
    case 'nudge':
      return { refused: 'NOT_WAITING' }
    default:
      return assertNever(event)
  }
}

function whileHeard(state: In<'online' | 'degraded' | 'faulted'>, event: ReconnectEvent, timing: ReconnectTiming): ReconnectStep {
  switch (event.kind) {
    case 'open':
      return { refused: 'ALREADY_OPEN' }
    case 'close':
      return closed(state.lastHeard, event.at)
    case 'wireUp':
      return { refused: 'WIRE_ALREADY_UP' }
    case 'heard':
      return { state: heardAgain(state, event.at), effects: [] }
    case 'misheard':
      if (state.state === 'faulted') return { state, effects: [] }
      return {
        state: {
          state: 'degraded',
          since: state.state === 'degraded' ? state.since : event.at,
          lastHeard: state.lastHeard,
          reason: event.reason,
          cleanAnswers: 0,
        },
        effects: [],
      }
    case 'fault':
      return {
        state: {
          state: 'faulted',
          since: state.state === 'faulted' ? state.since : event.at,
          lastHeard: state.lastHeard,
          reason: event.reason,
        },
        effects: [],
      }
    case 'repaired':
      if (state.state !== 'faulted') return { refused: 'NOT_FAULTED' }
      return { state: { state: 'online', since: event.at, lastHeard: state.lastHeard }, effects: [] }
    case 'wireDown':
      return wait(event.at, 0, event.reason, state.lastHeard, timing)
    case 'wake': {
      const leftMs = state.lastHeard.monoMs + timing.silenceMs - event.at.monoMs
      if (leftMs > 0) return { state, effects: [{ kind: 'wakeAfter', ms: Math.max(1, Math.ceil(leftMs)) }] }
      const reason = state.state === 'degraded' ? `silent, before that ${state.reason}` : 'silent'
      return wait(event.at, 0, reason, state.lastHeard, timing)
    }
    case 'nudge':
      return { refused: 'NOT_WAITING' }
    default:
      return assertNever(event)
  }
}

function whileWaiting(state: In<'waiting'>, event: ReconnectEvent, timing: ReconnectTiming): ReconnectStep {
  switch (event.kind) {
    case 'open':
      return { refused: 'ALREADY_OPEN' }
    case 'close':
      return closed(state.lastHeard, event.at)
    case 'wake':
      if (event.at.monoMs < state.dueMs) return sleepOn(state, event.at)
      return dial(event.at, state.failures, state.reason, state.lastHeard, timing)
    case 'nudge':
      return dial(event.at, state.failures, state.reason, state.lastHeard, timing)
    case 'wireUp':
    case 'wireDown':
    case 'heard':
    case 'misheard':
    case 'fault':
    case 'repaired':
      return { refused: 'NO_WIRE' }
    default:
      return assertNever(event)
  }
}

function heardAgain(state: In<'online' | 'degraded' | 'faulted'>, at: Moment): ReconnectState {
  if (state.state !== 'degraded') return { ...state, lastHeard: at }
  const cleanAnswers = state.cleanAnswers + 1
  if (cleanAnswers >= cleanAnswersToRecover) return { state: 'online', since: at, lastHeard: at }
  return { ...state, lastHeard: at, cleanAnswers }
}

function dial(at: Moment, failures: number, failure: string | null, lastHeard: Moment | null, timing: ReconnectTiming): ReconnectStep {
  return {
    state: { state: 'dialling', since: at, failures, failure, lastHeard, dueMs: later(at, timing.dialTimeoutMs) },
    effects: [{ kind: 'dial' }, { kind: 'wakeAfter', ms: timing.dialTimeoutMs }],
  }
}

function wait(at: Moment, failures: number, reason: string, lastHeard: Moment | null, timing: ReconnectTiming): ReconnectStep {
  const pauseMs = timing.retryMs[Math.min(failures, timing.retryMs.length - 1)] ?? timing.retryMs[0]
  return {
    state: {
      state: 'waiting',
      since: at,
      failures: failures + 1,
      failure: reason,
      reason,
      lastHeard,
      dueMs: later(at, pauseMs),
      nextAttemptAt: epochMs(at.wallMs + pauseMs),
    },
    effects: [{ kind: 'hangUp' }, { kind: 'wakeAfter', ms: pauseMs }],
  }
}

/** A timer of the operating system may fire a fraction of a millisecond before its time; a wake that was refused would be the last. */
function sleepOn(state: In<'dialling' | 'probing' | 'waiting'>, at: Moment): ReconnectStep {
  return { state, effects: [{ kind: 'wakeAfter', ms: Math.max(1, Math.ceil(state.dueMs - at.monoMs)) }] }
}

function closed(lastHeard: Moment | null, at: Moment): ReconnectStep {
  return { state: { state: 'idle', since: at, lastHeard }, effects: [{ kind: 'hangUp' }, { kind: 'wakeAfter', ms: null }] }
}

function later(at: Moment, ms: number): MonotonicMs {
  return (at.monoMs + ms) as MonotonicMs
}
