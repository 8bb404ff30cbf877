// Puts the audio process together: buses on their devices, alerts in memory, inputs, the journal, and orders from the socket.
// It constructs, connects and hands on; what an order means is decided in the parts.
import { join } from 'node:path'
import {
  type AudioCommand,
  type AudioEvent,
  type AudioMessage,
  type AudioProcessConfig,
  audioProtocolVersion,
} from '../shared/audio-protocol.ts'
import { assertNever } from '../shared/domain/assert-never.ts'
import type { AlertId, InputId, OutputId } from '../shared/domain/ids.ts'
import { epochMs } from '../shared/domain/time.ts'
import { AlertStore, type LoadedAlert } from './alert-store.ts'
import { CuePlayer } from './cue-player.ts'
import { Devices } from './devices.ts'
import { cutFadeFrames, msOfFrames } from './frames.ts'
import { type Emit, Journal } from './journal.ts'
import { LiveInput } from './live-input.ts'
import type { OutputBus } from './output-bus.ts'
import { HoldUp } from './hold-up.ts'
import { freePlayedSound } from './played-sound.ts'
import { ProgrammeOutput } from './programme-output.ts'
import { Recorder } from './recorder.ts'
import { Refusal } from './refusal.ts'
import { type CommandHandler, CommandServer } from './server.ts'

const tickMs = 15
const reportMs = 40
/** Left alone with nothing to play for so long, the process ends. */
const aloneMs = 10_000
/** A clock that stands still is given no orders: the engine's order queue is bounded and would block this thread, ms. */
const standingMs = 100

export class Engine implements CommandHandler {
  readonly #config: AudioProcessConfig
  readonly #startedAtMs = epochMs(Date.now())
  readonly #journal = new Journal((event) => this.#publish(event))
  readonly #alerts = new AlertStore()
  readonly #outputs = new Map<OutputId, ProgrammeOutput>()
  readonly #inputs = new Map<InputId, LiveInput>()
  readonly #recorders = new Map<OutputId, Recorder>()
  readonly #devices: Devices
  readonly #server: CommandServer
  readonly #dirty = new Set<ProgrammeOutput>()
  readonly #holdUp = new HoldUp()
  readonly #timers: NodeJS.Timeout[] = []
  readonly #onEnd: () => void
  /** Why there is no preview, where there is none. */
  readonly #cueRefused: 'CUE_UNAVAILABLE' | 'CUE_IS_PROGRAMME'
  #cue: { readonly bus: OutputBus; readonly player: CuePlayer; readonly label: string } | null = null

  /** @param onEnd it has nothing more to do: no station, nothing to play, or told to shut down. */
  constructor(config: AudioProcessConfig, onEnd: () => void) {
    this.#config = config
    this.#onEnd = onEnd
    this.#server = new CommandServer(config.socketPath, config.token, this)
    for (const { outputId } of config.outputs) {
      const output: ProgrammeOutput = new ProgrammeOutput(
        outputId,
        this.#emit,
        (inputId) => this.#inputs.get(inputId) ?? null,
        () => this.#changed(output),
      )
      this.#outputs.set(outputId, output)
    }
    const programmeDevices = config.outputs.flatMap(({ device, backupDevice }) => [device, backupDevice])
    const cueIsProgramme = config.cueDevice !== null && programmeDevices.includes(config.cueDevice)
    this.#cueRefused = cueIsProgramme ? 'CUE_IS_PROGRAMME' : 'CUE_UNAVAILABLE'
    if (cueIsProgramme)
      this.#emit({ kind: 'failure', code: 'CUE_IS_PROGRAMME', message: `${config.cueDevice} is a programme device: there is no preview` })
    this.#devices = new Devices(
      [...this.#programmeSlots(), ...(config.cueDevice === null || cueIsProgramme ? [] : [this.#cueSlot(config.cueDevice)])],
      {
        emit: this.#emit,
        latencyHint: config.latencyHint,
        allowNone: config.allowNone,
      },
    )
  }

