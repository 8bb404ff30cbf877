// An audio process as its station sees it, with two outputs, in virtual time: orders in, events, states and reports out. It makes no
// sound; `world.heard` is what would have been heard of each airing. It dies and freezes when told, and lives on without a station.
import type { AudioEvent, AudioMessage } from '../../shared/audio-protocol.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { type AudioConnection, AudioLost, AudioRefusal, type ConnectionListener } from '../../station/onair/audio-connection.ts'
import type { FoundAudio } from '../../station/onair/audio-finder.ts'
import type { AudioOrder } from '../../station/onair/ports.ts'
import { FakeOutput, stepMs, type Untold } from './fake-audio-output.ts'
import { ProgrammeWitness } from './short-programme.ts'

export const [fm, wired] = ['fm', 'wired'] as [OutputId, OutputId]
export const outputs = [fm, wired] as const
/** The alerts there are, and their rank: one of risk level 3 is followed by silence until a hand decides. */
export const severities = { a: 1, b: 1, c: 3 } as const
export type AlertName = keyof typeof severities
/** Of reading an alert into memory, ms. */
const loadMs = 40

/** What outlives every process. */
export class AudioWorld {
  readonly clock: Clock
  living: FakeAudio | null = null
  readonly witness = new ProgrammeWitness()
  /** How much of each airing was heard on each output without a hole, ms. */
  readonly heard = new Map<string, number>()
  /** Alerts that were cut by one of lower rank. */
  readonly outranked: string[] = []
  /** Called with everything an output does (`now`), and at each step of its clock, when what was taken back at once is over. */
  watch: (output: FakeOutput, when: 'now' | 'step') => void = () => undefined
  told: (event: AudioEvent) => void = () => undefined
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

  hear(key: string, fromMs: number, toMs: number): void {
    const soFar = this.heard.get(key) ?? 0
    if (fromMs <= soFar) this.heard.set(key, Math.max(soFar, toMs))
  }
}

export class FakeAudio {
  readonly pid: number
  readonly bornMs: number
  readonly outputs: ReadonlyMap<OutputId, FakeOutput>
  readonly journal: AudioEvent[] = []
  frozen = false
  readonly #world: AudioWorld
  readonly #loaded = new Set<string>()
  readonly #dirty = new Set<FakeOutput>()
  readonly #timer
  #listener: ConnectionListener | null = null
  /** Orders that are not answered. */
  readonly #pending = new Set<() => void>()
  #clockS = 0

  constructor(world: AudioWorld, made: number) {
    this.pid = made
    this.bornMs = world.clock.now()
    this.#world = world
    this.outputs = new Map(outputs.map((outputId) => [outputId, this.#output(outputId)]))
    this.#timer = world.clock.every(stepMs, () => this.#step())
  }

  /** A station connects; whoever was connected is not any more. */
  connect(afterSeq: number, listener: Omit<ConnectionListener, 'closed'>, closed: (connection: AudioConnection) => void): FoundAudio {
    let open = true
    const answer = <T>(work: () => T, ms = 0) =>
      new Promise<T>((resolve, reject) => {
        const now = () => {
          if (!open || this.#world.living !== this) return reject(new AudioLost())
          try {
            resolve(work())
          } catch (cause) {
            reject(cause)
          }
        }
        this.#pending.add(now)
        const take = () => {
          if (!this.frozen && this.#pending.delete(now)) now()
        }
        if (ms > 0) this.#world.clock.after(ms, take)
        else queueMicrotask(take)
      })
    const connection = {
      send: (order: AudioOrder) => answer(() => this.#take(order), order.kind === 'loadAlert' ? loadMs : 0),
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
    for (const lose of this.#pending) lose()
    this.#pending.clear()
    this.#listener?.closed()
  }

  #output(outputId: OutputId): FakeOutput {
    const { witness, clock, outranked } = this.#world
    const output: FakeOutput = new FakeOutput(outputId, {
      witness,
      now: () => clock.now(),
      emit: (untold) => this.#emit(untold, output),
      changed: () => this.#dirty.add(output),
      heard: (cutInId, fromMs, toMs) => this.#world.hear(`${outputId}/${cutInId}`, fromMs, toMs),
      replaces: (newer, older) => {
        if (severities[newer as AlertName] < severities[older as AlertName]) outranked.push(`${newer} over ${older} on ${outputId}`)
      },
    })
    return output
  }

  #welcome(afterSeq: number): FoundAudio['welcome'] {
    const missed = this.journal.filter(({ seq }) => seq > afterSeq)
    const loadedAlerts = [...this.#loaded].map((alertId) => ({ alertId, sha256: alertId }))
    const states = [...this.outputs.values()].map(({ state }) => state)
    return {
      kind: 'welcome',
      ref: '',
      bootId: `audio-${this.pid}`,
      pid: this.pid,
      missed,
      lostEvents: 0,
      outputs: states,
      loadedAlerts,
    } as never
  }

  #take(order: AudioOrder): void {
    if (order.kind === 'loadAlert') {
      const { alertId } = order.alert
      this.#loaded.add(alertId)
      return this.#emit({ kind: 'alertLoaded', alertId, sha256: alertId, durationMs: 0 }, null)
    }
    if (order.kind === 'fireAlert' && !this.#loaded.has(order.alertId)) throw new AudioRefusal('ALERT_NOT_READY', order.alertId)
    const outputIds = 'outputIds' in order ? order.outputIds : 'outputId' in order ? [order.outputId] : []
    try {
      for (const outputId of outputIds) this.outputs.get(outputId)?.take(order)
    } finally {
      this.#tellStates()
    }
  }

  #step(): void {
    if (this.frozen) return
    this.#clockS += stepMs / 1000
    for (const output of this.outputs.values()) {
      output.step()
      this.#world.watch(output, 'step')
    }
    this.#tellStates()
    const level = { peakDb: [-10, -10], rmsDb: [-20, -20] }
    const reported = [...this.outputs.values()].map(({ outputId, state, alertMs }) => {
      return { outputId, clockS: this.#clockS, level, frame: state.item?.frame ?? null, alertMs }
    })
    this.#listener?.message({ kind: 'report', atMs: this.#world.clock.now(), outputs: reported, cue: null, inputs: [] } as never)
  }

  #emit(untold: Untold, output: FakeOutput | null): void {
    const event = { ...untold, seq: this.journal.length, atMs: this.#world.clock.now() } as AudioEvent
    this.journal.push(event)
    this.#world.told(event)
    this.#listener?.message({ kind: 'event', event })
    if (output === null) return
    this.#dirty.add(output)
    this.#world.watch(output, 'now')
  }

  /** After everything that one order or step caused, as the true one does. */
  #tellStates(): void {
    for (const output of this.#dirty) this.#listener?.message({ kind: 'state', output: output.state } satisfies AudioMessage)
    this.#dirty.clear()
  }
}
