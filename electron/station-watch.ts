// Runs the restart policy: finds a station that already runs (a service, or one that outlived a shell) or spawns one, watches
// it, and tells the shell what it is. It only constructs and connects; every decision is in `restart-policy.ts`.
import type { Clock, Timer } from '../shared/domain/clock.ts'
import { type RestartEffect, type RestartEvent, type RestartState, transition } from './restart-policy.ts'
import { findRunning, isAlive, type ReadyLine } from './station-door.ts'
import { processLives, startStation, type StationCommand, type StationProcess } from './station-process.ts'

export interface WatchOptions {
  readonly clock: Clock
  readonly dataDir: string
  /** `port`: the one it had before, so that the window finds it again; null = any. */
  command(port: number | null): StationCommand
  onState(state: RestartState): void
  onReady(station: ReadyLine): void
  onLog(message: string): void
}

/** How often a station that we did not spawn is looked at, ms. Its process gone is its death; so are this many silent answers. */
const healthEveryMs = 500
const silencesToDeath = 4

type NewEvent = RestartEvent extends infer Each ? (Each extends RestartEvent ? Omit<Each, 'atMs'> : never) : never

export class StationWatch {
  readonly #options: WatchOptions
  #state: RestartState = { state: 'idle' }
  #process: StationProcess | null = null
  #health: Timer | null = null
  #wake: Timer | null = null
  #port: number | null = null
  /** Counts lives; events of an older one are not heard. */
  #life = 0
  #idle: (() => void)[] = []
  readonly #waiting: NewEvent[] = []

  constructor(options: WatchOptions) {
    this.#options = options
  }

  get state(): RestartState {
    return this.#state
  }

  get pid(): number | null {
    return this.#process?.pid ?? null
  }

  start(): void {
    this.#apply({ kind: 'start' })
  }

  /** A person wants it tried now. */
  retry(): void {
    this.#apply({ kind: 'retry' })
  }

  /** Ends a station that we spawned and resolves when it is gone; one that we only found is left alone. */
  async stop(): Promise<void> {
    this.#apply({ kind: 'stop' })
    if (this.#state.state !== 'idle') await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  /** Lets go without ending anything: the station lives on. */
  release(): void {
    this.#life += 1
    this.#wake?.cancel()
    this.#health?.cancel()
    this.#process = null
    this.#state = { state: 'idle' }
  }

  /** An effect may bring the next event at once; it is taken when the effects before it are done. */
  #apply(event: NewEvent): void {
    this.#waiting.push(event)
    if (this.#waiting.length > 1) return
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      this.#take(next)
      this.#waiting.shift()
    }
  }

  #take(event: NewEvent): void {
    const step = transition(this.#state, { ...event, atMs: this.#options.clock.monotonic() } as RestartEvent)
    if ('refused' in step) return
    const before = this.#state.state
    this.#state = step.state
    for (const effect of step.effects) this.#run(effect)
    if (this.#state.state !== before) this.#options.onState(this.#state)
    if (this.#state.state === 'idle') for (const resolve of this.#idle.splice(0)) resolve()
  }

  #run(effect: RestartEffect): void {
    switch (effect.kind) {
      case 'begin':
        void this.#begin()
        return
      case 'end':
        this.#end(effect.how)
        return
      case 'wakeAfter':
        this.#wake?.cancel()
        this.#wake = effect.ms === null ? null : this.#options.clock.after(effect.ms, () => this.#apply({ kind: 'wake' }))
        return
    }
  }

  async #begin(): Promise<void> {
    this.#life += 1
    const life = this.#life
    this.#process = null
    try {
      const running = await findRunning(this.#options.dataDir)
      if (life !== this.#life || this.#state.state !== 'starting') return
      if (running === null) this.#spawn(life)
      else this.#adopt(running, life)
    } catch (cause) {
      if (life === this.#life) this.#gone(life, null, cause instanceof Error ? cause.message : String(cause))
    }
  }

  #spawn(life: number): void {
    this.#process = startStation(this.#options.command(this.#port), {
      onReady: (station) => {
        if (life === this.#life) this.#ready(station)
      },
      onExit: (exitCode, reason) => this.#gone(life, exitCode, reason),
    })
    this.#options.onLog(`station started, pid ${this.#process.pid}`)
  }

  #adopt(station: ReadyLine, life: number): void {
    this.#options.onLog(`station found running, pid ${station.pid}`)
    let silences = 0
    this.#health = this.#options.clock.every(healthEveryMs, () => {
      if (!processLives(station.pid)) {
        this.#gone(life, null, 'killed')
        return
      }
      void isAlive(station.url).then((alive) => {
        if (life !== this.#life) return
        silences = alive ? 0 : silences + 1
        if (silences >= silencesToDeath) this.#gone(life, null, 'fell silent')
      })
    })
    this.#ready(station)
  }

  #ready(station: ReadyLine): void {
    this.#port = Number(new URL(station.url).port)
    this.#apply({ kind: 'ready' })
    this.#options.onReady(station)
  }

  #gone(life: number, exitCode: number | null, reason: string): void {
    if (life !== this.#life) return
    this.#life += 1
    this.#process = null
    this.#health?.cancel()
    this.#health = null
    this.#options.onLog(`station gone: ${reason}`)
    this.#apply({ kind: 'exited', exitCode, reason })
  }

  #end(how: 'term' | 'kill'): void {
    if (this.#process !== null) this.#process.end(how === 'term' ? 'SIGTERM' : 'SIGKILL')
    else this.#gone(this.#life, null, 'let go')
  }
}
