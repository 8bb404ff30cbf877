// What each transmitter and relay board is to do, from what the outputs demand, what a hand keyed, and which bypass is closed.
import type { Armed, TransmitterDesired, ZonesDesired } from '../../hardware/contract/kinds.ts'
import { handTestMs } from '../../shared/domain/device.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import { leaseMs } from './lease.ts'
import type { Device, PlantDevices, PlantDriver } from './plant-devices.ts'
import { coilsFor, type Demand } from './zones.ts'

/** The relay that feeds an output's transmitter directly; null = it has none. */
export type BypassOf = (outputId: OutputId) => { readonly deviceId: DeviceId; readonly coil: number } | null

type ZonesDriver = Extract<PlantDriver, { kind: 'zones' }>

export class PlantWishes {
  readonly demand = new Map<OutputId, Demand & { causeId: string }>()
  /** Keyed by hand for a test off air, by whom and since when. */
  readonly manual = new Map<DeviceId, { readonly actor: string; readonly sinceMs: MonotonicMs }>()
  /** Whose hand let go of a device last, until something else asks for it. */
  readonly letGo = new Map<DeviceId, string>()
  /** Power set by hand, W, and by whom. */
  readonly power = new Map<DeviceId, { readonly powerW: number; readonly actor: string }>()
  /** Outputs whose priority relay is closed. */
  readonly bypassed = new Set<OutputId>()
  /** Counts the renewals of timed outputs. */
  refresh = 0
  readonly #devices: PlantDevices
  readonly #bypassOf: BypassOf

  constructor(devices: PlantDevices, bypassOf: BypassOf) {
    this.#devices = devices
    this.#bypassOf = bypassOf
  }

  transmitter(device: Device, configuredW: number | null): TransmitterDesired & Armed {
    const asking = this.#asking(device)
    const on = asking !== undefined || this.manual.has(device.id)
    const causeId = asking?.causeId ?? this.#hand(device)
    const power = this.power.get(device.id)
    const wish = { carrier: on ? 'on' : 'off', powerSetW: power?.powerW ?? configuredW, causeId, armedBy: causeId } as const
    return power === undefined ? wish : { ...wish, powerCauseId: power.actor }
  }

  zones(device: Device, made: ZonesDriver): ZonesDesired {
    const coils = this.#coils(device, made, this.manual.has(device.id))
    return { coils, leaseMs, refresh: this.refresh, causeId: this.#asking(device)?.causeId ?? this.#hand(device) }
  }

  /** Ends the tests that have lasted as long as one may; returns their devices. */
  endOldTests(nowMs: MonotonicMs): DeviceId[] {
    const old = [...this.manual].filter(([, { sinceMs }]) => nowMs - sinceMs > handTestMs).map(([deviceId]) => deviceId)
    for (const deviceId of old) this.manual.delete(deviceId)
    return old
  }

  /** An output that goes on air or off it takes its devices over: no test by hand outlives that. */
  endTestsFor(outputId: OutputId): void {
    for (const device of this.#devices.all()) if (this.#devices.serves(device, outputId)) this.manual.delete(device.id)
  }

  /** Whether all that is keyed of it is keyed for something else than a hand on it: there is nothing that hand could let go of. */
  keyedForOthers(device: Device): boolean {
    const { made } = device
    if (made.kind !== 'zones') return this.#asking(device) !== undefined
    const forOthers = this.#coils(device, made, false)
    return forOthers.includes(true) && this.#coils(device, made, this.manual.has(device.id)).every((on, coil) => on === forOthers[coil])
  }

  #asking({ outputIds }: Device): (Demand & { causeId: string }) | undefined {
    return outputIds.map((outputId) => this.demand.get(outputId)).find((demand) => demand?.on)
  }

  /** Whose hand keyed or unkeyed this device. */
  #hand({ id }: Device): string {
    return this.manual.get(id)?.actor ?? this.letGo.get(id) ?? 'idle'
  }

  #coils(device: Device, made: ZonesDriver, byHand: boolean): boolean[] {
    const demand = new Map<OutputId, Demand>(this.demand)
    if (byHand) for (const outputId of device.outputIds) demand.set(outputId, { on: true, allCall: true })
    // A transmitter keyed by hand needs its interlock relay closed as one keyed for programme does.
    for (const { device: keyed } of this.#devices.ofKind('transmitter'))
      if (this.manual.has(keyed.id))
        for (const outputId of keyed.outputIds) if (demand.get(outputId)?.on !== true) demand.set(outputId, { on: true, allCall: false })
    const coils = coilsFor(made.zones, device.outputIds, made.coilCount, demand)
    for (const outputId of this.bypassed) {
      const bypass = this.#bypassOf(outputId)
      if (bypass?.deviceId === device.id) coils[bypass.coil] = true
    }
    return coils
  }
}
