// The recordings of the station: the library, its catalogue in memory, and the hot keys that play from it.
import type { Clock } from '../../shared/domain/clock.ts'
import type { StationConfig } from '../../shared/config.ts'
import { CartCatalog, createLibrary, type Library, onlyApproved, withRows } from '../library/index.ts'
import { HotKeys, type LogPort } from '../onair/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import type { Store } from '../store/index.ts'
import type { StationLog } from './options.ts'

interface RecordingParts {
  readonly dataDir: string
  readonly config: StationConfig
  readonly clock: Clock
  readonly log: StationLog
  readonly store: Store
  readonly rows: LogPort
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

export async function openRecordings({
  dataDir,
  config,
  clock,
  log,
  store,
  rows,
  changed,
}: RecordingParts): Promise<{ readonly library: Library; readonly catalog: CartCatalog; readonly hotKeys: HotKeys }> {
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
    onChanged: () => changed('hotKeys'),
  })
  await hotKeys.load()
  return { library, catalog, hotKeys }
}
