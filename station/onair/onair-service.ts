// Applies the on-air machine to each programme output and runs its effects. Audio commands leave first, in the same turn
// of the event loop as the order; plant, rows and screens follow and are waited for by nobody.
import type { AudioEvent, OutputAudioState, ResumePolicy } from '../../shared/audio-protocol.ts'
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { AlertMode, CutInView, OrderVia } from '../../shared/domain/alert.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CutInId, InputId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { AudioProof } from '../plant/index.ts'
import { CutInLedger } from './cut-in-ledger.ts'
import { type CutIn, coldTimeoutMs, type OnAirEffect, type OnAirEvent, transition } from './onair-machine.ts'
import { type AudioHealth, type AudioReport, OutputRuntime, stateFromAudio } from './output-runtime.ts'
import { PlantDemand } from './plant-demand.ts'
import type { AudioOrder, FireOrder, LogPort, OnAirPorts } from './ports.ts'

const hotKeyDuckDb = -14
const takeFadeMs = 40

export class OnAirService {
  readonly #ports: OnAirPorts
  readonly #outputs: ReadonlyMap<OutputId, OutputRuntime>
  readonly #ledger = new CutInLedger()
  readonly #demand: PlantDemand
  readonly #coldTimers = new Map<OutputId, Timer>()
  readonly #itemStarts = new Map<string, EpochMs>()
  #fireFields: Record<string, unknown> = {}
  /** Event of the audio process that the rows being written come from: what a restarted station has already journalled. */
  #mark: string | null = null

  constructor(given: OnAirPorts) {
    const marked = <T extends { readonly measured?: Record<string, unknown> }>(row: T): T =>
      this.#mark === null ? row : { ...row, measured: { ...row.measured, audioEvent: this.#mark } }
    const log: LogPort = {
      open: (row) => given.log.open(marked(row)),
      close: (row) => given.log.close(marked(row)),
      note: (row) => given.log.note(marked(row)),
    }
    const ports = { ...given, log }
    this.#ports = ports
    this.#outputs = new Map(ports.config.outputs.map((output) => [output.id, new OutputRuntime(output.id, output.name)]))
    this.#demand = new PlantDemand(ports)
  }

  // — orders —

