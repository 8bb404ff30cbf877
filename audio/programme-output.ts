// One programme output: its device, its programme, and what takes the air from it (alert, live input, STOP) by rank.
// The device may come and go; the programme keeps its place meanwhile.
import type { AudioCommandOf, OutputAudioState, ResumePolicy } from '../shared/audio-protocol.ts'
import type { AlertId, InputId, OutputId } from '../shared/domain/ids.ts'
import { AlertPlayer } from './alert-player.ts'
import type { LoadedAlert } from './alert-store.ts'
import { cutFadeFrames, framesOfMs, horizonFrames, msOfFrames, quantumFrames } from './frames.ts'
import type { InputFeeds } from './item-voice.ts'
import type { Emit } from './journal.ts'
import { OpenInputs } from './open-inputs.ts'
import type { OutputBus } from './output-bus.ts'
import { OverPlayer } from './over-player.ts'
import { Programme } from './programme.ts'
import { Refusal } from './refusal.ts'
import { fromDb } from '../shared/domain/levels.ts'

const inputFadeMs = 100
const duckMs = 150
/** The programme's continuation is placed this long before an alert ends. */
const resumeAheadFrames = horizonFrames / 2

/** What exists while the device is open. */
interface OnDevice {
  readonly label: string | null
  readonly backup: boolean
  readonly bus: OutputBus
  readonly alert: AlertPlayer
  readonly inputs: OpenInputs
  readonly overs: OverPlayer
}

export class ProgrammeOutput {
  readonly outputId: OutputId
  readonly programme: Programme
  readonly #emit: Emit
  readonly #feeds: InputFeeds
  readonly #changed: () => void
  #device: OnDevice | null = null
  #duckDb = 0

  constructor(outputId: OutputId, emit: Emit, feeds: InputFeeds, changed: () => void) {
    this.outputId = outputId
    this.#emit = emit
    this.#feeds = feeds
    this.#changed = changed
    this.programme = new Programme({ outputId, emit, inputs: feeds, changed })
  }

  get bus(): OutputBus | null {
    return this.#device?.bus ?? null
  }

  get deviceLabel(): string | null {
    return this.#device?.label ?? null
  }

  /** Something sounds or will. */
  get busy(): boolean {
    const device = this.#device
    return (
      this.programme.busy ||
      (device !== null && (device.alert.order !== null || device.inputs.ids.length > 0 || device.overs.slots.length > 0))
    )
  }

