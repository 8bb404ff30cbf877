// Which relay outputs are closed for which programme outputs. Pure.
import type { OutputId } from '../../shared/domain/ids.ts'

/** A zone of a relay board, as its driver's options have it. */
export interface Zone {
  readonly id: string
  readonly label: string
  readonly coil: number
  /** Time from the closing of the relay until the amplifier sounds, ms. */
  readonly warmUpMs: number
  /** Programme outputs that this zone plays; empty = the device's own. */
  readonly outputs: readonly OutputId[]
  /** Closed only for an all-call (alert), never for programme. */
  readonly allCallOnly: boolean
}

export interface Demand {
  readonly on: boolean
  readonly allCall: boolean
}

/** The coils to be closed, by index. */
export function coilsFor(
  zones: readonly Zone[],
  deviceOutputs: readonly OutputId[],
  coilCount: number,
  demand: ReadonlyMap<OutputId, Demand>,
): boolean[] {
  const coils = Array.from({ length: coilCount }, () => false)
  for (const zone of zones) {
    const outputs = zone.outputs.length > 0 ? zone.outputs : deviceOutputs
    const wanted = outputs.some((outputId) => {
      const asked = demand.get(outputId)
      return asked?.on === true && (!zone.allCallOnly || asked.allCall)
    })
    if (wanted) coils[zone.coil] = true
  }
  return coils
}