  /** Takes orders once every device was tried: whoever says hello then learns what there is. */
  async start(): Promise<void> {
    for (const { inputId, device } of this.#config.inputs) this.#inputs.set(inputId, new LiveInput(inputId, device, this.#emit))
    await this.#devices.start()
    await this.#server.listen()
    this.#timers.push(
      setInterval(() => this.#tick(), tickMs),
      setInterval(() => this.#report(), reportMs),
      freePlayedSound(),
    )
  }

  /** Fades everything out, closes files and the socket. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    this.#devices.stop()
    const buses = [...this.#outputs.values()].map((output) => output.bus).filter((bus) => bus !== null && bus.clock.stillMs() < standingMs)
    for (const bus of buses) bus?.gate.ramp(bus.clock.frame(), 0, cutFadeFrames)
    if (buses.length > 0) await new Promise((resolve) => setTimeout(resolve, 4 * msOfFrames(cutFadeFrames)))
    for (const input of this.#inputs.values()) input.close()
    for (const recorder of this.#recorders.values()) await recorder.close()
    await this.#server.close()
  }

  welcome(ref: string, afterSeq: number): AudioMessage {
    const { missed, lost } = this.#journal.after(afterSeq)
    return {
      kind: 'welcome',
      ref,
      version: audioProtocolVersion,
      bootId: this.#config.bootId,
      pid: process.pid,
      startedAtMs: this.#startedAtMs,
      lastSeq: this.#journal.lastSeq,
      missed,
      lostEvents: lost,
      outputs: [...this.#outputs.values()].map((output) => output.state()),
      loadedAlerts: this.#alerts.list().map(({ alertId, sha256 }) => ({ alertId, sha256 })),
      cueDevice: this.#cue?.label ?? null,
    }
  }

  handle(command: AudioCommand, arrivedMs: number): void | Promise<void> {
    switch (command.kind) {
      case 'fireAlert': {
        const alert = this.#alert(command.alertId)
        const outputs = command.outputIds.map((outputId) => this.#output(outputId))
        for (const output of outputs) output.fireAlert(command, alert, arrivedMs)
        return
      }
      case 'stop':
        for (const outputId of command.outputIds) this.#output(outputId).stop(arrivedMs)
        return
      case 'setQueue':
        return this.#output(command.outputId).programme.setQueue(command.revision, command.items)
      case 'playNow':
        return this.#output(command.outputId).playNow(command)
      case 'next':
        return this.#output(command.outputId).next(command.fadeMs)
      case 'hold':
        return this.#output(command.outputId).hold()
      case 'release':
        return this.#output(command.outputId).resumeWith({ kind: 'exact' })
      case 'resume':
        return this.#output(command.outputId).resumeWith(command.policy)
      case 'clear':
        return this.#output(command.outputId).programme.clear(command.fadeMs)
      case 'loadAlert':
        return this.#load(command)
      case 'unloadAlert':
        return this.#unload(command.alertId)
      case 'proceedAlert':
        return this.#output(command.outputId).proceedAlert(command)
      case 'stopAlert':
        for (const outputId of command.outputIds) this.#output(outputId).stopAlert(command)
        return
      case 'openInput':
        for (const outputId of command.outputIds) this.#output(outputId).openInput(command)
        return
      case 'closeInput':
        for (const outputId of command.outputIds) this.#output(outputId).closeInput(command.inputId)
        return
      case 'playOver':
        return Promise.all(command.outputIds.map((outputId) => this.#output(outputId).playOver(command))).then(() => undefined)
      case 'stopOver':
        for (const outputId of command.outputIds) this.#output(outputId).stopOver(command.slot)
        return
      case 'reopen':
        for (const outputId of command.outputIds) this.#output(outputId).reopen(this.#alerts.list())
        return
      case 'cueAlert':
        return this.#cuePlayer().cueAlert(command, this.#alert(command.alertId))
      case 'cueItem':
        return this.#cuePlayer().cueItem(command.source, command.offsetMs)
      case 'stopCue':
        return this.#cuePlayer().stop()
      case 'shutdown':
        setImmediate(this.#onEnd)
        return
      case 'hello':
        throw new Refusal('INVALID_INPUT', 'hello comes first, and once')
      default:
        return assertNever(command)
    }
  }

  readonly #emit: Emit = (draft, atMs = epochMs(Date.now())) => this.#journal.add({ ...draft, atMs })

  async #load({ alert }: Extract<AudioCommand, { kind: 'loadAlert' }>): Promise<void> {
    const loaded = await this.#alerts.load(alert).catch((cause: unknown) => {
      throw new Refusal('ALERT_NOT_READY', cause instanceof Error ? cause.message : String(cause))
    })
    for (const output of this.#outputs.values()) output.prepareAlert(loaded)
    const durationMs = Math.round(msOfFrames((loaded.attention?.length ?? 0) + loaded.body.length))
    this.#emit({ kind: 'alertLoaded', alertId: loaded.alertId, sha256: loaded.sha256, durationMs })
  }

  #unload(alertId: AlertId): void {
    if (!this.#alerts.unload(alertId)) throw new Refusal('NOT_FOUND', alertId)
    for (const output of this.#outputs.values()) output.forgetAlert(alertId)
  }

  #alert(alertId: AlertId): LoadedAlert {
    const alert = this.#alerts.get(alertId)
    if (alert === undefined) throw new Refusal('ALERT_NOT_READY', `${alertId} is not in memory`)
    return alert
  }

  #output(outputId: OutputId): ProgrammeOutput {
    const output = this.#outputs.get(outputId)
    if (output === undefined) throw new Refusal('NOT_FOUND', outputId)
    return output
  }

  #cuePlayer(): CuePlayer {
    const cue = this.#cue
    if (cue === null) throw new Refusal(this.#cueRefused, 'there is no preview device')
    for (const output of this.#outputs.values()) if (output.deviceLabel === cue.label) throw new Refusal('CUE_IS_PROGRAMME', cue.label)
    return cue.player
  }

  #programmeSlots() {
    return this.#config.outputs.map(({ outputId, device, backupDevice }) => ({
      outputId,
      device,
      backupDevice,
      attach: (bus: OutputBus, label: string | null, backup: boolean) => {
        const output = this.#output(outputId)
        this.#record(outputId, bus)
        output.attach(bus, label, backup, this.#alerts.list())
      },
      detach: () => this.#output(outputId).detach(),
    }))
  }

  #cueSlot(device: string) {
    return {
      outputId: null,
      device,
      backupDevice: null,
      attach: (bus: OutputBus, label: string | null) => {
        this.#cue = { bus, player: new CuePlayer(bus, this.#emit), label: label ?? device }
      },
      detach: () => {
        this.#cue = null
      },
    }
  }

  #record(outputId: OutputId, bus: OutputBus): void {
    const { recorderDir, recorderKeepHours } = this.#config
    if (recorderDir === null) return
    const onFailure = (message: string) => this.#emit({ kind: 'failure', code: 'RECORDER_FAILED', message, outputId })
    const onWrites = () => this.#emit({ kind: 'failureOver', code: 'RECORDER_FAILED', outputId })
    const recorder = this.#recorders.get(outputId) ?? new Recorder(join(recorderDir), outputId, recorderKeepHours, onFailure, onWrites)
    this.#recorders.set(outputId, recorder)
    recorder.connect(bus.context, bus.end)
  }

  #tick(): void {
    const heldUpMs = this.#holdUp.sinceLast()
    if (heldUpMs > 0) {
      this.#devices.forgive(heldUpMs)
      for (const input of this.#inputs.values()) input.forgive(heldUpMs)
    }
    this.#devices.check(this.#server.aloneMs === 0)
    for (const output of this.#outputs.values()) {
      const { bus } = output
      if (bus !== null && bus.clock.stillMs() < standingMs) output.tick(bus.clock.frame())
    }
    if (this.#cue !== null && this.#cue.bus.clock.stillMs() < standingMs) this.#cue.player.tick(this.#cue.bus.clock.frame())
    this.#cue?.bus.rest.tick(this.#cue.player.idle)
    for (const input of this.#inputs.values()) input.check()
    if (this.#server.aloneMs > aloneMs && ![...this.#outputs.values()].some((output) => output.busy)) this.#onEnd()
  }

  #report(): void {
    const cue = this.#cue
    this.#server.send({
      kind: 'report',
      atMs: epochMs(Date.now()),
      outputs: [...this.#outputs.values()].flatMap((output) => {
        const { bus } = output
        if (bus === null) return []
        const { item, alert } = output.state()
        return [
          {
            outputId: output.outputId,
            clockS: bus.context.currentTime,
            level: bus.level(),
            frame: item?.frame ?? null,
            alertMs: alert?.positionMs ?? null,
          },
        ]
      }),
      cue: cue === null ? null : { clockS: cue.bus.context.currentTime, level: cue.bus.level(), positionMs: cue.player.positionMs },
      inputs: [...this.#inputs.values()].flatMap(({ inputId, level }) => (level === null ? [] : [{ inputId, level }])),
    })
  }

  #publish(event: AudioEvent): void {
    this.#server.send({ kind: 'event', event })
  }

  /** States go out once per turn, after everything an order caused. */
  #changed(output: ProgrammeOutput): void {
    if (this.#dirty.size === 0) setImmediate(() => this.#sendStates())
    this.#dirty.add(output)
  }

  #sendStates(): void {
    const outputs = [...this.#dirty]
    this.#dirty.clear()
    for (const output of outputs) this.#server.send({ kind: 'state', output: output.state() })
  }
}
