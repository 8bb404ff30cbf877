// The station's hold on the audio process: passes orders and reports, watches it, and replaces it when it is dead or stalled, putting
// back on air what was on air. Orders given meanwhile wait and go out afterwards. Found and started by audio-finder.ts.
import type { AudioEvent, AudioMessage, OutputAudioState, PlaySource } from '../../shared/audio-protocol.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { type AudioConnection, AudioLost, AudioRefusal, type Welcome } from './audio-connection.ts'
import { type AudioClientLog, AudioFinder, type FoundAudio, shutdownWithinMs, within } from './audio-finder.ts'
import { leftAfter, OrderQueue } from './audio-order-queue.ts'
import { AudioIntent } from './audio-intent.ts'
import { type AudioRecord, kill, settingsOf } from './audio-spawn.ts'
import { removeDeadSockets, removeSocket } from './audio-sockets.ts'
import { type WatchdogEffect, type WatchdogEvent, watchdogStart, watchdogStep } from './audio-watchdog.ts'
import type { AudioOrder } from './ports.ts'

export type AudioHealth = 'running' | 'stalled' | 'restarting' | 'lost' | 'none'
type Report = Extract<AudioMessage, { kind: 'report' }>
type LoadedAlerts = Welcome['loadedAlerts']

export interface AudioClientOptions {
  readonly dataDir: string
  readonly config: Pick<StationConfig, 'audio' | 'outputs'>
  /** Without a device the sound goes nowhere instead of being refused. */
  readonly training: boolean
  readonly clock: Clock
  readonly log: AudioClientLog
  onEvent(event: AudioEvent): void
  onOutputState(state: OutputAudioState): void
  onReport(report: Report): void
  /** `none`: it runs, but no output has a device. `lost`: it dies again and again. */
  onHealth(health: AudioHealth): void
  /** A successor runs under this boot id and holds these alerts; what was on air is being put back. */
  onReplaced(bootId: string, loadedAlerts: LoadedAlerts): void
  /** Puts alerts that may be fired into the successor through `send`, while every other order waits. */
  reloadAlerts(send: (order: AudioOrder) => Promise<void>): Promise<void>
  /** What the successor does now that everything was put back; `waiting`: outputs that an order still waits for. */
  onRestored(outputs: readonly OutputAudioState[], waiting: ReadonlySet<OutputId>): void
  /** What sounds in place of the item on air when the process died three times within a minute: that item may be why. */
  fallbackSource(outputId: OutputId): PlaySource | null
}

export interface AudioStarted {
  readonly bootId: string
  readonly adopted: boolean
  readonly missed: readonly AudioEvent[]
  readonly lostEvents: number
  readonly outputs: readonly OutputAudioState[]
  readonly loadedAlerts: LoadedAlerts
}

export interface AudioClient {
  /** @param afterSeq last event of that process already in the logbook; −1 = none. */
  start(afterSeq?: number): Promise<AudioStarted>
  /** What an earlier station had ordered and the adopted process still carries out: its successor would be given it again. */
  remember(orders: readonly AudioOrder[]): void
  /** Written to the socket before it returns; resolves when taken, rejects with AudioRefusal or AudioLost. */
  send(order: AudioOrder): Promise<void>
  /** Ends the audio process: everything fades out. */
  stop(): Promise<void>
  /** Lets go of it: it plays on. */
  detach(): void
}

const tickMs = 50
const retryMs = 250
/** Orders wait this long for a successor. */
const orderWaitMs = 8000
/** Orders do not wait longer than this for alerts to be loaded again: 160 MB at most, from a file that was just written or heard. */
const reloadWithinMs = 3000
/** Sent again, as far as they are not done, when the process died before it answered: they say how things shall be, or carry an identity. */
const repeatable: ReadonlySet<AudioOrder['kind']> = new Set([
  'fireAlert',
  'stop',
  'setQueue',
  'loadAlert',
  'proceedAlert',
  'stopAlert',
  'openInput',
  'closeInput',
  'reopen',
  'playNow',
  'hold',
  'release',
  'resume',
])

/** Nothing is started before `start`. */
export function createAudioClient(options: AudioClientOptions): AudioClient {
  return new Client(options)
}

