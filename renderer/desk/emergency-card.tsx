// The door to an emergency from the desk: what waits, what is airing, compose, and the microphone. Nothing fires from here:
// the red key stands only beside the full content of an alert.
import type { AlertView } from '../../shared/domain/alert.ts'
import { durationText } from '../../shared/domain/time.ts'
import { momentText } from '../format/moment.ts'
import { useMicrophone } from '../frame/microphone.ts'
import { chordLabel } from '../keys/chord.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useModeWords } from '../alerts/mode-words.ts'
import { selectAlerts, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Card } from '../ui/card.tsx'
import { Icon } from '../ui/icon.tsx'

const order: readonly AlertView['state'][] = ['airing', 'armed', 'ready', 'rendering', 'failed', 'draft']

/** What can still go out, the most urgent first; what has expired is last. */
export function waitingAlerts(alerts: readonly AlertView[], correctionId: string | null, nowMs: number): readonly AlertView[] {
  const expired = (alert: AlertView) => (alert.expiresAtMs !== null && alert.expiresAtMs <= nowMs && alert.state !== 'airing' ? 1 : 0)
  // What was cut off waits for a decision before anything else does; only what airs stands above it.
  const cutOff = (alert: AlertView) => (alert.state === 'airing' ? 2 : alert.interrupted === undefined ? 0 : 1)
  return alerts
    .filter((alert) => order.includes(alert.state) && alert.alertId !== correctionId)
    .sort(
      (a, b) =>
        expired(a) - expired(b) ||
        cutOff(b) - cutOff(a) ||
        order.indexOf(a.state) - order.indexOf(b.state) ||
        (b.riskLevel ?? 0) - (a.riskLevel ?? 0) ||
        b.createdAtMs - a.createdAtMs,
    )
}

/** When an alert went out; one aired before the station kept that moment is told by when it was written. */
export function airedAt(alert: AlertView) {
  return alert.airedAtMs ?? alert.createdAtMs
}

export function EmergencyCard() {
  const { clock, navigation, preferences } = useApp()
  const { t } = useTexts()
  const mode = useModeWords()
  const alerts = useScreen(selectAlerts)
  const correction = useScreen((screen) => screen.alerts.correctionAlertId)
  const keys = useSignal(preferences.keyMap)
  const microphone = useMicrophone()
  const waiting = waitingAlerts(alerts, correction, clock.now()).filter(
    (alert) => alert.expiresAtMs === null || alert.expiresAtMs > clock.now(),
  )
  const last = alerts.filter((alert) => alert.state === 'aired' || alert.state === 'airing').sort((a, b) => airedAt(b) - airedAt(a))[0]
  return (
    <Card
      className="emergency"
      title={t('desk.emergency')}
      aside={
        <>
          {waiting.length > 0 && (
            <button
              type="button"
              className="btn small-target emergency-count"
              data-one={waiting.length === 1}
              onClick={() => navigation.go('alerts')}
            >
              {t('alerts.waiting', { n: waiting.length })}
            </button>
          )}
          {last === undefined
            ? t('alerts.neverAired')
            : t('alerts.lastAired', { time: momentText(airedAt(last), clock.now()), title: waiting.length > 0 ? '' : last.title })}
        </>
      }
    >
      <div className="emergency-queue">
        {waiting.slice(0, 2).map((alert) => (
          <div
            key={alert.alertId}
            className="emergency-row"
            data-drill={alert.mode === 'drill'}
            data-cut-off={alert.interrupted !== undefined}
          >
            {alert.riskLevel === null ? (
              <i />
            ) : (
              <i className={`risk-${alert.riskLevel}`} role="img" aria-label={t('alerts.risk', { level: alert.riskLevel })}>
                {alert.riskLevel}
              </i>
            )}
            <div>
              <b className="emergency-title" title={alert.title}>
                {alert.title}
              </b>
              <div className="small muted">
                {mode(alert.mode).name} ·{' '}
                {alert.interrupted === undefined ? (
                  t(`alertState.${alert.state}`)
                ) : (
                  <b className="flag-p1">▲ {t('alerts.interruptedShort', { time: durationText(alert.interrupted.positionMs) })}</b>
                )}
                {alert.expiresAtMs !== null && ` · ${t('alerts.expiresAt', { time: momentText(alert.expiresAtMs, clock.now()) })}`}
              </div>
            </div>
            <button type="button" className="btn" onClick={() => navigation.openAlert(alert.alertId)}>
              {t('alerts.open')}
            </button>
          </div>
        ))}
        {waiting.length === 0 && <p className="empty small">{t('alerts.empty')}</p>}
      </div>
      <div className="emergency-keys">
        <button type="button" className="btn big" onClick={() => navigation.compose()}>
          <span>{t('alerts.compose')}</span>
          <small>{chordLabel(keys.compose)}</small>
        </button>
        <button
          type="button"
          className="btn big"
          data-order={microphone.order.state.kind}
          aria-pressed={microphone.open}
          onClick={() => microphone.toggle('screen')}
        >
          <span>
            <Icon name="mic" /> {microphone.open ? t('frame.micOrderClose') : t('desk.readLive')}
          </span>
          <small>{microphone.configured ? t('desk.micKey', { key: chordLabel(keys.microphone) }) : t('desk.micMissing')}</small>
        </button>
      </div>
    </Card>
  )
}
