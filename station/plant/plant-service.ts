// The plant: desk, transmitters, wired zones and keys. Turns what the outputs demand into wishes for the devices,
// renews the leases, and says what is *measured* at the far end. It decides nothing about the programme.
import type {
  Armed,
  DeskDesired,
  DeskEvent,
  SurfaceDesired,
  SurfaceEvent,
  TransmitterDesired,
  ZonesDesired,
} from '../../hardware/contract/kinds.ts'
import type { Driver } from '../../hardware/contract/driver.ts'
import type { DeviceConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import {
  carrierState,
  type CarrierState,
  type DeskObserved,
  type DeviceView,
  type DriverStatus,
  type SurfaceObserved,
  type TransmitterObserved,
  type ZonesObserved,
} from '../../shared/domain/device.ts'
import { deskAfterCutIn, deskForCutIn, type DeskObstacle, type DeskRoles, deskObstacles } from '../../shared/domain/desk-roles.ts'
import type { SurfaceActions } from '../../shared/domain/surface-actions.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { CarrierView } from '../../shared/domain/onair.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import { type AudioProof, type Lease, lapsed, leaseMs, renew, renewMs } from './lease.ts'
import { Reconciler, type Unconfirmed } from './reconciler.ts'
import { coilsFor, type Demand, type Zone } from './zones.ts'

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

export interface PlantPorts {
  readonly clock: Clock
  readonly outputIds: readonly OutputId[]
  createDriver(config: DeviceConfig, sink: DeviceSink): PlantDriver
  bypassOf(outputId: OutputId): { readonly deviceId: DeviceId; readonly coil: number } | null
  /** Proof that this output's audio runs; asked at every renewal of its lease. */
  audioProof(outputId: OutputId): AudioProof
  onChanged(): void
  onCarriers(outputId: OutputId): void
  onOrder(deviceId: DeviceId, phase: 'sent' | 'confirmed' | 'failed', orders: readonly Unconfirmed[], fields: Record<string, unknown>): void
  onStatus(deviceId: DeviceId, label: string, status: DriverStatus): void
  onLapsed(outputId: OutputId): void
  onSurface(deviceId: DeviceId, actions: SurfaceActions, event: SurfaceEvent): void
  onDeskMoved(deviceId: DeviceId, event: DeskEvent): void
}

interface Device {
  readonly config: DeviceConfig
  readonly id: DeviceId
  readonly outputIds: readonly OutputId[]
  readonly made: PlantDriver
  readonly reconciler: Reconciler<never, unknown>
  status: DriverStatus
}

const idle: Demand = { on: false, allCall: false }
/** Time the safe state may take at a clean end, ms. */
const closeDeadlineMs = 2500

export class PlantService {
  readonly #ports: PlantPorts
  readonly #devices = new Map<DeviceId, Device>()
  readonly #demand = new Map<OutputId, Demand & { causeId: string }>()
  readonly #leases = new Map<OutputId, Lease>()
  readonly #manual = new Map<DeviceId, boolean>()
  readonly #coilSince = new Map<string, MonotonicMs>()
  readonly #powerW = new Map<DeviceId, number>()
  readonly #takes = new Set<string>()
  readonly #movedByHand = new Set<string>()
  readonly #bypassed = new Set<OutputId>()
  #deskBefore = new Map<DeviceId, DeskObserved | null>()
  #refresh = 0
  #tick: Timer | null = null
  /** An adopted plant is read before it is told anything. */
  #frozen = true

  constructor(configs: readonly DeviceConfig[], ports: PlantPorts) {
    this.#ports = ports
    for (const config of configs) this.#add(config)
  }

  open(): void {
    for (const device of this.#devices.values()) device.made.driver.open()
    this.#tick = this.#ports.clock.every(renewMs, () => this.#renewLeases())
  }

  /** From now on the devices are brought to what is demanded. Called after adoption, or at once when nothing was adopted (safe state). */
  unfreeze(): void {
    this.#frozen = false
    this.#apply()
  }

  /** What an output asks for. `causeId` names the decision in the device's log. */
  demand(outputId: OutputId, on: boolean, allCall: boolean, causeId: string): void {
    const before = this.#demand.get(outputId)
    if (before && before.on === on && before.allCall === allCall) return
    this.#demand.set(outputId, { on, allCall, causeId })
    if (on && !this.#leases.has(outputId))
      this.#leases.set(outputId, renew(null, this.#ports.audioProof(outputId), this.#ports.clock.monotonic()))
    if (!on) this.#leases.delete(outputId)
    this.#apply()
  }

  /** Desk: what was open is noted, the programme is taken, microphones are muted unless one of them is what airs. */
  takeDesk(causeId: string, microphone: 'off' | 'live'): void {
    const first = this.#takes.size === 0
    this.#takes.add(causeId)
    if (!first) return
    this.#movedByHand.clear()
    this.#deskBefore = new Map(this.#ofKind('desk').map(({ device, made }) => [device.id, made.driver.observed]))
    this.#wantDesk(causeId, (before, made) => deskForCutIn(before, made.roles, microphone))
  }

  /** As it was, except that every microphone stays muted and what a hand moved meanwhile is left alone. */
  restoreDesk(causeId: string): void {
    if (!this.#takes.delete(causeId) || this.#takes.size > 0) return
    this.#wantDesk(causeId, (before, made, id) => {
      const moved = new Set([...this.#movedByHand].filter((key) => key.startsWith(`${id}/`)).map((key) => key.slice(id.length + 1)))
      return deskAfterCutIn(before, made.roles, moved)
    })
  }

  /** What on the desk would keep an alert from the transmitters at this moment; shown before air. */
  obstacles(): { deviceId: DeviceId; obstacle: DeskObstacle }[] {
    return this.#ofKind('desk').flatMap(({ device, made }) =>
      deskObstacles(made.driver.observed, made.roles).map((obstacle) => ({ deviceId: device.id, obstacle })),
    )
  }

  /** Level measured on the way to the transmitter, dBFS; null = there is no probe or it says nothing. */
  probeDb(deviceId: DeviceId, channel: string): number | null {
    const device = this.#devices.get(deviceId)
    if (device?.made.kind !== 'desk' || device.status.state !== 'online') return null
    return device.made.driver.observed?.levelsDb[channel] ?? null
  }

  /** Closes or opens the priority relay of an output. */
  setBypass(outputId: OutputId, on: boolean): void {
    if (this.#bypassed.has(outputId) === on) return
    if (on) this.#bypassed.add(outputId)
    else this.#bypassed.delete(outputId)
    this.#apply()
  }

  /** STOP: carriers and zones down now; the desk stays as it is. */
  drop(outputIds: readonly OutputId[], causeId: string): void {
    for (const outputId of outputIds) {
      this.#demand.set(outputId, { ...idle, causeId })
      this.#leases.delete(outputId)
    }
    this.#manual.clear()
    this.#apply()
  }

  /** Keys or unkeys one device by hand, for a test off air. */
  setManual(deviceId: DeviceId, on: boolean): void {
    const device = this.#device(deviceId)
    if (device.made.kind !== 'transmitter' && device.made.kind !== 'zones') throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    const observed = device.made.kind === 'transmitter' ? device.made.driver.observed : null
    if (on && observed?.localMode) throw new OperatorError('DEVICE_LOCAL_MODE', { deviceId })
    if (device.status.state === 'lost') throw new OperatorError('DEVICE_UNREACHABLE', { deviceId })
    if (on) this.#manual.set(deviceId, true)
    else this.#manual.delete(deviceId)
    this.#apply()
  }

  setPower(deviceId: DeviceId, powerW: number): void {
    if (this.#device(deviceId).made.kind !== 'transmitter') throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    this.#powerW.set(deviceId, powerW)
    this.#apply()
  }

  setDeskChannel(deviceId: DeviceId, channel: DeskDesired['channels'][number]): void {
    const device = this.#device(deviceId)
    if (device.made.kind !== 'desk') throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    device.reconciler.want({ channels: [channel], causeId: 'operator' } satisfies DeskDesired as never)
  }

  showKeys(keysFor: (actions: SurfaceActions) => SurfaceDesired['keys']): void {
    for (const { device, made } of this.#ofKind('surface'))
      device.reconciler.want({ keys: keysFor(made.actions), causeId: 'tally' } satisfies SurfaceDesired as never)
  }

  /** Carriers of an output with what is measured of each. */
  carriers(outputId: OutputId): CarrierView[] {
    const views: CarrierView[] = []
    for (const device of this.#devices.values()) {
      if (!this.#serves(device, outputId)) continue
      const view = this.#carrierOf(device, outputId)
      if (view) views.push(view)
    }
    return views
  }

  /** hot only when every carrier of the output is measured up. An output without any carrier is hot: nothing is to be waited for. */
  temperature(outputId: OutputId): 'hot' | 'cold' {
    return this.carriers(outputId).every((carrier) => carrier.state === 'up') ? 'hot' : 'cold'
  }

  views(): DeviceView[] {
    return [...this.#devices.values()].map((device) => ({
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

  label(deviceId: DeviceId): string {
    return this.#devices.get(deviceId)?.made.label ?? deviceId
  }

  /** Transmitters that radiate although nothing asks for it (FAULTS H6). */
  radiatingUnasked(): DeviceId[] {
    return this.#ofKind('transmitter')
      .filter(({ device, made }) => {
        const { observed } = made.driver
        const wish = this.#frozen ? null : this.#transmitterWish(device, null)
        return wish?.carrier === 'off' && observed !== null && observed.forwardPowerW >= made.onAirThresholdW
      })
      .map(({ device }) => device.id)
  }

  /** Safe state, then the wires are let go. `leaveAsIs`: only let go (a restarting station whose audio plays on). */
  async close(leaveAsIs: boolean): Promise<void> {
    this.#tick?.cancel()
    if (!leaveAsIs && !this.#frozen) {
      this.drop(this.#ports.outputIds, 'shutdown')
      await this.#settledWithin(closeDeadlineMs)
    }
    for (const device of this.#devices.values()) device.reconciler.close()
    const outputs = leaveAsIs ? 'leave' : 'safe'
    await Promise.all([...this.#devices.values()].map((device) => device.made.driver.close({ outputs })))
  }

  #add(config: DeviceConfig): void {
    const { clock } = this.#ports
    const id = config.id
    const sink: DeviceSink = {
      onStatus: (status) => {
        const device = this.#devices.get(id)
        if (!device) return
        const before = device.status.state
        device.status = status
        device.reconciler.observed()
        if (before !== status.state) this.#ports.onStatus(id, device.made.label, status)
        this.#observedCarriers(device)
        this.#ports.onChanged()
      },
      onObserved: () => {
        const device = this.#devices.get(id)
        if (!device) return
        device.reconciler.observed()
        this.#observedCarriers(device)
        this.#ports.onChanged()
      },
      onDeskEvent: (event) => {
        if (this.#takes.size > 0) this.#movedByHand.add(`${id}/${event.channel}`)
        this.#ports.onDeskMoved(id, event)
      },
      onSurfaceEvent: (event) => {
        const device = this.#devices.get(id)
        if (device?.made.kind === 'surface') this.#ports.onSurface(id, device.made.actions, event)
      },
    }
    const made = this.#ports.createDriver(config, sink)
    const reconciler = new Reconciler<never, unknown>(made.driver as Driver<never, unknown, unknown>, clock, {
      onChanged: () => this.#ports.onChanged(),
      onSent: (order) => this.#ports.onOrder(id, 'sent', [order], {}),
      onConfirmed: (orders, tookMs) => this.#ports.onOrder(id, 'confirmed', orders, { tookMs }),
      onFailed: (order, error, attempts) => this.#ports.onOrder(id, 'failed', [order], { attempts, error: String(error) }),
    })
    const outputIds = config.outputs.length > 0 ? config.outputs : this.#ports.outputIds
    this.#devices.set(id, { config, id, outputIds, made, reconciler, status: made.driver.status })
  }

  #apply(): void {
    if (this.#frozen) return
    for (const device of this.#devices.values()) {
      if (device.made.kind === 'transmitter') device.reconciler.want(this.#transmitterWish(device, device.made.powerSetW) as never)
      if (device.made.kind === 'zones') device.reconciler.want(this.#zonesWish(device, device.made) as never)
    }
    this.#ports.onChanged()
  }

  #transmitterWish(device: Device, configuredW: number | null): TransmitterDesired & Armed {
    const asking = device.outputIds.map((outputId) => this.#demand.get(outputId)).find((demand) => demand?.on)
    const on = asking !== undefined || this.#manual.has(device.id)
    const causeId = asking?.causeId ?? (on ? 'manual' : 'idle')
    return { carrier: on ? 'on' : 'off', powerSetW: this.#powerW.get(device.id) ?? configuredW, causeId, armedBy: causeId }
  }

  #zonesWish(device: Device, made: Extract<PlantDriver, { kind: 'zones' }>): ZonesDesired {
    const demand = new Map<OutputId, Demand>(this.#demand)
    if (this.#manual.has(device.id)) for (const outputId of device.outputIds) demand.set(outputId, { on: true, allCall: true })
    // A transmitter keyed by hand needs its interlock relay closed as one keyed for programme does.
    for (const { device: keyed } of this.#ofKind('transmitter'))
      if (this.#manual.has(keyed.id))
        for (const outputId of keyed.outputIds) if (demand.get(outputId)?.on !== true) demand.set(outputId, { on: true, allCall: false })
    const coils = coilsFor(made.zones, device.outputIds, made.coilCount, demand)
    for (const outputId of this.#bypassed) {
      const bypass = this.#ports.bypassOf(outputId)
      if (bypass?.deviceId === device.id) coils[bypass.coil] = true
    }
    const now = this.#ports.clock.monotonic()
    for (const [coil, on] of coils.entries()) {
      const key = `${device.id}/${coil}`
      if (!on) this.#coilSince.delete(key)
      else if (!this.#coilSince.has(key)) this.#coilSince.set(key, now)
    }
    const asking = device.outputIds.map((outputId) => this.#demand.get(outputId)).find((one) => one?.on)
    return { coils, leaseMs, refresh: this.#refresh, causeId: asking?.causeId ?? 'idle' }
  }

  #renewLeases(): void {
    const now = this.#ports.clock.monotonic()
    for (const [outputId, lease] of this.#leases) {
      const renewed = renew(lease, this.#ports.audioProof(outputId), now)
      this.#leases.set(outputId, renewed)
      if (!lapsed(renewed, now)) continue
      this.demand(outputId, false, false, 'lease lapsed')
      this.#ports.onLapsed(outputId)
    }
    this.#refresh += 1
    this.#apply()
  }

  #serves(device: Device, outputId: OutputId): boolean {
    if (device.made.kind === 'zones')
      return device.made.zones.some((zone) => (zone.outputs.length > 0 ? zone.outputs : device.outputIds).includes(outputId))
    return device.outputIds.includes(outputId)
  }

  #carrierOf(device: Device, outputId: OutputId): CarrierView | null {
    const { made, id: deviceId } = device
    const reason = 'reason' in device.status ? device.status.reason : null
    if (made.kind === 'transmitter') {
      const observed = made.driver.observed
      const state = carrierState(observed, device.status, made.onAirThresholdW, this.#ports.clock.now())
      // Our own relay opens the interlock when nothing is asked for: at rest that is how it should be.
      const relays = this.#ofKind('zones').some(({ made: board }) => board.zones.some((zone) => zone.outputs.includes(outputId)))
      const atRest =
        relays &&
        state === 'blocked' &&
        observed?.localMode === false &&
        this.#demand.get(outputId)?.on !== true &&
        !this.#manual.has(deviceId)
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
    if (device.status.state !== 'online') return 'unknown'
    if (closed.length === 0) return 'down'
    const now = this.#ports.clock.monotonic()
    const warm = closed.filter(
      (zone) => now - (this.#coilSince.get(`${device.id}/${zone.coil}`) ?? Number.NEGATIVE_INFINITY) >= zone.warmUpMs,
    )
    return warm.length === zones.length ? 'up' : 'rising'
  }

  #observedCarriers(device: Device): void {
    if (device.made.kind !== 'transmitter' && device.made.kind !== 'zones') return
    for (const outputId of device.outputIds) this.#ports.onCarriers(outputId)
  }

  #wantDesk(
    causeId: string,
    wish: (before: DeskObserved | null, made: Extract<PlantDriver, { kind: 'desk' }>, id: DeviceId) => DeskDesired['channels'],
  ): void {
    for (const { device, made } of this.#ofKind('desk')) {
      const channels = wish(this.#deskBefore.get(device.id) ?? null, made, device.id)
      device.reconciler.want({ channels, causeId } satisfies DeskDesired as never)
    }
  }

  #ofKind<K extends PlantDriver['kind']>(kind: K): { device: Device; made: Extract<PlantDriver, { kind: K }> }[] {
    return [...this.#devices.values()].flatMap((device) =>
      device.made.kind === kind ? [{ device, made: device.made as Extract<PlantDriver, { kind: K }> }] : [],
    )
  }

  #device(deviceId: DeviceId): Device {
    const device = this.#devices.get(deviceId)
    if (!device) throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    return device
  }

  async #settledWithin(ms: number): Promise<void> {
    const switching = [...this.#devices.values()].filter((device) => device.made.kind === 'transmitter' || device.made.kind === 'zones')
    const { promise, resolve } = Promise.withResolvers<void>()
    const deadline = this.#ports.clock.after(ms, resolve)
    const poll = this.#ports.clock.every(20, () => {
      if (switching.every((device) => device.reconciler.settled || device.status.state === 'lost')) resolve()
    })
    await promise
    deadline.cancel()
    poll.cancel()
  }
}
