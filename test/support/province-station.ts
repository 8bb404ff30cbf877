// The province area of a station, whole, over a real store and the real rundown, with a library and alert cards in memory: what came is
// looked at where it would be used. The link is the test's own: the real worker, or one that does as it is told.
import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { StationConfig } from '../../shared/config.ts'
import type { AlertView } from '../../shared/domain/alert.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertId, CartId } from '../../shared/domain/ids.ts'
import type { Cart } from '../../shared/domain/library.ts'
import type { LogEntry } from '../../shared/domain/logbook.ts'
import type { AlarmView } from '../../shared/domain/onair.ts'
import { AlarmsService, type DiskLevel } from '../../station/health/index.ts'
import { createLink, type Link, type LinkEvents, type LinkSettings, ProvinceService } from '../../station/province/index.ts'
import { ScheduleService } from '../../station/schedule/index.ts'
import type { Store } from '../../station/store/index.ts'
import type { ProvinceServer } from './province-server.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { testStationKey } from './test-station-key.ts'
import { nothingOn } from './rundown-rig.ts'
import { openTestStore } from './test-store.ts'
import type { VirtualClock } from './virtual-clock.ts'

export interface ProvinceStationOptions {
  readonly folder: string
  readonly clock: Clock
  openLink(events: LinkEvents): Link
  readonly store?: Store
  readonly config?: object
  readonly clockTrusted?: () => boolean
  readonly diskLevel?: () => DiskLevel
}

export interface ProvinceStation {
  readonly service: ProvinceService
  readonly store: Store
  readonly schedule: ScheduleService
  readonly alarms: AlarmsService
  /** Every alarm ever raised. */
  readonly raised: readonly AlarmView[]
  readonly alerts: Map<AlertId, AlertView>
  readonly carts: Map<string, Cart>
  /** Bytes the library was given, by hash of those bytes. */
  readonly imported: Map<string, Buffer>
  note(entry: Partial<LogEntry>): Promise<void>
}

