// The station's door: who may come in, what is asked and answered there. Opened last, when orders can be taken.
import type { Clock } from '../../shared/domain/clock.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import type { LogPort } from '../onair/index.ts'
import { PeopleService } from '../people/index.ts'
import { loadStaticFiles, Sessions, startServer, type StationServer, type StationServices } from '../rpc/index.ts'
import type { Store } from '../store/index.ts'
import { metricsText } from './metrics.ts'
import type { StationLog } from './options.ts'

interface DoorParts {
  readonly services: Omit<StationServices, 'people' | 'searchLogbook'>
  readonly store: Store
  readonly rows: LogPort
  readonly clock: Clock
  readonly log: StationLog
  readonly training: boolean
  readonly bootId: string
  readonly startedAtMs: EpochMs
  readonly token: string
  readonly screensDir: string
  readonly port: number
  readonly version: string
  logSeq(): number
}

export async function openDoor(parts: DoorParts): Promise<{ server: StationServer; sessions: Sessions }> {
  const { services, store, rows, clock, log, training, bootId, startedAtMs } = parts
  const people = new PeopleService({
    store: store.settings,
    clock,
    training,
    onChanged: (what, person, by) =>
      rows.note({ kind: 'people.changed', actor: by, outputId: null, subject: person.name, measured: { change: what, role: person.role } }),
  })
  // Without them nobody can sign in; the air does not ask.
  await people.load().catch((error: unknown) => log.error({ error: String(error) }, 'people could not be read'))
  const sessions = new Sessions(clock, parts.token, (personId) => people.get(personId))
  const server = await startServer({
    services: {
      ...services,
      people,
      searchLogbook: (query) => store.logbook.search(query),
    },
    sessions,
    files: await loadStaticFiles(parts.screensDir),
    port: parts.port,
    version: parts.version,
    metrics: () =>
      metricsText({
        onair: services.onair.views(),
        devices: services.plant.views(),
        alarms: services.alarms.views(),
        logSeq: parts.logSeq(),
        uptimeS: (clock.now() - startedAtMs) / 1000,
      }),
    health: () => ({ ok: true, detail: { bootId, audio: services.onair.views().map((view) => view.audio.state) } }),
    onError: (error) => log.error({ error: error instanceof Error ? error.stack : String(error) }, 'request failed'),
  })
  return { server, sessions }
}
