// Arm, then the one red key. Red after at least 3 s were heard; before that amber, held two seconds, "phát không nghe thử".
// A press on Enter or Space does nothing; letting go early does nothing; the order leaves exactly when the hold is full.
import { useEffect, useRef, useState } from 'react'
import type { AlertView } from '../../shared/domain/alert.ts'
import { CutInId, newId } from '../../shared/domain/ids.ts'
import { chordLabel } from '../keys/chord.ts'
import type { HoldBy } from '../keys/hold-machine.ts'
import { isTyping, useKey, useKeyboard } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectAlerts, selectCorrection, selectStation, useApp, useLink, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { useOrder } from '../state/use-order.ts'
import { HoldKey } from '../ui/hold-key.tsx'
import { OrderButton } from '../ui/order-button.tsx'
import { usePreview } from '../live/use-preview.ts'
import { isExpired } from './alert-list.tsx'

/** At least this much must have been heard for the red key, ms. */
export const heardEnoughMs = 3_000
export const fireHoldMs = 1_000
export const fireUnheardHoldMs = 2_000
const shortEscMs = 500

export function FirePanel({ alert }: { readonly alert: AlertView }) {
  const { t } = useTexts()
  const { navigation, preferences } = useApp()
  const escKey = chordLabel(useSignal(preferences.keyMap).stopAll)
  const station = useScreen(selectStation)
  const correctionId = useScreen(selectCorrection)
  const armed = alert.state === 'armed'
  useEscDisarms(alert, armed)
  if (alert.state === 'aired' || alert.state === 'cancelled') {
    return (
      <div className="fire-panel">
        <button
          type="button"
          className="btn big"
          onClick={() => {
            navigation.alertId.set(alert.alertId)
            navigation.composing.set(true)
          }}
        >
          {t('alerts.composeAgain')}
        </button>
      </div>
    )
  }
  const corrected = correctionId !== null && correctionId !== alert.alertId
  return (
    <div className="fire-panel" data-mode={alert.mode}>
      <FireKey alert={alert} />
      {armed ? (
        <div className="fire-two">
          <span className="fire-note small">
            {corrected && (
              <>
                <span className="tick">✓</span> {t('alerts.correctionReady')}
              </>
            )}
          </span>
          <OrderButton words={t('alerts.disarm')} run={(client) => client.alerts.disarm({ alertId: alert.alertId })}>
            {t('alerts.disarmKey', { key: escKey })}
          </OrderButton>
        </div>
      ) : alert.interrupted !== undefined ? null : (
        <div className="fire-two">
          <OrderButton
            className="primary grow arm"
            words={t('alerts.arm')}
            title={t('alerts.armHint')}
            disabled={alert.state !== 'ready' || (alert.mode === 'live' && !station.liveFiring)}
            run={(client) => client.alerts.arm({ alertId: alert.alertId })}
          >
            {t('alerts.arm')}
          </OrderButton>
          <OrderButton
            words={t('alerts.withdraw')}
            disabled={alert.alertId === correctionId}
            run={(client) => client.alerts.cancel({ alertId: alert.alertId })}
          >
            {t('alerts.withdraw')}
          </OrderButton>
        </div>
      )}
    </div>
  )
}

/** Why the key is locked, null when it may be held. */
function lockOf(
  alert: AlertView,
  liveFiring: boolean,
  nowMs: number,
): 'liveOff' | 'expired' | 'notReady' | 'notChosen' | 'notArmed' | null {
  if (alert.mode === 'live' && !liveFiring) return 'liveOff'
  if (isExpired(alert, nowMs)) return 'expired'
  if (alert.audio === null) return 'notReady'
  if (alert.state === 'armed') return null
  return alert.interrupted === undefined ? 'notArmed' : 'notChosen'
}

