// Every driver the station knows, by id: an exhaustive record, so that a driver that is listed and missing does not compile. Only
// station/main.ts (and the tools that check configurations) see it; everybody else sees hardware/contract.
import type { z } from 'zod'
import type { DeviceConfig } from '../shared/config.ts'
import type { Clock } from '../shared/domain/clock.ts'
import { assertNever } from '../shared/domain/assert-never.ts'
import type {
  DeskObserved,
  DriverKind,
  DriverStatus,
  SurfaceObserved,
  TransmitterObserved,
  ZonesObserved,
} from '../shared/domain/device.ts'
import type { DeskRoles } from '../shared/domain/desk-roles.ts'
import { OperatorError } from '../shared/domain/errors.ts'
import type { SurfaceActions } from '../shared/domain/surface-actions.ts'
import type { Capabilities, Driver, DriverContext, DriverLog } from './contract/driver.ts'
import type { Armed, DeskDesired, DeskEvent, SurfaceDesired, SurfaceEvent, TransmitterDesired, ZonesDesired } from './contract/kinds.ts'
import { behringerX32 } from './desks/behringer-x32/driver.ts'
import { behringerXair } from './desks/behringer-xair/driver.ts'
import { noWire, softDesk } from './desks/soft-desk/driver.ts'
import { hidEmergencyKey } from './surfaces/hid-emergency-key/driver.ts'
import { streamDeck } from './surfaces/streamdeck/driver.ts'
import { xkeys } from './surfaces/xkeys/driver.ts'
import { crownFme, ecresoHelios } from './transmitters/ecreso-crown/driver.ts'
import type { Transport } from './transport/transport.ts'
import type { WireHub, WireUse } from './transport/wire-hub.ts'
import type { RelayZone } from './zones/waveshare-relay/config.ts'
import { waveshareRelay } from './zones/waveshare-relay/driver.ts'

export const driverIds = [
  'ecreso-helios-fm',
  'crown-fme',
  'waveshare-relay-8',
  'behringer-x32',
  'behringer-xair',
  'soft-desk',
  'hid-emergency-key',
  'streamdeck',
  'xkeys',
] as const
export type DriverId = (typeof driverIds)[number]

interface EntryFacts {
  readonly id: string
  readonly kind: DriverKind
  readonly label: string
  readonly protocolRef: string
  readonly capabilities: Capabilities
  readonly configSchema: z.ZodType
}

export const registry = {
  'ecreso-helios-fm': ecresoHelios,
  'crown-fme': crownFme,
  'waveshare-relay-8': waveshareRelay,
  'behringer-x32': behringerX32,
  'behringer-xair': behringerXair,
  'soft-desk': softDesk,
  'hid-emergency-key': hidEmergencyKey,
  streamdeck: streamDeck,
  xkeys,
} as const satisfies Record<DriverId, EntryFacts>

interface Created {
  readonly label: string
  readonly capabilities: Capabilities
}
/** A driver with what its options say about it, by kind. */
export type CreatedDriver = Created &
  (
    | {
        readonly kind: 'transmitter'
        readonly driver: Driver<TransmitterDesired & Armed, TransmitterObserved, unknown>
        readonly powerSetW: number | null
        readonly onAirThresholdW: number
      }
    | {
        readonly kind: 'zones'
        readonly driver: Driver<ZonesDesired, ZonesObserved, unknown>
        readonly zones: readonly RelayZone[]
        readonly coilCount: number
      }
    | { readonly kind: 'desk'; readonly driver: Driver<DeskDesired, DeskObserved, unknown>; readonly roles: DeskRoles }
    | { readonly kind: 'surface'; readonly driver: Driver<SurfaceDesired, SurfaceObserved, unknown>; readonly actions: SurfaceActions }
  )

/** Where a driver reports to. */
export interface DriverSink {
  onStatus(status: DriverStatus): void
  onObserved(observed: TransmitterObserved | ZonesObserved | DeskObserved | SurfaceObserved): void
  onDeskEvent(event: DeskEvent): void
  onSurfaceEvent(event: SurfaceEvent): void
}

export interface DriverDeps {
  readonly clock: Clock
  readonly log: DriverLog
  /** One per station: devices on one bus share its wire. Call `release(deviceId)` when a device is removed. */
  readonly wires: WireHub
  readonly sink: DriverSink
}

