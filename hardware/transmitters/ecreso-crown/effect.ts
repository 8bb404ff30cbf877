// Whether an acknowledged order has had its effect, judged by what the transmitter measures. Pure.
import type { TransmitterObserved } from '../../../shared/domain/device.ts'
import type { MonotonicMs } from '../../../shared/domain/time.ts'

/** The last order of each sort that the unit acknowledged. */
export interface Acknowledged {
  readonly carrier: { readonly wish: 'on' | 'off'; readonly atMs: MonotonicMs } | null
  readonly power: { readonly powerW: number; readonly atMs: MonotonicMs } | null
}

export interface EffectTiming {
  /** Time from the order until the forward power must stand, ms (ramp of the unit). */
  readonly riseMs: number
  /** Time from the order until nothing may radiate, ms. */
  readonly fallMs: number
}

export const nothingAcknowledged: Acknowledged = { carrier: null, power: null }

/** Time until a set point must read back, ms: more than one full turn of the slow telemetry. */
const setPointMs = 5000

/**
 * Why a person is needed, or null. An open interlock or LOCAL explains a missing carrier: that is shown as it is, not as a fault.
 * A carrier that radiates after it was ordered off is a fault whatever the reason (H6).
 */
export function missingEffect(
  acknowledged: Acknowledged,
  observed: TransmitterObserved,
  nowMs: MonotonicMs,
  timing: EffectTiming,
): string | null {
  const { carrier, power } = acknowledged
  if (carrier?.wish === 'off' && nowMs - carrier.atMs >= timing.fallMs) {
    if (observed.rfPresent) return `ordered off and still radiates ${observed.forwardPowerW} W: switch it off at the unit`
    if (observed.carrierOn) return 'acknowledged off and reads on'
  }
  if (carrier?.wish === 'on' && nowMs - carrier.atMs >= timing.riseMs && observed.interlockClosed && !observed.localMode) {
    if (!observed.carrierOn) return 'acknowledged on and reads off'
    if (!observed.rfPresent) return 'acknowledged on and no forward power is measured'
  }
  if (power !== null && nowMs - power.atMs >= setPointMs && Math.abs(observed.powerSetW - power.powerW) >= 1) {
    return `set point ${power.powerW} W acknowledged and reads ${observed.powerSetW} W`
  }
  return null
}