function FireKey({ alert }: { readonly alert: AlertView }) {
  const { clock, notices, preferences } = useApp()
  const { t, failure } = useTexts()
  const station = useScreen(selectStation)
  const link = useLink()
  const order = useOrder()
  const key = chordLabel(useSignal(preferences.keyMap).fire)
  const lock = lockOf(alert, station.liveFiring, clock.now())
  const heard = useHeardEnough(alert) && station.cue.via !== 'none'
  const enabled = lock === null && link.kind === 'live' && order.state.kind !== 'sent'
  const otherArmed = useScreen(selectAlerts).some((each) => each.state === 'armed' && each.alertId !== alert.alertId)
  // A locked key says why. While another alert is armed the key brings that one into view.
  useKey(
    'fire',
    () => {
      if (otherArmed) return false
      const text = lock === null ? failure('OFFLINE', {}) : { what: t(`alertLock.${lock}`), todo: '' }
      notices.post({ tone: 'info', order: t('alerts.fire'), what: text.what, todo: text.todo })
      return undefined
    },
    !enabled && order.state.kind !== 'sent',
  )
  const fire = (by: HoldBy, heldMs: number) => {
    const cutInId = newId(CutInId, 'cutin')
    void order.give(t('alerts.fire'), (client) =>
      client.alerts.fire({ alertId: alert.alertId, cutInId, via: by === 'keyboard' ? 'keyboard' : 'screen', heldMs }),
    )
  }
  const label = heard ? (alert.mode === 'drill' ? t('alerts.fireDrill') : t('alerts.fireHold')) : t('alerts.fireUnheard')
  return (
    <HoldKey
      className={`fire-key ${lock === null ? (heard ? 'heard' : 'unheard') : 'locked'} ${alert.mode}`}
      needMs={heard ? fireHoldMs : fireUnheardHoldMs}
      enabled={enabled}
      action="fire"
      onComplete={fire}
    >
      {order.state.kind === 'sent' ? (
        <span>{t('alerts.fireSent')}</span>
      ) : order.state.kind === 'confirmed' ? (
        <span>{t('alerts.fireTaken')}</span>
      ) : (
        <>
          <span>{lock === null ? `${label} · ${key}` : t('alerts.locked')}</span>
          <small>
            {lock === null
              ? heard
                ? station.training
                  ? t('alerts.drillTrainingHint')
                  : t('alerts.firePaths', { mode: alert.mode === 'live' ? t('alerts.liveWord') : t('alerts.drillWord') })
                : t('alerts.fireUnheardHint')
              : t(`alertLock.${lock}`)}
          </small>
        </>
      )}
    </HoldKey>
  )
}

/** Whether enough of this very audio was heard: what the station counted, and what is playing just now. */
function useHeardEnough(alert: AlertView): boolean {
  const { ticker } = useApp()
  const preview = usePreview({ kind: 'alert', id: alert.alertId })
  const counted = alert.previewedMs >= heardEnoughMs
  const key = `${alert.alertId} ${alert.audio?.sha256 ?? ''}`
  const [heardKey, setHeardKey] = useState('')
  const position = useRef(preview.positionMs)
  position.current = preview.positionMs
  const { playing } = preview
  useEffect(() => {
    if (counted || !playing) return
    // Counted from where the preview began, so that a seek to the end is no hearing.
    const fromMs = performance.now()
    return ticker.slow((nowMs) => {
      if (position.current() !== null && nowMs - fromMs >= heardEnoughMs) setHeardKey(key)
    })
  }, [counted, playing, ticker, key])
  return counted || heardKey === key
}

/** A short Esc disarms; the same key held stops all loudspeakers, so the stroke is only watched, never taken. */
function useEscDisarms(alert: AlertView, armed: boolean) {
  const keyboard = useKeyboard()
  const { t } = useTexts()
  const { give } = useOrder()
  const pressedAtMs = useRef<number | null>(null)
  useEffect(() => {
    if (!armed) return
    return keyboard.on('stopAll', (stroke) => {
      if (stroke.phase === 'down') {
        if (!stroke.repeat) pressedAtMs.current = isTyping(stroke.target) ? null : stroke.atMs
      } else if (pressedAtMs.current !== null && stroke.atMs - pressedAtMs.current < shortEscMs) {
        pressedAtMs.current = null
        void give(t('alerts.disarm'), (client) => client.alerts.disarm({ alertId: alert.alertId }))
      }
      return false
    })
  }, [armed, alert.alertId, give, keyboard, t])
}
