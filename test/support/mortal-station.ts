// The part of a station that brings the air over a death, whole: its link to the audio process, its on-air service and its adoption, in
// virtual time, over rows and settings that outlive it. Its devices and its rundown are as simple as can be; it can be killed at any step.
import { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { adopt } from '../../station/house/adopt.ts'
import { Airings } from '../../station/house/airings.ts'
import { AudioLink } from '../../station/house/audio-link.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { OnAirService } from '../../station/onair/index.ts'
import { type AlertName, outputs, severities } from './fake-audio-process.ts'
import { after, indexOf, type ShortRundown, shortItem } from './short-programme.ts'
import type { VirtualClock } from './virtual-clock.ts'

export const alertIds = Object.keys(severities) as AlertName[]

const config = StationConfig.parse({
  station: { id: 's', name: 'S' },
  outputs: outputs.map((id) => ({ id, name: id })),
  audio: { inputs: [{ id: 'mic', label: 'M', device: 'M', kind: 'microphone' }] },
})
const quiet = () => undefined
const load = (alertId: string) => ({ kind: 'loadAlert', alert: { alertId, attentionPath: null, bodyPath: '/x', gainDb: 0 } })

interface Row {
  readonly kind: string
  readonly phase: 'open' | 'close' | 'note'
  readonly actionId: string | null
  readonly atMs: number
  readonly measured?: {
    readonly reason?: string
    readonly interrupted?: boolean
    readonly order?: string
    readonly error?: string
  }
}

/** What outlives the station: its rows, its settings, its rundown, and which airings a card was told to be cut off. */
export class SurvivingDisk {
  readonly rows: Row[] = []
  /** Opening rows without a closing one. */
  readonly open = new Map<string, Row>()
  readonly settings = new Map<string, unknown>()
  readonly interrupted = new Set<string>()
  readonly rundown: ShortRundown

  constructor(rundown: ShortRundown) {
    this.rundown = rundown
  }

  write(row: Row): void {
    this.rows.push(row)
    if (row.phase === 'open') this.open.set(row.actionId ?? '', row)
    if (row.phase === 'close') this.open.delete(row.actionId ?? '')
  }
}

export class MortalStation {
  readonly onair: OnAirService
  alive = true
  /** It has taken over what it found, and takes orders. */
  started = false
  readonly carriersUp = new Set<OutputId>(outputs)
  readonly #disk: SurvivingDisk
  readonly #clock: Clock
  readonly #audio: AudioLink
  readonly #airings: Airings
  readonly #alerts: any
  readonly #rows: any
  readonly #refits = new Set<OutputId>()
  #queueRevision = 0

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
    this.#alerts = this.#alertsOf(disk)
    this.onair = new OnAirService({
      clock,
      config,
      audio: { send: this.#audio.send },
      plant: {
        temperature: (outputId: OutputId) => (this.carriersUp.has(outputId) ? 'hot' : 'cold'),
        carriers: (outputId: OutputId) => [{ deviceId: `tx-${outputId}`, state: this.carriersUp.has(outputId) ? 'up' : 'down' }],
        demand: quiet,
        drop: quiet,
        takeDesk: quiet,
        restoreDesk: quiet,
        holdDesk: quiet,
      } as any,
      alarms,
      log: this.#rows,
      rundown: this.#rundownOf(disk.rundown),
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
    const left = [...this.#disk.open.values()]
    await adopt(started, {
      micDuckDb: -20,
      dataDir: '/nowhere',
      startedAtMs,
      audio: this.#audio.client,
      stationName: 'S',
      store: { logbook: { openActions: async () => left, rows: async () => this.#disk.rows } } as any,
      logbook: {
        settleEarlierBoots: async (living: ReadonlySet<string>) => {
          for (const row of left)
            if (!living.has(row.actionId ?? '')) this.#rows.close({ ...row, atMs: this.#clock.now(), measured: { interrupted: true } })
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
    for (const outputId of outputs) {
      const { kind } = onair.runtime(outputId).state
      if (kind === 'stopped' || (started.adopted && kind !== 'silent')) this.#refit(outputId)
      else this.#join(outputId)
    }
    this.started = true
  }

  die(): void {
    this.alive = false
    this.#audio.client.detach()
  }

  #join(outputId: OutputId): void {
    const item = this.#disk.rundown.join(outputId, this.#clock.now())
    this.#audio.send({ kind: 'playNow', outputId, item, fadeMs: 0 }).catch(quiet)
    this.#sendQueue(outputId, indexOf(item.itemId))
  }

  #refit(outputId: OutputId): void {
    if (this.#refits.size === 0)
      this.#clock.after(0, () => {
        for (const each of this.#refits) this.#sendQueue(each, this.#disk.rundown.lastIndex(each))
        this.#refits.clear()
      })
    this.#refits.add(outputId)
  }

  #sendQueue(outputId: OutputId, index: number): void {
    this.#queueRevision += 1
    this.#audio.send({ kind: 'setQueue', outputId, revision: this.#queueRevision, items: after(index) }).catch(quiet)
  }

  #alertsOf(disk: SurvivingDisk) {
    return {
      load: async () => undefined,
      airingFacts: (id: AlertName) => ({ title: id, mode: 'live', severity: severities[id], readings: 1 }),
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
  }

  #rundownOf(rundown: ShortRundown): any {
    return {
      itemStarted: (...told: Parameters<ShortRundown['started']>) => this.alive && rundown.started(...told),
      itemEnded: (outputId: OutputId, itemId: any, _atMs: number, reason: string) => this.alive && rundown.ended(outputId, itemId, reason),
      refit: (outputId: OutputId) => this.#refit(outputId),
      rejoin: (outputId: OutputId) => this.#join(outputId),
      plannedStart: () => null,
      titleOf: (itemId: string) => itemId,
      nextFor: (outputId: OutputId) => ({ itemId: shortItem(rundown.lastIndex(outputId) + 1).itemId }),
    }
  }

  #rowsOf(disk: SurvivingDisk) {
    const write = (row: any) => {
      if (this.alive) disk.write({ seq: disk.rows.length, bootId: 'x', atMs: this.#clock.now(), ...row })
    }
    return {
      open: (row: any) => {
        if (!disk.open.has(row.actionId)) write({ ...row, phase: 'open' })
      },
      close: (row: any) => {
        if (disk.open.has(row.actionId)) write({ ...row, phase: 'close' })
      },
      note: (row: any) => write({ ...row, phase: 'note', actionId: null }),
    }
  }
}
