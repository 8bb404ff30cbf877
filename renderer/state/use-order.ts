// An order as the operator sees it: sent → confirmed → result. "Confirmed" means the station took it; the result is what
// the station then measures and is shown where it is measured, never here.
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { failureOf, type OrderFailure, type StationClient } from '../link/client.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from './app.ts'

export type OrderState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'sent' }
  | { readonly kind: 'confirmed' }
  | { readonly kind: 'refused'; readonly failure: OrderFailure }

const confirmedShownMs = 1_500

export interface Order {
  readonly state: OrderState
  /** Gives the order; resolves to its answer, or null when it was refused or not sent. A second one waits for no first. */
  give<T>(words: string, run: (client: StationClient) => Promise<T>): Promise<T | null>
}

export function useOrder(): Order {
  const { connection, notices } = useApp()
  const { failure } = useTexts()
  const [state, setState] = useState<OrderState>({ kind: 'idle' })
  const latest = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const give = useCallback(
    async <T>(words: string, run: (client: StationClient) => Promise<T>): Promise<T | null> => {
      latest.current += 1
      const mine = latest.current
      const show = (next: OrderState) => {
        if (mine === latest.current) setState(next)
      }
      clearTimeout(timer.current)
      setState({ kind: 'sent' })
      const client = connection.client()
      try {
        if (client === null) throw new Error('no connection')
        const answer = await run(client)
        show({ kind: 'confirmed' })
        timer.current = setTimeout(() => show({ kind: 'idle' }), confirmedShownMs)
        return answer
      } catch (error) {
        const refused = failureOf(error)
        const text = failure(refused.code, refused.detail)
        notices.post({ tone: 'refused', order: words, what: text.what, todo: text.todo })
        show({ kind: 'refused', failure: refused })
        return null
      }
    },
    [connection, notices, failure],
  )
  return useMemo(() => ({ state, give }), [state, give])
}
