// What will happen when the key is held: what is cut, how long, until when, by whose order; and every loudspeaker concerned
// with what it measures now.
import type { AlertView } from '../../shared/domain/alert.ts'
import type { CarrierView, OnAirOutputView } from '../../shared/domain/onair.ts'
import { clockText, durationText, epochMs } from '../../shared/domain/time.ts'
import { leftText, wattText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectOnAir, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'

export function outputsOf(alert: AlertView, outputs: readonly OnAirOutputView[]): readonly OnAirOutputView[] {
  return alert.outputIds.length === 0 ? outputs : outputs.filter((output) => alert.outputIds.includes(output.outputId))
}

export function WhatHappensCard({ alert }: { readonly alert: AlertView }) {
  const { clock } = useApp()
  const { t } = useTexts()
  const all = useScreen(selectOnAir)
  const outputs = outputsOf(alert, all)
  const audio = alert.audio
  const expires = alert.expiresAtMs
  const cuts = [...new Set(outputs.map((output) => output.now?.title ?? null))].filter((title) => title !== null)
  return (
    <Card title={t('alerts.willHappen')}>
      <dl className="facts">
        <dt>{t('alerts.orderedBy')}</dt>
        <dd>{alert.orderedBy === '' ? <span className="flag-p2">{t('alerts.orderedByMissing')}</span> : alert.orderedBy}</dd>
        <dt>{t('alerts.outputs')}</dt>
        <dd>
          {outputs.length === all.length
            ? t('alerts.allOutputs', { names: outputs.map((output) => output.name).join(', ') })
            : outputs.map((output) => output.name).join(', ')}
        </dd>
        <dt>{t('alerts.cutsOff')}</dt>
        <dd>{cuts.length === 0 ? t('alerts.cutsNothing') : cuts.join(' · ')}</dd>
        {audio !== null && (
          <>
            <dt>{t('alerts.lengthEnd')}</dt>
            <dd className="num">
              {durationText(audio.totalMs)} · <LiveText read={() => clockText(epochMs(clock.now() + audio.totalMs))} />
            </dd>
          </>
        )}
        <dt>{t('alerts.afterwards')}</dt>
        <dd>{alert.evacuation || (alert.riskLevel ?? 0) >= 3 ? t('alerts.afterwardsAsk') : t('alerts.afterwardsResume')}</dd>
        <dt>{t('alerts.expiry')}</dt>
        <dd className="num">
          {expires === null ? (
            t('alerts.noExpiry')
          ) : (
            <LiveText
              read={() => (expires <= clock.now() ? t('alerts.expired') : t('alerts.left', { time: leftText(expires - clock.now()) }))}
            />
          )}
        </dd>
      </dl>
    </Card>
  )
}

export function CoverageCard({ alert }: { readonly alert: AlertView }) {
  const { clock } = useApp()
  const { t } = useTexts()
  const outputs = outputsOf(alert, useScreen(selectOnAir))
  const carriers = outputs.flatMap((output) => output.carriers.map((carrier) => ({ output, carrier })))
  // One box of relays may serve several outputs: then each line says which.
  const shared = (deviceId: string) => carriers.filter((each) => each.carrier.deviceId === deviceId).length > 1
  return (
    <Card title={t('alerts.coverage')} aside={<LiveText read={() => t('alerts.measuredAt', { time: clockText(clock.now()) })} />}>
      {carriers.length === 0 ? (
        <p className="empty small">{t('frame.noCarriers')}</p>
      ) : (
        <table className="coverage">
          <tbody>
            {carriers.map(({ output, carrier }) => (
              <tr key={`${output.outputId} ${carrier.deviceId}`}>
                <td>{shared(carrier.deviceId) ? `${output.name} · ${t('desk.linkRelay')}` : carrier.label}</td>
                <td>
                  <CarrierWord carrier={carrier} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}

export function CarrierWord({ carrier }: { readonly carrier: CarrierView }) {
  const { t, reason, language } = useTexts()
  const measured =
    carrier.measured === null
      ? ''
      : carrier.kind === 'transmitter'
        ? ` ${wattText(carrier.measured, language)}`
        : ` ${t('alerts.zonesOn', { n: carrier.measured })}`
  const why = carrier.reason === null ? '' : ` – ${reason(carrier.reason)}`
  switch (carrier.state) {
    case 'up':
      return <span className="tick">✓ {`${carrier.kind === 'zones' ? t('alerts.zonesUp') : t('frame.carrierUp')}${measured}`}</span>
    case 'rising':
      return <b>{t('frame.carrierRising')}</b>
    case 'down':
      return <span>{carrier.kind === 'zones' ? t('alerts.zonesStandby') : t('alerts.standby')}</span>
    case 'unknown':
      return <span className="flag-p2">? {`${t('frame.carrierUnknown')}${why}`}</span>
    case 'blocked':
      return <span className="flag-p2">▲ {`${t('frame.carrierBlocked')}${why}`}</span>
  }
}
