// A station in memory for the screens' own tests and pictures: the contract over a real WebSocket, the built screens, REST for
// upload. It plays nothing; it keeps a record of the orders it got (`orders`), which is what the tests assert on.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import type { AlertView, CutInView } from '../../shared/domain/alert.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { SessionView } from '../../shared/domain/people.ts'
import { noProvince } from '../../shared/domain/province.ts'
import type { RundownItem } from '../../shared/domain/schedule.ts'
import type { ScreenMessage, ScreenSlice, ScreenState } from '../../shared/domain/station.ts'
import { addDays, type BroadcastDay, dayOf, epochMs } from '../../shared/domain/time.ts'
import type { MeterFrame } from '../../shared/rpc/contract.ts'
import { fakeAlerts, templates } from './fake-alerts.ts'
import { fakeAlarms, fakeCarts, fakeHotKeys, fakeItems, fakeLog, fakeStation, sequence } from './fake-data.ts'
import { fakeDevices } from './fake-devices.ts'
import { airRoutes } from './fake-air-routes.ts'
import { answerHttp } from './fake-http.ts'
import { fakeMeters } from './fake-meters.ts'
import { fakeEarlierCutIn, fakeOutput } from './fake-output.ts'
import { FakePeople } from './fake-people.ts'
import { planRoutes } from './fake-plan-routes.ts'
import { refuse } from './fake-refusal.ts'
import { FakeReview } from './fake-review.ts'
import { planOf } from './fake-plan.ts'

/** 21/11/2026 11:07:42 at the station. */
export const fakeNowMs = Date.UTC(2026, 10, 21, 4, 7, 42)

export interface FakeOptions {
  readonly nowMs?: number
  readonly carts?: number
  readonly empty?: boolean
  readonly cue?: 'device' | 'browser' | 'none'
}

export interface FakeOrder {
  readonly name: string
  readonly input: any
  readonly atMs: number
}

export class FakeStation {
  readonly orders: FakeOrder[] = []
  readonly world: ScreenState
  readonly days = new Map<string, RundownItem[]>()
  readonly undo: [BroadcastDay, RundownItem[]][] = []
  readonly #listeners = new Set<(message: ScreenMessage) => void>()
  readonly #waiting: { name: string; resolve: (order: FakeOrder) => void }[] = []
  readonly rows: LogRow[]
  readonly #startedAt = performance.now()
  readonly #nowMs: number
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly cutIns = new Map<string, CutInView>()
  #seq = 0
  #ticks: ReturnType<typeof setInterval> | undefined
  authorised = true
  refuseUpload: { code: string; detail: Record<string, string | number> } | null = null
  /** Delay before every order is answered, ms. */
  answerAfterMs = 0
  /** What was recorded of a day is answered only after this. */
  holdRecordings: Promise<void> | null = null

