// A day in lines under each other, with the hours below: what both pictures of a day (the rows' and the supervisor's) are drawn on.
import type { PointerEvent, ReactNode } from 'react'
import { type BroadcastDay, startOfDay } from '../../shared/domain/time.ts'

const dayMs = 86_400_000
const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24] as const

export interface Bar {
  readonly key: string | number
  readonly fromMs: number
  readonly toMs: number
  readonly tone: '' | 'alert' | 'fault'
  readonly title?: string
  readonly picked?: boolean
}

export interface Lane {
  readonly name: string
  readonly bars: readonly Bar[]
}

interface Props {
  readonly day: BroadcastDay
  readonly label: string
  readonly lanes: readonly Lane[]
  /** A second of the day was pointed at. */
  readonly onAt?: (atMs: number) => void
}

export function DayLanes({ day, label, lanes, onAt }: Props): ReactNode {
  const start = startOfDay(day)
  const percent = (ms: number) => (Math.min(Math.max(ms, start), start + dayMs) - start) / (dayMs / 100)
  const point = (event: PointerEvent<HTMLDivElement>) => {
    // Within the border, where the bars are drawn: a pixel is two minutes.
    const { clientLeft, clientWidth } = event.currentTarget
    const intoPx = event.clientX - event.currentTarget.getBoundingClientRect().left - clientLeft
    onAt?.(start + (Math.min(Math.max(intoPx, 0), clientWidth) / clientWidth) * dayMs)
  }
  return (
    <div className={onAt === undefined ? 'lanes' : 'lanes review-lanes'} role="img" aria-label={label}>
      {lanes.map((lane) => (
        <div key={lane.name} className="lane">
          <span>{lane.name}</span>
          <div className="track" onPointerDown={onAt === undefined ? undefined : point}>
            {lane.bars.map((bar) => (
              <i
                key={bar.key}
                className={bar.tone}
                title={bar.title}
                data-picked={bar.picked}
                style={{ left: `${percent(bar.fromMs)}%`, width: `${Math.max(0.1, percent(bar.toMs) - percent(bar.fromMs))}%` }}
              />
            ))}
          </div>
        </div>
      ))}
      <div className="hours" aria-hidden="true">
        {hours.map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </div>
    </div>
  )
}
