// NGẮT TIẾNG TOÀN BỘ LOA: on every screen, held one second by hand or by its key, also mid-word in a text field.
import { chordLabel } from '../keys/chord.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { useOrder } from '../state/use-order.ts'
import { HoldKey } from '../ui/hold-key.tsx'

export const stopHoldMs = 1_000

export function StopKey() {
  const { preferences } = useApp()
  const { t } = useTexts()
  const order = useOrder()
  const key = chordLabel(useSignal(preferences.keyMap).stopAll)
  const words = t('frame.stopAllOrder')
  const note =
    order.state.kind === 'sent'
      ? t('frame.stopSent')
      : order.state.kind === 'confirmed'
        ? t('frame.stopConfirmed')
        : t('frame.stopAllHold', { key })
  return (
    <div className="frame-stop">
      <HoldKey
        className="stop-key"
        needMs={stopHoldMs}
        enabled
        action="stopAll"
        startOnRepeat
        onComplete={(by) =>
          void order.give(words, (client) => client.onair.stop({ outputIds: [], via: by === 'keyboard' ? 'keyboard' : 'screen' }))
        }
      >
        <span className="stop-words">{t('frame.stopAll')}</span>
        <small>{note}</small>
      </HoldKey>
    </div>
  )
}