  constructor(options: FakeOptions = {}) {
    this.#nowMs = options.nowMs ?? fakeNowMs
    const now = this.now()
    const day = dayOf(now)
    const items = options.empty ? [] : fakeItems(now)
    this.days.set(day, items)
    this.rows = options.empty ? [] : fakeLog(now)
    const station = fakeStation(now)
    this.world = {
      station: { ...station, cue: { ...station.cue, via: options.cue ?? 'device' } },
      schedule: planOf(day, items, now, 1, false),
      onair: [],
      library: { carts: options.empty ? [] : fakeCarts(options.carts ?? 240, now), imports: [] },
      alerts: { alerts: options.empty ? [] : fakeAlerts(now), templates, correctionAlertId: options.empty ? null : 'alert-correction' },
      cue: null,
      devices: options.empty ? [] : fakeDevices(now),
      alarms: options.empty ? [] : fakeAlarms(now),
      hotKeys: fakeHotKeys(),
      province: noProvince,
      questions: [],
    }
    this.cutIns.set('cutin-old', fakeEarlierCutIn(now))
    this.world.onair = station.outputs.map(({ outputId, name }) => this.output(outputId, name, options.empty === true))
    this.#server = createServer((request, response) => void answerHttp(this, request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      if (!this.authorised) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        return
      }
      const handler = new RPCHandler({ ...airRoutes(this), ...planRoutes(this) })
      this.#sockets.handleUpgrade(request, socket, head, (ws) => void handler.upgrade(ws, { context: {} }))
    })
  }

  now() {
    return epochMs(this.#nowMs + performance.now() - this.#startedAt)
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  /** Cuts every connection; with `refuse` nobody gets back in until `accept`. */
  dropConnections(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
  }

  async close(): Promise<void> {
    clearInterval(this.#ticks)
    this.dropConnections()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  /** The next order of this name (or one already given since `after`). */
  order(name: string, after = 0): Promise<FakeOrder> {
    const found = this.orders.slice(after).find((order) => order.name === name)
    return found === undefined ? new Promise((resolve) => this.#waiting.push({ name, resolve })) : Promise.resolve(found)
  }

  /** Changes slices and tells every screen. */
  change(part: Partial<ScreenState>): void {
    Object.assign(this.world, part)
    this.push(...(Object.keys(part) as ScreenSlice[]))
  }

  push(...slices: ScreenSlice[]): void {
    this.#send({
      kind: 'delta',
      seq: ++this.#seq,
      serverNowMs: this.now(),
      state: Object.fromEntries(slices.map((slice) => [slice, this.world[slice]])),
    })
  }

  /** Loses a number on purpose. */
  skipNumber(): void {
    this.#seq += 1
  }

  log(row: Partial<LogRow>): void {
    const last = this.rows.at(-1)
    const next = { ...(last ?? fakeLog(this.now())[0]!), seq: (last?.seq ?? 0) + 1, atMs: this.now(), writtenAtMs: this.now(), ...row }
    this.rows.push(next)
    this.#send({ kind: 'log', seq: ++this.#seq, serverNowMs: this.now(), rows: [next] })
  }

  /** Everything moves as on a busy day: deltas of devices and outputs every 250 ms. */
  bustle(): void {
    const next = sequence(3)
    this.#ticks = setInterval(() => {
      const now = this.now()
      this.change({
        devices: this.world.devices.map((device) => ({
          ...device,
          status: device.status.state === 'online' ? { ...device.status, lastHeardAt: now } : device.status,
          transmitter:
            device.transmitter && device.status.state === 'online'
              ? { ...device.transmitter, forwardPowerW: 28 + next(), atMs: now }
              : device.transmitter,
        })),
      })
      if (next() < 0.4)
        this.log({
          kind: 'device.status',
          actor: 'station',
          subject: 'Máy phát FM 64,2 MHz: công suất đổi',
          measured: { forwardPowerW: 28 + next() },
        })
    }, 250)
  }

  setAlert(alertId: string, part: Partial<AlertView>): AlertView {
    const alerts = this.world.alerts.alerts.map((alert) => (alert.alertId === alertId ? { ...alert, ...part } : alert))
    this.change({ alerts: { ...this.world.alerts, alerts } })
    return alerts.find((alert) => alert.alertId === alertId)!
  }

  setOutputs(part: Partial<OnAirOutputView>): void {
    this.change({ onair: this.world.onair.map((output) => ({ ...output, ...part })) })
  }

  output(outputId: string, name: string, empty = false): OnAirOutputView {
    return fakeOutput(this.world.schedule.items, this.now(), outputId, name, empty)
  }

  #send(message: ScreenMessage): void {
    for (const listener of this.#listeners) listener(message)
  }

  /** Puts an alert on the air of every output. */
  air(alertId: string, cutInId: string, via: CutInView['via'], startedAgoMs = 0): CutInView {
    const alert = this.world.alerts.alerts.find((each) => each.alertId === alertId)!
    const started = epochMs(this.now() - startedAgoMs)
    const cutIn: CutInView = {
      cutInId: cutInId as never,
      alertId: alertId as never,
      title: alert.title,
      mode: alert.mode,
      via,
      orderedAtMs: started,
      endedAtMs: null,
      outputs: this.world.onair.map((output) => ({
        outputId: output.outputId,
        phase: 'body',
        temperature: 'hot',
        startedAtMs: started,
        latencyMs: 18.4,
        endReason: null,
        interruptedTitle: output.now?.title ?? null,
        carriers: output.carriers.map((carrier) => ({ deviceId: carrier.deviceId, label: carrier.label, state: carrier.state })),
      })),
    }
    this.cutIns.set(cutInId, cutIn)
    this.setAlert(alertId, { state: 'airing', lastCutInId: cutIn.cutInId, airedAtMs: started, interrupted: undefined })
    this.setOutputs({ phase: 'cutIn', cutIn })
    return cutIn
  }

  endAir(cutInId: string): void {
    const cutIn = this.cutIns.get(cutInId)
    if (cutIn === undefined) throw refuse('ALERT_NOT_AIRING')
    this.cutIns.set(cutInId, {
      ...cutIn,
      endedAtMs: this.now(),
      outputs: cutIn.outputs.map((output) => ({ ...output, phase: 'ended', endReason: 'operator' })),
    })
    this.setAlert(cutIn.alertId, { state: 'aired' })
    this.change({
      onair: this.world.onair.map((output) => ({
        ...output,
        phase: 'awaitingResume',
        cutIn: null,
        now: null,
        awaiting: output.now === null ? null : { itemId: output.now.itemId, title: output.now.title, positionMs: 162_000 },
      })),
    })
  }

  readonly review = new FakeReview()
  readonly people = new FakePeople()
  session: SessionView = { role: 'operator', person: null, untilMs: null }

  /** Records an order and wakes whoever waits for it. */
  async take(name: string, input: unknown): Promise<void> {
    const order: FakeOrder = { name, input, atMs: this.now() }
    this.orders.push(order)
    for (const waiter of this.#waiting.splice(0)) waiter.name === name ? waiter.resolve(order) : this.#waiting.push(waiter)
    if (this.answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answerAfterMs))
  }

  /** An order that is only recorded, after an optional effect. */
  async did(name: string, input: unknown, effect?: () => void) {
    await this.take(name, input)
    effect?.()
    return { done: true } as const
  }

  one(outputId: string, part: Partial<OnAirOutputView>): void {
    this.change({ onair: this.world.onair.map((output) => (output.outputId === outputId ? { ...output, ...part } : output)) })
  }

  startCue(kind: 'alert' | 'cart', id: string, offsetMs: number, durationMs: number): void {
    this.change({ cue: { subject: { kind, id }, startedAtMs: this.now(), offsetMs, durationMs } })
  }

  planDay(day: BroadcastDay) {
    const today = dayOf(this.now())
    const items = this.days.get(day) ?? (day === addDays(today, -1) ? fakeItems(this.now() - 86_400_000) : [])
    const plan = planOf(day, items, this.now(), this.world.schedule.revision + 1, this.undo.length > 0)
    if (day === today) this.change({ schedule: plan })
    return plan
  }

  async *messages(signal: AbortSignal | undefined): AsyncGenerator<ScreenMessage> {
    const queue: ScreenMessage[] = []
    let wake: (() => void) | null = null
    const listener = (message: ScreenMessage) => {
      queue.push(message)
      wake?.()
    }
    this.#listeners.add(listener)
    signal?.addEventListener('abort', () => wake?.())
    try {
      yield { kind: 'snapshot', seq: this.#seq, serverNowMs: this.now(), state: structuredClone(this.world) }
      while (signal?.aborted !== true) {
        const message = queue.shift()
        if (message !== undefined) yield structuredClone(message)
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    } finally {
      this.#listeners.delete(listener)
    }
  }

  meters(signal: AbortSignal | undefined): AsyncGenerator<MeterFrame> {
    return fakeMeters(this, signal)
  }
}
