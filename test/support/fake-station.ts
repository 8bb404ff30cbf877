// A station in memory for the screens' own tests and pictures: the contract over a real WebSocket, the built screens, REST for
// upload. It plays nothing; it keeps a record of the orders it got (`orders`), which is what the tests assert on.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import type { AlertView, CutInView } from '../../shared/domain/alert.ts'
import type { ImportView } from '../../shared/domain/library.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { SessionView } from '../../shared/domain/people.ts'
import { fold } from '../../shared/domain/fold.ts'
import { noProvince } from '../../shared/domain/province.ts'
import type { RundownItem } from '../../shared/domain/schedule.ts'
import type { ScreenMessage, ScreenSlice, ScreenState } from '../../shared/domain/station.ts'
import { addDays, type BroadcastDay, dayOf, epochMs } from '../../shared/domain/time.ts'
import { contract, type MeterFrame } from '../../shared/rpc/contract.ts'
import { mayDo, rights } from '../../shared/rpc/rights.ts'
import {
  fakeAlarms,
  fakeAlert,
  fakeAlerts,
  fakeAudio,
  fakeCarts,
  fakeDevices,
  fakeHotKeys,
  fakeItems,
  fakeLog,
  fakePeaks,
  fakeStation,
  sequence,
  templates,
} from './fake-data.ts'
import { FakePeople, fakePin } from './fake-people.ts'
import { refuse } from './fake-refusal.ts'
import { FakeReview } from './fake-review.ts'
import { planOf } from './fake-plan.ts'

