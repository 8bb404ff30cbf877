// Builds the station: constructs every part once and connects them. It decides nothing. Order at start: store and audio
// process side by side, what is on air is adopted, what happened meanwhile becomes rows, and only then is anything told.
import { randomUUID } from 'node:crypto'
import type { DeviceConfig, StationConfig } from '../../shared/config.ts'
import type { AudioEvent } from '../../shared/audio-protocol.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { AlertsService, builtInCorrection, builtInTemplates, createAlertRenderer, createSpeechEngine } from '../alerts/index.ts'
import { AlarmsService, type ClockTrust, clockTrust, watchClock } from '../health/index.ts'
import { CartCatalog, createLibrary } from '../library/index.ts'
import { LogbookService, ReviewService } from '../logbook/index.ts'
import { type AudioOrder, createAudioClient, HotKeys, LevelGuard, OnAirService } from '../onair/index.ts'
import { PeopleService } from '../people/index.ts'
import { type DeviceSink, KeyPanels, type PlantDriver, PlantService } from '../plant/index.ts'
import { loadStaticFiles, Sessions, startServer, type StationServer } from '../rpc/index.ts'
import { ScheduleService } from '../schedule/index.ts'
import { ScreenHub } from '../screen/index.ts'
import { openStore, type StoreHealth } from '../store/index.ts'
import { aliveActions, itemStartsOf, lastJournalled } from './adoption.ts'
import { Airings } from './airings.ts'
import { createLogPort } from './log-port.ts'
import { Meters } from './meters.ts'
import { panelActions } from './panel-actions.ts'
import { metricsText, sliceReaders } from './slices.ts'
import { alarmByStatus, watchStation } from './watch.ts'

export interface StationLog {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
  error(detail: object, message: string): void
}

export interface StationOptions {
  readonly dataDir: string
  readonly screensDir: string
  readonly config: StationConfig
  readonly training: boolean
  readonly port: number
  readonly token: string
  readonly version: string
  readonly clock: Clock
  readonly log: StationLog
  createDriver(config: DeviceConfig, sink: DeviceSink): PlantDriver
}

export interface Station {
  readonly port: number
  readonly sessions: Sessions
  /** Clean end: audio stopped, carriers down, rows closed. */
  close(): Promise<void>
}

/** Rows looked through for events that are journalled already. */
const journalDepth = 20_000

