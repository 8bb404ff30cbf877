// What the supervisor works with: the day compared with its plan, its papers, and the recording of what was sent; and the minute's
// check of the logbook's chain.
import type { StationConfig } from '../../shared/config.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import { type AlarmsService, DiskWatch } from '../health/index.ts'
import { AirCheckService, ChainWatch, type LogbookService, OpenQuestions, ReviewService, SheetService } from '../logbook/index.ts'
import type { LogPort } from '../onair/index.ts'
import type { Store } from '../store/index.ts'
import type { LogFacts } from './log-facts.ts'
import type { StationLog } from './options.ts'

interface SupervisionParts {
  readonly dataDir: string
  readonly config: StationConfig
  readonly training: boolean
  readonly clock: Clock
  readonly log: StationLog
  readonly store: Store
  readonly rows: LogPort
  readonly logbook: LogbookService
  readonly alarms: AlarmsService
  readonly outputIds: readonly OutputId[]
}

export interface Supervision {
  readonly review: ReviewService
  readonly sheets: SheetService
  readonly airCheck: AirCheckService
}

export function createSupervision(parts: SupervisionParts): Supervision {
  const { dataDir, config, training, clock, log, store, rows, logbook, alarms, outputIds } = parts
  const review = new ReviewService({
    store: { ...store.logbook, items: async (day) => (await store.rundown.day(day)).items.map((stored) => stored.item) },
    logbook,
    clock,
    outputIds,
  })
  const sheets = new SheetService({
    station: {
      id: config.station.id,
      name: config.station.name,
      place: config.station.place,
      training,
      outputs: config.outputs.map((output) => ({ outputId: output.id, name: output.name })),
    },
    review,
    clock,
    logbook,
    rows: store.logbook.rows,
    head: store.logbook.head,
  })
  const { keepDays, maxGb } = config.audio.airCheck
  const airCheck = new AirCheckService({
    dataDir,
    outputIds,
    clock,
    keepDays,
    maxBytes: maxGb === null ? null : maxGb * 1e9,
    rows: async (fromMs, toMs) => (await store.logbook.dayFacts(fromMs, toMs)).rows,
    note: (kind, subject, measured) => rows.note({ kind, actor: 'recorder', outputId: null, subject, measured }),
    onBudget: (budget, tooSmall) => alarms.set(tooSmall && !training, 'AIR_CHECK_ROOM', 'disk', { days: budget.daysLeft }),
    onError: (error) => log.error({ error: String(error) }, 'air-check'),
  })
  airCheck.start()
  return { review, sheets, airCheck }
}

const everyDay = ['0000-01-01', '9999-12-31'] as const

interface ChainParts {
  readonly clock: Clock
  readonly log: StationLog
  readonly store: Store
  readonly logbook: LogbookService
  readonly alarms: AlarmsService
  readonly facts: LogFacts
  onChanged(): void
}

/** The whole chain once at the start, then each minute what is new and a slice of the rest; what was found broken stays so. */
export function watchChain(parts: ChainParts): ChainWatch {
  const { clock, log, store, logbook, alarms, facts, onChanged } = parts
  const tell = (verdict: ChainVerdict) => {
    if (facts.chainOk === false || facts.chainOk === verdict.ok) return
    facts.chainOk = verdict.ok
    // What was found broken stays so: nothing clears it.
    if (!verdict.ok) alarms.raise('CHAIN_BROKEN', 'logbook', { seq: verdict.firstBadSeq, reason: verdict.reason })
    onChanged()
  }
  const onError = (error: unknown) => log.error({ error: String(error) }, 'chain check failed')
  const watch = new ChainWatch({ clock, verifySlice: store.logbook.verifySlice, onVerdict: tell, onError })
  logbook.onRow((row) => watch.written({ seq: row.seq, hash: row.hash }))
  watch.start()
  void logbook.verify().then(tell, onError)
  return watch
}

/** What was asked in earlier boots comes from the disk, in its own time; what is asked from now on with its row. */
export function watchQuestions({
  store,
  logbook,
  log,
  onChanged,
}: Pick<ChainParts, 'store' | 'logbook' | 'log' | 'onChanged'>): OpenQuestions {
  const questions = new OpenQuestions()
  logbook.onRow((row) => {
    if (questions.heard(row)) onChanged()
  })
  store.logbook.reviewRows(...everyDay).then(
    (rows) => {
      for (const row of rows) questions.heard(row)
      onChanged()
    },
    (error: unknown) => log.error({ error: String(error) }, 'questions not read'),
  )
  return questions
}

export function watchDisk(dataDir: string, clock: Clock, log: StationLog, alarms: AlarmsService): DiskWatch {
  const disk = new DiskWatch({
    dataDir,
    clock,
    onLevel: (level, freeMb) => {
      alarms.set(level === 'low', 'DISK_LOW', 'disk', { freeMb })
      alarms.set(level === 'full', 'DISK_FULL', 'disk', { freeMb })
    },
    onError: (error) => log.error({ error: String(error) }, 'disk'),
  })
  disk.start()
  return disk
}
