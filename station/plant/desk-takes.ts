// The mixing desk under a cut-in: what was open is noted, taken, and given back when the last taker lets go. What a hand moves
// meanwhile is the hand's.
import type { DeskDesired } from '../../hardware/contract/kinds.ts'
import type { DeskObserved } from '../../shared/domain/device.ts'
import { deskAfterCutIn, deskForCutIn } from '../../shared/domain/desk-roles.ts'
import type { DeviceId } from '../../shared/domain/ids.ts'
import type { PlantDevices, PlantDriver } from './plant-devices.ts'

export class DeskTakes {
  readonly #devices: PlantDevices
  readonly #takes = new Set<string>()
  readonly #movedByHand = new Set<string>()
  #before = new Map<DeviceId, DeskObserved | null>()

  constructor(devices: PlantDevices) {
    this.#devices = devices
  }

  movedByHand(deviceId: DeviceId, channel: string): void {
    if (this.#takes.size > 0) this.#movedByHand.add(`${deviceId}/${channel}`)
  }

  /** Desk: what was open is noted, the programme is taken, microphones are muted unless one of them is what airs. */
  take(causeId: string, microphone: 'off' | 'live'): void {
    const first = this.#takes.size === 0
    this.#takes.add(causeId)
    if (!first) return
    this.#movedByHand.clear()
    this.#before = new Map(this.#devices.ofKind('desk').map(({ device, made }) => [device.id, made.driver.observed]))
    this.#want(causeId, (before, made) => deskForCutIn(before, made.roles, microphone))
  }

  /** As it was, except that every microphone stays muted and what a hand moved meanwhile is left alone. */
  restore(causeId: string): void {
    if (!this.#takes.delete(causeId) || this.#takes.size > 0) return
    this.#want(causeId, (before, made, id) => {
      const moved = new Set([...this.#movedByHand].filter((key) => key.startsWith(`${id}/`)).map((key) => key.slice(id.length + 1)))
      return deskAfterCutIn(before, made.roles, moved)
    })
  }

  #want(
    causeId: string,
    wish: (before: DeskObserved | null, made: Extract<PlantDriver, { kind: 'desk' }>, id: DeviceId) => DeskDesired['channels'],
  ): void {
    for (const { device, made } of this.#devices.ofKind('desk')) {
      const channels = wish(this.#before.get(device.id) ?? null, made, device.id)
      device.reconciler.want({ channels, causeId } satisfies DeskDesired as never)
    }
  }
}