/** Starts everything; resolves when orders can be taken. */
export async function startStation(options: StationOptions): Promise<Station> {
  const { clock, config, log, dataDir, training } = options
  const bootId = randomUUID()
  const startedAtMs = clock.now()
  const outputIds: OutputId[] = config.outputs.map((output) => output.id)
  const liveFiring = training || config.alerts.liveFiring
  const timers: Timer[] = []

  // — store, logbook, alarms —
  let changed: (...slices: Parameters<ScreenHub['changed']>) => void = () => undefined
  let logPort: ReturnType<typeof createLogPort> | null = null
  const alarms = new AlarmsService(clock, {
    onChanged: () => changed('alarms'),
    onRaised: (alarm) =>
      logPort?.note({
        kind: 'alarm.raised',
        actor: 'station',
        outputId: null,
        subject: alarm.code,
        measured: { ...alarm.params, priority: alarm.priority },
      }),
    onCleared: (alarm) =>
      logPort?.note({ kind: 'alarm.cleared', actor: 'station', outputId: null, subject: alarm.code, measured: { ...alarm.params } }),
    onAcknowledged: (alarm) => logPort?.note({ kind: 'alarm.acknowledged', actor: 'operator', outputId: null, subject: alarm.code }),
  })
  const opening = openStore({
    path: `${dataDir}/station.sqlite`,
    bootId,
    clock,
    onHealth: (health) => {
      alarms.set(health.state === 'recovering', 'STORE_FAILED', 'store', { reason: health.state === 'recovering' ? health.reason : '' })
      alarms.set(health.state === 'slow', 'STORE_SLOW', 'store', {})
      changed('station')
    },
  })

  // — audio: started beside the store; its events wait until there is somebody to hear them —
  const early: AudioEvent[] = []
  const made: { onair?: OnAirService; alerts?: AlertsService } = {}
  let hear: ((event: AudioEvent) => void) | null = null
  const audio = createAudioClient({
    dataDir,
    config,
    training,
    clock,
    log,
    onEvent: (event) => (hear ? hear(event) : void early.push(event)),
    onOutputState: (output) => made.onair?.audioState(output),
    onReport: (report) => {
      made.onair?.audioReport(report)
      meters.report(report)
    },
    onHealth: (health) => {
      made.onair?.audioHealth(health)
      alarms.set(health === 'lost', 'AUDIO_LOST', 'audio', {})
      alarms.set(health === 'stalled', 'AUDIO_STALLED', 'audio', {})
      changed('onair', 'station')
    },
    onReplaced: (bootId, loaded) => {
      audioBoot = bootId
      logPort?.note({ kind: 'audio.died', actor: 'station', outputId: null, subject: 'audio', measured: { successor: bootId } })
      made.onair?.audioReplaced()
      void made.alerts
        ?.audioReplaced([...loaded])
        .catch((error: unknown) => log.error({ error: String(error) }, 'alerts could not be loaded again'))
    },
  })
  const startingAudio = audio.start()
  let audioBoot = ''
  const meters = new Meters()
  const send = (order: AudioOrder) => audio.send(order)

  const store = await opening
  alarms.set(store.anchor.state === 'mismatch', 'CHAIN_BROKEN', 'anchor', { reason: 'the database is not the one whose head was sealed' })
  const logbook = new LogbookService({
    store: store.logbook,
    bootId,
    clock,
    onTrouble: (error, entry) => log.error({ error: error.message, entry }, 'logbook'),
  })
  const rows = createLogPort(logbook)
  logPort = rows
  let logHead: { seq: number; hash: string } | null = await store.logbook
    .head()
    .then((head) => (head.seq < 0 ? null : { seq: head.seq, hash: head.hash }))
  let chainOk: boolean | null = null
  const lastRow = logHead ? (await store.logbook.rows({ afterSeq: logHead.seq - 1, limit: 1 })).at(-1) : undefined
  const trust = (): ClockTrust => clockTrust(clock.now(), lastRow?.atMs ?? null)

  // — library —
  const library = createLibrary({
    dataDir,
    store: store.carts,
    clock,
    log,
    targetLufs: config.library.targetLufs,
    maxDurationMs: config.library.maxDurationMinutes * 60_000,
    onChange: () =>
      void catalog.refresh().then(
        () => changed('library', 'hotKeys'),
        (error: unknown) => log.error({ error: String(error) }, 'catalog'),
      ),
  })
  await library.open()
  const catalog = new CartCatalog(library)
  await catalog.refresh()
  const playable = catalog.playable.bind(catalog)
  const cartTitle = (cartId: Parameters<typeof playable>[0]) => catalog.get(cartId)?.title ?? null
  const hotKeys = new HotKeys({ settings: store.settings, config, playable, title: cartTitle, onChanged: () => changed('hotKeys') })
  await hotKeys.load()

  // — plant —
  const keyPanels = new KeyPanels({ clock, ...panelActions(() => ({ onair, alerts, outputIds, log: rows })), onChanged: () => showKeys() })
  const plant = new PlantService(withSoftDesk(config.devices), {
    clock,
    outputIds,
    createDriver: options.createDriver,
    audioProof: (outputId) => onair.proof(outputId),
    bypassOf: (outputId) => config.outputs.find((output) => output.id === outputId)?.bypass ?? null,
    onChanged: () => changed('devices', 'onair'),
    onCarriers: (outputId) => onair.carriersChanged(outputId),
    onOrder: (deviceId, phase, orders, fields) => {
      if (phase === 'sent') return
      // Renewals every 5 s are no decisions; a failed one is told all the same.
      for (const order of orders.filter((one) => phase === 'failed' || one.reason !== 'lease renewed'))
        rows.note({
          kind: 'device.order',
          actor: order.causeId,
          outputId: null,
          subject: deviceId,
          sent: { reason: order.reason, atMs: order.sentAtMs },
          measured: { [phase]: true, ...fields },
        })
    },
    onStatus: (deviceId, label, status) => {
      alarmByStatus(alarms, deviceId, label, status)
      if (status.state !== 'online') keyPanels.lost(deviceId)
      rows.note({ kind: 'device.status', actor: deviceId, outputId: null, subject: label, measured: { ...status } })
    },
    onLapsed: (outputId) => {
      alarms.raise('LEASE_LAPSED', outputId, { outputId })
      rows.note({ kind: 'device.lease', actor: 'station', outputId, subject: 'lease lapsed', measured: { lapsed: true } })
    },
    onSurface: (deviceId, actions, event) => keyPanels.event(deviceId, actions, event),
    onDeskMoved: (deviceId, event) =>
      rows.note({ kind: 'device.status', actor: 'hand', outputId: null, subject: deviceId, measured: { ...event } }),
  })

  // — schedule and on air —
  const airings = new Airings(store.settings)
  const before = await airings.load()
  const schedule = new ScheduleService({
    clock,
    config,
    rundown: store.rundown,
    playable,
    fillCartId: () => config.schedule.defaultFillCartId ?? catalog.all().find((cart) => cart.contentType === 'fill')?.cartId ?? null,
    prove: async (cartId) => {
      const cart = catalog.get(cartId)
      if (!cart) return { playable: false, reason: 'missing' }
      const proof = await library.prove(cart)
      return proof.ok ? { playable: true, reason: null } : { playable: false, reason: proof.reason }
    },
    outputNow: (outputId) => {
      const runtime = onair.runtime(outputId)
      const on = runtime.audio?.item ?? null
      const live = on === null ? null : on.state === 'playing' ? 'onAir' : on.state
      return {
        itemId: on?.item.itemId ?? null,
        busyUntilMs: on === null ? null : (runtime.expectedEnd(clock.now()) ?? Number.POSITIVE_INFINITY),
        live,
        held: on?.state === 'held',
      }
    },
    clockTrusted: () => trust().trusted,
    setQueue: (outputId, revision, items) => {
      for (const item of items) onair.runtime(outputId).remember(item.itemId, item.title)
      send({ kind: 'setQueue', outputId, revision, items }).catch((error: unknown) =>
        log.warn({ error: String(error), outputId }, 'queue not taken'),
      )
    },
    playNow: (outputId, item) => {
      onair.runtime(outputId).remember(item.itemId, item.title)
      send({ kind: 'playNow', outputId, item, fadeMs: 0 }).catch((error: unknown) =>
        log.warn({ error: String(error), outputId }, 'item not taken'),
      )
    },
    expectStart: (outputId, causeId) => onair.expectStart(outputId, causeId),
    onUnplayable: (row, reason) => {
      alarms.raise('NEXT_UNPLAYABLE', row.item.itemId, { title: row.item.title, reason, at: row.startMs })
      rows.note({
        kind: 'item.skipped',
        actor: 'preflight',
        outputId: null,
        subject: row.item.title,
        planned: { startMs: row.startMs },
        measured: { reason },
      })
    },
    onPlayable: (itemId) => alarms.clear('NEXT_UNPLAYABLE', itemId),
    onEdited: (day, what, subject) =>
      rows.note({ kind: 'schedule.changed', actor: 'operator', outputId: null, subject: what, planned: { day, subject } }),
    onMissed: (row) =>
      rows.note({
        kind: 'item.missed',
        actor: 'rundown',
        outputId: null,
        subject: row.item.title,
        planned: { startMs: row.startMs, itemId: row.item.itemId },
      }),
    onChanged: () => changed('schedule', 'onair'),
  })
  await schedule.load()
  const onair: OnAirService = new OnAirService({
    clock,
    config,
    audio: { send },
    plant,
    alarms,
    log: rows,
    rundown: schedule,
    hotKey: (slot) => hotKeys.get(slot),
    audioBoot: () => audioBoot,
    onChanged: () => {
      changed('onair', 'schedule', 'station')
      showKeys()
    },
    onFired: (order, temperature, orderedAtMs) => airings.begin(order, temperature, orderedAtMs),
    onEnded: (alertId, cutInId) => {
      airings.end(cutInId)
      alerts.ended(alertId)
    },
  })
  made.onair = onair
  const levelGuard = new LevelGuard({ clock, config, plant, alarms, log: rows })
  const cueState = () => {
    const device = config.audio.cueDevice
    if (device !== null) return { via: 'device' as const, device, reason: null }
    // The browser plays on the system's default output, which must not be, or possibly be, a programme device.
    const unsafe = config.outputs.some((output) => output.device === null)
    return unsafe && !training
      ? { via: 'none' as const, device: null, reason: 'programme on the default output' }
      : { via: 'browser' as const, device: null, reason: null }
  }
  const speech = createSpeechEngine({ clock, log })
  const alerts: AlertsService = new AlertsService({
    clock,
    config,
    store: store.alerts,
    log: rows,
    templates: builtInTemplates,
    correction: builtInCorrection,
    liveFiring,
    outputIds,
    render: createAlertRenderer({
      speech,
      clock,
      dataDir,
      voice: config.alerts.voice,
      gapMs: 0,
      joinReadings: true,
      recording: async (cartId) => {
        const cart = catalog.get(cartId)
        if (!cart) throw new OperatorError('NOT_FOUND', { cartId })
        const proof = await library.prove(cart)
        if (!proof.ok) throw new OperatorError('CART_UNPLAYABLE', { title: cart.title, reason: proof.reason })
        return { path: library.airCopyPath(cart), frames: cart.frames }
      },
    }),
    send,
    fire: (order) => {
      alarms.clear('ALERT_INTERRUPTED', order.alertId)
      onair.fire(order)
    },
    cue: cueState,
    playable,
    onChanged: () => {
      changed('alerts')
      showKeys()
    },
    onCueChanged: () => changed('cue'),
  })
  made.alerts = alerts
  const showKeys = () => {
    const views = onair.views()
    plant.showKeys((actions) =>
      keyPanels.lamps(actions, {
        armedTitle: alerts.armed()?.title ?? null,
        alertOnAir: views.some((view) => view.phase === 'cutIn'),
        stopped: views.some((view) => view.phase === 'stopped'),
        microphoneOpen: views.some((view) => view.openInputs.length > 0),
        hotKeys: hotKeys
          .views()
          .map((key) => ({ slot: key.slot, title: key.title, playing: views.some((view) => view.hotKeysPlaying.includes(key.slot)) })),
      }),
    )
  }

  // — screens —
  const screens = new ScreenHub(
    clock,
    sliceReaders({
      station: () => ({
        stationId: config.station.id,
        name: config.station.name,
        place: [...config.station.place],
        version: options.version,
        bootId,
        startedAtMs,
        training,
        liveFiring,
        clock: trust(),
        mode: onair.views().every((view) => view.phase === 'stopped') ? 'stopped' : 'auto',
        outputs: config.outputs.map((output) => ({ outputId: output.id, name: output.name })),
        inputs: config.audio.inputs.map((input) => ({
          inputId: input.id,
          label: input.label,
          kind: input.kind,
          state: inputState(input.id),
        })),
        cue: cueState(),
        store: storeView(store.health),
        chainOk,
        logHead,
      }),
      onair: () => onair.views(),
      schedule: () => schedule.today(),
      library: () => ({ carts: catalog.all(), imports: [...library.imports()] }),
      alerts: () => ({ alerts: alerts.list().slice(0, 50), templates: [...alerts.templates], correctionAlertId: alerts.correctionId }),
      cue: () => alerts.cue,
      devices: () => plant.views(),
      alarms: () => alarms.views(),
      hotKeys: () => hotKeys.views(),
    }),
  )
  changed = (...slices) => screens.changed(...slices)
  const lostInputs = new Set<string>()
  const inputState = (inputId: string): 'ready' | 'open' | 'lost' => {
    if (onair.views().some((view) => view.openInputs.some((open) => open === inputId))) return 'open'
    return lostInputs.has(inputId) ? 'lost' : 'ready'
  }
  logbook.onRow((row) => {
    logHead = { seq: row.seq, hash: row.hash }
    screens.rowsWritten([row])
  })

  const hearEvent = (event: AudioEvent, missed = false) => {
    if (event.kind === 'alertStarted') levelGuard.alertStarted(event.outputId)
    if (event.kind === 'alertEnded') levelGuard.alertEnded(event.outputId)
    if (event.kind === 'inputLost') lostInputs.add(event.inputId)
    if (event.kind === 'inputBack') lostInputs.delete(event.inputId)
    if (event.kind === 'inputLost' || event.kind === 'inputBack')
      alarms.set(event.kind === 'inputLost', 'INPUT_LOST', event.inputId, { input: event.inputId })
    if (event.kind === 'deviceLost') alarms.raise('DEVICE_OUTPUT_LOST', event.outputId ?? 'cue', { device: event.device })
    if (event.kind === 'deviceBack') alarms.clear('DEVICE_OUTPUT_LOST', event.outputId ?? 'cue')
    if (event.kind === 'failure') alarms.raise('STREAM_FAILED', event.code, { reason: event.message })
    alerts.audioEvent(event)
    onair.audioEvent(event, missed)
  }

  // — adoption —
  plant.open()
  const started = await startingAudio
  audioBoot = started.bootId
  await alerts.load(new Set(started.outputs.flatMap((output) => (output.alert ? [output.alert.alertId] : []))))
  if (started.adopted) {
    const open = await store.logbook.openActions()
    const recent = await store.logbook.rows({ afterSeq: Math.max(-1, (logHead?.seq ?? 0) - journalDepth), limit: journalDepth })
    const journalled = lastJournalled(recent, audioBoot)
    const missed = started.missed.filter((event) => event.seq > journalled)
    for (const { outputId, itemId, startedAtMs: atMs } of itemStartsOf(open)) onair.knownStart(outputId, itemId, atMs)
    await logbook.settleEarlierBoots(aliveActions(open, missed, started.outputs))
    rows.note({
      kind: 'station.adopted',
      actor: 'station',
      outputId: null,
      subject: config.station.name,
      measured: { missedEvents: missed.length, lostEvents: started.lostEvents },
    })
    for (const output of started.outputs)
      if (output.item) onair.runtime(output.outputId).remember(output.item.item.itemId, output.item.item.title)
    for (const event of missed) hearEvent(event, true)
    onair.adopt(started.outputs, before)
    await alerts.audioReplaced([...started.loadedAlerts])
  } else {
    await logbook.settleEarlierBoots(new Set())
    for (const airing of before.values()) {
      alarms.raise('ALERT_INTERRUPTED', airing.alertId, { title: airing.title, at: airing.orderedAtMs })
      airings.end(airing.cutInId)
    }
  }
  rows.note({
    kind: 'station.started',
    actor: 'station',
    outputId: null,
    subject: config.station.name,
    measured: { bootId, version: options.version, training, adopted: started.adopted },
  })
  if (!training && config.alerts.liveFiring)
    rows.note({ kind: 'config.liveFiring', actor: 'config', outputId: null, subject: 'alerts.liveFiring', measured: { on: true } })
  alarms.set(!trust().trusted, 'CLOCK_UNTRUSTED', 'clock', { reason: trust().reason ?? '' })
  hear = hearEvent
  for (const event of early) hearEvent(event)
  plant.unfreeze()
  schedule.start()
  for (const outputId of outputIds) started.adopted ? schedule.refit(outputId) : schedule.rejoin(outputId)
  void schedule.proveNext()
  void alerts.ensureCorrection().catch((error: unknown) => log.error({ error: String(error) }, 'no correction could be made'))

  // — watches —
  // When each device was last heard moves on although nothing else does.
  timers.push(clock.every(2000, () => changed('devices')))
  timers.push(watchStation({ clock, outputIds, onair, plant, alarms, log: rows }))
  timers.push(
    watchClock(clock, (byMs) => {
      rows.note({ kind: 'clock.jump', actor: 'station', outputId: null, subject: 'wall clock', measured: { byMs } })
      alarms.set(!trust().trusted, 'CLOCK_UNTRUSTED', 'clock', { reason: trust().reason ?? '' })
      schedule.clockJumped()
    }),
  )
  void logbook.verify().then(
    (verdict) => {
      chainOk = verdict.ok
      alarms.set(!verdict.ok, 'CHAIN_BROKEN', 'logbook', verdict.ok ? {} : { seq: verdict.firstBadSeq, reason: verdict.reason })
      changed('station')
    },
    (error: unknown) => log.error({ error: String(error) }, 'chain check failed'),
  )

  // — door —
  const people = new PeopleService({
    store: store.settings,
    clock,
    training,
    onChanged: (what, person, by) =>
      rows.note({ kind: 'people.changed', actor: by, outputId: null, subject: person.name, measured: { change: what, role: person.role } }),
  })
  // Without them nobody can sign in; the air does not ask.
  await people.load().catch((error: unknown) => log.error({ error: String(error) }, 'people could not be read'))
  const review = new ReviewService({
    store: { ...store.logbook, items: async (day) => (await store.rundown.day(day)).items.map((stored) => stored.item) },
    logbook,
    clock,
    outputIds,
  })
  const sessions = new Sessions(clock, options.token, (personId) => people.get(personId))
  const server: StationServer = await startServer({
    services: {
      outputIds,
      screens,
      onair,
      hotKeys,
      alerts,
      schedule,
      library,
      catalog,
      plant,
      alarms,
      logbook,
      people,
      review,
      searchLogbook: (query) => store.logbook.search(query),
      subscribeMeters: (signal) => meters.subscribe(signal),
    },
    sessions,
    files: await loadStaticFiles(options.screensDir),
    port: options.port,
    version: options.version,
    metrics: () =>
      metricsText({
        onair: onair.views(),
        devices: plant.views(),
        alarms: alarms.views(),
        logSeq: logHead?.seq ?? 0,
        uptimeS: (clock.now() - startedAtMs) / 1000,
      }),
    health: () => ({ ok: true, detail: { bootId, audio: onair.views().map((view) => view.audio.state) } }),
    onError: (error) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'request failed'),
  })

  return {
    port: server.port,
    sessions,
    async close() {
      for (const timer of timers) timer.cancel()
      schedule.close()
      levelGuard.close()
      screens.close()
      meters.close()
      rows.note({ kind: 'station.stopped', actor: 'station', outputId: null, subject: config.station.name })
      await Promise.all([audio.stop(), plant.close(false), server.close(), library.close(), speech.close()])
      onair.close()
      await store.close()
    },
  }
}

function storeView(health: StoreHealth): { state: 'ok' | 'slow' | 'failed'; queued: number; reason: string | null } {
  if (health.state === 'recovering') return { state: 'failed', queued: health.queued, reason: health.reason }
  return { state: health.state === 'slow' ? 'slow' : 'ok', queued: health.state === 'slow' ? health.queued : 0, reason: null }
}

/** A station without a configured desk has the soft one. */
function withSoftDesk(devices: readonly DeviceConfig[]): readonly DeviceConfig[] {
  if (devices.some((device) => device.driver.startsWith('behringer') || device.driver === 'soft-desk')) return devices
  return [
    ...devices,
    { id: 'soft-desk' as DeviceConfig['id'], driver: 'soft-desk', transport: 'soft:', outputs: [], simulated: false, options: {} },
  ]
}
