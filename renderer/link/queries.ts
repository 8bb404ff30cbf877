// TanStack Query over the contract (oRPC's adapter), through whatever line is open at the moment of the call.
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import type { RouterUtils } from '@orpc/tanstack-query'
import { createContext, useContext } from 'react'
import type { Connection } from './connection.ts'
import type { StationClient } from './client.ts'

export type StationQueries = RouterUtils<StationClient>

export const QueriesContext = createContext<StationQueries | null>(null)

export function useQueries(): StationQueries {
  const queries = useContext(QueriesContext)
  if (queries === null) throw new Error('no queries above this component')
  return queries
}

/** A client that looks for the open line at each call, so that it outlives reconnections. */
export function createQueries(connection: Connection): StationQueries {
  return createTanstackQueryUtils(pathClient(connection, []) as unknown as StationClient)
}

type Call = (input: unknown, options: unknown) => unknown

function pathClient(connection: Connection, path: readonly string[]): unknown {
  const call: Call = (input, options) => {
    let target: unknown = connection.client()
    if (target === null) throw new Error('no connection')
    for (const part of path) target = (target as Record<string, unknown>)[part]
    return (target as Call)(input, options)
  }
  return new Proxy(call, {
    get: (_target, part) => (typeof part === 'string' && part !== 'then' ? pathClient(connection, [...path, part]) : undefined),
  })
}
