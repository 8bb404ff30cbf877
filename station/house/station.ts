// Builds the station: constructs every part once and connects them. It decides nothing. Order at start: store and audio
// process side by side, what is on air is adopted, what happened meanwhile becomes rows, and only then is anything told.
import { randomUUID } from 'node:crypto'
import type { OutputId } from '../../shared/domain/ids.ts'
import { noProvince } from '../../shared/domain/province.ts'
import { AlertsService, createSpeechEngine } from '../alerts/index.ts'
import { LogbookService } from '../logbook/index.ts'
import { LevelGuard, OnAirService } from '../onair/index.ts'
import { KeyPanels, PlantService } from '../plant/index.ts'
import { ScheduleService } from '../schedule/index.ts'
import { ScreenHub } from '../screen/index.ts'
import { adopt } from './adopt.ts'
import { Airings, interruptionOf } from './airings.ts'
import { createAlarms } from './alarm-rows.ts'
import { alertPorts } from './alert-ports.ts'
import { AudioLink } from './audio-link.ts'
import { DeskKeeper } from './desk-keeper.ts'
import { openDoor } from './door.ts'
import { showKeys } from './key-lamps.ts'
import { LogFacts } from './log-facts.ts'
import { createLogPort } from './log-port.ts'
import { openStationStore } from './open-store.ts'
import type { Station, StationOptions } from './options.ts'
import { panelActions } from './panel-actions.ts'
import { plantPorts, withSoftDesk } from './plant-ports.ts'
import { keepProvince, type ProvinceKeeper } from './province-keeper.ts'
import { openRecordings } from './recordings.ts'
import { schedulePorts } from './schedule-ports.ts'
import { sliceReaders } from './slices.ts'
import { createSupervision, watchChain, watchDisk, watchQuestions } from './supervision.ts'
import { startWatches } from './watches.ts'

