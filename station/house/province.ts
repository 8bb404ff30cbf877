// Connects the province area with the rest of the station, where a province is configured. What cannot be read (an authority, a token)
// is an alarm and a station without a province, never a station that does not start.
import { readFile, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { AlarmsService, DiskLevel } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'
import type { LogPort } from '../onair/index.ts'
import { createLink, ProvinceService } from '../province/index.ts'
import type { ScheduleService } from '../schedule/index.ts'
import type { Store } from '../store/index.ts'
import type { StationLog } from './options.ts'

export interface ProvinceParts {
  readonly dataDir: string
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: StationLog
  readonly rows: LogPort
  readonly store: Store
  readonly alarms: AlarmsService
  readonly schedule: ScheduleService
  readonly alerts: AlertsService
  readonly library: Library
  readonly catalog: CartCatalog
  clockTrusted(): boolean
  diskLevel(): DiskLevel
  onChanged(): void
  onWitnessed(head: { readonly seq: number; readonly hash: string }): void
  onHeadsTold(): void
}

/** Rows, progress and arrivals come in bursts; nobody reads the province's age faster than this, ms. */
const tellEveryMs = 500

/** null = none is configured, or its files cannot be read. */
export async function createProvince(parts: ProvinceParts): Promise<ProvinceService | null> {
  const { config, store, alarms, log } = parts
  if (config.province.adapter === 'none') {
    void store.outbox.open(false).catch((error: unknown) => log.warn({ error: String(error) }, 'outbox'))
    return null
  }
  try {
    return new ProvinceService(await portsOf(parts, config.province.adapter))
  } catch (error) {
    log.error({ error: String(error) }, 'province')
    alarms.raise('PROVINCE_LINK_FAILED', 'province', { reason: error instanceof Error ? error.message : String(error) })
    return null
  }
}

async function portsOf(
  {
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
    clockTrusted,
    diskLevel,
    onChanged,
    onWitnessed,
    onHeadsTold,
  }: ProvinceParts,
  adapter: 'http' | 'folder',
): Promise<ConstructorParameters<typeof ProvinceService>[0]> {
  const { url, caFile, tokenFile, mqttUrl, folder, trustedKeys } = config.province
  const place = (path: string) => (isAbsolute(path) ? path : join(dataDir, path))
  const ca = caFile === null ? null : await readFile(place(caFile), 'utf8')
  const token = tokenFile === null ? null : (await readFile(place(tokenFile), 'utf8')).trim()
  const settings = {
    adapter,
    stationId: config.station.id,
    url,
    ca,
    token,
    mqttUrl,
    folder: folder === null ? null : place(folder),
    trustedKeys,
    mediaFolder: join(dataDir, 'province', 'media'),
  }
  return {
    clock,
    config,
    store,
    log: rows,
    trouble: log,
    alarms,
    rundown: schedule.edits,
    alerts: {
      find(alertId) {
        try {
          return alerts.get(alertId)
        } catch (error) {
          if (error instanceof OperatorError) return null
          throw error
        }
      },
      ofOrder: (provinceItemId) => alerts.list().find((card) => card.origin?.provinceItemId === provinceItemId) ?? null,
      compose: (draft, alertId, origin, actor) => alerts.compose(draft, alertId, origin, actor),
      cancel: async (alertId) => void (await alerts.cancel(alertId, 'province')),
    },
    library: {
      bySha256: (sha256) => catalog.all().find((cart) => cart.sha256 === sha256) ?? null,
      async importFile(path, name, request) {
        const cart = await library.importFile(path, name, { ...request, by: 'province' })
        // Whoever is told that it is imported may use it with the next order.
        await catalog.refresh()
        return cart
      },
    },
    random: Math.random,
    clockTrusted,
    diskLevel,
    openLink: (events) => createLink(settings, events),
    discard: (path) => rm(path, { force: true }),
    onChanged: gathered(clock, onChanged),
    onWitnessed,
    onHeadsTold,
  }
}

/** Calls at most once in `tellEveryMs`, however often it is called. */
function gathered(clock: Clock, call: () => void): () => void {
  let waiting: Timer | null = null
  return () => {
    if (waiting !== null) return
    waiting = clock.after(tellEveryMs, () => {
      waiting = null
      call()
    })
  }
}
