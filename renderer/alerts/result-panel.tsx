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
      {data !== undefined && <ResultFacts cutIn={data} />}
      {waiting[0] !== undefined && <NowActions output={waiting[0]} targets={waiting} />}
    </Card>
  )
}

function ResultFacts({ cutIn }: { readonly cutIn: CutInView }) {
  const { clock } = useApp()
  const { t, reason, language } = useTexts()
  const outputs = useScreen(selectStation).outputs
  const started = cutIn.outputs.map((output) => output.startedAtMs).filter((at) => at !== null)
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
      </dd>
      {cutIn.outputs.map((output) => (
        <div key={output.outputId} className="facts-group">
          <dt>{outputs.find((each) => each.outputId === output.outputId)?.name ?? output.outputId}</dt>
          <dd>
            {output.phase === 'failed' ? (
              <span className="flag-p2">▲ {t('cutInPhase.failed')}</span>
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
              {carrier.label}: {reason(carrier.state)}
            </dd>
          ))}
        </div>
      ))}
    </dl>
  )
}
