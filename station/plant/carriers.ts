// What is *measured* of an output's carriers: forward power of transmitters, relays closed and warm.
import type { Clock } from '../../shared/domain/clock.ts'
import { carrierState, type CarrierState, telemetryFreshMs } from '../../shared/domain/device.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { CarrierView } from '../../shared/domain/onair.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import type { Device, PlantDevices } from './plant-devices.ts'
import type { PlantWishes } from './plant-wishes.ts'
import type { Zone } from './zones.ts'

export class Carriers {
  readonly #devices: PlantDevices
  readonly #wishes: PlantWishes
  readonly #clock: Clock
  /** Since when each coil has been read back closed, by `device/coil`: an amplifier behind it takes its time. */
  readonly #coilSince = new Map<string, MonotonicMs>()

  constructor(devices: PlantDevices, wishes: PlantWishes, clock: Clock) {
    this.#devices = devices
    this.#wishes = wishes
    this.#clock = clock
  }

  of(outputId: OutputId): CarrierView[] {
    return this.#devices
      .all()
      .filter((device) => this.#devices.serves(device, outputId))
      .flatMap((device) => this.#carrierOf(device, outputId) ?? [])
  }

  /** A board was read, or lost: an amplifier whose power is unknown counts as cold. */
  observed(device: Device): void {
    if (device.made.kind !== 'zones') return
    const now = this.#clock.monotonic()
    const coils = device.made.driver.observed?.coils ?? Array.from({ length: device.made.coilCount }, () => false)
    for (const [coil, on] of coils.entries()) {
      const key = `${device.id}/${coil}`
      if (!on) this.#coilSince.delete(key)
      else if (!this.#coilSince.has(key)) this.#coilSince.set(key, now)
    }
  }

  #carrierOf(device: Device, outputId: OutputId): CarrierView | null {
    const { made, id: deviceId } = device
    const reason = 'reason' in device.status ? device.status.reason : null
    if (made.kind === 'transmitter') {
      const observed = made.driver.observed
      const state = carrierState(observed, device.status, made.onAirThresholdW, this.#clock.now())
      // Our own relay opens the interlock when nothing is asked for: at rest that is how it should be.
      const relays = this.#devices.ofKind('zones').some(({ made: board }) => board.zones.some((zone) => zone.outputs.includes(outputId)))
      const atRest =
        relays &&
        state === 'blocked' &&
        observed?.localMode === false &&
        this.#wishes.demand.get(outputId)?.on !== true &&
        !this.#wishes.manual.has(deviceId)
      if (atRest)
        return {
          deviceId,
          label: made.label,
          kind: 'transmitter',
          state: 'down',
          measured: observed.forwardPowerW,
          setPoint: observed.powerSetW,
          reason: null,
        }
      const why = observed?.localMode ? 'LOCAL' : observed && !observed.interlockClosed ? 'INTERLOCK' : reason
      return {
        deviceId,
        label: made.label,
        kind: 'transmitter',
        state,
        measured: observed?.forwardPowerW ?? null,
        setPoint: observed?.powerSetW ?? null,
        reason: why,
      }
    }
    if (made.kind === 'zones') {
      const zones = made.zones.filter(
        (zone) => (zone.outputs.length > 0 ? zone.outputs : device.outputIds).includes(outputId) && !zone.allCallOnly,
      )
      // What only an alert closes carries no programme: nothing of this board is to be waited for.
      if (zones.length === 0) return null
      const closed = zones.filter((zone) => made.driver.observed?.coils[zone.coil] === true)
      return {
        deviceId,
        label: made.label,
        kind: 'zones',
        state: this.#zonesState(device, zones, closed),
        measured: closed.length,
        setPoint: zones.length,
        reason,
      }
    }
    return null
  }

  #zonesState(device: Device, zones: readonly Zone[], closed: readonly Zone[]): CarrierState {
    const readAtMs = device.made.driver.observed?.atMs
    const isFresh = readAtMs !== undefined && Math.abs(this.#clock.now() - readAtMs) <= telemetryFreshMs
    if (device.status.state !== 'online' || !isFresh) return 'unknown'
    if (closed.length === 0) return 'down'
    const now = this.#clock.monotonic()
    const warm = closed.filter(
      (zone) => now - (this.#coilSince.get(`${device.id}/${zone.coil}`) ?? Number.NEGATIVE_INFINITY) >= zone.warmUpMs,
    )
    return warm.length === zones.length ? 'up' : 'rising'
  }
}
