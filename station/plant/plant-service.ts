// The plant: desk, transmitters, wired zones and keys. Turns what the outputs demand into wishes for the devices,
// renews the leases, and says what is *measured* at the far end. It decides nothing about the programme.
import type { DeskDesired, DeskEvent, SurfaceDesired, SurfaceEvent } from '../../hardware/contract/kinds.ts'
import type { Driver, Planned } from '../../hardware/contract/driver.ts'
import type { DeviceConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { DeviceView, DriverStatus } from '../../shared/domain/device.ts'
import { type DeskObstacle, deskObstacles } from '../../shared/domain/desk-roles.ts'
import type { SurfaceActions } from '../../shared/domain/surface-actions.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import type { CarrierView } from '../../shared/domain/onair.ts'
import { Carriers } from './carriers.ts'
import type { DeskHoldings } from './desk-holding.ts'
import { DeskTakes } from './desk-takes.ts'
import { type AudioProof, type Lease, lapsed, renew, renewMs } from './lease.ts'
import { type Device, type DeviceSink, PlantDevices, type PlantDriver, readOf } from './plant-devices.ts'
import { type BypassOf, PlantWishes } from './plant-wishes.ts'
import { Reconciler, type Unconfirmed } from './reconciler.ts'
import type { Demand } from './zones.ts'

/** sent → confirmed by what the device shows · superseded: something else was wished before it showed · failed: this attempt. */
type OrderPhase = 'sent' | 'confirmed' | 'superseded' | 'failed'

export interface PlantPorts {
  readonly clock: Clock
  readonly outputIds: readonly OutputId[]
  createDriver(config: DeviceConfig, sink: DeviceSink): PlantDriver
  readonly bypassOf: BypassOf
  /** Proof that this output's audio runs; asked at every renewal of its lease. */
  audioProof(outputId: OutputId): AudioProof
  onChanged(): void
  onCarriers(outputId: OutputId): void
  onOrder(deviceId: DeviceId, phase: OrderPhase, order: Unconfirmed, fields: Record<string, unknown>): void
  /** What was read of a device when this station first looked is not what it is to be; these orders now make it so. */
  onCorrected(deviceId: DeviceId, orders: readonly Planned<unknown>[], read: Record<string, unknown>): void
  /** Somebody ordered this of a device at a screen. */
  onHand(deviceId: DeviceId, command: 'setCarrier' | 'setPower' | 'setDeskChannel', fields: object, actor: string): void
  onStatus(deviceId: DeviceId, label: string, status: DriverStatus): void
  onLapsed(outputId: OutputId): void
  /** What fell with its lease is wanted anew, or wanted no longer. */
  onLapseOver(outputId: OutputId): void
  /** A device that a hand had keyed for a test went down because its time is over. */
  onTestOver(deviceId: DeviceId): void
  /** It sounds again, and its carriers are wanted still: they are keyed. */
  onSoundsAgain(outputId: OutputId): void
  onSurface(deviceId: DeviceId, actions: SurfaceActions, event: SurfaceEvent): void
  onDeskMoved(deviceId: DeviceId, event: DeskEvent): void
  /** What the next station must know of desks that were taken and not given back; null = none. */
  onDeskHeld(held: DeskHoldings | null): void
}

const idle: Demand = { on: false, allCall: false }
/** Time the safe state may take at a clean end, ms. */
const closeDeadlineMs = 2500
/** How long a device's first reading is waited for before orders from ignorance go out, ms. */
const firstReadingMs = 1000

export class PlantService {
  readonly #ports: PlantPorts
  readonly #devices = new PlantDevices()
  readonly #wishes: PlantWishes
  readonly #carriers: Carriers
  readonly #desk: DeskTakes
  readonly #leases = new Map<OutputId, Lease>()
  /** What was wanted of carriers that fell with their lease, and when they fell. */
  readonly #fallen = new Map<OutputId, { readonly wanted: Demand & { causeId: string }; readonly atMs: MonotonicMs }>()
  #tick: Timer | null = null
  /** An adopted plant is read before it is told anything. */
  #frozen = true
  /** Devices on which nothing is forced yet, because their first reading is on its way. */
  readonly #unread = new Set<Device>()

  constructor(configs: readonly DeviceConfig[], ports: PlantPorts) {
    this.#ports = ports
    this.#wishes = new PlantWishes(this.#devices, ports.bypassOf)
    this.#carriers = new Carriers(this.#devices, this.#wishes, ports.clock)
    this.#desk = new DeskTakes(this.#devices, ports.clock, (held) => ports.onDeskHeld(held))
    for (const config of configs) this.#add(config)
  }

  open(): void {
    for (const device of this.#devices.all()) device.made.driver.open()
    this.#tick = this.#ports.clock.every(renewMs, () => this.#renewLeases())
  }

  /** From now on the devices are brought to what is demanded. Called after adoption, or at once when nothing was adopted (safe state). */
  unfreeze(): void {
    this.#frozen = false
    for (const device of this.#devices.all())
      if (device.made.driver.observed === null && device.status.state !== 'lost') this.#unread.add(device)
    this.#ports.clock.after(firstReadingMs, () => this.#told([...this.#unread]))
    this.#desk.begin()
    this.#apply()
  }

  /** What an output asks for. `causeId` names the decision in the device's log. */
  demand(outputId: OutputId, on: boolean, allCall: boolean, causeId: string): void {
    this.#lapseOver(outputId)
    const before = this.#wishes.demand.get(outputId)
    if (before && before.on === on && before.allCall === allCall) return
    if ((before?.on ?? false) !== on) this.#wishes.endTestsFor(outputId)
    this.#wishes.demand.set(outputId, { on, allCall, causeId })
    if (on) for (const { id, outputIds } of this.#devices.all()) if (outputIds.includes(outputId)) this.#wishes.letGo.delete(id)
    if (on && !this.#leases.has(outputId))
      this.#leases.set(outputId, renew(null, this.#ports.audioProof(outputId), this.#ports.clock.monotonic()))
    if (!on) this.#leases.delete(outputId)
    this.#apply()
  }

  /** What the station before this one had taken of the desks; call it before `open`. */
  deskLeft(held: DeskHoldings): void {
    this.#desk.left(held)
  }

  /** This output was stopped by a hand in the middle of what had taken the desk: it stays so until a hand opens it. */
  holdDesk(outputId: OutputId): void {
    this.#desk.holdOn(outputId)
  }

  /** Desk: what was open is noted, the programme is taken, microphones are muted unless one of them is what airs. */
  takeDesk(outputId: OutputId, causeId: string, microphone: 'off' | 'live'): void {
    this.#desk.take(outputId, causeId, microphone)
  }

  /** As it was, except that every microphone stays muted and what a hand moved meanwhile is left alone. */
  restoreDesk(outputId: OutputId, causeId: string): void {
    this.#desk.restore(outputId, causeId)
  }

  /** What on the desk would keep an alert from the transmitters at this moment; shown before air. */
  obstacles(): { deviceId: DeviceId; obstacle: DeskObstacle }[] {
    return this.#devices
      .ofKind('desk')
      .flatMap(({ device, made }) => deskObstacles(made.driver.observed, made.roles).map((obstacle) => ({ deviceId: device.id, obstacle })))
  }

  /** Level measured on the way to the transmitter, dBFS; null = there is no probe or it says nothing. */
  probeDb(deviceId: DeviceId, channel: string): number | null {
    const device = this.#devices.find(deviceId)
    if (device?.made.kind !== 'desk' || device.status.state !== 'online') return null
    return device.made.driver.observed?.levelsDb[channel] ?? null
  }

  /** Closes or opens the priority relay of an output. */
  setBypass(outputId: OutputId, on: boolean): void {
    if (this.#wishes.bypassed.has(outputId) === on) return
    if (on) this.#wishes.bypassed.add(outputId)
    else this.#wishes.bypassed.delete(outputId)
    this.#apply()
  }

  /** STOP: carriers and zones down now; the desk stays as it is. */
  drop(outputIds: readonly OutputId[], causeId: string): void {
    const notShownYet = this.#devices.ofKind('transmitter').filter(({ device }) => device.reconciler.unconfirmed.length > 0)
    for (const outputId of outputIds) {
      this.#wishes.demand.set(outputId, { ...idle, causeId })
      this.#leases.delete(outputId)
      this.#lapseOver(outputId)
    }
    this.#wishes.manual.clear()
    this.#wishes.letGo.clear()
    // Silence waits for no reading.
    this.#unread.clear()
    this.#apply()
    // A carrier keyed a moment ago reads off still: without this nobody would order it off before the next reading, and an end comes sooner.
    for (const { device } of notShownYet) if (this.#wishes.transmitter(device, null).carrier === 'off') device.reconciler.insist()
  }

  /** Keys or unkeys one device by hand, for a test off air: it lasts no longer than `handTestMs`, and takes nothing off air. */
  setManual(deviceId: DeviceId, on: boolean, actor: string): void {
    const device = this.#devices.device(deviceId)
    if (device.made.kind !== 'transmitter' && device.made.kind !== 'zones') throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    const observed = device.made.kind === 'transmitter' ? device.made.driver.observed : null
    if (on && observed?.localMode) throw new OperatorError('DEVICE_LOCAL_MODE', { deviceId })
    if (device.status.state === 'lost') throw new OperatorError('DEVICE_UNREACHABLE', { deviceId })
    if (!on && this.#wishes.keyedForOthers(device)) throw new OperatorError('DEVICE_ON_AIR', { device: device.made.label })
    if (on) this.#wishes.manual.set(deviceId, { actor, sinceMs: this.#ports.clock.monotonic() })
    else this.#wishes.manual.delete(deviceId)
    if (on) this.#wishes.letGo.delete(deviceId)
    else this.#wishes.letGo.set(deviceId, actor)
    this.#apply()
    this.#ports.onHand(deviceId, 'setCarrier', { on }, actor)
  }

  setPower(deviceId: DeviceId, powerW: number, actor: string): void {
    if (this.#devices.device(deviceId).made.kind !== 'transmitter') throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    this.#wishes.power.set(deviceId, { powerW, actor })
    this.#apply()
    this.#ports.onHand(deviceId, 'setPower', { powerW }, actor)
  }

  setDeskChannel(deviceId: DeviceId, channel: DeskDesired['channels'][number], actor: string): void {
    const device = this.#devices.device(deviceId)
    if (device.made.kind !== 'desk') throw new OperatorError('DEVICE_UNKNOWN', { deviceId })
    this.#desk.moveOnScreen(device, channel, actor)
    this.#ports.onHand(deviceId, 'setDeskChannel', channel, actor)
  }

  showKeys(keysFor: (actions: SurfaceActions) => SurfaceDesired['keys']): void {
    for (const { device, made } of this.#devices.ofKind('surface'))
      device.reconciler.want({ keys: keysFor(made.actions), causeId: 'tally' } satisfies SurfaceDesired as never)
  }

  /** Carriers of an output with what is measured of each. */
  carriers(outputId: OutputId): CarrierView[] {
    return this.#carriers.of(outputId)
  }

  /** hot only when every carrier of the output is measured up. An output without any carrier is hot: nothing is to be waited for. */
  temperature(outputId: OutputId): 'hot' | 'cold' {
    return this.carriers(outputId).every((carrier) => carrier.state === 'up') ? 'hot' : 'cold'
  }

  views(): DeviceView[] {
    return this.#devices.views()
  }

  label(deviceId: DeviceId): string {
    return this.#devices.find(deviceId)?.made.label ?? deviceId
  }

  /** Transmitters that radiate although nothing asks for it (FAULTS H6). */
  radiatingUnasked(): DeviceId[] {
    return this.#devices
      .ofKind('transmitter')
      .filter(({ device, made }) => {
        const { observed } = made.driver
        const wish = this.#frozen ? null : this.#wishes.transmitter(device, null)
        return wish?.carrier === 'off' && observed !== null && observed.forwardPowerW >= made.onAirThresholdW
      })
      .map(({ device }) => device.id)
  }

  /** Safe state, then the wires are let go. */
  async close(): Promise<void> {
    this.#tick?.cancel()
    this.#desk.close()
    if (!this.#frozen) {
      this.drop(this.#ports.outputIds, 'shutdown')
      await this.#settledWithin(closeDeadlineMs)
    }
    for (const device of this.#devices.all()) device.reconciler.close()
    await Promise.all(this.#devices.all().map((device) => device.made.driver.close({ outputs: 'safe' })))
  }

  #add(config: DeviceConfig): void {
    const { clock } = this.#ports
    const id = config.id
    const sink: DeviceSink = {
      onStatus: (status) => {
        const device = this.#devices.find(id)
        if (!device) return
        const before = device.status.state
        device.status = status
        this.#desk.statusChanged(device)
        device.reconciler.observed()
        if (before !== status.state) this.#ports.onStatus(id, device.made.label, status)
        this.#observedCarriers(device)
        this.#ports.onChanged()
      },
      onObserved: () => {
        const device = this.#devices.find(id)
        if (!device) return
        this.#told([device])
        if (device.made.kind === 'desk') this.#desk.observed(device, device.made)
        device.reconciler.observed()
        this.#observedCarriers(device)
        this.#ports.onChanged()
      },
      onDeskEvent: (event) => {
        this.#desk.movedByHand(id, event.channel)
        this.#ports.onDeskMoved(id, event)
      },
      onSurfaceEvent: (event) => {
        const device = this.#devices.find(id)
        if (device?.made.kind === 'surface') this.#ports.onSurface(id, device.made.actions, event)
      },
    }
    const made = this.#ports.createDriver(config, sink)
    const reconciler = new Reconciler<never, unknown>(made.driver as Driver<never, unknown, unknown>, clock, {
      onChanged: () => this.#ports.onChanged(),
      onSent: (order) => this.#ports.onOrder(id, 'sent', order, {}),
      onConfirmed: (order, tookMs) => this.#ports.onOrder(id, 'confirmed', order, { tookMs }),
      onSuperseded: (order, afterMs) => this.#ports.onOrder(id, 'superseded', order, { afterMs }),
      onFailed: (order, error, attempts) => this.#ports.onOrder(id, 'failed', order, { attempts, error: String(error) }),
      onDiffers: (orders) => {
        const read = readOf(made)
        if (read !== null) this.#ports.onCorrected(id, orders, read)
      },
    })
    const outputIds = config.outputs.length > 0 ? config.outputs : this.#ports.outputIds
    this.#devices.add({ config, id, outputIds, made, reconciler, status: made.driver.status })
  }

  #apply(): void {
    if (this.#frozen) return
    for (const device of this.#devices.all()) {
      if (this.#unread.has(device)) continue
      if (device.made.kind === 'transmitter') device.reconciler.want(this.#wishes.transmitter(device, device.made.powerSetW) as never)
      if (device.made.kind !== 'zones') continue
      const wish = this.#wishes.zones(device, device.made)
      device.reconciler.want(wish as never)
    }
    this.#ports.onChanged()
  }

  /** These have been read, or were waited for long enough. */
  #told(devices: readonly Device[]): void {
    if (devices.filter((device) => this.#unread.delete(device)).length > 0) this.#apply()
  }

  #renewLeases(): void {
    const now = this.#ports.clock.monotonic()
    for (const [outputId, lease] of this.#leases) {
      const renewed = renew(lease, this.#ports.audioProof(outputId), now)
      this.#leases.set(outputId, renewed)
      if (!lapsed(renewed, now)) continue
      const wanted = this.#wishes.demand.get(outputId)
      this.demand(outputId, false, false, 'lease lapsed')
      if (wanted) this.#fallen.set(outputId, { wanted, atMs: now })
      this.#ports.onLapsed(outputId)
    }
    for (const [outputId, { wanted, atMs }] of this.#fallen) {
      const { clockAdvances, lastLevelMs } = this.#ports.audioProof(outputId)
      if (!clockAdvances || lastLevelMs === null || lastLevelMs <= atMs) continue
      this.demand(outputId, true, wanted.allCall, wanted.causeId)
      this.#ports.onSoundsAgain(outputId)
    }
    for (const deviceId of this.#wishes.endOldTests(now)) this.#ports.onTestOver(deviceId)
    this.#wishes.refresh += 1
    this.#apply()
  }

  #lapseOver(outputId: OutputId): void {
    if (this.#fallen.delete(outputId)) this.#ports.onLapseOver(outputId)
  }

  #observedCarriers(device: Device): void {
    if (device.made.kind !== 'transmitter' && device.made.kind !== 'zones') return
    this.#carriers.observed(device)
    for (const outputId of device.outputIds) this.#ports.onCarriers(outputId)
  }

  async #settledWithin(ms: number): Promise<void> {
    const switches = ({ made }: Device) => made.kind === 'transmitter' || made.kind === 'zones'
    const switching = this.#devices.all().filter((device) => switches(device) || this.#desk.isReturning(device))
    const { promise, resolve } = Promise.withResolvers<void>()
    const deadline = this.#ports.clock.after(ms, resolve)
    const poll = this.#ports.clock.every(20, () => {
      if (switching.every(({ reconciler, status }) => (reconciler.settled && !reconciler.busy) || status.state === 'lost')) resolve()
    })
    await promise
    deadline.cancel()
    poll.cancel()
  }
}
