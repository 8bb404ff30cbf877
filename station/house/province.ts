// Connects the province area with the rest of the station: the files that its configuration names, and the doors it needs. What cannot be
// read (an authority, a token) is said by its code and its place, so that a person can mend it.
import { X509Certificate } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { AlertsService } from '../alerts/index.ts'
import type { AlarmsService, DiskLevel } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'
import type { LogPort } from '../onair/index.ts'
import { createLink, type ProvincePorts, readStationKey, stationKey } from '../province/index.ts'
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

/** caUnreadable, tokenUnreadable, keyUnusable: the file cannot be read, or not be made · caInvalid: it holds no certificate · tokenEmpty: it holds nothing. */
type SetupFault = 'caUnreadable' | 'caInvalid' | 'tokenUnreadable' | 'tokenEmpty' | 'keyUnusable'

/** The province cannot be started before a person mends `what`: the key of the configuration and the file it names. */
export class ProvinceSetupError extends Error {
  readonly reason: SetupFault
  readonly what: string
  constructor(reason: SetupFault, what: string, cause?: unknown) {
    super(`${reason} ${what}`, { cause })
    this.name = 'ProvinceSetupError'
    this.reason = reason
    this.what = what
  }
}

/** Rejects with ProvinceSetupError. */
export async function portsOf(
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
): Promise<ProvincePorts> {
  const { url, caFile, tokenFile, mqttUrl, folder, trustedKeys } = config.province
  const place = (path: string) => (isAbsolute(path) ? path : join(dataDir, path))
  const ca = caFile === null ? null : await readCertificate(place(caFile))
  const token = tokenFile === null ? null : await readToken(place(tokenFile))
  const signingKey = adapter === 'folder' ? await ownKey(join(dataDir, 'province', 'station-key.pem')) : null
  const settings = {
    adapter,
    stationId: config.station.id,
    url,
    ca,
    token,
    mqttUrl,
    folder: folder === null ? null : place(folder),
    trustedKeys,
    signingKey,
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
    signingKid: signingKey === null ? null : stationKey(signingKey).kid,
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

async function readCertificate(path: string): Promise<string> {
  const what = `province.caFile = ${path}`
  const pem = await readFile(path, 'utf8').catch((error: unknown) => Promise.reject(new ProvinceSetupError('caUnreadable', what, error)))
  try {
    new X509Certificate(pem)
  } catch (error) {
    throw new ProvinceSetupError('caInvalid', what, error)
  }
  return pem
}

async function readToken(path: string): Promise<string> {
  const what = `province.tokenFile = ${path}`
  const text = await readFile(path, 'utf8').catch((error: unknown) =>
    Promise.reject(new ProvinceSetupError('tokenUnreadable', what, error)),
  )
  if (text.trim() === '') throw new ProvinceSetupError('tokenEmpty', what)
  return text.trim()
}

function ownKey(path: string): Promise<string> {
  return readStationKey(path).catch((error: unknown) => Promise.reject(new ProvinceSetupError('keyUnusable', path, error)))
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
