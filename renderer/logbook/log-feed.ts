// A day's rows as they grow, by filter, outside React: a new row costs the same whether the day has ten or ten thousand.
import type { LogRow } from '../../shared/domain/logbook.ts'
import { groupOf, isUnusual, type LogGroup } from './row-format.ts'

export type LogFilter = 'all' | 'unusual' | LogGroup

export interface LogFeed {
  /** The rows of a filter, oldest first; the same list grows. */
  rows(filter: LogFilter): readonly LogRow[]
  /** Puts what is newer than the newest row behind it. `tail` is ordered by number and may overlap. */
  add(tail: readonly LogRow[]): void
  /** Changes with every addition. */
  version(): number
  subscribe(listener: () => void): () => void
}

export function createLogFeed(first: readonly LogRow[]): LogFeed {
  const lists: Record<LogFilter, LogRow[]> = { all: [], unusual: [], air: [], alert: [], device: [], alarm: [], edit: [], system: [] }
  const listeners = new Set<() => void>()
  const put = (row: LogRow) => {
    lists.all.push(row)
    lists[groupOf[row.kind]].push(row)
    if (isUnusual(row)) lists.unusual.push(row)
  }
  for (const row of first) put(row)
  return {
    rows: (filter) => lists[filter],
    add(tail) {
      const newestSeq = lists.all.at(-1)?.seq ?? -1
      let from = tail.length
      while (from > 0 && (tail[from - 1]?.seq ?? -1) > newestSeq) from -= 1
      if (from === tail.length) return
      for (const row of tail.slice(from)) put(row)
      for (const listener of listeners) listener()
    },
    version: () => lists.all.length,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
