// Whether a device's card would show the same: a new "last heard" alone draws nothing again.
import type { DeviceView } from '../../shared/domain/device.ts'

interface Reading {
  readonly device: DeviceView
  readonly observed: unknown
}

export function sameReading(before: Reading, after: Reading): boolean {
  return before.observed === after.observed && sameOrders(before.device, after.device)
}

/** Whether the same orders could be given to it, under the same name. */
export function sameOrders(before: DeviceView, after: DeviceView): boolean {
  return (
    before.deviceId === after.deviceId &&
    before.label === after.label &&
    before.kind === after.kind &&
    before.status.state === after.status.state
  )
}

/** Whether a whole card would show the same: everything but the moment the device was last heard, which is drawn outside React. */
export function sameButHeard(before: { readonly device: DeviceView }, after: { readonly device: DeviceView }): boolean {
  if (before.device === after.device) return true
  const { status: statusBefore, ...restBefore } = before.device
  const { status: statusAfter, ...restAfter } = after.device
  return sameValues(restBefore, restAfter) && sameValues({ ...statusBefore, lastHeardAt: null }, { ...statusAfter, lastHeardAt: null })
}

/** Unchanged parts keep their identity in the store, so one level is enough. */
function sameValues(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(one)
  return keys.length === Object.keys(other).length && keys.every((key) => Object.is(one[key], other[key]))
}
