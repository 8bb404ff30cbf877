// Values that the station computes anew with every message although nothing happened: a position (drawn from the meters instead),
// an end that moves by the rounding of "now plus what is left", a reading that says what the last one said. Left as they came,
// each would be a change of everything that shows its output or device.
import type { DeviceView } from '../../shared/domain/device.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { DayPlan, PlannedItem } from '../../shared/domain/schedule.ts'
import { rowsOf } from './plan-rows.ts'
import { share } from './share.ts'

/** An end that moved by less than this is the same end. */
const endSlackMs = 500

export function stillOutputs(before: readonly OnAirOutputView[], outputs: readonly OnAirOutputView[]): OnAirOutputView[] {
  return outputs.map((output) => {
    if (output.now === null) return output
    const known = before.find((each) => each.outputId === output.outputId)?.now
    const { endsAtMs } = output.now
    const same =
      known?.itemId === output.now.itemId &&
      known.endsAtMs !== null &&
      endsAtMs !== null &&
      Math.abs(known.endsAtMs - endsAtMs) < endSlackMs
    return { ...output, now: { ...output.now, positionMs: 0, endsAtMs: same ? known.endsAtMs : endsAtMs } }
  })
}

export function stillDevices(before: readonly DeviceView[], devices: readonly DeviceView[]): DeviceView[] {
  return devices.map((device) => {
    const known = before.find((each) => each.deviceId === device.deviceId)
    if (known === undefined) return device
    return {
      ...device,
      transmitter: sameReading(known.transmitter, device.transmitter),
      zones: sameReading(known.zones, device.zones),
      desk: sameReading(known.desk, device.desk),
      surface: sameReading(known.surface, device.surface),
    }
  })
}

export function stillPlan(before: DayPlan | null, plan: DayPlan): DayPlan {
  const known = new Map(before === null ? [] : rowsOf(before).map((row) => [row.item.itemId, row.endMs]))
  const still = (rows: readonly PlannedItem[]) =>
    rows.map((row) => {
      const endMs = known.get(row.item.itemId)
      return endMs !== undefined && Math.abs(endMs - row.endMs) < endSlackMs ? { ...row, endMs } : row
    })
  return { ...plan, items: still(plan.items), carried: still(plan.carried) }
}

/** The earlier reading where the new one says the same at another time. */
function sameReading<T extends object | null>(before: T, reading: T): T {
  if (before === null || reading === null || !('atMs' in before)) return reading
  const kept = share(before, { ...reading, atMs: before.atMs })
  return kept === before ? before : reading
}
