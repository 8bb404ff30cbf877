// All alerts: what waits first, then the last ones aired; what can no longer go out is struck with the reason, never hidden.
import type { AlertView } from '../../shared/domain/alert.ts'
import { clockText, dateText, durationText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { leftText } from '../format/numbers.ts'
import { selectAlerts, selectCorrection, useApp, useScreen } from '../state/app.ts'
import { airedAt, waitingAlerts } from '../desk/emergency-card.tsx'

const pastShown = 8

export function AlertList({ shown }: { readonly shown: string | null }) {
  const { clock, navigation } = useApp()
  const { t } = useTexts()
  const alerts = useScreen(selectAlerts)
  const correctionId = useScreen(selectCorrection)
  const waiting = waitingAlerts(alerts, correctionId, clock.now())
  const correction = alerts.filter((alert) => alert.alertId === correctionId)
  const past = alerts.filter((alert) => alert.state === 'aired' || alert.state === 'cancelled').sort((a, b) => airedAt(b) - airedAt(a))
  return (
    <nav className="alert-list" aria-label={t('alerts.list')}>
      <button
        type="button"
        className="btn primary"
        onClick={() => {
          navigation.alertId.set(null)
          navigation.compose()
        }}
      >
        {t('alerts.compose')}
      </button>
      <div className="alert-scroll">
        <Group
          title={t('alerts.waiting', { n: waiting.filter((alert) => !isExpired(alert, clock.now())).length })}
          alerts={waiting}
          shown={shown}
        />
        <Group title={t('alerts.prepared')} alerts={correction} shown={shown} />
        <Group title={t('alerts.past')} alerts={past.slice(0, pastShown)} shown={shown} />
      </div>
    </nav>
  )
}

function Group({ title, alerts, shown }: { readonly title: string; readonly alerts: readonly AlertView[]; readonly shown: string | null }) {
  if (alerts.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {alerts.map((alert) => (
          <li key={alert.alertId}>
            <Row alert={alert} current={alert.alertId === shown} />
          </li>
        ))}
      </ul>
    </section>
  )
}

export function isExpired(alert: AlertView, nowMs: number): boolean {
  return alert.expiresAtMs !== null && alert.expiresAtMs <= nowMs
}

function Row({ alert, current }: { readonly alert: AlertView; readonly current: boolean }) {
  const { navigation, clock } = useApp()
  const { t } = useTexts()
  const expired = isExpired(alert, clock.now()) && alert.state !== 'aired' && alert.state !== 'airing'
  const expires = alert.expiresAtMs
  const cutOff = alert.interrupted
  const flagged = alert.state === 'failed' || cutOff !== undefined
  const word = expired
    ? t('alerts.expired')
    : cutOff
      ? `▲ ${t('alerts.interruptedShort', { time: durationText(cutOff.positionMs) })}`
      : t(`alertState.${alert.state}`)
  return (
    <button
      type="button"
      className="alert-row"
      aria-current={current}
      data-state={alert.state}
      data-drill={alert.mode === 'drill'}
      data-struck={expired || alert.state === 'cancelled'}
      onClick={() => navigation.openAlert(alert.alertId)}
    >
      <i className={alert.riskLevel === null ? '' : `risk-${alert.riskLevel}`} />
      <span className="alert-row-title" title={alert.title}>
        {alert.title}
      </span>
      <span className="small muted">
        {alert.mode === 'drill' && <b>{t('alerts.drill')} · </b>}
        {alert.origin !== undefined && <b>{t('province.tag')} · </b>}
        <span className={alert.state === 'airing' ? 'state-onair' : flagged ? 'flag-p2' : ''}>{word}</span>
        {flagged ? ' ' : ' · '}
        {alert.state === 'aired' || alert.state === 'cancelled' || expired || expires === null ? (
          `${dateText(airedAt(alert)).slice(0, 5)} ${clockText(airedAt(alert)).slice(0, 5)}`
        ) : (
          <LiveText
            read={() => (expires <= clock.now() ? t('alerts.expired') : t('alerts.expiresIn', { time: leftText(expires - clock.now()) }))}
          />
        )}
      </span>
    </button>
  )
}
