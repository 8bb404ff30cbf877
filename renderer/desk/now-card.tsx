// What is on air now: title, waveform, remaining time, and the orders that fit the moment. Outputs that differ are chosen
// by name; while all do the same, one order goes to all of them.
import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import type { AiredOutput } from '../state/station-store.ts'
import type { PlannedItem } from '../../shared/domain/schedule.ts'
import { clockText, durationText, type EpochMs, epochMs } from '../../shared/domain/time.ts'
import { leftText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { Waveform } from '../live/waveform.tsx'
import { selectAlerts, selectStation, useAired, useApp, useScreen } from '../state/app.ts'
import { alertPositionMs, leftMs } from '../state/onair.ts'
import { rowOf } from '../state/plan-rows.ts'
import { usePeaks } from '../state/use-peaks.ts'
import { useKeptFocus } from '../ui/use-kept-focus.ts'
import { NowActions } from './now-actions.tsx'

export function cartOf(row: PlannedItem | undefined): string | null {
  const source = row?.item.source
  return source !== undefined && 'cartId' in source ? source.cartId : null
}

export function NowCard() {
  const { t } = useTexts()
  const outputs = useAired()
  const [picked, setPicked] = useState<string | null>(null)
  const first = outputs[0]
  const alike = outputs.every((output) => output.phase === first?.phase && output.now?.itemId === first?.now?.itemId)
  const output = outputs.find((each) => each.outputId === picked) ?? first
  const card = useRef<HTMLElement>(null)
  useKeptFocus(() => card.current, output?.phase ?? '')
  if (output === undefined) return null
  const targets = picked === null && alike ? outputs : [output]
  return (
    <section className="card now" aria-label={t('desk.now')} data-phase={output.phase} ref={card} tabIndex={-1}>
      <NowBody output={output}>
        {outputs.length > 1 && (
          <fieldset className="output-tabs" aria-label={t('desk.outputs')}>
            {alike && (
              <button type="button" aria-pressed={picked === null} onClick={() => setPicked(null)}>
                {t('desk.allOutputs')}
              </button>
            )}
            {outputs.map((each) => (
              <button
                key={each.outputId}
                type="button"
                aria-pressed={picked === each.outputId || (!alike && output === each)}
                onClick={() => setPicked(each.outputId)}
              >
                {each.name}
              </button>
            ))}
          </fieldset>
        )}
      </NowBody>
      <NowActions output={output} targets={targets} />
    </section>
  )
}

function NowBody({ output, children }: { readonly output: AiredOutput; readonly children: ReactNode }) {
  const { clock, meters, store } = useApp()
  const { t } = useTexts()
  const alerts = useScreen(selectAlerts)
  const inputs = useScreen(selectStation).inputs
  const itemId = output.now?.itemId ?? output.awaiting?.itemId
  const row = useScreen(useCallback((screen) => rowOf(screen.schedule, itemId), [itemId]))
  const cartPeaks = usePeaks(cartOf(row))
  const airing = output.phase === 'cutIn' ? alerts.find((alert) => alert.alertId === output.cutIn?.alertId) : undefined
  const alertPeaks = airing?.audio?.peaks
  const microphone = output.phase === 'liveInput' ? inputs.find((input) => output.openInputs.includes(input.inputId))?.label : undefined
  // A microphone has no picture; the item's below it would be read as what is heard.
  const itemPeaks = microphone === undefined ? cartPeaks : null
  const peaks = useMemo(
    () => (alertPeaks === undefined ? itemPeaks : { min: alertPeaks.map((v) => -Math.abs(v)), max: alertPeaks }),
    [alertPeaks, itemPeaks],
  )
  const title = airing?.title ?? microphone ?? output.now?.title ?? output.awaiting?.title ?? t('desk.silence')

  const progress = () => {
    if (store.get().link.kind !== 'live' || microphone !== undefined) return null
    const frame = meters.fresh(performance.now())
    if (airing?.audio) return (alertPositionMs(output, frame, clock.now()) ?? 0) / airing.audio.totalMs
    if (output.awaiting !== null && output.now === null)
      return row === undefined ? null : output.awaiting.positionMs / Math.max(1, row.item.durationMs)
    const left = leftMs(output, frame, clock.now())
    const duration = output.now?.durationMs ?? null
    return left === null || duration === null || duration === 0 ? null : 1 - left / duration
  }
  const remaining = () => {
    if (store.get().link.kind !== 'live' || microphone !== undefined) return '—'
    const frame = meters.fresh(performance.now())
    if (airing?.audio) return leftText(airing.audio.totalMs - (alertPositionMs(output, frame, clock.now()) ?? 0))
    const left = leftMs(output, frame, clock.now())
    return left === null ? '—' : leftText(left)
  }

  return (
    <>
      <div className="now-head">
        <div className="now-words">
          <div className="meta">
            {output.phase === 'held' && <span className="tag">{t('desk.held')}</span>}
            {output.phase === 'liveInput' && <span className="tag">{t('desk.liveOver')}</span>}
            {output.audio.onBackup && <span className="flag-p2">{t('desk.onBackup')}</span>}
            {airing !== undefined ? (
              t('desk.alertOverProgramme', { title: output.now?.title ?? '—' })
            ) : microphone !== undefined ? (
              t('desk.micOverProgramme', { title: output.now?.title ?? '—' })
            ) : output.now === null && output.awaiting === null ? null : (
              <Kind row={row} />
            )}
            {children}
          </div>
          <div className="now-title" title={title}>
            {title}
          </div>
        </div>
        <LiveText className="now-left" read={remaining} label={t('frame.remaining')} />
      </div>
      <Waveform
        className="now-wave"
        peaks={peaks}
        progress={progress}
        played={output.onAir === 'measured' ? 'onair' : 'ink-2'}
        label={t('desk.waveform', { title })}
      />
      <div className="now-foot">
        <span className="num">
          {airing !== undefined ? (
            <AlertTimes output={output} totalMs={airing.audio?.totalMs ?? null} />
          ) : (
            microphone === undefined && output.now !== null && <Times row={row} output={output} />
          )}
        </span>
        <NextLine output={output} />
      </div>
    </>
  )
}

function Kind({ row }: { readonly row: PlannedItem | undefined }) {
  const { t } = useTexts()
  if (row === undefined) return <>{t('desk.outsideSchedule')}</>
  return (
    <>
      {t(`contentType.${row.item.contentType}`)} · {t(`source.${row.item.source.kind}`)}
    </>
  )
}

/** Of the alert, not of the item that it cut off. */
function AlertTimes({ output, totalMs }: { readonly output: AiredOutput; readonly totalMs: number | null }) {
  const startedAtMs = output.cutIn?.outputs.find((each) => each.outputId === output.outputId)?.startedAtMs ?? null
  if (startedAtMs === null) return null
  return <Span fromMs={startedAtMs} toMs={totalMs === null ? null : epochMs(startedAtMs + totalMs)} />
}

function Span({ fromMs, toMs }: { readonly fromMs: EpochMs; readonly toMs: EpochMs | null }) {
  const { clock } = useApp()
  const { t } = useTexts()
  return (
    <>
      {clockText(fromMs)} → {toMs === null ? '…' : clockText(toMs)}
      {' · '}
      {t('desk.played')} <LiveText read={() => durationText(Math.max(0, clock.now() - fromMs))} />
    </>
  )
}

function Times({ row, output }: { readonly row: PlannedItem | undefined; readonly output: AiredOutput }) {
  const { t } = useTexts()
  const now = output.now
  if (now === null) return null
  const late = row?.lateMs ?? 0
  return (
    <>
      <Span fromMs={now.startedAtMs} toMs={now.endsAtMs} />
      {Math.abs(late) >= 1000 &&
        ` · ${late > 0 ? t('desk.late', { time: durationText(late) }) : t('desk.early', { time: durationText(-late) })}`}
    </>
  )
}

function NextLine({ output }: { readonly output: AiredOutput }) {
  const { t } = useTexts()
  if (output.next === null) return <span className="muted">{t('desk.noNext')}</span>
  return (
    <span className="next-line">
      <span>{t('desk.next')}</span> <b title={output.next.title}>{output.next.title}</b>{' '}
      <span className="num">{clockText(output.next.startMs)}</span>{' '}
      {output.next.proven ? <span className="tick">✓</span> : <span className="muted">{t('desk.notProven')}</span>}
    </span>
  )
}
