// From what the transmitter says to what it should be. Pure.
import type { TransmitterObserved } from '../../../shared/domain/device.ts'
import type { Planned } from '../../contract/driver.ts'
import type { Armed, TransmitterDesired } from '../../contract/kinds.ts'

/** A carrier changes only with the token of whoever is entitled to change it. */
export type TransmitterCommand =
  | { readonly kind: 'setCarrier'; readonly carrier: 'on' | 'off'; readonly armed: Armed }
  | { readonly kind: 'setPower'; readonly powerW: number }

/** Set points closer than this are the same: the unit knows whole watts. */
const sameSetPointW = 0.5

/** @param observed null = nothing known: set point and carrier are both ordered. */
export function planTransmitter(
  observed: TransmitterObserved | null,
  desired: TransmitterDesired & Armed,
): readonly Planned<TransmitterCommand>[] {
  const planned: Planned<TransmitterCommand>[] = []
  const { carrier, powerSetW, armedBy, causeId, powerCauseId = causeId } = desired
  const setCarrier = (reason: string) => planned.push({ command: { kind: 'setCarrier', carrier, armed: { armedBy } }, reason, causeId })

  if (carrier === 'off') {
    if (observed === null) setCarrier('state unknown, wished off')
    else if (observed.carrierOn) setCarrier('is on, wished off')
    // Stuck keyed (H6): it says off and radiates. Ordered again for as long as it does.
    else if (observed.rfPresent) setCarrier(`still radiates ${observed.forwardPowerW} W, wished off`)
    return planned
  }
  // In LOCAL the unit refuses; an order would only hide that a hand is needed.
  if (observed?.localMode) return planned
  if (powerSetW !== null && (observed === null || !isSetTo(observed, powerSetW))) {
    const reason = observed === null ? 'set point unknown' : `set point is ${observed.powerSetW} W`
    planned.push({ command: { kind: 'setPower', powerW: powerSetW }, reason, causeId: powerCauseId })
  }
  if (observed === null) setCarrier('state unknown, wished on')
  else if (!observed.carrierOn) setCarrier('is off, wished on')
  return planned
}

/** In LOCAL a carrier that is up is the hand's at the unit, not our order's. */
export function showsTransmitter(observed: TransmitterObserved, command: TransmitterCommand): boolean {
  if (command.kind === 'setPower') return isSetTo(observed, command.powerW)
  return command.carrier === 'on' ? observed.carrierOn && !observed.localMode : !observed.carrierOn && !observed.rfPresent
}

function isSetTo({ powerSetW }: TransmitterObserved, powerW: number): boolean {
  return Math.abs(powerSetW - powerW) < sameSetPointW
}
