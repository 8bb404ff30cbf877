// Waveform overviews, read once per recording and kept.
import { useQuery } from '@tanstack/react-query'
import type { Peaks } from '../../shared/domain/library.ts'
import { useQueries } from '../link/queries.ts'

export function usePeaks(cartId: string | null): Peaks | null {
  const queries = useQueries()
  const { data } = useQuery({
    ...queries.library.peaks.queryOptions({
      input: { cartId: (cartId ?? '-') as Parameters<typeof queries.library.peaks.call>[0]['cartId'] },
    }),
    enabled: cartId !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? null
}
