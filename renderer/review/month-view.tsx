// The month: which days are signed, which are not, and where an answer is still missing.
import { useQuery } from '@tanstack/react-query'
import { type MonthDay, Month } from '../../shared/domain/review.ts'
import { type BroadcastDay, dateText, startOfDay } from '../../shared/domain/time.ts'
import { weekdayOf } from '../frame/frame.tsx'
import { useTexts } from '../i18n/use-texts.ts'
import { selectSchedule, useScreen } from '../state/app.ts'
import { useQueries } from '../link/queries.ts'

/** Monday first. */
const weekdays = [1, 2, 3, 4, 5, 6, 0] as const

interface Props {
  readonly day: BroadcastDay
  readonly onDay: (day: BroadcastDay) => void
}

export function MonthView({ day, onDay }: Props) {
  const { t } = useTexts()
  const today = useScreen(selectSchedule).day
  const queries = useQueries()
  const { data, isError } = useQuery(queries.logbook.month.queryOptions({ input: { month: Month.parse(day.slice(0, 7)) } }))
  if (data === undefined) return <p className="empty">{isError ? `▲ ${t('common.loadFailed')}` : t('common.loading')}</p>
  const unsigned = data.filter((each) => each.signedBy === null && each.day < today).length
  return (
    <section className="card month" aria-label={t('review.month')}>
      <header className="card-head">
        <h2>{t('review.monthDays')}</h2>
        <span className="muted">{t('review.unsignedCount', { n: unsigned })}</span>
      </header>
      {data.length === 0 ? (
        <p className="empty">{t('logbook.empty')}</p>
      ) : (
        <ul className="month-days">
          {weekdays.map((weekday) => (
            <li key={weekday} className="month-weekday" aria-hidden="true">
              {t(`common.weekday${weekday}`)}
            </li>
          ))}
          {data.map((each) => (
            <li key={each.day} style={{ gridColumn: ((weekdayOf(startOfDay(each.day)) + 6) % 7) + 1 }}>
              <button type="button" className="month-day" data-signed={each.signedBy !== null} onClick={() => onDay(each.day)}>
                <strong className="num">{dateText(startOfDay(each.day)).slice(0, 5)}</strong>
                <span>{each.day >= today && each.signedBy === null ? t('review.goingOn') : stateText(each, t)}</span>
                <span className="small muted num month-counts">
                  <span>{t('review.rows', { n: each.rows })}</span>
                  {each.differences !== null && <span>{t('review.differenceCount', { n: each.differences })}</span>}
                </span>
                {each.unanswered > 0 && <span className="small flag-p2">▲ {t('review.waitingCount', { n: each.unanswered })}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function stateText(day: MonthDay, t: ReturnType<typeof useTexts>['t']): string {
  return day.signedBy === null ? `▲ ${t('review.unsigned')}` : `✓ ${day.signedBy}`
}