  /** @param label null for a context that renders into nothing. */
  attach(bus: OutputBus, label: string | null, backup: boolean, alerts: readonly LoadedAlert[]): void {
    const { outputId } = this
    const alert = new AlertPlayer(outputId, bus, this.#emit)
    const inputs = new OpenInputs(outputId, bus, this.#emit)
    const overs = new OverPlayer(outputId, bus, this.#emit, () => this.#settleDuck())
    this.#device = { label, backup, bus, alert, inputs, overs }
    bus.free = () => alert.order === null && inputs.ids.length === 0 && overs.slots.length === 0
    for (const each of alerts) alert.prepare(each)
    if (this.programme.stopped) bus.gate.ramp(0, 0, 0)
    this.programme.attach(bus)
    this.#changed()
  }

  /** The device is gone. An alert or a microphone on it ends; the programme keeps its place. */
  detach(): void {
    const device = this.#device
    if (device === null) return
    const lastF = device.bus.clock.frame()
    const forHand = device.alert.order?.resume?.kind === 'hold'
    if (device.alert.order !== null) device.alert.stop('failed', lastF)
    for (const inputId of device.inputs.ids) device.inputs.close(inputId, 'lost', lastF)
    this.#device = null
    this.#duckDb = 0
    device.overs.endAll('lost')
    this.programme.detach(lastF)
    if (forHand) this.programme.waitForHand()
    this.programme.unblock('alert', null)
    this.programme.unblock('input', null)
    device.inputs.release()
    device.overs.release()
    this.#changed()
  }

  prepareAlert(alert: LoadedAlert): void {
    this.#device?.alert.prepare(alert)
  }

  forgetAlert(alertId: AlertId): void {
    this.#device?.alert.forget(alertId)
  }

  playNow({ item, fadeMs, restore }: AudioCommandOf<'playNow'>): void {
    this.#refuseStopped()
    this.#keepAlertsAir()
    this.programme.playNow(item, fadeMs, restore)
  }

  next(fadeMs: number): void {
    this.#refuseStopped()
    this.#keepAlertsAir()
    if (!this.programme.next(fadeMs)) throw new Refusal('NOTHING_NEXT', 'the queue is empty')
  }

  hold(): void {
    if (this.programme.held) throw new Refusal('ALREADY_HELD', 'the programme is held')
    this.#keepAlertsAir()
    this.programme.hold()
  }

  resumeWith(policy: ResumePolicy): void {
    if (!this.programme.held) throw new Refusal('NOT_HELD', 'the programme is not held')
    // An alert gives the air back before it ends, so that what goes on is placed in time: not under its last seconds.
    const endF = this.#device?.alert.endF ?? 0
    this.programme.resumeWith(policy, endF > 0 && endF < Infinity ? endF : null)
  }

  /** @param arrivedMs monotonic arrival of the order. */
  fireAlert(order: AudioCommandOf<'fireAlert'>, alert: LoadedAlert, arrivedMs: number): void {
    const { bus, alert: player, inputs, overs } = this.#onDevice()
    this.#refuseStopped()
    // The alert first, by one message; the programme leaves under it.
    const startF = player.fire(order, alert)
    const t0F = Math.max(startF, bus.clock.frame())
    this.programme.block('alert', t0F)
    const scheduleMs = performance.now() - arrivedMs + msOfFrames(Math.max(0, startF - bus.clock.frame()))
    for (const inputId of inputs.ids) inputs.close(inputId, 'preempted', t0F)
    this.programme.unblock('input', null)
    overs.endAll('preempted')
    this.#settleDuck()
    const { cutInId, alertId } = order
    this.#emit(
      { kind: 'alertStarted', outputId: this.outputId, cutInId, alertId, scheduleMs: Math.round(scheduleMs * 1000) / 1000 },
      bus.clock.wallOf(startF),
    )
    this.#changed()
  }

  proceedAlert(order: AudioCommandOf<'proceedAlert'>): void {
    const { bus, alert } = this.#onDevice()
    if (!alert.isOn(order.cutInId)) throw new Refusal('ALERT_NOT_AIRING', order.cutInId)
    alert.proceed(bus.clock.frame())
    this.#changed()
  }

  stopAlert(order: AudioCommandOf<'stopAlert'>): void {
    const { bus, alert } = this.#onDevice()
    if (!alert.isOn(order.cutInId)) throw new Refusal('ALERT_NOT_AIRING', order.cutInId)
    const resume = alert.order?.resume ?? null
    const frame = bus.clock.frame()
    this.#keepAlertsAir()
    alert.stop('stopped', frame)
    this.programme.unblock('alert', resume, frame + cutFadeFrames)
    this.#changed()
  }

  openInput(order: AudioCommandOf<'openInput'>): void {
    const { bus, alert, inputs } = this.#onDevice()
    this.#refuseStopped()
    if (alert.order !== null) throw new Refusal('ALERT_HOLDS_AIR', alert.order.cutInId)
    const feed = this.#feeds(order.inputId)
    if (feed === null) throw new Refusal('INPUT_NOT_CONFIGURED', order.inputId)
    if (inputs.isOpen(order.inputId)) throw new Refusal('INPUT_ALREADY_OPEN', order.inputId)
    if (order.mode === 'replace') this.programme.block('input', bus.clock.frame(), framesOfMs(inputFadeMs))
    inputs.open(order, feed)
    this.#settleDuck()
    this.#changed()
  }

  closeInput(inputId: InputId): void {
    const { inputs } = this.#onDevice()
    const resume = inputs.close(inputId, 'ordered')
    if (resume === undefined) throw new Refusal('INPUT_NOT_OPEN', inputId)
    if (!inputs.replacing) this.programme.unblock('input', resume)
    this.#settleDuck()
    this.#changed()
  }

  async playOver(order: AudioCommandOf<'playOver'>): Promise<void> {
    const { alert, overs } = this.#onDevice()
    this.#refuseStopped()
    if (alert.order !== null) throw new Refusal('ALERT_HOLDS_AIR', alert.order.cutInId)
    await overs.play(order)
    this.#changed()
  }

  /** Without a device nothing of it sounds, and the same order may be for another output, where it does. */
  stopOver(slot: number): void {
    this.#device?.overs.end(slot, 'stopped')
    this.#changed()
  }

  /** STOP: the gate closes first; whatever was playing is then cleared away in silence. */
  stop(arrivedMs: number): void {
    const device = this.#device
    if (device !== null) {
      const { bus, alert, inputs, overs } = device
      const t0F = bus.clock.frame()
      bus.gate.ramp(t0F, 0, cutFadeFrames)
      const muteMs = performance.now() - arrivedMs + msOfFrames(cutFadeFrames)
      const silentF = t0F + cutFadeFrames + quantumFrames
      if (alert.order !== null) alert.stop('stopAll', silentF)
      for (const inputId of inputs.ids) inputs.close(inputId, 'stopAll', silentF)
      overs.endAll('stopAll')
      this.#emit({ kind: 'stopped', outputId: this.outputId, muteMs: Math.round(muteMs * 1000) / 1000 })
      this.programme.stop(silentF)
    } else {
      this.#emit({ kind: 'stopped', outputId: this.outputId, muteMs: 0 })
      this.programme.stop(0)
    }
    this.programme.unblock('alert', null)
    this.programme.unblock('input', null)
    this.#settleDuck()
    this.#changed()
  }

  reopen(alerts: readonly LoadedAlert[]): void {
    if (!this.programme.stopped) throw new Refusal('NOT_STOPPED', this.outputId)
    const device = this.#device
    if (device !== null) {
      device.bus.gate.ramp(device.bus.clock.frame(), 1, cutFadeFrames)
      for (const alert of alerts) device.alert.prepare(alert)
    }
    this.programme.reopen()
    this.#emit({ kind: 'reopened', outputId: this.outputId })
    this.#changed()
  }

  /** Called every few milliseconds while the audio clock moves. */
  tick(nowF: number): void {
    const device = this.#device
    if (device === null) return
    const resume = device.alert.order?.resume ?? null
    const { endF } = device.alert
    if (device.alert.tick(nowF)) {
      this.programme.unblock('alert', resume, endF)
      this.#changed()
    } else if (device.alert.endF > endF)
      // It was held up and ends later than that: what follows it waits.
      this.#keepAlertsAir()
    else if (endF > 0 && endF - nowF < resumeAheadFrames && this.programme.hasItem) this.programme.unblock('alert', resume, endF)
    device.inputs.tick(nowF)
    device.overs.tick(nowF)
    this.programme.tick(nowF)
  }

  state(): OutputAudioState {
    const device = this.#device
    const nowF = device?.bus.clock.frame() ?? 0
    return {
      outputId: this.outputId,
      device: device?.label ?? null,
      onBackup: device?.backup ?? false,
      ...this.programme.state(nowF),
      alert: device?.alert.state(nowF) ?? null,
      openInputs: device?.inputs.ids ?? [],
      oversPlaying: device?.overs.slots ?? [],
      stopped: this.programme.stopped,
    }
  }

  /** While an alert sounds the programme stays behind it, also when its continuation was already placed. */
  #keepAlertsAir(): void {
    const device = this.#device
    if (device !== null && device.alert.order !== null) this.programme.block('alert', device.bus.clock.frame())
  }

  #settleDuck(): void {
    const device = this.#device
    if (device === null) return
    const duckDb = Math.min(device.inputs.duckDb, device.overs.duckDb)
    if (duckDb === this.#duckDb) return
    this.#duckDb = duckDb
    device.bus.duck.ramp(device.bus.clock.frame(), fromDb(duckDb), framesOfMs(duckMs))
  }

  #refuseStopped(): void {
    if (this.programme.stopped) throw new Refusal('STOP_LATCHED', this.outputId)
  }

  #onDevice(): OnDevice {
    if (this.#device === null) throw new Refusal('AUDIO_UNAVAILABLE', `${this.outputId}: its device is not there`)
    return this.#device
  }
}
