// An airing that died with the machine or with its devices: where it was cut off, as measured, and the three ways on. A choice arms
// or withdraws; what airs is still only the red key. Nothing is replayed by itself.
import type { AlertView } from '../../shared/domain/alert.ts'
import { readingAtPosition } from '../../shared/domain/alert.ts'
import { durationText } from '../../shared/domain/time.ts'
import { momentText } from '../format/moment.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectCorrection, selectStation, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'
import { OrderButton } from '../ui/order-button.tsx'
import { isExpired } from './alert-list.tsx'

export function InterruptedCard({ alert }: { readonly alert: AlertView }) {
  const { clock } = useApp()
  const { t } = useTexts()
  const station = useScreen(selectStation)
  const correctionId = useScreen(selectCorrection)
  const { interrupted, audio } = alert
  if (interrupted === undefined) return null
  const time = durationText(interrupted.positionMs)
  const reading = readingAtPosition(alert, interrupted.positionMs)
  const armed = alert.state === 'armed'
  const barred = alert.state !== 'ready' && !armed
  const locked = barred || isExpired(alert, clock.now()) || (alert.mode === 'live' && !station.liveFiring)
  return (
    <Card
      className="interrupted"
      title={t('alerts.interrupted', { time })}
      aside={
        <span role="status">
          {armed && (
            <b>
              <span className="tick">✓</span> {interrupted.continues ? t('alerts.armedGoOn', { time }) : t('alerts.armedAgain')}
            </b>
          )}
        </span>
      }
    >
      <p className="small num">
        {t('alerts.interruptedAt', {
          time: momentText(interrupted.atMs, clock.now()),
          done: time,
          total: audio === null ? '—' : durationText(audio.totalMs),
        })}
        {' · '}
        {reading === 0 ? t('alerts.interruptedTone') : t('alerts.interruptedReading', { n: reading, of: alert.readings })}
      </p>
      {!armed && <p className="small">{t('alerts.interruptedHint')}</p>}
      <div className="interrupted-ways">
        <OrderButton
          className="big"
          words={t('alerts.goOn')}
          pressed={armed && interrupted.continues}
          disabled={locked}
          run={(client) => client.alerts.arm({ alertId: alert.alertId, from: 'interruption' })}
        >
          <span>{t('alerts.goOn')}</span>
          <small className="num">{t('alerts.goOnFrom', { time })}</small>
        </OrderButton>
        <OrderButton
          className="big"
          words={t('alerts.again')}
          pressed={armed && !interrupted.continues}
          disabled={locked}
          run={(client) => client.alerts.arm({ alertId: alert.alertId, from: 'start' })}
        >
          <span>{t('alerts.again')}</span>
          <small>{t('alerts.againFrom')}</small>
        </OrderButton>
        <OrderButton
          className="big"
          words={t('alerts.drop')}
          disabled={alert.alertId === correctionId}
          run={(client) => client.alerts.cancel({ alertId: alert.alertId })}
        >
          <span>{t('alerts.drop')}</span>
          <small>{t('alerts.dropHint')}</small>
        </OrderButton>
      </div>
    </Card>
  )
}
