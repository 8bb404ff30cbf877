// The day in three lines: planned, aired, measured. What was cut in is dark, faults amber; the table below says the words.
import { memo, useMemo } from 'react'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { type BroadcastDay, startOfDay } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { type Bar, DayLanes } from '../review/day-lanes.tsx'
import { selectSchedule, useScreen } from '../state/app.ts'

/** Pairs of open and close rows of one action. */
export function actionsOf(rows: readonly LogRow[]): readonly { readonly open: LogRow; readonly close: LogRow | null }[] {
  const closes = new Map<string, LogRow>()
  for (const row of rows) if (row.phase === 'close' && row.actionId !== null) closes.set(row.actionId, row)
  return rows
    .filter((row) => row.phase === 'open' && row.actionId !== null)
    .map((open) => ({ open, close: closes.get(open.actionId ?? '') ?? null }))
}

/** What had begun before the first of these rows: only its end is here. */
function begunBefore(rows: readonly LogRow[]): readonly LogRow[] {
  const opened = new Set(rows.flatMap((row) => (row.phase === 'open' ? [row.actionId] : [])))
  return rows.filter((row) => row.phase === 'close' && !opened.has(row.actionId))
}

export const LogLanes = memo(function LogLanes({ day, rows }: { readonly day: BroadcastDay; readonly rows: readonly LogRow[] }) {
  const { t } = useTexts()
  const plan = useScreen(selectSchedule)
  const start = startOfDay(day)
  const lanes = useMemo(() => {
    const lastMs = rows.at(-1)?.atMs ?? start
    const planned: Bar[] =
      plan.day === day ? plan.items.map((row) => ({ key: row.item.itemId, fromMs: row.startMs, toMs: row.endMs, tone: '' })) : []
    const actions = actionsOf(rows)
    const isAired = ({ kind }: LogRow) => kind === 'item.aired' || kind === 'cutin' || kind === 'input.live' || kind === 'stop'
    const barOf = (row: LogRow, fromMs: number, toMs: number): Bar => {
      const tone = row.kind === 'item.aired' ? '' : row.kind === 'stop' ? 'fault' : 'alert'
      return { key: `${row.seq}`, fromMs, toMs, tone }
    }
    const aired: Bar[] = [
      ...begunBefore(rows)
        .filter(isAired)
        .map((close) => barOf(close, start, close.atMs)),
      ...actions.filter(({ open }) => isAired(open)).map(({ open, close }) => barOf(open, open.atMs, close?.atMs ?? lastMs)),
    ]
    const measured: Bar[] = actions
      .filter(({ open, close }) => (open.kind === 'item.aired' || open.kind === 'cutin') && (close?.measured ?? open.measured) !== null)
      .map(({ open, close }) => ({ key: `${open.seq}`, fromMs: open.atMs, toMs: close?.atMs ?? lastMs, tone: '' }))
    const faults: Bar[] = rows
      .filter((row) => row.kind === 'audio.gap' || row.kind === 'audio.died' || row.kind === 'alarm.raised')
      .map((row) => ({ key: `f${row.seq}`, fromMs: row.atMs, toMs: row.atMs + 240_000, tone: 'fault' }))
    return [
      { name: t('logbook.planned'), bars: planned },
      { name: t('logbook.aired'), bars: aired },
      { name: t('logbook.measured'), bars: [...measured, ...faults] },
    ]
  }, [rows, plan, day, start, t])
  return <DayLanes day={day} label={t('logbook.lanes')} lanes={lanes} />
})
