// Applies the on-air machine to each programme output: orders and facts go in, the effects run in the same turn of the event loop.
import type { AudioEvent, OutputAudioState, ResumePolicy } from '../../shared/audio-protocol.ts'
import type { CutInView, OrderVia } from '../../shared/domain/alert.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CutInId, InputId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { AudioProof } from '../plant/index.ts'
import { ActionRows } from './action-rows.ts'
import { AlertCoverage } from './alert-coverage.ts'
import { factOf } from './audio-facts.ts'
import { AudioRows } from './audio-rows.ts'
import { CutInLedger } from './cut-in-ledger.ts'
import { Handover } from './handover.ts'
import { MarkedLog } from './marked-log.ts'
import { OnAirEffects } from './onair-effects.ts'
import { type CutIn, type OnAirEvent, transition } from './onair-machine.ts'
import { type AudioHealth, type AudioReport, OutputRuntime } from './output-runtime.ts'
import { PlantDemand } from './plant-demand.ts'
import type { FireOrder, OnAirPorts } from './ports.ts'

type OpenInput = Extract<OnAirEvent, { kind: 'openInput' }>

/** Who did what only happened. */
const fact = 'station'

export class OnAirService {
  readonly #ports: OnAirPorts
  readonly #outputs: ReadonlyMap<OutputId, OutputRuntime>
  readonly #ledger = new CutInLedger()
  readonly #demand: PlantDemand
  readonly #coverage: AlertCoverage
  readonly #log: MarkedLog
  readonly #actionRows: ActionRows
  readonly #audioRows: AudioRows
  readonly #effects: OnAirEffects
  /** What is taken over from an earlier life of the station, and left to the next. */
  readonly handover: Handover

