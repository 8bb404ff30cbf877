// A day's rows: read once, then what the station pushes is put behind them.
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { type BroadcastDay, dayOf } from '../../shared/domain/time.ts'
import type { StationClient } from '../link/client.ts'
import { useQueries } from '../link/queries.ts'
import { useApp } from '../state/app.ts'
import { createLogFeed, type LogFeed } from './log-feed.ts'

const pageRows = 5_000

export interface LogView {
  /** Null until the day was read. */
  readonly feed: LogFeed | null
  readonly state: 'loading' | 'failed' | 'ready'
  reload(): void
}

export function useLog(day: BroadcastDay): LogView {
  const { store } = useApp()
  const queries = useQueries()
  const options = queries.logbook.day.queryOptions({ input: { day, afterSeq: -1, limit: pageRows } })
  const { data, isError, isPending, refetch } = useQuery({
    ...options,
    queryFn: (context) => readAll(queries, day, context.signal),
    staleTime: 30_000,
  })
  const feed = useMemo(() => (data === undefined ? null : createLogFeed(data)), [data])
  useEffect(() => {
    if (feed === null) return
    let seen: readonly LogRow[] | null = null
    const take = () => {
      const tail = store.get().logTail
      if (tail === seen) return
      const known = seen?.at(-1)?.seq ?? -1
      seen = tail
      feed.add(tail.filter((row) => row.seq > known && dayOf(row.atMs) === day))
    }
    take()
    return store.subscribe(take)
  }, [feed, store, day])
  return { feed, state: isError ? 'failed' : isPending ? 'loading' : 'ready', reload: () => void refetch() }
}

/** The rows of a filter, drawn again with every addition. The list is the feed's own: it grows in place. */
export function useFeed(feed: LogFeed): number {
  return useSyncExternalStore(feed.subscribe, feed.version)
}

/** A copy of all rows, taken over at most once per period; the last row always arrives. */
export function useCalmRows(feed: LogFeed, everyMs: number): readonly LogRow[] {
  const [rows, setRows] = useState<readonly LogRow[]>(() => [...feed.rows('all')])
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const take = () => {
      timer = undefined
      setRows([...feed.rows('all')])
    }
    take()
    const stop = feed.subscribe(() => {
      timer ??= setTimeout(take, everyMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [feed, everyMs])
  return rows
}

async function readAll(queries: ReturnType<typeof useQueries>, day: BroadcastDay, signal: AbortSignal): Promise<LogRow[]> {
  const call: StationClient['logbook']['day'] = queries.logbook.day.call
  const rows: LogRow[] = []
  for (;;) {
    const page = await call({ day, afterSeq: rows.at(-1)?.seq ?? -1, limit: pageRows }, { signal })
    rows.push(...page)
    if (page.length < pageRows) return rows
  }
}
