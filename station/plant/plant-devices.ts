// The devices of the plant, each with its driver, its reconciler and its last status; looked up by id and by kind.
import type {
  DeskDesired,
  DeskEvent,
  SurfaceDesired,
  SurfaceEvent,
  TransmitterDesired,
  Armed,
  ZonesDesired,
} from '../../hardware/contract/kinds.ts'
import type { Driver } from '../../hardware/contract/driver.ts'
import type { DeviceConfig } from '../../shared/config.ts'
import type {
  DeskObserved,
  DeviceView,
  DriverStatus,
  SurfaceObserved,
  TransmitterObserved,
  ZonesObserved,
} from '../../shared/domain/device.ts'
import type { DeskRoles } from '../../shared/domain/desk-roles.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { SurfaceActions } from '../../shared/domain/surface-actions.ts'
import type { Reconciler } from './reconciler.ts'
import type { Zone } from './zones.ts'

/** A driver together with what the configuration says of it; made by station/main.ts, which alone sees the registry. */
export type PlantDriver =
  | {
      readonly kind: 'transmitter'
      readonly label: string
      readonly powerSetW: number | null
      readonly onAirThresholdW: number
      readonly driver: Driver<TransmitterDesired & Armed, TransmitterObserved, unknown>
    }
  | {
      readonly kind: 'zones'
      readonly label: string
      readonly zones: readonly Zone[]
      readonly coilCount: number
      readonly driver: Driver<ZonesDesired, ZonesObserved, unknown>
    }
  | {
      readonly kind: 'desk'
      readonly label: string
      readonly driver: Driver<DeskDesired, DeskObserved, unknown>
      readonly roles: DeskRoles
    }
  | {
      readonly kind: 'surface'
      readonly label: string
      readonly driver: Driver<SurfaceDesired, SurfaceObserved, unknown>
      readonly actions: SurfaceActions
    }

/** What a driver calls back with; the plant hands one to whoever creates the driver. */
export interface DeviceSink {
  onStatus(status: DriverStatus): void
  onObserved(): void
  onDeskEvent(event: DeskEvent): void
  onSurfaceEvent(event: SurfaceEvent): void
}

export interface Device {
  readonly config: DeviceConfig
  readonly id: DeviceId
  readonly outputIds: readonly OutputId[]
  readonly made: PlantDriver
  readonly reconciler: Reconciler<never, unknown>
  status: DriverStatus
}

/** What a row says that was read of a device that radiates or switches; null = none, or its state is not the station's to keep. */
export function readOf(made: PlantDriver): Record<string, unknown> | null {
  if (made.driver.observed === null) return null
  if (made.kind === 'transmitter') {
    const { carrierOn, forwardPowerW, powerSetW } = made.driver.observed
    return { carrierOn, forwardPowerW, powerSetW }
  }
  if (made.kind !== 'zones') return null
  return { coils: made.driver.observed.coils.flatMap((on, coil) => (on ? [coil] : [])).join(', ') || '–' }
}

export class PlantDevices {
  readonly #devices = new Map<DeviceId, Device>()

  add(device: Device): void {
    this.#devices.set(device.id, device)
  }

  all(): Device[] {
    return [...this.#devices.values()]
  }

  find(deviceId: DeviceId): Device | undefined {
    return this.#devices.get(deviceId)
  }

  /** Refuses with DEVICE_UNKNOWN. */
  device(deviceId: DeviceId): Device {
    const device = this.#devices.get(deviceId)
    if (!device) throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    return device
  }

  ofKind<K extends PlantDriver['kind']>(kind: K): { device: Device; made: Extract<PlantDriver, { kind: K }> }[] {
    return [...this.#devices.values()].flatMap((device) =>
      device.made.kind === kind ? [{ device, made: device.made as Extract<PlantDriver, { kind: K }> }] : [],
    )
  }

  /** Whether this device carries anything of this output. */
  serves(device: Device, outputId: OutputId): boolean {
    if (device.made.kind === 'zones')
      return device.made.zones.some((zone) => (zone.outputs.length > 0 ? zone.outputs : device.outputIds).includes(outputId))
    return device.outputIds.includes(outputId)
  }

  views(): DeviceView[] {
    return [...this.all()].map((device) => ({
      deviceId: device.id,
      driver: device.config.driver,
      kind: device.made.kind,
      label: device.made.label,
      transport: device.config.transport,
      simulated: device.config.simulated,
      outputIds: [...device.outputIds],
      status: device.made.driver.status,
      transmitter: device.made.kind === 'transmitter' ? device.made.driver.observed : null,
      zones: device.made.kind === 'zones' ? device.made.driver.observed : null,
      desk: device.made.kind === 'desk' ? device.made.driver.observed : null,
      surface: device.made.kind === 'surface' ? device.made.driver.observed : null,
      unconfirmed: device.reconciler.unconfirmed.map(({ reason, sentAtMs }) => ({ reason, sentAtMs })),
    }))
  }
}