  constructor(given: OnAirPorts) {
    this.#log = new MarkedLog(given.log)
    const ports = { ...given, log: this.#log }
    this.#ports = ports
    this.#outputs = new Map(ports.config.outputs.map((output) => [output.id, new OutputRuntime(output.id, output.name, output.device)]))
    this.#demand = new PlantDemand(ports)
    this.#coverage = new AlertCoverage(ports)
    this.#actionRows = new ActionRows(ports, this.#ledger)
    this.#audioRows = new AudioRows(ports, this.#ledger)
    this.#effects = new OnAirEffects(ports, this.#actionRows, this.#demand, (runtime, event) => this.#apply(runtime, event, fact))
    this.handover = new Handover({
      ports,
      outputs: this.#outputs,
      ledger: this.#ledger,
      demand: this.#demand,
      effects: this.#effects,
      actionRows: this.#actionRows,
      audioRows: this.#audioRows,
    })
  }

  // — orders —

  /** Cuts in on the outputs that can take it. Refused only when none can, with the first reason. */
  fire(order: FireOrder): void {
    const { clock } = this.#ports
    const orderedMs = clock.monotonic()
    const orderedAtMs = clock.now()
    this.#actionRows.ordered(order)
    const { cutInId, alertId, severity, automatic, readings, resume, offsetMs, via } = order
    // An output there is not is refused before anything airs.
    for (const outputId of order.outputIds) this.runtime(outputId)
    this.#someTake(order.outputIds, (runtime) => {
      const { outputId } = runtime
      const temperature = this.#ports.plant.temperature(outputId)
      const whole: CutIn = { cutInId, alertId, severity, automatic, temperature, readings, resume, orderedAtMs, via }
      const cutIn = offsetMs === undefined ? whole : { ...whole, offsetMs }
      this.#ledger.begin(cutIn, order.title, order.mode, orderedMs)
      this.#apply(runtime, { kind: 'fire', cutIn }, order.actor)
      this.#ledger.addOutput(cutInId, outputId, temperature, runtime.audio?.item?.item.title ?? null)
      this.#ledger.carriers(cutInId, outputId, this.#ports.plant.carriers(outputId))
    })
    this.#coverage.anew(order.outputIds)
    const cold = this.#ledger.get(cutInId)?.outputs.some((output) => output.temperature === 'cold')
    this.#ports.onFired(order, cold ? 'cold' : 'hot', orderedAtMs)
  }

  stopAlert(cutInId: CutInId, outputIds: readonly OutputId[], actor: string): void {
    const on = outputIds.filter((outputId) => {
      const { state } = this.runtime(outputId)
      return state.kind === 'cutIn' && state.cutIn.cutInId === cutInId
    })
    if (on.length === 0) throw new OperatorError('ALERT_NOT_AIRING', { cutInId })
    for (const outputId of on) this.#apply(this.runtime(outputId), { kind: 'stopAlert', cutInId }, actor)
    this.#actionRows.ended('stopAlert', this.#ledger.get(cutInId)?.title ?? cutInId, on, actor)
  }

  openInput(order: Omit<OpenInput, 'kind'> & { readonly outputIds: readonly OutputId[]; readonly actor: string }): void {
    const { inputId, mode, emergency, via, outputIds, actor } = order
    if (!this.#ports.config.audio.inputs.some((known) => known.id === inputId)) throw new OperatorError('INPUT_NOT_CONFIGURED', { inputId })
    this.#each(outputIds, { kind: 'openInput', inputId, mode, emergency, via }, actor)
  }

  closeInput(inputId: InputId, outputIds: readonly OutputId[], actor: string): void {
    this.#each(outputIds, { kind: 'closeInput', inputId }, actor)
    this.#actionRows.ended('closeInput', inputId, outputIds, actor)
  }

  next(outputId: OutputId, expectItemId: ItemId | null, actor: string): void {
    if (!this.#ports.rundown.nextFor(outputId)) throw new OperatorError('NOTHING_NEXT', { outputId })
    this.#command(outputId, { kind: 'next', expectItemId }, actor)
  }

  hold(outputId: OutputId, actor: string): void {
    this.#command(outputId, { kind: 'hold' }, actor)
  }

  release(outputId: OutputId, actor: string): void {
    this.#command(outputId, { kind: 'release' }, actor)
  }

  resume(outputId: OutputId, policy: ResumePolicy, actor: string): void {
    this.#command(outputId, { kind: 'resume', policy }, actor)
  }

  stop(outputIds: readonly OutputId[], via: OrderVia, actor: string): void {
    const atMs = this.#ports.clock.now()
    for (const outputId of outputIds) this.#apply(this.runtime(outputId), { kind: 'stop', atMs, via }, actor)
  }

  reopen(outputIds: readonly OutputId[], actor: string): void {
    const latched = outputIds.filter((outputId) => this.runtime(outputId).state.kind === 'stopped')
    if (latched.length === 0) throw new OperatorError('NOT_STOPPED')
    for (const outputId of latched) {
      this.#apply(this.runtime(outputId), { kind: 'reopen' }, actor)
      this.#ports.rundown.rejoin(outputId)
    }
  }

  playHotKey(slot: number, outputIds: readonly OutputId[], via: OrderVia, actor: string): void {
    if (!this.#ports.hotKey(slot)) throw new OperatorError('HOT_KEY_EMPTY', { slot })
    for (const outputId of outputIds) this.#audioRows.hotKeyPressed(outputId, slot, { via, actor })
    this.#each(outputIds, { kind: 'playOver', slot, via }, actor)
  }

  stopHotKey(slot: number, outputIds: readonly OutputId[], actor: string): void {
    this.#effects.send({ kind: 'stopOver', outputIds: [...outputIds], slot }, `hot key ${slot}`)
    this.#actionRows.ended('stopHotKey', this.#ports.hotKey(slot)?.title ?? String(slot), outputIds, actor)
  }

  // — facts —

  /** The audio process was replaced: what it played ended with it. */
  audioReplaced(): void {
    this.#audioRows.allEnded(this.#outputs, 'audioDied')
  }

  /** What could not be put back is over: an alert that nobody hears is not on air. `waiting`: outputs that an order still waits for. */
  audioRestored(outputs: readonly OutputAudioState[], waiting: ReadonlySet<OutputId>): void {
    for (const audio of outputs) {
      const runtime = this.#outputs.get(audio.outputId)
      if (!runtime) continue
      // What another took the air from: the process that would have told its end is dead.
      for (const cutInId of this.#ledger.underWay(runtime.outputId))
        if (runtime.state.kind !== 'cutIn' || runtime.state.cutIn.cutInId !== cutInId)
          this.#actionRows.close(runtime, 'cutIn', cutInId, 'replaced', fact)
      if (!waiting.has(audio.outputId)) this.#effects.restored(runtime, audio)
    }
  }

  /** When an item began, known from its open row of an earlier boot: its close must find it. */
  knownStart(outputId: string, itemId: string, startedAtMs: number): void {
    this.#audioRows.knownStart(outputId, itemId, startedAtMs)
  }

  /** Everything died while this output was on air: its silence is measured until it sounds again. */
  deadSince(outputId: OutputId, fromMs: EpochMs): void {
    this.#audioRows.deadSince(outputId, fromMs)
  }

  audioState(audio: OutputAudioState): void {
    this.#outputs.get(audio.outputId)?.takeState(audio)
    this.#ports.onChanged()
  }

  audioReport(report: AudioReport): void {
    const now = this.#ports.clock.monotonic()
    for (const runtime of this.#outputs.values()) {
      const output = report.outputs.find(({ outputId }) => outputId === runtime.outputId)
      if (output === undefined) runtime.takeSilence(now)
      else runtime.takeReport(output, now)
      runtime.takeInputs(report.inputs, now)
    }
  }

  audioHealth(health: AudioHealth): void {
    for (const runtime of this.#outputs.values()) runtime.health = health
    this.#ports.onChanged()
  }

  /** What the audio process reports, live or missed while the station was away. Missed ones only make rows. */
  audioEvent(event: AudioEvent, missed = false): void {
    // Failures are alarms; what they do to the programme is told by its own events.
    if (event.kind === 'failure' || event.kind === 'failureOver') return
    if (!('outputId' in event) || event.outputId === null) return
    const runtime = this.#outputs.get(event.outputId)
    if (!runtime) return
    this.#log.during(`${this.#ports.audioBoot()}:${event.seq}`, () => this.#heard(runtime, event, missed))
    this.#ports.onChanged()
  }

  /** A carrier of this output changed: a cold cut-in may go on, a late transmitter is noted. */
  carriersChanged(outputId: OutputId): void {
    const runtime = this.#outputs.get(outputId)
    if (runtime?.state.kind !== 'cutIn') return
    const carriers = this.#ports.plant.carriers(outputId)
    const { cutIn, awaitingCarriers } = runtime.state
    const before = this.#ledger.get(cutIn.cutInId)?.outputs.find((output) => output.outputId === outputId)
    this.#ledger.carriers(cutIn.cutInId, outputId, carriers)
    if (awaitingCarriers && carriers.every((carrier) => carrier.state === 'up')) this.#apply(runtime, { kind: 'carriersProved' }, fact)
    if (awaitingCarriers || cutIn.temperature === 'hot') return
    for (const carrier of carriers) {
      const was = before?.carriers.find((one) => one.deviceId === carrier.deviceId)
      if (carrier.state === 'up' && was && was.state !== 'up') {
        this.#apply(runtime, { kind: 'carrierLate', deviceId: carrier.deviceId }, fact)
        this.#coverage.late(carrier.deviceId)
      }
    }
  }

  // — questions —

  views(): OnAirOutputView[] {
    const { clock, plant, rundown } = this.#ports
    return [...this.#outputs.values()].map((runtime) =>
      runtime.view(
        rundown,
        plant.carriers(runtime.outputId),
        this.#ledger.forOutput(runtime.outputId, clock.now()),
        clock.now(),
        clock.monotonic(),
      ),
    )
  }

  cutInView(cutInId: CutInId): CutInView {
    const view = this.#ledger.get(cutInId)
    if (!view) throw new OperatorError('NOT_FOUND', { cutInId })
    return view
  }

  firstMicrophone(): InputId | null {
    return this.#ports.config.audio.inputs.find((input) => input.kind === 'microphone')?.id ?? null
  }

  runtime(outputId: OutputId): OutputRuntime {
    const runtime = this.#outputs.get(outputId)
    if (!runtime) throw new OperatorError('NOT_FOUND', { outputId })
    return runtime
  }

  #each(outputIds: readonly OutputId[], event: OnAirEvent, actor: string): void {
    this.#someTake(outputIds, (runtime) => this.#apply(runtime, event, actor))
  }

  proof(outputId: OutputId): AudioProof {
    return this.runtime(outputId).proof(this.#ports.clock.monotonic())
  }

  /** Keys the carriers of a silent output ahead of its first item, so that the warm-up is over when it starts. */
  expectStart(outputId: OutputId, causeId: string): void {
    this.#demand.expect(this.runtime(outputId), causeId)
  }

  close(): void {
    this.#effects.close()
    this.#demand.close()
  }

  // — inside —

  #heard(runtime: OutputRuntime, event: AudioEvent, missed: boolean): void {
    this.#audioRows.record(runtime, event)
    if (missed) {
      if (event.kind === 'alertEnded') this.#actionRows.close(runtime, 'cutIn', event.cutInId, event.reason, fact)
      if (event.kind === 'inputClosed') this.#actionRows.close(runtime, 'input', event.inputId, event.reason, fact)
      return
    }
    const told = factOf(event)
    if (told) this.#apply(runtime, told, fact)
  }

  /** Gives one order to several outputs; refused only when every output refuses, with the first reason. */
  #someTake(outputIds: readonly OutputId[], order: (runtime: OutputRuntime) => void): void {
    let refusal: OperatorError | null = null
    let taken = 0
    for (const outputId of outputIds) {
      try {
        order(this.runtime(outputId))
        taken += 1
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        refusal ??= error
      }
    }
    if (taken === 0 && refusal) throw refusal
  }

  #command(outputId: OutputId, event: OnAirEvent, actor: string): void {
    this.#apply(this.runtime(outputId), event, actor)
    this.#ports.log.note({ kind: 'operator.command', actor, outputId, subject: event.kind, sent: { ...event } })
  }

  #apply(runtime: OutputRuntime, event: OnAirEvent, actor: string): void {
    const result = transition(runtime.state, event)
    if ('refused' in result) throw new OperatorError(result.refused, { outputId: runtime.outputId })
    runtime.state = result.state
    for (const effect of result.effects) this.#effects.run(runtime, effect, actor)
    this.#demand.follow(runtime)
    this.#ports.onChanged()
  }
}