const built = fileURLToPath(new URL('../../dist/renderer', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
}
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
  readonly #days = new Map<string, RundownItem[]>()
  readonly #undo: [BroadcastDay, RundownItem[]][] = []
  readonly #listeners = new Set<(message: ScreenMessage) => void>()
  readonly #waiting: { name: string; resolve: (order: FakeOrder) => void }[] = []
  readonly #rows: LogRow[]
  readonly #startedAt = performance.now()
  readonly #nowMs: number
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #cutIns = new Map<string, CutInView>()
  #seq = 0
  #ticks: ReturnType<typeof setInterval> | undefined
  authorised = true
  refuseUpload: { code: string; detail: Record<string, string | number> } | null = null
  /** Delay before every order is answered, ms. */
  answerAfterMs = 0

  constructor(options: FakeOptions = {}) {
    this.#nowMs = options.nowMs ?? fakeNowMs
    const now = this.now()
    const day = dayOf(now)
    const items = options.empty ? [] : fakeItems(now)
    this.#days.set(day, items)
    this.#rows = options.empty ? [] : fakeLog(now)
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
    }
    this.#cutIns.set('cutin-old', {
      cutInId: 'cutin-old' as never,
      alertId: 'alert-4' as never,
      title: 'Cháy rừng tại Púng Luông',
      mode: 'live',
      via: 'screen',
      orderedAtMs: epochMs(now - 26 * 3_600_000),
      endedAtMs: epochMs(now - 26 * 3_600_000 + 95_000),
      outputs: ['fm', 'wired'].map((outputId) => ({
        outputId: outputId as never,
        phase: 'ended' as const,
        temperature: 'hot' as const,
        startedAtMs: epochMs(now - 26 * 3_600_000 + 18),
        latencyMs: 18.2,
        endReason: 'finished',
        interruptedTitle: 'Hòa tấu sáo Mông',
        carriers: [{ deviceId: 'fm-1', label: 'Máy phát FM 64,2 MHz', state: 'up' }],
      })),
    })
    this.world.onair = station.outputs.map(({ outputId, name }) => this.#output(outputId, name, options.empty === true))
    this.#server = createServer((request, response) => void this.#http(request, response))
    this.#server.on('upgrade', (request, socket, head) => {
      if (!this.authorised) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        return
      }
      const handler = new RPCHandler(this.#router())
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
    const last = this.#rows.at(-1)
    const next = { ...(last ?? fakeLog(this.now())[0]!), seq: (last?.seq ?? 0) + 1, atMs: this.now(), writtenAtMs: this.now(), ...row }
    this.#rows.push(next)
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

  #send(message: ScreenMessage): void {
    for (const listener of this.#listeners) listener(message)
  }

  #output(outputId: string, name: string, empty: boolean): OnAirOutputView {
    const rows = this.world.schedule.items
    const index = rows.findIndex((row) => row.state === 'onAir')
    const [previous, now, next] = [rows[index - 1], rows[index], rows[index + 1]]
    return {
      outputId: outputId as never,
      name,
      phase: empty ? 'silent' : 'programme',
      onAir: empty ? 'off' : 'measured',
      now:
        now === undefined
          ? null
          : {
              itemId: now.item.itemId,
              title: now.item.title,
              startedAtMs: now.startMs,
              endsAtMs: now.endMs,
              durationMs: now.item.durationMs,
              positionMs: this.now() - now.startMs,
              interruptedBy: null,
            },
      previous:
        previous === undefined
          ? null
          : { itemId: previous.item.itemId, title: previous.item.title, startedAtMs: previous.startMs, endReason: 'finished' },
      next: next === undefined ? null : { itemId: next.item.itemId, title: next.item.title, startMs: next.startMs, proven: true },
      openInputs: [],
      hotKeysPlaying: [],
      cutIn: null,
      carriers: empty
        ? []
        : outputId === 'fm'
          ? [
              {
                deviceId: 'fm-1' as never,
                label: 'FM 64,2 MHz',
                kind: 'transmitter',
                state: 'up',
                measured: 28.6,
                setPoint: 30,
                reason: null,
              },
              {
                deviceId: 'fm-2' as never,
                label: 'FM 98,5 MHz – Khau Phạ',
                kind: 'transmitter',
                state: 'unknown',
                measured: null,
                setPoint: 60,
                reason: 'timeout',
              },
            ]
          : [
              {
                deviceId: 'wired' as never,
                label: 'Hữu tuyến 8 đường',
                kind: 'zones',
                state: 'up',
                measured: 5,
                setPoint: 8,
                reason: null,
              },
            ],
      stoppedSinceMs: null,
      awaiting: null,
      audio: { state: 'running', device: outputId === 'fm' ? 'Scarlett 2i2 – ra 1-2' : 'USB Audio – hữu tuyến', onBackup: false },
    }
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
    this.#cutIns.set(cutInId, cutIn)
    this.setAlert(alertId, { state: 'airing', lastCutInId: cutIn.cutInId })
    this.setOutputs({ phase: 'cutIn', cutIn })
    return cutIn
  }

  #endAir(cutInId: string): void {
    const cutIn = this.#cutIns.get(cutInId)
    if (cutIn === undefined) throw refuse('ALERT_NOT_AIRING')
    this.#cutIns.set(cutInId, {
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

  #router() {
    const os = implement(contract)
    const take = async (name: string, input: unknown) => {
      const order: FakeOrder = { name, input, atMs: this.now() }
      this.orders.push(order)
      for (const waiter of this.#waiting.splice(0)) waiter.name === name ? waiter.resolve(order) : this.#waiting.push(waiter)
      if (this.answerAfterMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answerAfterMs))
    }
    const done = { done: true } as const
    /** An order that is only recorded, after an optional effect. */
    const did = async (name: string, input: unknown, effect?: () => void) => {
      await take(name, input)
      effect?.()
      return done
    }
    const incoming = async (name: string, input: { itemId: string }) => {
      await take(name, input)
      const found = this.world.province.incoming.find((one) => one.item.itemId === input.itemId)
      if (found === undefined) throw refuse('NOT_FOUND')
      return found
    }
    const replan = (day: BroadcastDay, change: (items: RundownItem[]) => RundownItem[]) => {
      const before = this.#days.get(day) ?? []
      this.#undo.push([day, before])
      this.#days.set(day, change(before))
      return this.#planDay(day)
    }
    /** The station's own rule and its own answer, as `station/rpc/session-door.ts` gives it. */
    const mayChangePeople = async (name: 'people.save' | 'people.renewPin' | 'people.remove', input: unknown) => {
      await take(name, input)
      if (!mayDo(this.session.role, name)) throw refuse('ROLE_NEEDED', { operation: name, roles: rights[name].join(', ') })
    }
    const alertOf = (alertId: string) => {
      const alert = this.world.alerts.alerts.find((each) => each.alertId === alertId)
      if (alert === undefined) throw refuse('NOT_FOUND')
      return alert
    }
    return {
      station: {
        info: os.station.info.handler(() => this.world.station),
        subscribe: os.station.subscribe.handler(({ signal }) => this.#messages(signal)),
        meters: os.station.meters.handler(({ signal }) => this.#meters(signal)),
      },
      session: {
        createCode: os.session.createCode.handler(() => ({ code: 'fake', expiresAtMs: this.now() })),
        view: os.session.view.handler(() => this.session),
        people: os.session.people.handler(() => [...this.people.list]),
        signIn: os.session.signIn.handler(async ({ input }) => {
          await take('session.signIn', input)
          const person = this.people.list.find((each) => each.personId === input.personId)
          if (person === undefined || input.pin !== fakePin) throw refuse('PIN_WRONG')
          this.session = { role: person.role, person, untilMs: epochMs(this.now() + 1_800_000) }
          return this.session
        }),
        signOut: os.session.signOut.handler(() => {
          this.session = { role: 'operator', person: null, untilMs: null }
          return this.session
        }),
      },
      people: {
        save: os.people.save.handler(async ({ input }) => {
          await mayChangePeople('people.save', input)
          return this.people.save(input)
        }),
        renewPin: os.people.renewPin.handler(async ({ input }) => {
          await mayChangePeople('people.renewPin', input)
          return this.people.renewPin(input.personId)
        }),
        remove: os.people.remove.handler(async ({ input }) => {
          await mayChangePeople('people.remove', input)
          this.people.remove(input.personId)
          return done
        }),
        firstPins: os.people.firstPins.handler(() => []),
      },
      onair: {
        outputs: os.onair.outputs.handler(() => this.world.onair),
        next: os.onair.next.handler(({ input }) => did('next', input)),
        hold: os.onair.hold.handler(({ input }) => did('hold', input, () => this.#one(input.outputId, { phase: 'held' }))),
        release: os.onair.release.handler(({ input }) => did('release', input, () => this.#one(input.outputId, { phase: 'programme' }))),
        resume: os.onair.resume.handler(({ input }) =>
          did('resume', input, () =>
            this.#one(
              input.outputId,
              this.#output(input.outputId, this.world.onair.find((each) => each.outputId === input.outputId)?.name ?? '', false),
            ),
          ),
        ),
        openInput: os.onair.openInput.handler(({ input }) =>
          did('openInput', input, () => this.setOutputs({ phase: 'liveInput', openInputs: [input.inputId] })),
        ),
        closeInput: os.onair.closeInput.handler(({ input }) =>
          did('closeInput', input, () => this.setOutputs({ phase: 'programme', openInputs: [] })),
        ),
        stop: os.onair.stop.handler(({ input }) =>
          did('stop', input, () => {
            this.change({ station: { ...this.world.station, mode: 'stopped' } })
            this.setOutputs({
              phase: 'stopped',
              onAir: 'off',
              stoppedSinceMs: this.now(),
              now: null,
              cutIn: null,
              carriers: this.world.onair[0]?.carriers.map((carrier) => ({ ...carrier, state: 'down' as const, measured: 0 })) ?? [],
            })
          }),
        ),
        reopen: os.onair.reopen.handler(({ input }) =>
          did('reopen', input, () => {
            this.change({
              station: { ...this.world.station, mode: 'auto' },
              onair: this.world.onair.map((output) => this.#output(output.outputId, output.name, false)),
            })
          }),
        ),
        hotKey: os.onair.hotKey.handler(({ input }) => did('hotKey', input, () => this.setOutputs({ hotKeysPlaying: [input.slot] }))),
        stopHotKey: os.onair.stopHotKey.handler(({ input }) => did('stopHotKey', input, () => this.setOutputs({ hotKeysPlaying: [] }))),
        assignHotKey: os.onair.assignHotKey.handler(({ input }) =>
          did('assignHotKey', input, () => {
            const cart = this.world.library.carts.find((each) => each.cartId === input.cartId)
            this.change({
              hotKeys: this.world.hotKeys.map((key) =>
                key.slot === input.slot
                  ? {
                      slot: key.slot,
                      title: cart?.title ?? null,
                      cartId: cart?.cartId ?? null,
                      durationMs: cart?.durationMs ?? null,
                      loop: input.loop,
                    }
                  : key,
              ),
            })
          }),
        ),
      },
      alerts: {
        list: os.alerts.list.handler(() => this.world.alerts.alerts),
        get: os.alerts.get.handler(({ input }) => alertOf(input.alertId)),
        compose: os.alerts.compose.handler(async ({ input }) => {
          await take('compose', input)
          if (input.draft.mode === 'drill' && input.draft.source.kind === 'text' && /không phải diễn tập/i.test(input.draft.source.text))
            throw refuse('DRILL_TEXT_DENIES_DRILL')
          const id = input.alertId ?? `alert-${this.world.alerts.alerts.length + 1}`
          const text = input.draft.source.kind === 'text' ? input.draft.source.text : ''
          const made = fakeAlert(
            id,
            {
              ...input.draft,
              state: 'ready',
              audio: fakeAudio(text, input.draft.attentionTone ? 8_000 : 0, input.draft.readings),
              createdAtMs: this.now(),
            },
            this.now(),
          )
          this.change({
            alerts: { ...this.world.alerts, alerts: [...this.world.alerts.alerts.filter((alert) => alert.alertId !== id), made] },
          })
          return made
        }),
        preview: os.alerts.preview.handler(({ input }) =>
          did('preview', input, () => this.#cue('alert', input.alertId, input.offsetMs, alertOf(input.alertId).audio?.totalMs ?? 0)),
        ),
        stopPreview: os.alerts.stopPreview.handler(() =>
          did('stopPreview', {}, () => {
            const cue = this.world.cue
            if (cue?.subject.kind === 'alert')
              this.setAlert(cue.subject.id, { previewedMs: alertOf(cue.subject.id).previewedMs + this.now() - cue.startedAtMs })
            this.change({ cue: null })
          }),
        ),
        previewed: os.alerts.previewed.handler(({ input }) =>
          did('previewed', input, () => void this.setAlert(input.alertId, { previewedMs: input.ms })),
        ),
        arm: os.alerts.arm.handler(async ({ input }) => {
          await take('arm', input)
          return this.setAlert(input.alertId, { state: 'armed' })
        }),
        disarm: os.alerts.disarm.handler(async ({ input }) => {
          await take('disarm', input)
          return this.setAlert(input.alertId, { state: 'ready' })
        }),
        fire: os.alerts.fire.handler(async ({ input }) => {
          await take('fire', input)
          if (alertOf(input.alertId).state !== 'armed') throw refuse('ALERT_NOT_ARMED')
          const cutInId = input.cutInId ?? ('cutin-x' as never)
          this.air(input.alertId, cutInId, input.via)
          return { cutInId }
        }),
        stop: os.alerts.stop.handler(({ input }) => did('stopAlert', input, () => this.#endAir(input.cutInId))),
        cutIn: os.alerts.cutIn.handler(({ input }) => {
          const found = this.#cutIns.get(input.cutInId)
          if (found === undefined) throw refuse('NOT_FOUND')
          return found
        }),
        cancel: os.alerts.cancel.handler(async ({ input }) => {
          await take('cancel', input)
          return this.setAlert(input.alertId, { state: 'cancelled' })
        }),
      },
      schedule: {
        day: os.schedule.day.handler(({ input }) => this.#planDay(input.day)),
        add: os.schedule.add.handler(async ({ input }) => {
          await take('add', input)
          const item = { ...input.draft, itemId: `item-${Date.now()}` as never, day: input.day, position: 0 }
          return replan(input.day, (items) => items.toSpliced(input.position ?? items.length, 0, item))
        }),
        update: os.schedule.update.handler(async ({ input }) => {
          await take('update', input)
          return replan(input.day, (items) => items.map((item) => (item.itemId === input.itemId ? { ...item, ...input.draft } : item)))
        }),
        move: os.schedule.move.handler(async ({ input }) => {
          await take('move', input)
          return replan(input.day, (items) => {
            const item = items.find((each) => each.itemId === input.itemId)
            if (item === undefined) throw refuse('NOT_FOUND')
            return items.filter((each) => each !== item).toSpliced(input.position, 0, item)
          })
        }),
        remove: os.schedule.remove.handler(async ({ input }) => {
          await take('remove', input)
          return replan(input.day, (items) => items.filter((item) => item.itemId !== input.itemId))
        }),
        undo: os.schedule.undo.handler(async ({ input }) => {
          await take('undo', input)
          const last = this.#undo.pop()
          if (last === undefined) throw refuse('NOTHING_TO_UNDO')
          this.#days.set(last[0], last[1])
          return this.#planDay(last[0])
        }),
        copyDay: os.schedule.copyDay.handler(async ({ input }) => {
          await take('copyDay', input)
          return replan(input.to, () => [...(this.#days.get(input.day) ?? [])])
        }),
      },
      library: {
        list: os.library.list.handler(() => this.world.library.carts),
        peaks: os.library.peaks.handler(({ input }) =>
          fakePeaks(
            Number(input.cartId.replace(/\D/g, '')) || 1,
            this.world.library.carts.find((cart) => cart.cartId === input.cartId)?.durationMs ?? 60_000,
          ),
        ),
        update: os.library.update.handler(async ({ input }) => {
          await take('updateCart', input)
          const carts = this.world.library.carts.map((cart) =>
            cart.cartId === input.cartId ? { ...cart, title: input.title, contentType: input.contentType } : cart,
          )
          this.change({ library: { ...this.world.library, carts } })
          return carts.find((cart) => cart.cartId === input.cartId)!
        }),
        remove: os.library.remove.handler(async ({ input }) => {
          await take('removeCart', input)
          throw refuse('CART_IN_USE')
        }),
        preview: os.library.preview.handler(({ input }) =>
          did('previewCart', input, () =>
            this.#cue(
              'cart',
              input.cartId,
              input.offsetMs,
              this.world.library.carts.find((cart) => cart.cartId === input.cartId)?.durationMs ?? 0,
            ),
          ),
        ),
        dismissImport: os.library.dismissImport.handler(({ input }) =>
          did('dismissImport', input, () =>
            this.change({
              library: { ...this.world.library, imports: this.world.library.imports.filter((each) => each.importId !== input.importId) },
            }),
          ),
        ),
      },
      devices: {
        list: os.devices.list.handler(() => this.world.devices),
        setCarrier: os.devices.setCarrier.handler(({ input }) => did('setCarrier', input)),
        setPower: os.devices.setPower.handler(({ input }) => did('setPower', input)),
        setDeskChannel: os.devices.setDeskChannel.handler(({ input }) =>
          did('setDeskChannel', input, () =>
            this.change({
              devices: this.world.devices.map((device) =>
                device.desk === null
                  ? device
                  : {
                      ...device,
                      desk: {
                        ...device.desk,
                        channels: device.desk.channels.map((channel) =>
                          channel.channel === input.channel
                            ? { ...channel, faderDb: input.faderDb ?? channel.faderDb, muted: input.muted ?? channel.muted }
                            : channel,
                        ),
                      },
                    },
              ),
            }),
          ),
        ),
      },
      province: {
        pull: os.province.pull.handler(({ input }) => did('province.pull', input)),
        place: os.province.place.handler(({ input }) => incoming('province.place', input)),
        decline: os.province.decline.handler(({ input }) => incoming('province.decline', input)),
        resolve: os.province.resolve.handler(({ input }) => incoming('province.resolve', input)),
        card: os.province.card.handler(({ input }) => incoming('province.card', input)),
      },
      alarms: {
        acknowledge: os.alarms.acknowledge.handler(({ input }) =>
          did('acknowledge', input, () =>
            this.change({
              alarms: this.world.alarms.map((alarm) =>
                alarm.alarmId === input.alarmId ? { ...alarm, acknowledgedAtMs: this.now() } : alarm,
              ),
            }),
          ),
        ),
      },
      recordings: {
        day: os.recordings.day.handler(({ input }) => this.review.recordings(input.day, input.outputId, this.now())),
        peaks: os.recordings.peaks.handler(() => fakePeaks(7, 300_000)),
      },
      logbook: {
        day: os.logbook.day.handler(({ input }) =>
          this.#rows.filter((row) => dayOf(row.atMs) === input.day && row.seq > input.afterSeq).slice(0, input.limit),
        ),
        verify: os.logbook.verify.handler(async () => {
          await take('verify', {})
          return {
            ok: true,
            rows: this.#rows.length,
            headSeq: this.#rows.at(-1)?.seq ?? 0,
            headHash: this.#rows.at(-1)?.hash ?? '',
          } as const
        }),
        search: os.logbook.search.handler(({ input }) =>
          this.#rows.filter((row) => fold(row.subject).includes(fold(input.text)) && row.seq < input.beforeSeq).toReversed(),
        ),
        review: os.logbook.review.handler(({ input }) => this.review.day(input.day)),
        month: os.logbook.month.handler(({ input }) => this.review.month(input.month)),
        annotate: os.logbook.annotate.handler(async ({ input }) => {
          await take('annotate', input)
          return this.review.write(input.day, { kind: 'note', differenceId: null, text: input.text })
        }),
        ask: os.logbook.ask.handler(async ({ input }) => {
          await take('ask', input)
          return this.review.write(input.day, { kind: 'asked', differenceId: input.differenceId, text: input.text })
        }),
        answer: os.logbook.answer.handler(async ({ input }) => {
          await take('answer', input)
          return this.review.write(input.day, { kind: 'answered', differenceId: input.differenceId, text: input.text })
        }),
        sign: os.logbook.sign.handler(async ({ input }) => {
          await take('sign', input)
          if (input.pin !== fakePin) throw refuse('PIN_WRONG')
          return this.review.sign(input.day, this.session.person?.name ?? '')
        }),
      },
    }
  }

  #one(outputId: string, part: Partial<OnAirOutputView>): void {
    this.change({ onair: this.world.onair.map((output) => (output.outputId === outputId ? { ...output, ...part } : output)) })
  }

  #cue(kind: 'alert' | 'cart', id: string, offsetMs: number, durationMs: number): void {
    this.change({ cue: { subject: { kind, id }, startedAtMs: this.now(), offsetMs, durationMs } })
  }

  #planDay(day: BroadcastDay) {
    const today = dayOf(this.now())
    const items = this.#days.get(day) ?? (day === addDays(today, -1) ? fakeItems(this.now() - 86_400_000) : [])
    const plan = planOf(day, items, this.now(), this.world.schedule.revision + 1, this.#undo.length > 0)
    if (day === today) this.change({ schedule: plan })
    return plan
  }

  async *#messages(signal: AbortSignal | undefined): AsyncGenerator<ScreenMessage> {
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

  async *#meters(signal: AbortSignal | undefined): AsyncGenerator<MeterFrame> {
    const next = sequence(11)
    while (signal?.aborted !== true) {
      const now = this.now()
      const level = () => {
        const db = -9 - next() * 10
        return { peakDb: [db, db - next() * 2] as [number, number], rmsDb: [db - 9, db - 10] as [number, number] }
      }
      const silent = { peakDb: [-120, -120] as [number, number], rmsDb: [-120, -120] as [number, number] }
      const cue = this.world.cue
      yield {
        atMs: now,
        outputs: this.world.onair.map((output) => ({
          outputId: output.outputId,
          level: output.phase === 'stopped' || output.phase === 'silent' || output.phase === 'awaitingResume' ? silent : level(),
          positionMs: output.now === null || output.phase === 'cutIn' ? null : now - output.now.startedAtMs,
          alertMs: output.cutIn === null ? null : now - (output.cutIn.outputs[0]?.startedAtMs ?? now),
        })),
        cue: cue === null ? null : { level: level(), positionMs: Math.min(cue.durationMs, now - cue.startedAtMs + cue.offsetMs) },
        inputs: [],
      }
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
  }

  async #http(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (url.pathname === '/api/v1/session/exchange') {
      let text = ''
      for await (const chunk of request) text += String(chunk)
      if ((JSON.parse(text) as { code?: string }).code !== 'fake')
        return void json(401, { code: 'REFUSED', data: { code: 'UNAUTHORIZED', detail: {} } })
      this.authorised = true
      response.setHeader('set-cookie', 'session=fake; Path=/; HttpOnly; SameSite=Strict')
      return void json(200, { done: true })
    }
    if (url.pathname === '/api/v1/station') return void json(this.authorised ? 200 : 401, this.world.station)
    if (url.pathname === '/api/v1/library/files') return void (await this.#upload(request, url, json))
    if (/^\/api\/v1\/recordings\/[^/]+\/audio$/.test(url.pathname)) {
      this.orders.push({ name: 'heard', input: url.pathname, atMs: this.now() })
      return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(silentWav(300))
    }
    if (url.pathname.endsWith('/audio.wav')) return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(silentWav(8))
    const path = normalize(join(built, url.pathname === '/' ? 'index.html' : url.pathname))
    if (!path.startsWith(built)) return void json(403, {})
    try {
      const body = await readFile(path)
      response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body)
    } catch {
      json(404, {})
    }
  }

  async #upload(request: IncomingMessage, url: URL, json: (status: number, body: unknown) => unknown): Promise<void> {
    let bytes = 0
    for await (const chunk of request) bytes += (chunk as Buffer).length
    const name = url.searchParams.get('name') ?? ''
    this.orders.push({ name: 'upload', input: { name, bytes, contentType: url.searchParams.get('contentType') }, atMs: this.now() })
    if (this.refuseUpload !== null) {
      const view: ImportView = { importId: `import-${bytes}`, name, state: { kind: 'refused', ...this.refuseUpload } }
      this.change({ library: { ...this.world.library, imports: [...this.world.library.imports, view] } })
      json(409, { defined: true, code: 'REFUSED', status: 409, data: this.refuseUpload })
      return
    }
    json(200, this.world.library.carts[0])
  }
}

/** A WAV of silence, mono 8 kHz. */
function silentWav(seconds: number): Buffer {
  const bytes = seconds * 16_000
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + bytes, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(bytes, 40)
  return Buffer.concat([head, Buffer.alloc(bytes)])
}