/** Starts everything; resolves when orders can be taken. */
export async function startStation(options: StationOptions): Promise<Station> {
  const { clock, config, log, dataDir, training } = options
  const bootId = randomUUID()
  const startedAtMs = clock.now()
  const outputIds: OutputId[] = config.outputs.map((output) => output.id)
  const liveFiring = training || config.alerts.liveFiring

  // — store, logbook, alarms —
  let changed: (...slices: Parameters<ScreenHub['changed']>) => void = () => undefined
  const tell: typeof changed = (...slices) => changed(...slices)
  let logPort: ReturnType<typeof createLogPort> | null = null
  const alarms = createAlarms(
    clock,
    () => logPort,
    () => changed('alarms'),
  )
  const disk = watchDisk(dataDir, clock, log, alarms)
  const opening = openStationStore({ dataDir, bootId, clock, alarms, disk, changed: tell })

  // — audio: started beside the store —
  const audio = new AudioLink({ dataDir, config, training, clock, log, alarms, rows: () => logPort, changed: tell })
  const startingAudio = audio.client.start()
  const { events, meters, send } = audio

  const store = await opening
  const logbook = new LogbookService({
    store: store.logbook,
    bootId,
    clock,
    onTrouble: (error, entry) => log.error({ error: error.message, entry }, 'logbook'),
  })
  const rows = createLogPort(logbook)
  logPort = rows
  if (store.anchor.state === 'mismatch') alarms.raise('LOGBOOK_REPLACED', 'anchor', { reason: store.anchor.reason })
  const facts = await LogFacts.read(store.logbook, clock)

  // — library —
  const { library, catalog, hotKeys, standby } = await openRecordings({ dataDir, config, clock, log, store, rows, alarms, changed: tell })

  // — plant —
  const keyPanels = new KeyPanels({ clock, ...panelActions(() => ({ onair, alerts, outputIds, log: rows })), onChanged: () => showLamps() })
  const deskKeeper = new DeskKeeper(store.settings, (reason) => log.warn({ reason }, 'what is taken of the desk is not kept'))
  const wired = { clock, config, outputIds, alarms, rows, log, send, onair: () => onair, changed: tell }
  const plant = new PlantService(
    withSoftDesk(config.devices),
    plantPorts({ ...wired, createDriver: (device, sink) => options.createDriver(device, sink), keyPanels, deskKeeper }),
  )
  const deskLeft = await deskKeeper.load()
  if (deskLeft !== null) plant.deskLeft(deskLeft)

  // — schedule and on air —
  const airings = new Airings(store.settings)
  const before = await airings.load()
  const schedule = new ScheduleService(
    schedulePorts({ ...wired, rundown: store.rundown, catalog, library, standby, clockTrusted: () => facts.trust().trusted }),
  )
  await schedule.load()
  audio.tell({ schedule })
  const onair: OnAirService = new OnAirService({
    clock,
    config,
    audio: { send },
    plant,
    alarms,
    log: rows,
    rundown: schedule,
    hotKey: (slot) => hotKeys.get(slot),
    audioBoot: () => audio.bootId,
    onChanged: () => {
      changed('onair', 'schedule', 'station')
      showLamps()
    },
    onFired: (order, temperature, orderedAtMs) => airings.begin(order, temperature, orderedAtMs),
    onEnded: (alertId, cutInId, cutOff) => {
      const airing = cutOff ? airings.get(cutInId) : null
      if (airing === null) {
        airings.end(cutInId)
        return alerts.ended(alertId)
      }
      // Kept with the alert before it is forgotten here, as after a death of the machine.
      alerts
        .interrupted(alertId, interruptionOf(airing))
        .then(() => airings.end(cutInId))
        .catch((error: unknown) => log.warn({ error: String(error), alertId }, 'that it was cut off is not on the disk'))
    },
  })
  audio.tell({ onair, airings })
  const levelGuard = new LevelGuard({ clock, config, plant, alarms, log: rows })
  let province: ProvinceKeeper | null = null
  const speech = createSpeechEngine({ clock, log })
  const alerts: AlertsService = new AlertsService(
    alertPorts({
      ...wired,
      dataDir,
      training,
      liveFiring,
      store: store.alerts,
      speech,
      catalog,
      library,
      showLamps: () => showLamps(),
      lookAgain: () => province?.service?.lookAgain(),
    }),
  )
  audio.tell({ alerts })
  const showLamps = () => showKeys({ onair, alerts, hotKeys, plant, keyPanels })

  // — screens —
  const questions = watchQuestions({ store, logbook, log, onChanged: () => changed('questions') })
  const screens = new ScreenHub(
    clock,
    sliceReaders({
      config,
      training,
      liveFiring,
      version: options.version,
      bootId,
      startedAtMs,
      onair,
      schedule,
      catalog,
      library,
      alerts,
      plant,
      alarms,
      hotKeys,
      questions,
      province: () => province?.slice() ?? noProvince,
      trust: () => facts.trust(),
      storeHealth: () => store.health,
      chainOk: () => facts.chainOk,
      logHead: () => facts.head,
      isInputLost: (inputId) => events.isInputLost(inputId),
    }),
  )
  changed = (...slices) => screens.changed(...slices)
  logbook.onRow((row) => {
    facts.head = { seq: row.seq, hash: row.hash }
    screens.rowsWritten([row])
    province?.service?.rowWritten()
  })

  events.hearers({ onair, alerts, levelGuard })

  // — adoption —
  plant.open()
  const started = await startingAudio
  audio.started(started)
  await adopt(started, {
    micDuckDb: config.alerts.micDuckDb,
    dataDir,
    startedAtMs,
    audio: audio.client,
    stationName: config.station.name,
    store,
    logbook,
    rows,
    onair,
    alerts,
    airings,
    before,
    events,
    lastSeq: facts.head?.seq ?? 0,
  })
  rows.note({
    kind: 'station.started',
    actor: 'station',
    outputId: null,
    subject: config.station.name,
    measured: { bootId, version: options.version, training, adopted: started.adopted },
  })
  if (!training && config.alerts.liveFiring)
    rows.note({ kind: 'config.liveFiring', actor: 'config', outputId: null, subject: 'alerts.liveFiring', measured: { on: true } })
  alarms.set(!facts.trust().trusted, 'CLOCK_UNTRUSTED', 'clock', { reason: facts.trust().reason ?? '' })
  events.flow()
  plant.unfreeze()
  schedule.start()
  // An adopted process may have nothing on air: the station died before it was told what its predecessor had played. What a STOP
  // silenced is joined when a hand opens it.
  const goesOn = (outputId: OutputId) => {
    const { kind } = onair.runtime(outputId).state
    return kind === 'stopped' || (started.adopted && kind !== 'silent')
  }
  const cutOff = alerts.gravelyCutOff()
  for (const outputId of outputIds) {
    if (goesOn(outputId)) schedule.refit(outputId)
    else if (cutOff.has(outputId)) onair.handover.awaitsHand(outputId, schedule.rejoinHeld(outputId))
    else schedule.rejoin(outputId)
  }
  void schedule.proveNext()
  void alerts.ensureCorrection().catch((error: unknown) => log.error({ error: String(error) }, 'no correction could be made'))

  // — watches —
  const watches = [standby.watch(), ...startWatches({ clock, outputIds, onair, plant, schedule, alarms, rows, facts, changed: tell })]
  const chain = watchChain({ clock, log, store, logbook, alarms, facts, onChanged: () => changed('station') })
  const supervision = createSupervision({ dataDir, config, training, clock, log, store, rows, logbook, alarms, outputIds })

  // — province: asks and tells in the background; the station is whole without it —
  province = await keepProvince({
    dataDir,
    config,
    clock,
    log,
    rows,
    store,
    alarms,
    schedule,
    alerts,
    library,
    catalog,
    clockTrusted: () => facts.trust().trusted,
    diskLevel: () => disk.level,
    onChanged: () => changed('province'),
    onWitnessed: (head) => chain.witness(head),
    onHeadsTold: () => void chain.round().catch((error: unknown) => log.error({ error: String(error) }, 'chain check failed')),
  })

  // — door —
  const { server, sessions } = await openDoor({
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
      province,
      alarms,
      logbook,
      ...supervision,
      verifyLogbook: () => chain.whole(),
      diskLevel: () => disk.level,
      subscribeMeters: (signal) => meters.subscribe(signal),
    },
    store,
    rows,
    clock,
    log,
    training,
    bootId,
    startedAtMs,
    token: options.token,
    screensDir: options.screensDir,
    port: options.port,
    version: options.version,
    logSeq: () => facts.head?.seq ?? 0,
  })

  return {
    port: server.port,
    sessions,
    async close() {
      for (const timer of watches) timer.cancel()
      chain.close()
      schedule.close()
      const leftProvince = province?.close()
      levelGuard.close()
      screens.close()
      meters.close()
      rows.note({ kind: 'station.stopped', actor: 'station', outputId: null, subject: config.station.name })
      onair.handover.leaveDesk()
      await Promise.all([
        audio.client.stop().then(() => onair.handover.leave()),
        plant.close(),
        server.close(),
        library.close(),
        speech.close(),
        leftProvince,
        supervision.airCheck.close(),
        disk.close(),
      ])
      onair.close()
      await store.close()
    },
  }
}
