// After: start, end, latency and coverage of the airing as it was measured, and how the programme goes on.
import { useQuery } from '@tanstack/react-query'
import type { AlertView, CutInView } from '../../shared/domain/alert.ts'
import { clockText, dateText, dayOf, durationText } from '../../shared/domain/time.ts'
import { NowActions } from '../desk/now-actions.tsx'
import { numberText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useModeWords } from './mode-words.ts'
import { useQueries } from '../link/queries.ts'
import { selectStation, useAired, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'

export function ResultPanel({ alert }: { readonly alert: AlertView }) {
  const { t } = useTexts()
  const mode = useModeWords()
  const queries = useQueries()
  const waiting = useAired().filter((output) => output.phase === 'awaitingResume')
  const cutInId = alert.lastCutInId
  const { data, isError } = useQuery({
    ...queries.alerts.cutIn.queryOptions({ input: { cutInId: (cutInId ?? '-') as NonNullable<typeof cutInId> } }),
    enabled: cutInId !== null,
  })
  return (
    <Card title={t('alerts.result')} aside={mode(alert.mode).name}>
      {alert.state === 'cancelled' && <p>{t('alerts.withdrawn')}</p>}
      {isError && <p className="flag-p2">{t('common.loadFailed')}</p>}
      {data !== undefined && <ResultFacts cutIn={data} totalMs={alert.audio?.totalMs ?? null} />}
      {waiting[0] !== undefined && <NowActions output={waiting[0]} targets={waiting} />}
    </Card>
  )
}

/** Reasons of an alert that was read to its end. */
const whole = new Set(['finished', 'ended', 'fixedEnd'])

function ResultFacts({ cutIn, totalMs }: { readonly cutIn: CutInView; readonly totalMs: number | null }) {
  const { clock, store } = useApp()
  const { t, reason, language } = useTexts()
  const outputs = useScreen(selectStation).outputs
  const started = cutIn.outputs.map((output) => output.startedAtMs).filter((at) => at !== null)
  const isZones = (deviceId: string) => store.get().screen?.devices.find((device) => device.deviceId === deviceId)?.kind === 'zones'
  const start = started.length === 0 ? null : (Math.min(...started) as (typeof started)[number])
  return (
    <dl className="facts">
      <dt>{t('alerts.resultOrdered')}</dt>
      <dd className="num">
        {dayOf(cutIn.orderedAtMs) === dayOf(clock.now()) ? '' : `${dateText(cutIn.orderedAtMs)} `}
        {clockText(cutIn.orderedAtMs)} · {t(`orderVia.${cutIn.via}`)}
      </dd>
      <dt>{t('alerts.resultStart')}</dt>
      <dd className="num">{start === null ? t('alerts.resultNeverStarted') : clockText(start)}</dd>
      <dt>{t('alerts.resultEnd')}</dt>
      <dd className="num">
        {cutIn.endedAtMs === null ? '—' : clockText(cutIn.endedAtMs)}
        {start !== null && cutIn.endedAtMs !== null && ` · ${durationText(cutIn.endedAtMs - start)}`}
        {start !== null && cutIn.endedAtMs !== null && totalMs !== null && ` / ${durationText(totalMs)}`}
      </dd>
      {cutIn.outputs.map((output) => (
        <div key={output.outputId} className="facts-group">
          <dt>{outputs.find((each) => each.outputId === output.outputId)?.name ?? output.outputId}</dt>
          <dd>
            {output.phase === 'failed' ? (
              <span className="flag-p2">▲ {t('cutInPhase.failed')}</span>
            ) : output.phase === 'ended' && output.endReason !== null && !whole.has(output.endReason) ? (
              // Cut off before its end is no tick, whoever did it.
              <span>■ {t('alerts.resultCutShort')}</span>
            ) : (
              <span className="tick">✓ {t(`cutInPhase.${output.phase}`)}</span>
            )}
            {output.endReason !== null && ` · ${reason(output.endReason)}`}
            {output.latencyMs !== null && (
              <span className="num"> · {t('alerts.latency', { ms: numberText(output.latencyMs, 0, language) })}</span>
            )}
          </dd>
          {output.carriers.map((carrier) => (
            <dd key={carrier.deviceId} className="facts-wide small muted">
              {carrier.label}: {carrier.state === 'up' && isZones(carrier.deviceId) ? t('alerts.zonesUp') : reason(carrier.state)}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  )
}