export async function openProvinceStation(options: ProvinceStationOptions): Promise<ProvinceStation> {
  const { clock, folder } = options
  const store = options.store ?? (await openTestStore(folder))
  const config = StationConfig.parse({
    station: { id: 'rig', name: 'Đài thử' },
    province: { adapter: 'http', url: 'https://127.0.0.1:1', trustedKeys: [] },
    ...options.config,
  })
  const raised: AlarmView[] = []
  const ignore = () => undefined
  const alarms = new AlarmsService(clock, {
    onChanged: ignore,
    onRaised: (alarm) => raised.push(alarm),
    onCleared: ignore,
    onAcknowledged: ignore,
  })
  const carts = new Map<string, Cart>()
  const imported = new Map<string, Buffer>()
  const alerts = new Map<AlertId, AlertView>()
  const cartOf = (cartId: CartId) => [...carts.values()].find((cart) => cart.cartId === cartId)
  const schedule = new ScheduleService({
    clock,
    config,
    rundown: store.rundown,
    playable: (cartId) => {
      const cart = cartOf(cartId)
      return cart === undefined ? null : { path: `/air/${cart.sha256}`, frames: cart.frames, gainDb: 0 }
    },
    fillCartId: () => null,
    prove: () => Promise.resolve({ playable: true, reason: null }),
    outputNow: () => nothingOn,
    clockTrusted: () => true,
    setQueue: ignore,
    playNow: ignore,
    expectStart: ignore,
    onUnplayable: ignore,
    onSettled: ignore,
    onEdited: ignore,
    onMissed: ignore,
    onChanged: ignore,
  })
  await schedule.load()
  const made: { service?: ProvinceService } = {}
  const note = async (entry: Partial<LogEntry>) => {
    await store.logbook.append({
      kind: 'operator.command',
      phase: 'note',
      actionId: null,
      atMs: clock.now(),
      monotonicMs: clock.monotonic(),
      actor: 'test',
      outputId: null,
      subject: '',
      planned: null,
      sent: null,
      measured: null,
      late: false,
      ...entry,
    })
    made.service?.rowWritten()
  }
  const service = new ProvinceService({
    clock,
    config,
    store,
    log: {
      open: ignore,
      close: ignore,
      note: ({ planned, sent, measured, ...row }) =>
        void note({ ...row, planned: planned ?? null, sent: sent ?? null, measured: measured ?? null }).catch(ignore),
    },
    trouble: { warn: ignore, error: (detail, message) => process.stderr.write(`${message} ${JSON.stringify(detail)}\n`) },
    alarms,
    rundown: schedule.edits,
    alerts: {
      find: (alertId) => alerts.get(alertId) ?? null,
      ofOrder: (itemId) => [...alerts.values()].findLast((card) => card.origin?.provinceItemId === itemId) ?? null,
      compose(draft, alertId, origin) {
        const id = alertId ?? (`alert-${alerts.size + 1}` as AlertId)
        const view: AlertView = {
          ...draft,
          alertId: id,
          state: 'ready',
          revision: (alerts.get(id)?.revision ?? 0) + 1,
          createdAtMs: clock.now(),
          audio: null,
          failure: null,
          previewedMs: 0,
          lastCutInId: null,
          origin,
        }
        alerts.set(id, view)
        return Promise.resolve(view)
      },
      cancel(alertId) {
        const view = alerts.get(alertId)
        if (view) alerts.set(alertId, { ...view, state: 'cancelled' })
        return Promise.resolve()
      },
    },
    library: {
      bySha256: (sha256) => carts.get(sha256) ?? null,
      async importFile(path, name, { title, contentType }) {
        const bytes = await readFile(path)
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        if (bytes.subarray(0, 3).toString() === 'BAD') throw new OperatorError('MEDIA_CORRUPT', { name })
        imported.set(sha256, bytes)
        const cart: Cart = {
          cartId: `cart-${sha256.slice(0, 8)}` as CartId,
          title,
          contentType,
          originalName: name,
          sha256,
          format: 'wav',
          durationMs: 60_000,
          frames: 60 * 48_000,
          integratedLufs: -23,
          truePeakDbtp: -1,
          gainDb: 0,
          silenceHeadMs: 0,
          silenceTailMs: 0,
          importedAtMs: clock.now(),
        }
        carts.set(sha256, cart)
        return cart
      },
    },
    signingKid: null,
    random: () => 0.5,
    clockTrusted: options.clockTrusted ?? (() => true),
    diskLevel: options.diskLevel ?? (() => 'ok'),
    openLink: (events) => options.openLink(events),
    discard: (path) => rm(path, { force: true }),
    onChanged: ignore,
    onWitnessed: ignore,
    onHeadsTold: ignore,
  })
  made.service = service
  onTestFinished(async () => {
    await service.close()
    schedule.close()
  })
  return { service, store, schedule, alarms, raised, alerts, carts, imported, note }
}

/** Settings of a real link to this province. */
export function linkSettings(province: ProvinceServer, folder: string, change: Partial<LinkSettings> = {}): LinkSettings {
  const { url, caFile, tokenFiles, trustedKeys, mqttUrl } = province.ready
  return {
    adapter: 'http',
    stationId: 'rig',
    url,
    ca: province.read(caFile),
    token: province.read(tokenFiles['rig'] ?? '').trim(),
    mqttUrl,
    folder: null,
    trustedKeys,
    signingKey: testStationKey,
    mediaFolder: join(folder, 'province', 'media'),
    ...change,
  }
}

/** Settings of a real link to a province's folder. */
export function folderSettings(folder: string, own: string, trustedKeys: LinkSettings['trustedKeys']): LinkSettings {
  const nowhere = { url: null, ca: null, token: null, mqttUrl: null }
  return {
    adapter: 'folder',
    stationId: 'rig',
    ...nowhere,
    folder,
    trustedKeys,
    signingKey: testStationKey,
    mediaFolder: join(own, 'province', 'media'),
  }
}

/** A station that began on this stick, started, over a store of its own or of an earlier boot. */
export async function bootWithStick(clock: VirtualClock, stick: string, settings: LinkSettings, store?: Store): Promise<ProvinceStation> {
  const station = await openProvinceStation({
    folder: temporaryFolder('province-area'),
    clock,
    config: { province: { adapter: 'folder', folder: stick } },
    openLink: (events) => createLink(settings, events),
    ...(store === undefined ? {} : { store }),
  })
  await station.service.start()
  return station
}

/** A link of its own to a province, closed when the test is over. */
export function openTestLink(settings: LinkSettings, events: Partial<LinkEvents> = {}): Link {
  const ignore = () => undefined
  const link = createLink(settings, { onNudge: ignore, onDoorbell: ignore, onProgress: ignore, onTrouble: ignore, ...events })
  onTestFinished(() => link.close())
  return link
}