  /** Cuts in on the outputs that can take it. Refused only when none can, with the first reason. */
  fire(order: FireOrder): void {
    const { clock } = this.#ports
    const orderedMs = clock.monotonic()
    const orderedAtMs = clock.now()
    let refusal: OperatorError | null = null
    let taken = 0
    this.#fireFields = {
      title: order.title,
      mode: order.mode,
      via: order.via,
      heldMs: order.heldMs,
      previewedMs: order.previewedMs,
      severity: order.severity,
    }
    for (const outputId of order.outputIds) {
      const runtime = this.#runtime(outputId)
      const cutIn: CutIn = {
        cutInId: order.cutInId,
        alertId: order.alertId,
        severity: order.severity,
        automatic: order.automatic,
        temperature: this.#ports.plant.temperature(outputId),
        readings: order.readings,
        resume: order.resume,
        orderedAtMs,
        via: order.via,
      }
      this.#ledger.begin(cutIn, order.title, order.mode, orderedMs)
      try {
        this.#apply(runtime, { kind: 'fire', cutIn }, order.actor)
        this.#ledger.addOutput(order.cutInId, outputId, cutIn.temperature, runtime.audio?.item?.item.title ?? null)
        this.#ledger.carriers(order.cutInId, outputId, this.#ports.plant.carriers(outputId))
        taken += 1
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        refusal ??= error
      }
    }
    if (taken === 0 && refusal) throw refusal
    this.#ports.onFired(
      order,
      this.#ledger.get(order.cutInId)?.outputs.some((output) => output.temperature === 'cold') ? 'cold' : 'hot',
      orderedAtMs,
    )
  }

  stopAlert(cutInId: CutInId, outputIds: readonly OutputId[], actor = 'operator'): void {
    const on = outputIds.filter((outputId) => {
      const { state } = this.#runtime(outputId)
      return state.kind === 'cutIn' && state.cutIn.cutInId === cutInId
    })
    if (on.length === 0) throw new OperatorError('ALERT_NOT_AIRING', { cutInId })
    for (const outputId of on) this.#apply(this.#runtime(outputId), { kind: 'stopAlert', cutInId }, actor)
  }

  openInput(order: {
    inputId: InputId
    outputIds: readonly OutputId[]
    mode: 'replace' | 'duck'
    emergency: boolean
    via: OrderVia
  }): void {
    if (!this.#ports.config.audio.inputs.some((input) => input.id === order.inputId))
      throw new OperatorError('INPUT_NOT_CONFIGURED', { inputId: order.inputId })
    this.#each(
      order.outputIds,
      { kind: 'openInput', inputId: order.inputId, mode: order.mode, emergency: order.emergency, via: order.via },
      order.via,
    )
  }

  closeInput(inputId: InputId, outputIds: readonly OutputId[]): void {
    this.#each(outputIds, { kind: 'closeInput', inputId }, 'operator')
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

  stop(outputIds: readonly OutputId[], via: OrderVia): void {
    const atMs = this.#ports.clock.now()
    for (const outputId of outputIds) this.#apply(this.#runtime(outputId), { kind: 'stop', atMs, via }, via)
  }

  reopen(outputIds: readonly OutputId[], actor: string): void {
    const latched = outputIds.filter((outputId) => this.#runtime(outputId).state.kind === 'stopped')
    if (latched.length === 0) throw new OperatorError('NOT_STOPPED')
    for (const outputId of latched) {
      this.#apply(this.#runtime(outputId), { kind: 'reopen' }, actor)
      this.#ports.rundown.rejoin(outputId)
    }
  }

  playHotKey(slot: number, outputIds: readonly OutputId[], via: OrderVia): void {
    if (!this.#ports.hotKey(slot)) throw new OperatorError('HOT_KEY_EMPTY', { slot })
    this.#each(outputIds, { kind: 'playOver', slot, via }, via)
  }

  stopHotKey(slot: number, outputIds: readonly OutputId[]): void {
    this.#send({ kind: 'stopOver', outputIds: [...outputIds], slot }, `hot key ${slot}`)
  }

  // — facts —

  /** Takes over what an adopted audio process is doing; `cutIns` is what was persisted of its airings. */
  adopt(
    outputs: readonly OutputAudioState[],
    cutIns: ReadonlyMap<string, CutIn & { readonly title: string; readonly mode: AlertMode }>,
  ): void {
    for (const audio of outputs) {
      const runtime = this.#outputs.get(audio.outputId)
      if (!runtime) continue
      const persisted = audio.alert ? (cutIns.get(audio.alert.cutInId) ?? null) : null
      runtime.takeState(audio)
      runtime.health = 'running'
      runtime.state = stateFromAudio(audio, persisted, this.#ports.clock.now())
      if (audio.item) this.#itemStarts.set(`${audio.outputId}/${audio.item.item.itemId}`, audio.item.startedAtMs)
      if (persisted) {
        this.#ledger.begin(persisted, persisted.title, persisted.mode, this.#ports.clock.monotonic())
        this.#ledger.addOutput(persisted.cutInId, audio.outputId, persisted.temperature, audio.item?.item.title ?? null)
        if (audio.alert?.phase === 'body') this.#ledger.body(persisted.cutInId, audio.outputId)
      }
      this.#demand.follow(runtime)
    }
  }

  /** The audio process was replaced: what it played ended with it; what its successor puts back on air opens rows of its own. */
  audioReplaced(): void {
    const atMs = this.#ports.clock.now()
    for (const [key, startedAtMs] of this.#itemStarts) {
      const [outputId = '', itemId = ''] = key.split('/')
      const runtime = this.#outputs.get(outputId as OutputId)
      if (!runtime) continue
      const measured = { reason: 'audioDied', playedMs: atMs - startedAtMs }
      this.#ports.log.close({
        kind: 'item.aired',
        actionId: `item/${key}/${startedAtMs}`,
        actor: 'station',
        outputId,
        subject: this.#title(runtime, itemId as ItemId),
        measured,
      })
    }
    this.#itemStarts.clear()
  }

  /** When an item began, known from its open row of an earlier boot: its close must find it. */
  knownStart(outputId: string, itemId: string, startedAtMs: number): void {
    this.#itemStarts.set(`${outputId}/${itemId}`, startedAtMs as EpochMs)
  }

  audioState(audio: OutputAudioState): void {
    this.#outputs.get(audio.outputId)?.takeState(audio)
    this.#ports.onChanged()
  }

  audioReport(report: AudioReport): void {
    const now = this.#ports.clock.monotonic()
    for (const output of report.outputs) this.#outputs.get(output.outputId)?.takeReport(output, now)
  }

  audioHealth(health: AudioHealth): void {
    for (const runtime of this.#outputs.values()) runtime.health = health
    this.#ports.onChanged()
  }

  /** What the audio process reports, live or missed while the station was away. Missed ones only make rows. */
  audioEvent(event: AudioEvent, missed = false): void {
    if (!('outputId' in event) || event.outputId === null) return
    const runtime = this.#outputs.get(event.outputId)
    if (!runtime) return
    this.#mark = `${this.#ports.audioBoot()}:${event.seq}`
    try {
      this.#record(runtime, event)
      if (missed) {
        if (event.kind === 'alertEnded') this.#closeRow(runtime, 'cutIn', event.cutInId, event.reason)
        if (event.kind === 'inputClosed') this.#closeRow(runtime, 'input', event.inputId, event.reason)
        return
      }
      const fact = factOf(event)
      if (fact) this.#apply(runtime, fact, 'audio')
    } finally {
      this.#mark = null
    }
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
    if (awaitingCarriers && carriers.every((carrier) => carrier.state === 'up')) this.#apply(runtime, { kind: 'carriersProved' }, 'plant')
    if (awaitingCarriers || cutIn.temperature === 'hot') return
    for (const carrier of carriers) {
      const was = before?.carriers.find((one) => one.deviceId === carrier.deviceId)
      if (carrier.state === 'up' && was && was.state !== 'up')
        this.#apply(runtime, { kind: 'carrierLate', deviceId: carrier.deviceId }, 'plant')
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
    return this.#runtime(outputId)
  }

  proof(outputId: OutputId): AudioProof {
    return this.#runtime(outputId).proof(this.#ports.clock.monotonic())
  }

  /** Keys the carriers of a silent output ahead of its first item, so that the warm-up is over when it starts. */
  expectStart(outputId: OutputId, causeId: string): void {
    this.#demand.expect(this.#runtime(outputId), causeId)
  }

  close(): void {
    for (const timer of this.#coldTimers.values()) timer.cancel()
    this.#demand.close()
  }

  // — inside —

  #runtime(outputId: OutputId): OutputRuntime {
    const runtime = this.#outputs.get(outputId)
    if (!runtime) throw new OperatorError('NOT_FOUND', { outputId })
    return runtime
  }

  #title(runtime: OutputRuntime, itemId: ItemId): string {
    return runtime.title(itemId) ?? this.#ports.rundown.titleOf(itemId) ?? itemId
  }

  /** Applies one order to several outputs; refused only when every output refuses. */
  #each(outputIds: readonly OutputId[], event: OnAirEvent, actor: string): void {
    let refusal: OperatorError | null = null
    let taken = 0
    for (const outputId of outputIds) {
      try {
        this.#apply(this.#runtime(outputId), event, actor)
        taken += 1
      } catch (error) {
        if (!(error instanceof OperatorError)) throw error
        refusal ??= error
      }
    }
    if (taken === 0 && refusal) throw refusal
  }

  #command(outputId: OutputId, event: OnAirEvent, actor: string): void {
    this.#apply(this.#runtime(outputId), event, actor)
    this.#ports.log.note({ kind: 'operator.command', actor, outputId, subject: event.kind, sent: { ...event } })
  }

  #apply(runtime: OutputRuntime, event: OnAirEvent, actor: string): void {
    const result = transition(runtime.state, event)
    if ('refused' in result) throw new OperatorError(result.refused, { outputId: runtime.outputId })
    runtime.state = result.state
    for (const effect of result.effects) this.#run(runtime, effect, actor)
    this.#demand.follow(runtime)
    this.#ports.onChanged()
  }

  #run(runtime: OutputRuntime, effect: OnAirEffect, actor: string): void {
    const { outputId } = runtime
    const outputIds = [outputId]
    switch (effect.kind) {
      case 'fireAlert': {
        const { cutIn, readings, temperature } = effect
        return this.#send(
          {
            kind: 'fireAlert',
            cutInId: cutIn.cutInId,
            alertId: cutIn.alertId,
            outputIds,
            mode: temperature,
            bodyRepeats: readings,
            gapMs: 0,
            resume: cutIn.resume,
          },
          'alert',
        )
      }
      case 'proceedAlert':
        return this.#send({ kind: 'proceedAlert', cutInId: effect.cutInId, outputId }, 'alert')
      case 'stopAlert':
        return this.#send({ kind: 'stopAlert', cutInId: effect.cutInId, outputIds }, 'alert')
      case 'openInput':
        return this.#send(
          { kind: 'openInput', outputIds, inputId: effect.inputId, gainDb: 0, mode: effect.mode, duckDb: hotKeyDuckDb, resume: null },
          'input',
        )
      case 'closeInput':
        return this.#send({ kind: 'closeInput', outputIds, inputId: effect.inputId }, 'input')
      case 'next':
        return this.#send({ kind: 'next', outputId, fadeMs: takeFadeMs }, 'next')
      case 'hold':
        return this.#send({ kind: 'hold', outputId }, 'hold')
      case 'release':
        return this.#send({ kind: 'release', outputId }, 'release')
      case 'resumeItem':
        return this.#send({ kind: 'resume', outputId, policy: effect.policy }, 'resume')
      case 'playOver':
        return this.#playOver(outputId, effect.slot)
      case 'stopAll':
        return this.#send({ kind: 'stop', outputIds }, 'STOP')
      case 'reopen':
        return this.#send({ kind: 'reopen', outputIds }, 'reopen')
      case 'takePlant':
        this.#ports.plant.takeDesk(`${outputId}/${effect.causeId}`, runtime.state.kind === 'liveInput' ? 'live' : 'off')
        return this.#demand.take(runtime, effect.causeId, effect.allCall)
      case 'restorePlant':
        this.#demand.giveBack(runtime)
        return this.#ports.plant.restoreDesk(`${outputId}/${effect.causeId}`)
      case 'dropPlant':
        return this.#demand.drop(runtime)
      case 'startColdTimer':
        return this.#startColdTimer(runtime, effect.cutInId)
      case 'cancelColdTimer':
        return this.#coldTimers.get(outputId)?.cancel()
      case 'alarmMissing':
        for (const deviceId of effect.deviceIds) this.#ports.alarms.raise('ALERT_NOT_COVERED', deviceId, { deviceId })
        return
      case 'openRow':
        return this.#openRow(runtime, effect, actor)
      case 'closeRow':
        return this.#closeRow(runtime, effect.row, effect.id, effect.reason)
      case 'refit':
        return this.#ports.rundown.refit(outputId)
      default:
        return assertNever(effect)
    }
  }

  #send(order: AudioOrder, what: string): void {
    this.#ports.audio.send(order).catch((error: unknown) => {
      this.#ports.log.note({
        kind: 'operator.command',
        actor: 'audio',
        outputId: null,
        subject: `${what} refused`,
        measured: { order: order.kind, error: String(error) },
      })
      this.#ports.onChanged()
    })
  }

  #playOver(outputId: OutputId, slot: number): void {
    const key = this.#ports.hotKey(slot)
    if (!key) return
    this.#send(
      {
        kind: 'playOver',
        outputIds: [outputId],
        slot,
        path: key.path,
        frames: key.frames,
        gainDb: key.gainDb,
        duckDb: hotKeyDuckDb,
        loop: key.loop,
      },
      `hot key ${slot}`,
    )
  }

  #startColdTimer(runtime: OutputRuntime, cutInId: CutInId): void {
    this.#coldTimers.get(runtime.outputId)?.cancel()
    const timer = this.#ports.clock.after(coldTimeoutMs, () => {
      const missing = this.#ports.plant.carriers(runtime.outputId).filter((carrier) => carrier.state !== 'up')
      this.#apply(runtime, { kind: 'coldTimeout', cutInId, missing: missing.map((carrier) => carrier.deviceId) }, 'timer')
    })
    this.#coldTimers.set(runtime.outputId, timer)
  }

  #openRow(runtime: OutputRuntime, effect: Extract<OnAirEffect, { kind: 'openRow' }>, actor: string): void {
    const kind = effect.row === 'cutIn' ? 'cutin' : effect.row === 'input' ? 'input.live' : 'stop'
    const sent = { via: effect.via, ...(effect.row === 'cutIn' ? this.#fireFields : {}) }
    const subject =
      effect.row === 'cutIn' ? String(this.#fireFields['title']) : effect.row === 'input' ? effect.id : 'Ngắt tiếng toàn bộ loa'
    const carriers = this.#ports.plant.carriers(runtime.outputId).map(({ deviceId, state, measured }) => ({ deviceId, state, measured }))
    this.#ports.log.open({
      kind,
      actionId: rowId(runtime, effect.row, effect.id),
      actor,
      outputId: runtime.outputId,
      subject,
      sent,
      measured: { carriers },
    })
  }

  #closeRow(runtime: OutputRuntime, row: 'cutIn' | 'input' | 'stop', id: string, reason: string): void {
    const kind = row === 'cutIn' ? 'cutin' : row === 'input' ? 'input.live' : 'reopen'
    const view = row === 'cutIn' ? this.#ledger.get(id as CutInId) : null
    const output = view?.outputs.find((one) => one.outputId === runtime.outputId)
    const measured = {
      reason,
      latencyMs: output?.latencyMs ?? null,
      temperature: output?.temperature ?? null,
      carriers: output?.carriers ?? null,
    }
    this.#ports.log.close({
      kind: row === 'stop' ? 'stop' : kind,
      actionId: rowId(runtime, row, id),
      actor: 'station',
      outputId: runtime.outputId,
      subject: view?.title ?? id,
      measured,
    })
    if (row !== 'cutIn') return
    this.#ledger.ended(id as CutInId, runtime.outputId, reason, this.#ports.clock.now())
    const ended = this.#ledger.get(id as CutInId)
    if (ended && ended.endedAtMs !== null) this.#ports.onEnded(ended.alertId, id)
  }

  /** Rows and facts of the rundown that come from the audio process, in its own time. */
  #record(runtime: OutputRuntime, event: AudioEvent): void {
    const { log, rundown } = this.#ports
    const { outputId } = runtime
    switch (event.kind) {
      case 'itemStarted': {
        const actionId = `item/${outputId}/${event.itemId}/${event.atMs}`
        this.#itemStarts.set(`${outputId}/${event.itemId}`, event.atMs)
        rundown.itemStarted(outputId, event.itemId, event.atMs)
        const plannedMs = rundown.plannedStart(event.itemId)
        log.open({
          kind: 'item.aired',
          actionId,
          actor: 'rundown',
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          planned: { startMs: plannedMs },
          sent: { startFrame: event.startFrame },
        })
        return
      }
      case 'itemEnded': {
        const startedAtMs = this.#itemStarts.get(`${outputId}/${event.itemId}`) ?? event.atMs
        this.#itemStarts.delete(`${outputId}/${event.itemId}`)
        runtime.noteEnded(event, this.#title(runtime, event.itemId), startedAtMs)
        rundown.itemEnded(outputId, event.itemId, event.atMs, event.reason)
        const measured = { reason: event.reason, playedMs: event.atMs - startedAtMs, frame: event.frame }
        log.close({
          kind: 'item.aired',
          actionId: `item/${outputId}/${event.itemId}/${startedAtMs}`,
          actor: 'rundown',
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          measured,
        })
        return
      }
      case 'itemInterrupted':
        return log.note({
          kind: 'item.interrupted',
          actor: event.by,
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          measured: { frame: event.frame },
        })
      case 'itemResumed':
        return log.note({
          kind: 'item.resumed',
          actor: 'rundown',
          outputId,
          subject: this.#title(runtime, event.itemId),
          atMs: event.atMs,
          measured: { frame: event.frame, policy: event.policy.kind },
        })
      case 'alertStarted':
        this.#ledger.started(event.cutInId, outputId, event.atMs, this.#ports.clock.monotonic())
        return
      case 'alertBodyStarted':
        return this.#ledger.body(event.cutInId, outputId)
      case 'overStarted':
        return log.open({
          kind: 'hotkey',
          actionId: `over/${outputId}/${event.slot}`,
          actor: 'operator',
          outputId,
          subject: this.#ports.hotKey(event.slot)?.title ?? String(event.slot),
          atMs: event.atMs,
          sent: { slot: event.slot },
        })
      case 'overEnded':
        return log.close({
          kind: 'hotkey',
          actionId: `over/${outputId}/${event.slot}`,
          actor: 'operator',
          outputId,
          subject: this.#ports.hotKey(event.slot)?.title ?? String(event.slot),
          atMs: event.atMs,
          measured: { reason: event.reason },
        })
      case 'stopped':
        return log.note({ kind: 'stop', actor: 'audio', outputId, subject: 'im', atMs: event.atMs, measured: { muteMs: event.muteMs } })
      case 'underrun':
        return log.note({
          kind: 'audio.gap',
          actor: 'audio',
          outputId,
          subject: 'underrun',
          atMs: event.atMs,
          measured: { frames: event.frames },
        })
      default:
        return
    }
  }
}

function rowId(runtime: OutputRuntime, row: string, id: string): string {
  return `${row}/${runtime.outputId}/${id}`
}

/** The machine's reading of an audio event; null when it is of no concern to it. */
function factOf(event: AudioEvent): OnAirEvent | null {
  switch (event.kind) {
    case 'itemStarted':
    case 'itemEnded':
    case 'itemResumed':
      return { kind: event.kind, itemId: event.itemId }
    case 'itemInterrupted':
      return { kind: 'itemInterrupted', itemId: event.itemId, by: event.by }
    case 'alertStarted':
    case 'alertBodyStarted':
      return { kind: event.kind, cutInId: event.cutInId }
    case 'alertEnded':
      return { kind: 'alertEnded', cutInId: event.cutInId, reason: event.reason }
    case 'inputClosed':
      return { kind: 'inputClosed', inputId: event.inputId }
    default:
      return null
  }
}
