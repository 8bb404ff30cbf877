// The part of a station that brings the air over a death, whole: its link to the audio process, its on-air service and its adoption, in
// virtual time, over rows and settings that outlive it. Its devices and its rundown are as simple as can be; it can be killed at any step.
import { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { adopt } from '../../station/house/adopt.ts'
import { Airings } from '../../station/house/airings.ts'
import { AudioLink } from '../../station/house/audio-link.ts'
import { OnAirService } from '../../station/onair/index.ts'
import { output } from './fake-audio-process.ts'
import type { VirtualClock } from './virtual-clock.ts'

export const alertIds = ['a', 'b', 'c'] as const

const config = StationConfig.parse({
  station: { id: 's', name: 'S' },
  outputs: [{ id: 'fm', name: 'FM' }],
  audio: { inputs: [{ id: 'mic', label: 'M', device: 'M', kind: 'microphone' }] },
})
const programme = {
  itemId: 'one',
  title: 'one',
  cartId: null,
  source: { kind: 'silence' },
  startFrame: 0,
  start: { kind: 'follow' },
  endAtMs: null,
  crossfadeMs: 0,
  resume: { kind: 'exact' },
}
const quiet = () => undefined
const load = (alertId: string) => ({ kind: 'loadAlert', alert: { alertId, attentionPath: null, bodyPath: '/x', gainDb: 0 } })

interface Row {
  readonly kind: string
  readonly phase: 'open' | 'close' | 'note'
  readonly actionId: string | null
  readonly measured?: { readonly reason?: string; readonly interrupted?: boolean; readonly error?: string }
}

/** What outlives the station: its rows, its settings, and which airings a card was told to be cut off. */
export class SurvivingDisk {
  readonly rows: Row[] = []
  readonly settings = new Map<string, unknown>()
  readonly interrupted = new Set<string>()

  /** Opening rows without a closing one. */
  open(): Row[] {
    const closed = this.rows.filter(({ phase }) => phase === 'close').map(({ actionId }) => actionId)
    return this.rows.filter(({ phase, actionId }) => phase === 'open' && !take(closed, actionId))
  }
}

function take<T>(from: T[], one: T): boolean {
  const at = from.indexOf(one)
  if (at >= 0) from.splice(at, 1)
  return at >= 0
}

export class MortalStation {
  readonly onair: OnAirService
  alive = true
  /** It has taken over what it found, and takes orders. */
  started = false
  carriersUp = true
  readonly #disk: SurvivingDisk
  readonly #clock: Clock
  readonly #audio: AudioLink
  readonly #airings: Airings
  readonly #alerts: any
  readonly #rows: any

  constructor(disk: SurvivingDisk, base: VirtualClock) {
    this.#disk = disk
    const whileAlive = (call: () => void) => () => {
      if (this.alive) call()
    }
    const clock: Clock = {
      now: () => base.now(),
      monotonic: () => base.monotonic(),
      after: (ms, call) => base.after(ms, whileAlive(call)),
      every: (ms, call) => base.every(ms, whileAlive(call)),
    }
    this.#clock = clock
    this.#rows = this.#rowsOf(disk)
    this.#airings = new Airings({
      get: async (name: string) => disk.settings.get(name),
      set: async (name: string, value: unknown) => {
        if (this.alive) disk.settings.set(name, structuredClone(value))
      },
    } as any)
    const alarms: any = { raise: quiet, clear: quiet, set: quiet }
    const log: any = { info: quiet, warn: quiet, error: quiet }
    this.#audio = new AudioLink({
      dataDir: '/nowhere',
      config,
      training: true,
      clock,
      log,
      alarms,
      rows: () => this.#rows,
      changed: quiet,
    })
    this.#alerts = {
      load: async () => undefined,
      airingFacts: (id: string) => ({ title: id, mode: 'live', severity: 1, readings: 1 }),
      audioReplaced: quiet,
      audioEvent: quiet,
      ended: quiet,
      loadOrder: load,
      interrupted: async (_id: string, { cutInId }: { cutInId: string }) => {
        if (this.alive) disk.interrupted.add(cutInId)
      },
      reload: async (send: (order: any) => Promise<void>) => {
        for (const id of alertIds) await send(load(id))
      },
    }
    this.onair = new OnAirService({
      clock,
      config,
      audio: { send: this.#audio.send },
      plant: {
        temperature: () => (this.carriersUp ? 'hot' : 'cold'),
        carriers: () => [{ deviceId: 'tx', state: this.carriersUp ? 'up' : 'down' }],
        demand: quiet,
        drop: quiet,
        takeDesk: quiet,
        restoreDesk: quiet,
        holdDesk: quiet,
      } as any,
      alarms,
      log: this.#rows,
      rundown: {
        itemStarted: quiet,
        itemEnded: quiet,
        refit: quiet,
        rejoin: () => this.#join(),
        plannedStart: () => null,
        titleOf: () => 'one',
        nextFor: () => null,
      } as any,
      hotKey: () => null,
      audioBoot: () => this.#audio.bootId,
      onChanged: quiet,
      onFired: (order, takes, at) => this.#airings.begin(order, takes, at),
      onEnded: (_alertId, cutInId) => this.#airings.end(cutInId),
    })
    this.#audio.tell({ onair: this.onair, airings: this.#airings, alerts: this.#alerts, schedule: { fallbackSource: () => null } as any })
  }

  /** As `startStation` does it; a death on the way ends it there. */
  async start(): Promise<void> {
    const startedAtMs = this.#clock.now()
    const { onair } = this
    const alerts = this.#alerts
    const before = await this.#airings.load()
    this.#audio.events.hearers({ onair, alerts, levelGuard: { alertStarted: quiet, alertEnded: quiet } as any })
    const started = await this.#audio.client.start()
    if (!this.alive) return
    this.#audio.started(started)
    const left = this.#disk.open()
    await adopt(started, {
      micDuckDb: -20,
      dataDir: '/nowhere',
      startedAtMs,
      audio: this.#audio.client,
      stationName: 'S',
      store: { logbook: { openActions: async () => left, rows: async () => this.#disk.rows } } as any,
      logbook: {
        settleEarlierBoots: async (living: ReadonlySet<string>) => {
          for (const row of left) if (!living.has(row.actionId ?? '')) this.#rows.close({ ...row, measured: { interrupted: true } })
        },
      } as any,
      rows: this.#rows,
      onair,
      alerts,
      airings: this.#airings,
      before,
      events: this.#audio.events,
      lastSeq: this.#disk.rows.length as any,
    })
    if (!this.alive) return
    this.#audio.events.flow()
    for (const id of alertIds) this.#audio.send(load(id) as any).catch(quiet)
    const { kind } = onair.runtime(output).state
    if (kind !== 'stopped' && !(started.adopted && kind !== 'silent')) this.#join()
    this.started = true
  }

  die(): void {
    this.alive = false
    this.#audio.client.detach()
  }

  #join(): void {
    this.#audio.send({ kind: 'playNow', outputId: output, item: programme, fadeMs: 0 } as any).catch(quiet)
  }

  #rowsOf(disk: SurvivingDisk) {
    const isOpen = (actionId: string) => disk.open().some((row) => row.actionId === actionId)
    const write = (row: any) => {
      if (this.alive) disk.rows.push({ seq: disk.rows.length, bootId: 'x', atMs: this.#clock.now(), ...row })
    }
    return {
      open: (row: any) => {
        if (!isOpen(row.actionId)) write({ ...row, phase: 'open' })
      },
      close: (row: any) => {
        if (isOpen(row.actionId)) write({ ...row, phase: 'close' })
      },
      note: (row: any) => write({ ...row, phase: 'note', actionId: null }),
    }
  }
}
