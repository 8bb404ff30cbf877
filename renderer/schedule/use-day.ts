// The day that is shown: today comes with the station's pushes, other days are read and kept until they are changed.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { DayPlan } from '../../shared/domain/schedule.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import type { StationClient } from '../link/client.ts'
import { useQueries } from '../link/queries.ts'
import { selectSchedule, useScreen } from '../state/app.ts'
import { type Order, useOrder } from '../state/use-order.ts'

export interface DayView {
  readonly plan: DayPlan | null
  readonly failed: boolean
  readonly isToday: boolean
  readonly order: Order
  /** Gives an order that answers with the new plan. */
  change(words: string, run: (client: StationClient) => Promise<DayPlan>): Promise<DayPlan | null>
  reload(): void
}

export function useDay(day: BroadcastDay): DayView {
  const queries = useQueries()
  const cache = useQueryClient()
  const today = useScreen(selectSchedule)
  const isToday = today.day === day
  const options = queries.schedule.day.queryOptions({ input: { day } })
  const { data, isError, refetch } = useQuery({ ...options, enabled: !isToday })
  const order = useOrder()
  const { give } = order
  const change = useCallback(
    async (words: string, run: (client: StationClient) => Promise<DayPlan>) => {
      const plan = await give(words, run)
      if (plan !== null) cache.setQueryData(queries.schedule.day.queryKey({ input: { day: plan.day } }), plan)
      return plan
    },
    [cache, give, queries],
  )
  return { plan: isToday ? today : (data ?? null), failed: !isToday && isError, isToday, order, change, reload: () => void refetch() }
}
