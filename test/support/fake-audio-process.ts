// An audio process as its station sees it, with one output, in virtual time: orders in, events, states and reports out. It makes no
// sound; `world.heard` is what would have been heard of each airing. It dies and freezes when told, and lives on without a station.
import type { AudioEvent, AudioMessage, OutputAudioState } from '../../shared/audio-protocol.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { type AudioConnection, AudioLost, AudioRefusal, type ConnectionListener } from '../../station/onair/audio-connection.ts'
import type { FoundAudio } from '../../station/onair/audio-finder.ts'
import type { AudioOrder } from '../../station/onair/ports.ts'

export const output = 'fm' as OutputAudioState['outputId']
/** Of every alert, ms. */
export const [attentionMs, alertMs] = [400, 2000]
const stepMs = 100

type Untold = { [K in AudioEvent['kind']]: Omit<Extract<AudioEvent, { kind: K }>, 'seq' | 'atMs'> }[AudioEvent['kind']]
type Fire = Extract<AudioOrder, { kind: 'fireAlert' }>

/** What outlives every process. */
export class AudioWorld {
  readonly clock: Clock
  living: FakeAudio | null = null
  /** How much of each airing was heard without a hole, ms. */
  readonly heard = new Map<string, number>()
  watch: (audio: FakeAudio) => void = () => undefined
  #made = 0

  constructor(clock: Clock) {
    this.clock = clock
  }

  spawn(): FakeAudio {
    this.living = new FakeAudio(this, ++this.#made)
    return this.living
  }

  kill(pid: number): void {
    if (this.living?.pid === pid) this.living.die()
  }

  freeze(): void {
    if (this.living !== null) this.living.frozen = true
  }
}

export class FakeAudio {
  readonly pid: number
  readonly bornMs: number
  readonly state = {
    outputId: output,
    device: 'FM',
    onBackup: false,
    queueRevision: 0,
    item: null,
    queuedItemIds: [],
    holdsUntilMs: null,
    alert: null,
    openInputs: [],
    oversPlaying: [],
    stopped: false,
  } as { -readonly [K in keyof OutputAudioState]: OutputAudioState[K] }
  frozen = false
  readonly #world: AudioWorld
  readonly #journal: AudioEvent[] = []
  readonly #loaded = new Set<string>()
  readonly #timer
  #listener: ConnectionListener | null = null
  #waits: (() => void)[] = []
  #fired: Fire | null = null
  #reads = false
  #clockS = 0

  constructor(world: AudioWorld, made: number) {
    this.pid = made
    this.bornMs = world.clock.now()
    this.#world = world
    this.#timer = world.clock.every(stepMs, () => this.#step())
  }

