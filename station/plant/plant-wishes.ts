// What each transmitter and relay board is to do, from what the outputs demand, what a hand keyed, and which bypass is closed.
import type { Armed, TransmitterDesired, ZonesDesired } from '../../hardware/contract/kinds.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import { leaseMs } from './lease.ts'
import type { Device, PlantDevices, PlantDriver } from './plant-devices.ts'
import { coilsFor, type Demand } from './zones.ts'

/** The relay that feeds an output's transmitter directly; null = it has none. */
export type BypassOf = (outputId: OutputId) => { readonly deviceId: DeviceId; readonly coil: number } | null

export class PlantWishes {
  readonly demand = new Map<OutputId, Demand & { causeId: string }>()
  /** Keyed by hand, off air, by whom. */
  readonly manual = new Map<DeviceId, string>()
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
    const asking = device.outputIds.map((outputId) => this.demand.get(outputId)).find((demand) => demand?.on)
    const on = asking !== undefined || this.manual.has(device.id)
    const causeId = asking?.causeId ?? this.#hand(device)
    const power = this.power.get(device.id)
    const wish = { carrier: on ? 'on' : 'off', powerSetW: power?.powerW ?? configuredW, causeId, armedBy: causeId } as const
    return power === undefined ? wish : { ...wish, powerCauseId: power.actor }
  }

  /** Whose hand keyed or unkeyed this device. */
  #hand({ id }: Device): string {
    return this.manual.get(id) ?? this.letGo.get(id) ?? 'idle'
  }

  zones(device: Device, made: Extract<PlantDriver, { kind: 'zones' }>): ZonesDesired {
    const demand = new Map<OutputId, Demand>(this.demand)
    if (this.manual.has(device.id)) for (const outputId of device.outputIds) demand.set(outputId, { on: true, allCall: true })
    // A transmitter keyed by hand needs its interlock relay closed as one keyed for programme does.
    for (const { device: keyed } of this.#devices.ofKind('transmitter'))
      if (this.manual.has(keyed.id))
        for (const outputId of keyed.outputIds) if (demand.get(outputId)?.on !== true) demand.set(outputId, { on: true, allCall: false })
    const coils = coilsFor(made.zones, device.outputIds, made.coilCount, demand)
    for (const outputId of this.bypassed) {
      const bypass = this.#bypassOf(outputId)
      if (bypass?.deviceId === device.id) coils[bypass.coil] = true
    }
    const asking = device.outputIds.map((outputId) => this.demand.get(outputId)).find((one) => one?.on)
    return { coils, leaseMs, refresh: this.refresh, causeId: asking?.causeId ?? this.#hand(device) }
  }
}
