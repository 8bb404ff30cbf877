// A key that must be held, pure. Time arrives inside the events, in ms of one monotonic clock (event.timeStamp).
//
//            press                    due (held ≥ needMs)
//   idle ───────────▶ holding ─────────────────────────────▶ done ──release──▶ idle
//                        │  release / cancel / blur
//                        └──────────────────────────────────▶ idle
//
// idle:    nobody presses.
// holding: pressed at `pressedAtMs` through `by`; nothing has happened yet.
// done:    the order was given; the same press cannot give another one.
//
// Invariants: an order needs one press of at least `needMs` without interruption; a repeat event never starts a hold; a
// release whose own time stamp lies before the due time cancels, even when it is read after it.

export type HoldBy = 'pointer' | 'keyboard'

export type HoldState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'holding'; readonly by: HoldBy; readonly pressedAtMs: number; readonly needMs: number }
  | { readonly kind: 'done'; readonly by: HoldBy }

export type HoldEvent =
  | { readonly kind: 'press'; readonly by: HoldBy; readonly atMs: number; readonly needMs: number; readonly repeat: boolean }
  | { readonly kind: 'release'; readonly by: HoldBy; readonly atMs: number }
  | { readonly kind: 'cancel' }
  /** The timer of the hold ran out, or the clock was read. */
  | { readonly kind: 'due'; readonly atMs: number }

export type HoldEffect =
  | { readonly kind: 'startTimer'; readonly dueAtMs: number }
  | { readonly kind: 'stopTimer' }
  | { readonly kind: 'complete'; readonly by: HoldBy; readonly heldMs: number }

export interface HoldStep {
  readonly state: HoldState
  readonly effects: readonly HoldEffect[]
}

export const idle: HoldState = { kind: 'idle' }

const stay = (state: HoldState): HoldStep => ({ state, effects: [] })

export function stepHold(state: HoldState, event: HoldEvent): HoldStep {
  switch (state.kind) {
    case 'idle':
      if (event.kind !== 'press' || event.repeat) return stay(state)
      return {
        state: { kind: 'holding', by: event.by, pressedAtMs: event.atMs, needMs: event.needMs },
        effects: [{ kind: 'startTimer', dueAtMs: event.atMs + event.needMs }],
      }
    case 'holding':
      return stepHolding(state, event)
    case 'done':
      if (event.kind === 'release' && event.by !== state.by) return stay(state)
      return event.kind === 'release' || event.kind === 'cancel' ? stay(idle) : stay(state)
  }
}

function stepHolding(state: Extract<HoldState, { kind: 'holding' }>, event: HoldEvent): HoldStep {
  switch (event.kind) {
    case 'press':
      return stay(state)
    case 'cancel':
      return { state: idle, effects: [{ kind: 'stopTimer' }] }
    case 'due': {
      const heldMs = event.atMs - state.pressedAtMs
      if (heldMs < state.needMs) return { state, effects: [{ kind: 'startTimer', dueAtMs: state.pressedAtMs + state.needMs }] }
      return { state: { kind: 'done', by: state.by }, effects: [{ kind: 'complete', by: state.by, heldMs: Math.round(heldMs) }] }
    }
    case 'release': {
      if (event.by !== state.by) return stay(state)
      const heldMs = event.atMs - state.pressedAtMs
      const stop: HoldEffect = { kind: 'stopTimer' }
      if (heldMs < state.needMs) return { state: idle, effects: [stop] }
      return { state: idle, effects: [stop, { kind: 'complete', by: state.by, heldMs: Math.round(heldMs) }] }
    }
  }
}
