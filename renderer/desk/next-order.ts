// The order to go on to what follows, with one second to think again. It is kept at the top of the window: an order that was given is
// sent or refused in words, whatever screen is shown when its second is over.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import type { StationClient } from '../link/client.ts'
import { useApp } from '../state/app.ts'
import type { AiredOutput } from '../state/station-store.ts'
import { type Order, useOrder } from '../state/use-order.ts'

/** Time in which the order can be taken back, ms. */
const undoMs = 1_000

export interface NextOrder {
  readonly order: Order
  /** Given, not yet sent: the same key or button takes it back. */
  readonly pending: boolean
  /** Gives the order for these outputs as they were seen; given again within its second it is taken back. */
  ask(targets: readonly AiredOutput[]): void
  takeBack(): void
}

export const NextOrderContext = createContext<NextOrder | null>(null)

/** Whether the order can do something now. What cannot is sent at once, for the station to refuse in words. */
function worthUndoing({ phase, next }: AiredOutput): boolean {
  return next !== null && phase !== 'cutIn' && phase !== 'liveInput' && phase !== 'stopped'
}

/** Made once at the top of the window, so that leaving the desk does not lose what was ordered there. */
export function useNextOrderSource(): NextOrder {
  const { navigation, notices } = useApp()
  const { t } = useTexts()
  const order = useOrder()
  const [pending, setPending] = useState(false)
  const waiting = useRef<{ readonly targets: readonly AiredOutput[]; readonly timer: ReturnType<typeof setTimeout> } | null>(null)

  const send = async (targets: readonly AiredOutput[]) => {
    const taken = await order.give(t('desk.takeNext'), (client: StationClient) =>
      Promise.all(
        targets.map((each) => client.onair.next({ outputId: each.outputId, expectItemId: (each.now ?? each.awaiting)?.itemId ?? null })),
      ),
    )
    // The desk shows it in its button; elsewhere nothing else would.
    if (taken !== null && navigation.screen.get() !== 'desk')
      notices.post({ tone: 'info', order: t('desk.takeNext'), what: t('common.confirmed'), todo: '' })
  }
  const sendNow = useRef(send)
  sendNow.current = send

  /** Ends the second; the targets of the order, if one was waiting. */
  const close = useCallback(() => {
    const { current } = waiting
    waiting.current = null
    if (current === null) return null
    clearTimeout(current.timer)
    setPending(false)
    return current.targets
  }, [])
  const sendWaiting = useCallback(() => {
    const targets = close()
    if (targets !== null) void sendNow.current(targets)
  }, [close])
  const ask = useCallback(
    (targets: readonly AiredOutput[]) => {
      if (close() !== null) return
      if (!targets.some(worthUndoing)) {
        void sendNow.current(targets)
        return
      }
      waiting.current = { targets, timer: setTimeout(sendWaiting, undoMs) }
      setPending(true)
    },
    [close, sendWaiting],
  )
  // The window goes (signed out, broken): sent now, or refused in words for want of a line.
  useEffect(() => sendWaiting, [sendWaiting])
  return useMemo(() => ({ order, pending, ask, takeBack: close }), [order, pending, ask, close])
}

export function useNextOrder(): NextOrder {
  const next = useContext(NextOrderContext)
  if (next === null) throw new Error('no order to go on above this component')
  return next
}