class Client implements AudioClient {
  readonly #options: AudioClientOptions
  readonly #finder: AudioFinder
  readonly #intent = new AudioIntent()
  #connection: AudioConnection | null = null
  #record: AudioRecord | null = null
  /** Orders go straight out only while the process is where it should be. */
  #ready = false
  readonly #waiting: OrderQueue
  /** Orders given so far. */
  #given = 0
  #watchdog
  #failing = false
  #ended = false
  /** While what was on air is put back, the successor's states are neither the truth nor the intent. */
  #restoring = false
  /** Orders of the restoration that wait for their output's device. */
  #deferred: AudioOrder[] = []
  /** Another version or configuration was adopted: replaced when the item on air ends. */
  #replaceAtBoundary = false
  readonly #timer: Timer

  constructor(options: AudioClientOptions) {
    this.#options = options
    this.#finder = new AudioFinder({
      ...options,
      settings: settingsOf(options.config, options.dataDir, options.training),
      listener: {
        message: (message) => this.#message(message),
        garbled: (problem) => options.log.warn({ problem }, 'the audio process sent a line that is no message'),
      },
      closed: (connection) => {
        if (this.#connection === connection) this.#lost()
      },
    })
    this.#waiting = new OrderQueue(options.clock, orderWaitMs)
    this.#watchdog = watchdogStart(options.clock.monotonic())
    this.#timer = options.clock.every(tickMs, () => this.#tick())
  }

  async start(afterSeq = -1): Promise<AudioStarted> {
    const adopted = await this.#adopt(afterSeq)
    const welcome = adopted ?? (await this.#spawnUntilItRuns())
    for (const output of welcome.outputs) this.#state(output)
    this.#tellHealth()
    this.#ready = true
    this.#flush()
    void removeDeadSockets().catch((cause: unknown) => this.#options.log.warn({ reason: String(cause) }, 'old sockets not removed'))
    const { bootId, missed, lostEvents, outputs, loadedAlerts } = welcome
    return { bootId, adopted: adopted !== null, missed, lostEvents, outputs, loadedAlerts }
  }

  remember(orders: readonly AudioOrder[]): void {
    for (const order of orders) this.#intent.ordered(order)
  }

  send(order: AudioOrder): Promise<void> {
    const given = this.#given++
    // What waits for a device does not come back with it after a hand has ended it.
    this.#deferred = leftAfter(order, this.#deferred)
    if (this.#ready && this.#connection !== null) return this.#sendNow(this.#connection, order, given)
    if (this.#ended) return Promise.reject(new AudioLost())
    if (order.kind !== 'stop') {
      // A successor does not begin again what a hand has ended, nor is it silenced where a hand has lifted the STOP since.
      if (order.kind === 'stopAlert' || order.kind === 'closeInput' || order.kind === 'reopen') this.#intent.ordered(order)
      if (order.kind === 'stopAlert') this.#endTakenOver(order, given)
      return this.#waiting.add(order, given)
    }
    // A successor is not told what sounded before it; one that is being told just now is stopped at once.
    this.#intent.ordered(order)
    if (this.#connection === null) return this.#waiting.add(order, given)
    this.#waiting.ended(order, given)
    return this.#sendNow(this.#connection, order, given)
  }

  async stop(): Promise<void> {
    this.#end()
    const { pid } = this.#record ?? {}
    if (this.#connection !== null) {
      await within(this.#options.clock, this.#connection.send({ kind: 'shutdown' }), shutdownWithinMs).catch(() => undefined)
    }
    if (pid !== undefined) {
      await this.#finder.goneWithin(pid, shutdownWithinMs)
      kill(pid, 'SIGKILL')
      await this.#finder.goneWithin(pid, shutdownWithinMs)
    }
    this.#connection?.close()
    if (this.#record !== null) await removeSocket(this.#record.socketPath)
  }

  detach(): void {
    this.#end()
    this.#connection?.close()
  }

  #end(): void {
    this.#ended = true
    this.#timer.cancel()
    this.#waiting.rejectAll()
  }

  async #adopt(afterSeq: number): Promise<Welcome | null> {
    const found = await this.#finder.adopt(afterSeq)
    if (found === null) return null
    this.#replaceAtBoundary = !found.asConfigured
    return this.#hold(found)
  }

  async #spawnUntilItRuns(): Promise<Welcome> {
    for (;;) {
      if (this.#ended) throw new AudioLost()
      const welcome = await this.#spawn().catch((cause: unknown) => {
        this.#options.log.error({ reason: String(cause) }, 'the audio process did not start')
        this.#apply({ kind: 'died', atMs: this.#options.clock.monotonic() })
        return null
      })
      if (welcome !== null) return welcome
      await this.#pause(retryMs)
    }
  }

  async #spawn(): Promise<Welcome> {
    const started = (record: AudioRecord) => {
      this.#record = record
    }
    return this.#hold(await this.#finder.spawn(started, () => this.#ended))
  }

  #hold({ connection, record, welcome }: FoundAudio): Welcome {
    this.#connection = connection
    this.#record = record
    this.#apply({ kind: 'greeted', atMs: this.#options.clock.monotonic() })
    return welcome
  }

  #tellHealth(): void {
    const silent = this.#options.config.outputs.every((output) => output.device === null)
    this.#options.onHealth(this.#failing ? 'lost' : silent ? 'none' : 'running')
  }

  #message(message: Extract<AudioMessage, { kind: 'event' | 'state' | 'report' }>): void {
    if (message.kind === 'report') {
      this.#apply({ kind: 'report', atMs: this.#options.clock.monotonic(), clocks: message.outputs })
      if (!this.#restoring) this.#intent.report(message)
      this.#options.onReport(message)
    } else if (message.kind === 'state') this.#state(message.output)
    else {
      if (!this.#restoring) this.#intent.event(message.event)
      this.#options.onEvent(message.event)
      if (message.event.kind === 'deviceBack') this.#sendDeferred(message.event.outputId)
      if (this.#replaceAtBoundary && message.event.kind === 'itemEnded') this.#replaceNow()
    }
  }

  #state(output: OutputAudioState): void {
    if (this.#restoring) return
    this.#intent.state(output, this.#options.clock.now())
    this.#options.onOutputState(output)
  }

  #sendNow(connection: AudioConnection, order: AudioOrder, given: number): Promise<void> {
    const answered = connection.send(order)
    this.#intent.ordered(order)
    return answered.catch((cause: unknown) => {
      if (cause instanceof AudioLost && !this.#ended && repeatable.has(order.kind)) return this.#waiting.add(order, given)
      if (cause instanceof AudioRefusal) this.#intent.refused(order)
      throw cause
    })
  }

  #flush(): void {
    const connection = this.#connection
    if (connection === null) return
    this.#waiting.flush((order, given) => {
      const left = this.#intent.left(order)
      return left === null ? Promise.resolve() : this.#sendNow(connection, left, given)
    })
  }

  #tick(): void {
    // Also while what was on air is put back: one that freezes there would never answer, and nothing would be on air for good.
    if (this.#connection !== null) this.#apply({ kind: 'tick', atMs: this.#options.clock.monotonic() })
    this.#waiting.rejectLate()
  }

  #apply(event: WatchdogEvent): void {
    const step = watchdogStep(this.#watchdog, event)
    this.#watchdog = step.state
    for (const effect of step.effects) this.#carryOut(effect)
  }

  #carryOut(effect: WatchdogEffect): void {
    const { log, onHealth } = this.#options
    switch (effect.kind) {
      case 'alarm':
        onHealth('stalled')
        return
      case 'clearAlarm':
        if (this.#ready) this.#tellHealth()
        else onHealth('restarting')
        return
      case 'kill':
        log.error({ reason: effect.reason, pid: this.#record?.pid }, 'the audio process is stalled and is replaced')
        this.#replaceNow()
        return
      case 'failing':
        this.#failing = true
        onHealth('lost')
        return
      case 'steady':
        this.#failing = false
        this.#tellHealth()
        return
    }
  }

  #replaceNow(): void {
    this.#replaceAtBoundary = false
    if (this.#record !== null) kill(this.#record.pid, 'SIGKILL')
  }

  /** The connection ended: the process is dead, or will be. */
  #lost(): void {
    this.#connection = null
    this.#ready = false
    if (this.#ended) return
    void this.#replace().catch((cause: unknown) => this.#options.log.error({ reason: String(cause) }, 'audio could not be replaced'))
  }

  async #replace(): Promise<void> {
    const { clock, log, onHealth, onReplaced } = this.#options
    const diedAtMs = clock.monotonic()
    onHealth('restarting')
    // Whether it is failing is judged anew by this death.
    this.#failing = false
    this.#apply({ kind: 'died', atMs: diedAtMs })
    if (this.#record !== null) {
      kill(this.#record.pid, 'SIGKILL')
      await removeSocket(this.#record.socketPath)
    }
    this.#restoring = true
    this.#deferred = []
    const welcome = await this.#spawnUntilItRuns()
    onReplaced(welcome.bootId, welcome.loadedAlerts)
    const orders = this.#intent.outputIds().flatMap((outputId) => this.#ordersFor(outputId))
    for (const order of orders) await this.#restore(order)
    await this.#reloadAlerts()
    // It may have died again meanwhile: then the next successor gets the same.
    const connection = this.#connection
    if (connection === null || this.#record === null) return
    // Asked again: its first welcome, and what it said while orders came in, are neither what it does now nor what was meant.
    const truth = await connection.hello(this.#record.token, Number.MAX_SAFE_INTEGER)
    this.#restoring = false
    for (const output of truth.outputs) this.#state(output)
    const deferred = this.#deferred.flatMap((order) => ('outputIds' in order ? order.outputIds : []))
    this.#options.onRestored(truth.outputs, new Set([...deferred, ...this.#waiting.outputIds()]))
    this.#tellHealth()
    this.#ready = true
    log.warn({ tookMs: Math.round(clock.monotonic() - diedAtMs), orders: orders.map((order) => order.kind) }, 'audio process replaced')
    this.#flush()
  }

  /** What its successor is told for one output. Where an item waits to be joined, the queue would begin before it and be cut by it. */
  #ordersFor(outputId: OutputId): AudioOrder[] {
    const orders = this.#intent.restore(outputId, this.#options.clock.now(), this.#fallback(outputId))
    return this.#waiting.joins(outputId) ? orders.filter(({ kind }) => kind !== 'setQueue') : orders
  }

  /** What this airing was to take the air from, and waits to, is over with it; a successor may have begun that again already. */
  #endTakenOver({ cutInId, outputIds }: Extract<AudioOrder, { kind: 'stopAlert' }>, given: number): void {
    for (const outputId of this.#waiting.firing(cutInId)) {
      const before = this.#intent.airingOf(outputId)
      if (before === null || before === cutInId || !outputIds.includes(outputId)) continue
      const end: AudioOrder = { kind: 'stopAlert', cutInId: before, outputIds: [outputId] }
      this.#intent.ordered(end)
      // Refused where nobody had begun it: then there is nothing to end.
      this.#waiting.add(end, given).catch(() => undefined)
    }
  }

  /** A fire order may be among those that wait. */
  async #reloadAlerts(): Promise<void> {
    const { clock, log, reloadAlerts } = this.#options
    const send = (order: AudioOrder) => this.#connection?.send(order) ?? Promise.reject(new AudioLost())
    await within(clock, reloadAlerts(send), reloadWithinMs).catch((cause: unknown) =>
      log.error({ reason: String(cause) }, 'alerts could not be loaded again'),
    )
  }

  async #restore(order: AudioOrder): Promise<void> {
    await this.#connection?.send(order).catch((cause: unknown) => {
      const waitsForDevice = cause instanceof AudioRefusal && cause.code === 'AUDIO_UNAVAILABLE' && 'outputIds' in order
      if (waitsForDevice) this.#deferred.push(order)
      else this.#options.log.error({ order: order.kind, reason: String(cause) }, 'could not be put back on air')
    })
  }

  #sendDeferred(outputId: OutputId | null): void {
    const [now, later] = [[] as AudioOrder[], [] as AudioOrder[]]
    for (const order of this.#deferred)
      ('outputIds' in order && outputId !== null && order.outputIds.includes(outputId) ? now : later).push(order)
    this.#deferred = later
    for (const order of now) void this.#restore(order)
  }

  #fallback(outputId: OutputId): PlaySource | null {
    return this.#failing ? this.#options.fallbackSource(outputId) : null
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve)
    })
  }
}
