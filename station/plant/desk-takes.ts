// The mixing desk under a cut-in: what was open is noted, taken, and given back when the last taker lets go. A wish stands while an
// alert is on air; whatever a hand moves, on the desk or on a screen, is that hand's from then on. What is given back is wished only
// until the desk shows it: afterwards the desk is the hands' again, and a microphone that came back muted can be opened. An output
// holds the desk once, whatever takes its air: an alert that follows a microphone or another alert is the same holding.
import type { DeskDesired } from '../../hardware/contract/kinds.ts'
import type { DeskObserved } from '../../shared/domain/device.ts'
import { deskAfterCutIn, type DeskChannelWish, deskForCutIn } from '../../shared/domain/desk-roles.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { Device, PlantDevices, PlantDriver } from './plant-devices.ts'

interface Standing {
  readonly channels: readonly DeskChannelWish[]
  readonly causeId: string
}

const nothing: Standing = { channels: [], causeId: 'idle' }

export class DeskTakes {
  readonly #devices: PlantDevices
  readonly #takes = new Map<OutputId, 'off' | 'live'>()
  readonly #movedByHand = new Set<string>()
  readonly #standing = new Map<DeviceId, Standing>()
  #before = new Map<DeviceId, DeskObserved | null>()

  constructor(devices: PlantDevices) {
    this.#devices = devices
  }

  /** A hand on the desk: nothing is wished of this channel any more. */
  movedByHand(deviceId: DeviceId, channel: string): void {
    const device = this.#devices.find(deviceId)
    if (device === undefined) return
    this.#noteHand(device, channel)
    const { channels, causeId } = this.#of(device)
    const left = channels.filter((wish) => wish.channel !== channel)
    if (left.length < channels.length) this.#want(device, { channels: left, causeId })
  }

  /** A hand on the screen: this one channel as wished, everything else as it stands. */
  moveOnScreen(device: Device, { channel, faderDb, muted }: DeskChannelWish, actor: string): void {
    this.#noteHand(device, channel)
    const { channels } = this.#of(device)
    const was = channels.find((wish) => wish.channel === channel)
    const merged = { channel, faderDb: faderDb ?? was?.faderDb ?? null, muted: muted ?? was?.muted ?? null }
    this.#want(device, { channels: [...channels.filter((wish) => wish !== was), merged], causeId: actor })
  }

  /** The desk was read: what it was given back, it has. */
  observed(device: Device): void {
    if (this.#takes.size > 0 || this.#of(device).channels.length === 0 || !device.reconciler.settled) return
    this.#want(device, nothing)
  }

  /** What was open is noted, the programme is taken, microphones are muted unless one of them is all that airs. */
  take(outputId: OutputId, causeId: string, microphone: 'off' | 'live'): void {
    const first = this.#takes.size === 0
    const before = this.#microphone
    this.#takes.set(outputId, microphone)
    if (first) {
      this.#movedByHand.clear()
      this.#before = new Map(this.#devices.ofKind('desk').map(({ device, made }) => [device.id, made.driver.observed]))
    } else if (this.#microphone === before) return
    this.#wantAll(causeId, (was, made) => deskForCutIn(was, made.roles, this.#microphone))
  }

  /** As it was, except that every microphone stays muted and what a hand moved meanwhile is left alone. */
  restore(outputId: OutputId, causeId: string): void {
    if (!this.#takes.delete(outputId) || this.#takes.size > 0) return
    this.#wantAll(causeId, (before, made, id) => {
      const moved = new Set([...this.#movedByHand].filter((key) => key.startsWith(`${id}/`)).map((key) => key.slice(id.length + 1)))
      return deskAfterCutIn(before, made.roles, moved)
    })
  }

  /** One output that reads an alert closes the desk's microphones for all of them. */
  get #microphone(): 'off' | 'live' {
    return [...this.#takes.values()].includes('off') ? 'off' : 'live'
  }

  #noteHand(device: Device, channel: string): void {
    if (this.#takes.size > 0) this.#movedByHand.add(`${device.id}/${channel}`)
  }

  #of(device: Device): Standing {
    return this.#standing.get(device.id) ?? nothing
  }

  #wantAll(
    causeId: string,
    wish: (before: DeskObserved | null, made: Extract<PlantDriver, { kind: 'desk' }>, id: DeviceId) => readonly DeskChannelWish[],
  ): void {
    for (const { device, made } of this.#devices.ofKind('desk'))
      this.#want(device, { channels: wish(this.#before.get(device.id) ?? null, made, device.id), causeId })
  }

  #want(device: Device, standing: Standing): void {
    this.#standing.set(device.id, standing)
    device.reconciler.want(standing satisfies DeskDesired as never)
  }
}
