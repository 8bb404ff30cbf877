// What the rundown needs of the rest of the station, in memory: days, recordings that are all there, and outputs that say nothing.
import { StationConfig } from '../../shared/config.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { RundownItemDraft } from '../../shared/domain/schedule.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import type { OutputNow, SchedulePorts } from '../../station/schedule/ports.ts'
import type { Store, StoredDay } from '../../station/store/index.ts'
import type { VirtualClock } from './virtual-clock.ts'

export function memoryRundown(): Store['rundown'] {
  const days = new Map<BroadcastDay, StoredDay>()
  const undo = new Map<BroadcastDay, StoredDay[]>()
  const get = (of: BroadcastDay): StoredDay => days.get(of) ?? { day: of, revision: 0, items: [], undoLabel: null }
  return {
    day: (of) => Promise.resolve(get(of)),
    replaceDay: (of, items, label) => {
      undo.set(of, [...(undo.get(of) ?? []), get(of)])
      const stored: StoredDay = {
        day: of,
        revision: get(of).revision + 1,
        items: items.map((item, position) => ({
          item: { ...item, position },
          state: 'planned',
          reason: null,
          actualStartMs: null,
          actualEndMs: null,
          originMs: null,
        })),
        undoLabel: label,
      }
      days.set(of, stored)
      return Promise.resolve(stored)
    },
    undo: (of) => {
      const before = undo.get(of)?.pop()
      if (!before) return Promise.resolve(null)
      days.set(of, before)
      return Promise.resolve({ label: 'x', day: before })
    },
    daysUsing: (cartId, fromDay) =>
      Promise.resolve(
        [...days.values()]
          .filter(
            ({ day, items }) => day >= fromDay && items.some(({ item: { source } }) => 'cartId' in source && source.cartId === cartId),
          )
          .map(({ day }) => day),
      ),
    setActual: () => Promise.resolve(),
  }
}

/** Nothing is on. */
export const nothingOn: OutputNow = { itemId: null, busyUntilMs: null, live: null, held: false, free: true }

/** A file row whose recording is as long as its name says. */
export function fileRow(
  title: string,
  ms: number,
  start: RundownItemDraft['start'],
  outputIds: RundownItemDraft['outputIds'] = [],
): RundownItemDraft {
  return {
    title,
    contentType: 'speech',
    source: { kind: 'file', cartId: `${title}-${ms}` as CartId },
    start,
    durationMs: 0,
    crossfadeMs: null,
    resume: null,
    outputIds,
  }
}

export function rundownPorts(clock: VirtualClock, config: object, changes: Partial<SchedulePorts>): SchedulePorts {
  return {
    clock,
    config: StationConfig.parse({ station: { id: 's', name: 'S' }, outputs: [{ id: 'main', name: 'Main' }], ...config }),
    rundown: memoryRundown(),
    playable: (cartId) => ({ path: `/air/${cartId}`, frames: 48 * Number(String(cartId).split('-')[1] ?? 0), gainDb: 0 }),
    fillCartId: () => 'fill-60000' as CartId,
    prove: () => Promise.resolve({ playable: true, reason: null }),
    outputNow: () => nothingOn,
    clockTrusted: () => true,
    setQueue: () => undefined,
    playNow: () => undefined,
    expectStart: () => undefined,
    onUnplayable: () => undefined,
    onSettled: () => undefined,
    onEdited: () => undefined,
    onMissed: () => undefined,
    onChanged: () => undefined,
    ...changes,
  }
}
