// A key that must be held: pressed for 1,000 ms = done, released earlier = cancelled. Pure; time arrives in the events.
//
//   up ──pressed──▶ holding(since) ──elapsed ≥ holdMs──▶ done ──released──▶ up
//                       └──released / lost──▶ up

export type HoldKeyState = { readonly kind: 'up' } | { readonly kind: 'holding'; readonly sinceMs: number } | { readonly kind: 'done' }

export type HoldKeyEvent =
  | { readonly kind: 'pressed'; readonly atMs: number }
  | { readonly kind: 'released'; readonly atMs: number }
  /** The panel was unplugged: a key that cannot be seen is not held. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'elapsed'; readonly atMs: number }

export type HoldKeyEffect =
  | { readonly kind: 'startTimer'; readonly ms: number }
  | { readonly kind: 'cancelTimer' }
  | { readonly kind: 'held' }
  | { readonly kind: 'cancelled'; readonly afterMs: number }

/** Time a firing key must be held, ms. */
export const holdMs = 1000

export function holdKey(
  state: HoldKeyState,
  event: HoldKeyEvent,
): { readonly state: HoldKeyState; readonly effects: readonly HoldKeyEffect[] } {
  switch (event.kind) {
    case 'pressed':
      return state.kind === 'up'
        ? { state: { kind: 'holding', sinceMs: event.atMs }, effects: [{ kind: 'startTimer', ms: holdMs }] }
        : { state, effects: [] }
    case 'elapsed':
      return state.kind === 'holding' && event.atMs - state.sinceMs >= holdMs
        ? { state: { kind: 'done' }, effects: [{ kind: 'held' }] }
        : { state, effects: [] }
    case 'released':
      if (state.kind === 'holding')
        return { state: { kind: 'up' }, effects: [{ kind: 'cancelTimer' }, { kind: 'cancelled', afterMs: event.atMs - state.sinceMs }] }
      return { state: { kind: 'up' }, effects: [] }
    case 'lost':
      return state.kind === 'holding'
        ? { state: { kind: 'up' }, effects: [{ kind: 'cancelTimer' }] }
        : { state: { kind: 'up' }, effects: [] }
  }
}
