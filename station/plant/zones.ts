// Which relay outputs are closed for which programme outputs. Pure.
import { z } from 'zod'
import { OutputId } from '../../shared/domain/ids.ts'

/** A zone as configured under a zone controller's `options.zones`. */
export const ZoneConfig = z.object({
  id: z.string(),
  label: z.string(),
  coil: z.number().int().min(0).max(63),
  /** Time from the closing of the relay until the amplifier sounds, ms. */
  warmUpMs: z.number().int().min(0).default(0),
  /** Programme outputs that this zone plays; empty = the device's own. */
  outputs: z.array(OutputId).default([]),
  /** Closed only for an all-call (alert), never for programme. */
  allCallOnly: z.boolean().default(false),
})
export type ZoneConfig = z.infer<typeof ZoneConfig>

export interface Demand {
  readonly on: boolean
  readonly allCall: boolean
}

/** The coils to be closed, by index. */
export function coilsFor(zones: readonly ZoneConfig[], deviceOutputs: readonly OutputId[], coilCount: number, demand: ReadonlyMap<OutputId, Demand>): boolean[] {
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
