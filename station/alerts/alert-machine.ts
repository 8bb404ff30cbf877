// An alert from draft to aired. Pure.
//
//   rendering ──rendered──▶ ready ◀──────────┐
//       │ failed               │ arm          │ disarm (armed) / cutOff (airing)
//       ▼                      ▼              │
//     failed ──compose──▶   armed ──fired──▶ airing ──ended──▶ aired ──arm──▶ armed
//   cutOff: no output aired it to its end, nor did a hand end it.
//   anything but airing ──cancelled──▶ cancelled;  compose starts again from rendering
import type { AlertState } from '../../shared/domain/alert.ts'
import type { OperatorErrorCode } from '../../shared/domain/errors.ts'

export type AlertEvent = 'compose' | 'rendered' | 'failed' | 'arm' | 'disarm' | 'fired' | 'ended' | 'cutOff' | 'cancel'

/**
 * What an alert is when the station starts: what is on air is airing, though the last word stored may be older; nothing is armed that
 * nobody armed in this boot; what was being rendered is not there.
 */
export function stateAfterRestart(stored: AlertState, airs: boolean): AlertState {
  if (airs) return 'airing'
  if (stored === 'rendering') return 'failed'
  return stored === 'airing' || stored === 'armed' ? 'ready' : stored
}

/** The next state, or why not. */
export function alertTransition(
  state: AlertState,
  event: AlertEvent,
): { readonly state: AlertState } | { readonly refused: OperatorErrorCode } {
  switch (event) {
    case 'compose':
      return state === 'airing' ? { refused: 'ALERT_HOLDS_AIR' } : { state: 'rendering' }
    case 'rendered':
      return state === 'rendering' ? { state: 'ready' } : { state }
    case 'failed':
      return state === 'rendering' ? { state: 'failed' } : { state }
    case 'arm':
      if (state === 'airing') return { refused: 'ALERT_ALREADY_AIRING' }
      return state === 'ready' || state === 'aired' || state === 'armed' ? { state: 'armed' } : { refused: 'ALERT_NOT_READY' }
    case 'disarm':
      return state === 'armed' ? { state: 'ready' } : { refused: 'ALERT_NOT_ARMED' }
    case 'fired':
      if (state === 'airing') return { refused: 'ALERT_ALREADY_AIRING' }
      return state === 'armed' ? { state: 'airing' } : { refused: 'ALERT_NOT_ARMED' }
    case 'ended':
      return state === 'airing' ? { state: 'aired' } : { state }
    case 'cutOff':
      return state === 'airing' ? { state: 'ready' } : { state }
    case 'cancel':
      return state === 'airing' ? { refused: 'ALERT_HOLDS_AIR' } : { state: 'cancelled' }
  }
}
