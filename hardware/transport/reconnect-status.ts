// The reconnect machine's state in the words of the station and the screens.
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { DriverStatus } from '../../shared/domain/device.ts'
import type { ReconnectState } from './reconnect-machine.ts'

/** What the station and the screens are told. A retry under way is still `lost`: only the very first attempt is `connecting`. */
export function statusOf(state: ReconnectState): DriverStatus {
  switch (state.state) {
    case 'idle':
      return { state: 'connecting', sinceMs: state.since.wallMs, lastHeardAt: state.lastHeard?.wallMs ?? null }
    case 'dialling':
    case 'probing': {
      const lastHeardAt = state.lastHeard?.wallMs ?? null
      if (state.failures === 0) return { state: 'connecting', sinceMs: state.since.wallMs, lastHeardAt }
      const reason = state.failure ?? 'no answer'
      return { state: 'lost', sinceMs: state.since.wallMs, lastHeardAt, nextAttemptAt: state.since.wallMs, reason }
    }
    case 'online':
      return { state: 'online', sinceMs: state.since.wallMs, lastHeardAt: state.lastHeard.wallMs }
    case 'degraded':
      return { state: 'degraded', sinceMs: state.since.wallMs, lastHeardAt: state.lastHeard.wallMs, reason: state.reason }
    case 'faulted':
      return { state: 'faulted', sinceMs: state.since.wallMs, lastHeardAt: state.lastHeard.wallMs, needsHands: true, reason: state.reason }
    case 'waiting':
      return {
        state: 'lost',
        sinceMs: state.since.wallMs,
        lastHeardAt: state.lastHeard?.wallMs ?? null,
        nextAttemptAt: state.nextAttemptAt,
        reason: state.reason,
      }
    default:
      return assertNever(state)
  }
}
