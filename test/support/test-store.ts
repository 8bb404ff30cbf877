// The real store on a file of the test's own, closed when the test is over.
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { systemClock } from '../../shared/domain/clock.ts'
import { openStore, type Store, type StoreOptions } from '../../station/store/index.ts'

export async function openTestStore(folder: string, options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({ path: join(folder, 'station.sqlite'), bootId: 'boot-1', clock: systemClock, ...options })
  onTestFinished(async () => {
    await store.close()
  })
  return store
}
