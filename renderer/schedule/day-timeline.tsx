// The whole day on one line: what is planned where, gaps hatched, over-runs amber, and where the day is now.
import type { DayPlan } from '../../shared/domain/schedule.ts'
import { clockText, startOfDay } from '../../shared/domain/time.ts'
import { useEffect, useRef } from 'react'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { rowsOf } from '../state/plan-rows.ts'

const dayMs = 86_400_000
const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24] as const

interface Props {
  readonly plan: DayPlan
  readonly selectedId: string | null
  readonly onSelect: (itemId: string) => void
}

export function DayTimeline({ plan, selectedId, onSelect }: Props) {
  const { clock, ticker } = useApp()
  const { t } = useTexts()
  const cursor = useRef<HTMLElement>(null)
  const start = startOfDay(plan.day)
  const place = (fromMs: number, toMs: number) => {
    const from = Math.max(0, (fromMs - start) / dayMs)
    return { left: `${from * 100}%`, width: `${Math.max(0.12, (Math.min(1, (toMs - start) / dayMs) - from) * 100)}%` }
  }
  useEffect(() => {
    let shown = ''
    return ticker.slow(() => {
      const at = (clock.now() - start) / dayMs
      const left = `${(at * 100).toFixed(3)}%`
      if (left === shown || cursor.current === null) return
      shown = left
      cursor.current.style.left = left
      cursor.current.hidden = at < 0 || at > 1
    })
  }, [clock, ticker, start])
  return (
    <div className="timeline" role="img" aria-label={t('schedule.timeline')}>
      <div className="track">
        {rowsOf(plan).map((row) => (
          <span key={row.item.itemId}>
            {row.gapBeforeMs >= 1000 && <i className="gap" style={place(row.startMs - row.gapBeforeMs, row.startMs)} />}
            <i
              data-state={row.state}
              data-selected={row.item.itemId === selectedId}
              className={`type-${row.item.contentType}`}
              style={place(row.startMs, row.endMs - row.overrunMs)}
              title={`${clockText(row.startMs)} ${row.item.title}`}
              onPointerDown={() => row.item.day === plan.day && onSelect(row.item.itemId)}
            />
            {row.overrunMs >= 1000 && <i className="over" style={place(row.endMs - row.overrunMs, row.endMs)} />}
          </span>
        ))}
        <b ref={cursor} className="cursor" hidden />
      </div>
      <div className="hours" aria-hidden="true">
        {hours.map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </div>
    </div>
  )
}
