// Who this window is to the station: the operator on duty, or a person who signed in by PIN for a while.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Person, SessionView } from '../../shared/domain/people.ts'
import type { StationClient } from '../link/client.ts'
import { useQueries } from '../link/queries.ts'
import { type Order, useOrder } from '../state/use-order.ts'

export interface SessionState {
  readonly session: SessionView | null
  readonly people: readonly Person[]
  readonly order: Order
  change(words: string, run: (client: StationClient) => Promise<SessionView>): Promise<SessionView | null>
}

export function useSession(): SessionState {
  const queries = useQueries()
  const cache = useQueryClient()
  const order = useOrder()
  const { data } = useQuery({ ...queries.session.view.queryOptions(), refetchInterval: 60_000 })
  const people = useQuery(queries.session.people.queryOptions())
  return {
    session: data ?? null,
    people: people.data ?? [],
    order,
    async change(words, run) {
      const next = await order.give(words, run)
      if (next !== null) cache.setQueryData(queries.session.view.queryKey(), next)
      return next
    },
  }
}
