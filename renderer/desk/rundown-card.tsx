// Today's rundown beside the air: what was, what is, what follows, with gaps, late starts and what will be cut off.
import { memo, useCallback, useEffect, useRef } from 'react'
import type { DayPlan, PlannedItem } from '../../shared/domain/schedule.ts'
import { clockText, durationText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { Figure } from '../live/figure.tsx'
import { selectSchedule, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'
import { ItemStateText, SourceTag } from '../schedule/item-state.tsx'

export function RundownCard() {
  const { t } = useTexts()
  const plan = useScreen(selectSchedule)
  return (
    <Card className="rundown" title={t('desk.today')} aside={<BalanceText plan={plan} />}>
      {plan.items.length + plan.carried.length === 0 ? (
        <p className="empty">{t('desk.emptyDay')}</p>
      ) : (
        <Rows carried={plan.carried} own={plan.items} />
      )}
    </Card>
  )
}

export function BalanceText({ plan }: { readonly plan: DayPlan }) {
  const { t } = useTexts()
  const balance = plan.balanceMs
  const mark = plan.nextHardStartMs
  const updated = t('common.updatedAt', { time: clockText(plan.computedAtMs) })
  if (balance === null || mark === null || Math.abs(balance) < 1000) return <span className="num">{updated}</span>
  const text =
    balance > 0
      ? t('schedule.under', { time: durationText(balance), mark: clockText(mark).slice(0, 5) })
      : t('schedule.over', { time: durationText(-balance), mark: clockText(mark).slice(0, 5) })
  return (
    <span className="num">
      <span className={balance < 0 ? 'flag-p2' : ''}>{text}</span> · <Figure text={updated} />
    </span>
  )
}

interface RowsProps {
  /** Of the evening before, heard first. */
  readonly carried: readonly PlannedItem[]
  readonly own: readonly PlannedItem[]
}

const Rows = memo(function Rows({ carried, own }: RowsProps) {
  const { navigation } = useApp()
  const { t } = useTexts()
  const scroller = useRef<HTMLDivElement>(null)
  const open = useCallback(() => navigation.go('schedule'), [navigation])
  const items = [...carried, ...own]
  const currentIndex = items.findIndex((row) => row.state === 'onAir' || row.state === 'held' || row.state === 'interrupted')
  const current = currentIndex >= 0 ? currentIndex : items.findIndex((row) => row.state === 'planned' || row.state === 'proven')
  useEffect(() => {
    const box = scroller.current
    const row = box?.querySelectorAll<HTMLElement>('tr[data-row]')[Math.max(0, current - 2)]
    // At the very beginning the heading above the first row is shown too.
    if (box !== null && row !== undefined) box.scrollTop = current <= 2 ? 0 : row.offsetTop
  }, [current])
  return (
    <div className="rundown-scroll" ref={scroller} tabIndex={0} role="region" aria-label={t('desk.today')}>
      <table className="rows">
        {carried.length > 0 && (
          <tbody>
            <DayMark words={t('desk.fromYesterday')} />
            {carried.map((row) => (
              <RundownRow key={row.item.itemId} row={row} onOpen={open} />
            ))}
          </tbody>
        )}
        <tbody>
          {carried.length > 0 && own.length > 0 && <DayMark words={t('common.today')} />}
          {own.map((row) => (
            <RundownRow key={row.item.itemId} row={row} onOpen={open} />
          ))}
        </tbody>
      </table>
    </div>
  )
})

function DayMark({ words }: { readonly words: string }) {
  return (
    <tr className="day-mark">
      <th scope="rowgroup" colSpan={5}>
        {words}
      </th>
    </tr>
  )
}

const RundownRow = memo(function RundownRow({ row, onOpen }: { readonly row: PlannedItem; readonly onOpen: () => void }) {
  const { t } = useTexts()
  const past = row.state === 'aired' || row.state === 'cutShort' || row.state === 'skipped' || row.state === 'missed'
  const start = row.actualStartMs ?? row.startMs
  return (
    <>
      {row.gapBeforeMs >= 1000 && (
        <tr className="gap">
          <td className="num">{clockText((row.startMs - row.gapBeforeMs) as typeof row.startMs)}</td>
          <td colSpan={4}>{t(row.gapFilled ? 'schedule.gapFilled' : 'schedule.gap', { time: durationText(row.gapBeforeMs) })}</td>
        </tr>
      )}
      <tr data-row className={past ? 'past' : ''} data-state={row.state} onDoubleClick={onOpen}>
        <td className="num">{clockText(start)}</td>
        <td className="title">
          {row.item.start.kind === 'hard' && (
            <span className="anchor" role="img" aria-label={t('schedule.hard')} title={t('schedule.hard')}>
              ⚓
            </span>
          )}
          {row.item.title}
        </td>
        <td>
          <SourceTag row={row} />
        </td>
        <td className="num">{durationText(row.item.durationMs)}</td>
        <td className="state">
          <div className="state-words">
            <ItemStateText row={row} />
          </div>
        </td>
      </tr>
    </>
  )
})