/** Makes the driver of a configured device; it does nothing until `driver.open()`. Throws OperatorError CONFIG_INVALID. */
export function createDriver(config: DeviceConfig, deps: DriverDeps): CreatedDriver {
  const id = driverIdOf(config)
  const entry = registry[id]
  const base: Created = { label: config.label ?? entry.label, capabilities: entry.capabilities }
  switch (id) {
    case 'ecreso-helios-fm':
    case 'crown-fme': {
      const options = readOptions(config, registry[id].configSchema)
      const driver = registry[id].create(contextFor(config, deps, claim(config, deps, own), ignore), options)
      return { ...base, kind: 'transmitter', driver, powerSetW: options.powerSetW, onAirThresholdW: options.onAirThresholdW }
    }
    case 'waveshare-relay-8': {
      const options = readOptions(config, waveshareRelay.configSchema)
      const wire = claim(config, deps, { kind: 'bus', station: options.slave })
      const driver = waveshareRelay.create(contextFor(config, deps, wire, ignore), options)
      return { ...base, kind: 'zones', driver, zones: options.zones, coilCount: 8 }
    }
    case 'behringer-x32':
    case 'behringer-xair': {
      const options = readOptions(config, registry[id].configSchema)
      const driver = registry[id].create(contextFor(config, deps, claim(config, deps, own), deps.sink.onDeskEvent), options)
      return { ...base, kind: 'desk', driver, roles: options }
    }
    case 'soft-desk': {
      const options = readOptions(config, softDesk.configSchema)
      return {
        ...base,
        kind: 'desk',
        driver: softDesk.create(contextFor(config, deps, noWire, deps.sink.onDeskEvent), options),
        roles: options,
      }
    }
    case 'hid-emergency-key': {
      const options = readOptions(config, hidEmergencyKey.configSchema)
      const driver = hidEmergencyKey.create(contextFor(config, deps, claim(config, deps, own), deps.sink.onSurfaceEvent), options)
      return { ...base, kind: 'surface', driver, actions: options.actions }
    }
    case 'streamdeck': {
      const options = readOptions(config, streamDeck.configSchema)
      const driver = streamDeck.create(contextFor(config, deps, claim(config, deps, own), deps.sink.onSurfaceEvent), options)
      return { ...base, kind: 'surface', driver, actions: options.actions }
    }
    case 'xkeys': {
      const options = readOptions(config, xkeys.configSchema)
      const driver = xkeys.create(contextFor(config, deps, claim(config, deps, own), deps.sink.onSurfaceEvent), options)
      return { ...base, kind: 'surface', driver, actions: options.actions }
    }
    default:
      return assertNever(id)
  }
}

/** Checks a device's driver name and options without touching a wire. Throws OperatorError CONFIG_INVALID. */
export function checkDeviceConfig(config: DeviceConfig): void {
  const entry: EntryFacts = registry[driverIdOf(config)]
  readOptions(config, entry.configSchema)
}

const own: WireUse = { kind: 'own' }
const ignore = () => undefined

function driverIdOf(config: DeviceConfig): DriverId {
  const id = driverIds.find((one) => one === config.driver)
  if (id !== undefined) return id
  throw new OperatorError('CONFIG_INVALID', { field: `devices.${config.id}.driver`, value: config.driver, remedy: driverIds.join(' | ') })
}

function claim(config: DeviceConfig, deps: DriverDeps, use: WireUse): Transport {
  try {
    return deps.wires.claim(config.id, config.transport, use)
  } catch (cause) {
    if (!(cause instanceof OperatorError)) throw cause
    throw new OperatorError(cause.code, { ...cause.detail, field: `devices.${config.id}.${cause.detail.field ?? 'transport'}` }, { cause })
  }
}

function readOptions<T>(config: DeviceConfig, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(config.options)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const stranger = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const path = [...(issue?.path ?? []), ...stranger]
  throw new OperatorError('CONFIG_INVALID', {
    field: ['devices', config.id, 'options', ...path].join('.'),
    value: textAt(config.options, path),
    remedy: issue?.message ?? 'see docs/devices.md',
  })
}

function textAt(options: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), options)
  return JSON.stringify(value) ?? 'missing'
}

function contextFor<Observed extends TransmitterObserved | ZonesObserved | DeskObserved | SurfaceObserved, DeviceEvent>(
  config: DeviceConfig,
  { clock, log, sink }: DriverDeps,
  transport: Transport,
  onEvent: (event: DeviceEvent) => void,
): DriverContext<Observed, DeviceEvent> {
  return {
    deviceId: config.id,
    clock,
    log,
    transport,
    onStatus: (status) => sink.onStatus(status),
    onObserved: (observed) => sink.onObserved(observed),
    onEvent: (event) => onEvent(event),
  }
}