  /** A station connects; whoever was connected is not any more. */
  connect(afterSeq: number, listener: Omit<ConnectionListener, 'closed'>, closed: (connection: AudioConnection) => void): FoundAudio {
    let open = true
    const answer = <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        const now = () => {
          if (!open || this.#world.living !== this) return reject(new AudioLost())
          try {
            resolve(work())
          } catch (cause) {
            reject(cause)
          }
        }
        if (this.frozen) this.#waits.push(now)
        else queueMicrotask(now)
      })
    const connection = {
      send: (order: AudioOrder) => answer(() => this.#take(order)),
      hello: (_token: string, after: number) => answer(() => this.#welcome(after)),
      close: () => {
        open = false
        if (this.#listener === mine) this.#listener = null
      },
    } as unknown as AudioConnection
    const mine: ConnectionListener = {
      ...listener,
      closed: () => {
        open = false
        closed(connection)
      },
    }
    this.#listener = mine
    const record = { pid: this.pid, bootId: `audio-${this.pid}`, token: '', socketPath: '' } as FoundAudio['record']
    return { connection, record, welcome: this.#welcome(afterSeq) }
  }

  die(): void {
    this.#world.living = null
    this.#timer.cancel()
    for (const wait of this.#waits.splice(0)) wait()
    this.#listener?.closed()
  }

  #welcome(afterSeq: number): FoundAudio['welcome'] {
    const missed = this.#journal.filter(({ seq }) => seq > afterSeq)
    const loadedAlerts = [...this.#loaded].map((alertId) => ({ alertId, sha256: alertId }))
    return {
      kind: 'welcome',
      ref: '',
      bootId: `audio-${this.pid}`,
      pid: this.pid,
      missed,
      lostEvents: 0,
      outputs: [this.#copy()],
      loadedAlerts,
    } as never
  }

  #take(order: AudioOrder): void {
    const { state } = this
    const refuse = (code: string): never => {
      throw new AudioRefusal(code, order.kind)
    }
    switch (order.kind) {
      case 'loadAlert':
        this.#loaded.add(order.alert.alertId)
        return this.#emit({ kind: 'alertLoaded', alertId: order.alert.alertId, sha256: order.alert.alertId, durationMs: alertMs })
      case 'playNow':
        if (state.stopped) return refuse('STOP_LATCHED')
        state.item = {
          item: order.item,
          startedAtMs: this.#world.clock.now(),
          frame: 0,
          state: this.#holdsAir() ? 'interrupted' : 'playing',
        }
        return this.#emit({ kind: 'itemStarted', outputId: output, itemId: order.item.itemId, startFrame: 0 })
      case 'fireAlert': {
        if (state.stopped) return refuse('STOP_LATCHED')
        if (!this.#loaded.has(order.alertId)) return refuse('ALERT_NOT_READY')
        if (state.alert) this.#endAlert('replaced')
        for (const inputId of state.openInputs) this.#closeInput(inputId, 'preempted')
        const { cutInId, alertId, mode, resume, offsetMs = 0 } = order
        const startedAtMs = this.#world.clock.now()
        state.alert = { cutInId, alertId, mode, resume, phase: 'attention', startedAtMs, positionMs: offsetMs, durationMs: alertMs }
        this.#fired = order
        this.#reads = false
        this.#interrupt('alert')
        return this.#emit({ kind: 'alertStarted', outputId: output, cutInId, alertId, scheduleMs: 0 })
      }
      case 'proceedAlert':
        if (state.alert?.cutInId !== order.cutInId) return refuse('ALERT_NOT_AIRING')
        if (state.alert.mode === 'hot') return
        state.alert = { ...state.alert, mode: 'hot', positionMs: Math.max(attentionMs, this.#fired?.offsetMs ?? 0) }
        this.#hear(state.alert.cutInId, 0, attentionMs)
        return
      case 'stopAlert':
        if (state.alert?.cutInId !== order.cutInId) return refuse('ALERT_NOT_AIRING')
        this.#endAlert('stopped')
        return this.#goOn()
      case 'openInput':
        if (state.stopped || state.alert) return refuse(state.stopped ? 'STOP_LATCHED' : 'ALERT_HOLDS_AIR')
        if (state.openInputs.includes(order.inputId)) return refuse('INPUT_ALREADY_OPEN')
        state.openInputs = [...state.openInputs, order.inputId]
        this.#interrupt('input')
        return this.#emit({ kind: 'inputOpened', outputId: output, inputId: order.inputId })
      case 'closeInput':
        if (!state.openInputs.includes(order.inputId)) return refuse('INPUT_NOT_OPEN')
        this.#closeInput(order.inputId, 'ordered')
        return this.#goOn()
      case 'stop':
        if (state.alert) this.#endAlert('stopAll')
        for (const inputId of state.openInputs) this.#closeInput(inputId, 'stopAll')
        if (state.item) this.#emit({ kind: 'itemEnded', outputId: output, itemId: state.item.item.itemId, frame: 0, reason: 'stopped' })
        state.item = null
        state.stopped = true
        return this.#emit({ kind: 'stopped', outputId: output, muteMs: 5 })
      case 'reopen':
        state.stopped = false
        return this.#emit({ kind: 'reopened', outputId: output })
      default:
        return
    }
  }

  #holdsAir(): boolean {
    return this.state.alert !== null || this.state.openInputs.length > 0
  }

  #interrupt(by: 'alert' | 'input'): void {
    const { item } = this.state
    if (item?.state !== 'playing') return
    this.state.item = { ...item, state: 'interrupted' }
    this.#emit({ kind: 'itemInterrupted', outputId: output, itemId: item.item.itemId, frame: 0, by })
  }

  #goOn(): void {
    const { item } = this.state
    if (item === null || item.state === 'playing' || this.#holdsAir()) return
    this.state.item = { ...item, state: 'playing' }
    this.#emit({ kind: 'itemResumed', outputId: output, itemId: item.item.itemId, frame: 0, policy: item.item.resume })
  }

  #endAlert(reason: 'finished' | 'stopped' | 'replaced' | 'stopAll'): void {
    const { alert } = this.state
    this.state.alert = null
    if (alert) this.#emit({ kind: 'alertEnded', outputId: output, cutInId: alert.cutInId, alertId: alert.alertId, playedMs: 0, reason })
  }

  #closeInput(inputId: OutputAudioState['openInputs'][number], reason: 'ordered' | 'stopAll' | 'preempted'): void {
    this.state.openInputs = this.state.openInputs.filter((one) => one !== inputId)
    this.#emit({ kind: 'inputClosed', outputId: output, inputId, reason })
  }

  #step(): void {
    if (this.frozen) return
    this.#clockS += stepMs / 1000
    const { alert } = this.state
    if (alert?.mode === 'hot') {
      const positionMs = alert.positionMs + stepMs
      this.#hear(alert.cutInId, alert.positionMs, positionMs)
      const phase = positionMs > attentionMs ? 'body' : 'attention'
      this.state.alert = { ...alert, positionMs, phase }
      if (phase === 'body' && !this.#reads) this.#emit({ kind: 'alertBodyStarted', outputId: output, cutInId: alert.cutInId, reading: 1 })
      this.#reads ||= phase === 'body'
      if (positionMs >= alertMs) {
        this.#endAlert('finished')
        this.#goOn()
      }
    }
    const level = { peakDb: [-10, -10], rmsDb: [-20, -20] }
    const one = { outputId: output, clockS: this.#clockS, level, frame: null, alertMs: this.state.alert?.positionMs ?? null }
    this.#listener?.message({ kind: 'report', atMs: this.#world.clock.now(), outputs: [one], cue: null, inputs: [] } as never)
  }

  #hear(cutInId: string, fromMs: number, toMs: number): void {
    const soFar = this.#world.heard.get(cutInId) ?? 0
    if (fromMs <= soFar) this.#world.heard.set(cutInId, Math.max(soFar, toMs))
  }

  #emit(untold: Untold): void {
    const event = { ...untold, seq: this.#journal.length, atMs: this.#world.clock.now() } as AudioEvent
    this.#journal.push(event)
    this.#world.watch(this)
    this.#listener?.message({ kind: 'event', event })
    this.#listener?.message({ kind: 'state', output: this.#copy() } satisfies AudioMessage)
  }

  #copy(): OutputAudioState {
    return structuredClone(this.state)
  }
}
