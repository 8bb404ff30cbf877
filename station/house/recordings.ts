// The recordings of the station: the library, its catalogue in memory, and the hot keys that play from it.
import type { Clock } from '../../shared/domain/clock.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { StationConfig } from '../../shared/config.ts'
import { CartCatalog, createLibrary, type Library, onlyApproved, withRows } from '../library/index.ts'
import { HotKeys, type LogPort } from '../onair/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { Store } from '../store/index.ts'
import type { AlarmsService } from '../health/index.ts'
import type { StationLog } from './options.ts'
import { Standby } from './standby.ts'

interface RecordingParts {
  readonly dataDir: string
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: StationLog
  readonly store: Store
  readonly rows: LogPort
  readonly alarms: AlarmsService
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

export interface Recordings {
  readonly library: Library
  readonly catalog: CartCatalog
  readonly hotKeys: HotKeys
  readonly standby: Standby
}

export async function openRecordings({ dataDir, config, clock, log, store, rows, alarms, changed }: RecordingParts): Promise<Recordings> {
  const made = onlyApproved(
    createLibrary({
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
    }),
  )
  await made.open()
  const library = withRows(made, (row) => rows.note(row))
  const catalog = new CartCatalog(library)
  await catalog.refresh()
  const hotKeys = new HotKeys({
    settings: store.settings,
    config,
    playable: (cartId) => catalog.playable(cartId),
    title: (cartId) => catalog.get(cartId)?.title ?? null,
    mayPlay: (cartId) => standby.mayPlay(cartId),
    onAssigned: (slot, title, loop, actor) =>
      rows.note({ kind: 'operator.command', actor, outputId: null, subject: 'assignHotKey', sent: { slot, title, loop } }),
    onChanged: () => {
      changed('hotKeys')
      standby.look()
    },
  })
  await hotKeys.load()
  const standby: Standby = new Standby({
    clock,
    library,
    catalog,
    alarms,
    wanted: () => [...hotKeys.carts(), ...fills(config, catalog)],
    onChanged: () => changed('hotKeys'),
    log: (error) => log.error({ error: String(error) }, 'standby recordings'),
  })
  return { library, catalog, hotKeys, standby }
}

/** What may sound as fill, the one that is wanted first. */
export function fills(config: StationConfig, catalog: Pick<CartCatalog, 'all'>): readonly CartId[] {
  const { defaultFillCartId } = config.schedule
  const others = catalog.all().flatMap((cart) => (cart.contentType === 'fill' && cart.cartId !== defaultFillCartId ? [cart.cartId] : []))
  return defaultFillCartId === null ? others : [defaultFillCartId, ...others]
}
