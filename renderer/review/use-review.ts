// The supervisor's day as the station compares it, and the recording of one output of it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { DayReview } from '../../shared/domain/review.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import type { StationClient } from '../link/client.ts'
import { useQueries } from '../link/queries.ts'
import { useOrder } from '../state/use-order.ts'

export interface ReviewState {
  readonly review: DayReview | null
  readonly recorded: AirCheckDay | null
  readonly failed: boolean
  /** The recording could not be asked for. */
  readonly recordedFailed: boolean
  /** Gives an order that answers with the day as it is then; true = taken. */
  give(words: string, run: (client: StationClient) => Promise<DayReview>): Promise<boolean>
  reload(): void
}

export function useReview(day: BroadcastDay, outputId: OutputId, isToday: boolean): ReviewState {
  const queries = useQueries()
  const cache = useQueryClient()
  const refetchInterval = isToday ? 15_000 : (false as const)
  const review = useQuery({ ...queries.logbook.review.queryOptions({ input: { day } }), refetchInterval })
  const recorded = useQuery({ ...queries.recordings.day.queryOptions({ input: { day, outputId } }), refetchInterval })
  const order = useOrder()
  const give = useCallback(
    async (words: string, run: (client: StationClient) => Promise<DayReview>) => {
      const next = await order.give(words, run)
      if (next !== null) cache.setQueryData(queries.logbook.review.queryKey({ input: { day: next.day } }), next)
      return next !== null
    },
    [cache, order, queries],
  )
  return {
    review: review.data ?? null,
    recorded: recorded.data ?? null,
    failed: review.isError,
    recordedFailed: recorded.isError,
    give,
    reload: () => void review.refetch(),
  }
}
