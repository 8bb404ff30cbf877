// A day's rows: read once, then what the station pushes is put behind them.
import { useQuery } from '@tanstack/react-query'
import { useMemo, useSyncExternalStore } from 'react'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { type BroadcastDay, dayOf } from '../../shared/domain/time.ts'
import type { StationClient } from '../link/client.ts'
import { useQueries } from '../link/queries.ts'
import { useApp } from '../state/app.ts'

const pageRows = 5_000

const noRows: readonly LogRow[] = []

export interface LogView {
  readonly rows: readonly LogRow[]
  readonly state: 'loading' | 'failed' | 'ready'
  reload(): void
}

export function useLog(day: BroadcastDay): LogView {
  const { store } = useApp()
  const queries = useQueries()
  const tail = useSyncExternalStore(store.subscribe, () => store.get().logTail)
  const options = queries.logbook.day.queryOptions({ input: { day, afterSeq: -1, limit: pageRows } })
  const { data, isError, isPending, refetch } = useQuery({
    ...options,
    queryFn: (context) => readAll(queries, day, context.signal),
    staleTime: 30_000,
  })
  const rows = useMemo(() => {
    if (data === undefined) return noRows
    const read = data
    const last = read.at(-1)?.seq ?? -1
    return [...read, ...tail.filter((row) => row.seq > last && dayOf(row.atMs) === day)]
  }, [data, tail, day])
  return { rows, state: isError ? 'failed' : isPending ? 'loading' : 'ready', reload: () => void refetch() }
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
