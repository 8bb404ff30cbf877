// What happens to the window when its renderer dies, hangs or finds no station. Pure. The air does not notice any of it.
//
//   loading ──loaded──▶ showing ──unresponsive──▶ hung ──wake (3 s)──▶ (renderer killed) ──▶ crashed
//     ▲  │ crashed / failed   │ crashed             │ responsive ▶ showing
//     │  ▼                    ▼                     │
//   reloading ◀───────────────┴─────────────────────┘ crashed
//     wake ▶ loading          4th crash in 60 s ▶ safe ──retry──▶ loading
//
//   safe: a static page with STOP and the live microphone, no React and no station code in it
import { assertNever } from '../shared/domain/assert-never.ts'

export const crashWindowMs = 60_000
export const crashesToSafe = 4
/** After a crash the page is loaded again at once the first time, then after this, ms: back within 3 s. */
export const reloadPauseMs = 500
/** The station is being restarted: the page is tried again, ms. */
export const retryLoadMs = 1000
/** A renderer that hangs this long is killed and loaded again, ms. */
export const hangLimitMs = 3000

export type WindowState =
  | { readonly state: 'loading'; readonly crashesAt: readonly number[] }
  | { readonly state: 'showing'; readonly crashesAt: readonly number[] }
  | { readonly state: 'hung'; readonly crashesAt: readonly number[]; readonly dueMs: number }
  | { readonly state: 'reloading'; readonly crashesAt: readonly number[]; readonly dueMs: number }
  | { readonly state: 'safe' }

/** Times are monotonic, ms. */
export interface WindowEvent {
  readonly kind: 'loaded' | 'failedToLoad' | 'crashed' | 'unresponsive' | 'responsive' | 'wake' | 'retry'
  readonly atMs: number
}

/** `wakeAfter` replaces an earlier one; null cancels it. */
export type WindowEffect =
  | { readonly kind: 'load' }
  | { readonly kind: 'showSafePage' }
  | { readonly kind: 'killRenderer' }
  | { readonly kind: 'wakeAfter'; readonly ms: number | null }

export type WindowRefusal = 'NOT_LOADING' | 'TOO_EARLY' | 'NOT_HUNG' | 'SAFE_STAYS' | 'ALREADY_HUNG' | 'NOTHING_SHOWN'
export type WindowStep = { readonly state: WindowState; readonly effects: readonly WindowEffect[] } | { readonly refused: WindowRefusal }

export const initialWindow: WindowState = { state: 'loading', crashesAt: [] }

export function transition(state: WindowState, event: WindowEvent): WindowStep {
  if (event.kind === 'retry') return { state: initialWindow, effects: [{ kind: 'load' }, { kind: 'wakeAfter', ms: null }] }
  switch (state.state) {
    case 'loading':
      if (event.kind === 'loaded') return { state: { state: 'showing', crashesAt: state.crashesAt }, effects: [] }
      if (event.kind === 'crashed') return crashed(state.crashesAt, event.atMs)
      if (event.kind === 'failedToLoad') return reload(state.crashesAt, event.atMs, retryLoadMs)
      if (event.kind === 'unresponsive') return hung(state.crashesAt, event.atMs)
      return { refused: event.kind === 'responsive' ? 'NOT_HUNG' : 'NOTHING_SHOWN' }
    case 'showing':
      if (event.kind === 'crashed') return crashed(state.crashesAt, event.atMs)
      if (event.kind === 'failedToLoad') return reload(state.crashesAt, event.atMs, retryLoadMs)
      if (event.kind === 'unresponsive') return hung(state.crashesAt, event.atMs)
      return { refused: event.kind === 'responsive' ? 'NOT_HUNG' : 'NOT_LOADING' }
    case 'hung':
      if (event.kind === 'crashed') return crashed(state.crashesAt, event.atMs)
      if (event.kind === 'responsive') {
        return { state: { state: 'showing', crashesAt: state.crashesAt }, effects: [{ kind: 'wakeAfter', ms: null }] }
      }
      if (event.kind === 'wake') return event.atMs < state.dueMs ? { refused: 'TOO_EARLY' } : { state, effects: [{ kind: 'killRenderer' }] }
      return { refused: event.kind === 'unresponsive' ? 'ALREADY_HUNG' : 'NOT_LOADING' }
    case 'reloading':
      if (event.kind === 'wake') {
        if (event.atMs < state.dueMs) return { refused: 'TOO_EARLY' }
        return { state: { state: 'loading', crashesAt: state.crashesAt }, effects: [{ kind: 'load' }] }
      }
      return { refused: 'NOTHING_SHOWN' }
    case 'safe':
      // Even this page is only a renderer: shown again when it dies.
      return event.kind === 'crashed' ? { state, effects: [{ kind: 'showSafePage' }] } : { refused: 'SAFE_STAYS' }
    default:
      return assertNever(state)
  }
}

function crashed(before: readonly number[], atMs: number): WindowStep {
  const crashesAt = [...before.filter((crashMs) => atMs - crashMs < crashWindowMs), atMs]
  if (crashesAt.length >= crashesToSafe)
    return { state: { state: 'safe' }, effects: [{ kind: 'showSafePage' }, { kind: 'wakeAfter', ms: null }] }
  return reload(crashesAt, atMs, crashesAt.length === 1 ? 0 : reloadPauseMs)
}

function reload(crashesAt: readonly number[], atMs: number, pauseMs: number): WindowStep {
  return { state: { state: 'reloading', crashesAt, dueMs: atMs + pauseMs }, effects: [{ kind: 'wakeAfter', ms: pauseMs }] }
}

function hung(crashesAt: readonly number[], atMs: number): WindowStep {
  return { state: { state: 'hung', crashesAt, dueMs: atMs + hangLimitMs }, effects: [{ kind: 'wakeAfter', ms: hangLimitMs }] }
}
