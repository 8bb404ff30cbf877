// The store with its alarms: a disk that fails, is full or slow is told, whatever else waits for it.
import type { Clock } from '../../shared/domain/clock.ts'
import type { AlarmsService, DiskWatch } from '../health/index.ts'
import type { ScreenHub } from '../screen/index.ts'
import { openStore, type Store } from '../store/index.ts'

interface StoreParts {
  readonly dataDir: string
  readonly bootId: string
  readonly clock: Clock
  readonly alarms: AlarmsService
  readonly disk: DiskWatch
  changed(...slices: Parameters<ScreenHub['changed']>): void
}

export function openStationStore({ dataDir, bootId, clock, alarms, disk, changed }: StoreParts): Promise<Store> {
  return openStore({
    path: `${dataDir}/station.sqlite`,
    bootId,
    clock,
    onHealth: (health) => {
      alarms.set(health.state === 'recovering', 'STORE_FAILED', 'store', { reason: health.state === 'recovering' ? health.reason : '' })
      if (health.state === 'recovering' && /FULL|ENOSPC/.test(health.code)) disk.isFull()
      alarms.set(health.state === 'slow', 'STORE_SLOW', 'store', {})
      changed('station')
    },
  })
}
