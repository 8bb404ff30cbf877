// One door to preview for alerts and recordings, whichever way the sound goes.
import { useCallback } from 'react'
import type { AlertId, CartId } from '../../shared/domain/ids.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectCue, selectStation, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { type Order, useOrder } from '../state/use-order.ts'
import type { PreviewSubject } from './preview-player.ts'

export interface Preview {
  readonly via: 'device' | 'browser' | 'none'
  readonly playing: boolean
  readonly order: Order
  /** Position of what plays, ms; null when it does not. */
  positionMs(): number | null
  toggle(): void
  seek(toMs: number): void
}

export function usePreview(subject: PreviewSubject | null): Preview {
  const { browserPreview, clock, meters, notices } = useApp()
  const { t, failure } = useTexts()
  const order = useOrder()
  const cue = useScreen(selectCue)
  const { via } = useScreen(selectStation).cue
  const inBrowser = useSignal(browserPreview.playing)
  const kind = subject?.kind ?? 'cart'
  const id = subject?.id ?? ''
  const onDevice = cue !== null && cue.subject.kind === kind && cue.subject.id === id
  const playing = subject !== null && (via === 'browser' ? inBrowser?.kind === kind && inBrowser.id === id : onDevice)
  const { give } = order

  const start = useCallback(
    (fromMs: number) => {
      const words = t('alerts.preview')
      if (via === 'browser') {
        const text = failure('CUE_UNAVAILABLE', {})
        browserPreview.play({ kind, id }, fromMs, () => notices.post({ tone: 'refused', order: words, what: text.what, todo: text.todo }))
        return
      }
      const offsetMs = Math.round(fromMs)
      void give(words, async (client) => {
        if (kind === 'alert') await client.alerts.preview({ alertId: id as AlertId, offsetMs })
        else await client.library.preview({ cartId: id as CartId, offsetMs })
      })
    },
    [browserPreview, failure, give, id, kind, notices, t, via],
  )
  const toggle = () => {
    if (subject === null) return
    if (!playing) start(0)
    else if (via === 'browser') browserPreview.stop()
    else void give(t('alerts.previewStop'), (client) => client.alerts.stopPreview())
  }
  const positionMs = () => {
    if (!playing) return null
    if (via === 'browser') return browserPreview.positionMs()
    const measured = meters.fresh(performance.now())?.cue?.positionMs ?? null
    if (measured !== null) return measured
    return cue === null ? null : clock.now() - cue.startedAtMs + cue.offsetMs
  }
  return { via, playing, order, positionMs, toggle, seek: start }
}
