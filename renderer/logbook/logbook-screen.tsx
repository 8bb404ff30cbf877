// Nhật ký: what was planned, what was sent and what was measured, row by row, pushed as it happens; the proof of the chain; and
// the supervisor's views of the day and the month.
import { memo, useCallback, useEffect, useMemo, useState } from 'react'
import type { ChainVerdict, LogRow } from '../../shared/domain/logbook.ts'
import { addDays, type BroadcastDay } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectStation, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { useOrder } from '../state/use-order.ts'
import { AirCheckPlayer } from '../review/air-check-player.tsx'
import { LogSearch } from '../review/log-search.tsx'
import { MonthView } from '../review/month-view.tsx'
import { ReviewView } from '../review/review-view.tsx'
import { useRowAudio } from '../review/use-row-audio.ts'
import { DayNav } from '../schedule/schedule-screen.tsx'
import { Choice } from '../ui/choice.tsx'
import type { LogFeed, LogFilter } from './log-feed.ts'
import { LogDetail } from './log-detail.tsx'
import { LogLanes } from './log-lanes.tsx'
import { LogTable } from './log-table.tsx'
import { useCalmRows, useLog } from './use-log.ts'

/** The day's picture is redrawn at most this often (a quarter of a pixel of the day); the rows below it come at once. */
const lanesEveryMs = 20_000
const noRows: readonly LogRow[] = []

type View = 'rows' | 'review' | 'month'

export function LogbookScreen() {
  const { t } = useTexts()
  const today = useScreen((screen) => screen.schedule.day)
  // Opened from the desk, at a question that waits for an answer; what is gone to afterwards is free of it.
  const { question } = useApp().navigation
  const asked = useSignal(question)
  const [day, setDay] = useState(asked?.day ?? today)
  const [view, setView] = useState<View>(asked === null ? 'rows' : 'review')
  useEffect(() => {
    if (asked === null) return
    setDay(asked.day)
    setView('review')
  }, [asked])
  useEffect(() => () => question.set(null), [question])
  const openDay = useCallback((next: BroadcastDay) => {
    setDay(next)
    setView('review')
  }, [])
  return (
    <main className="screen logbook" id="main" tabIndex={-1} aria-label={t('nav.logbook')} data-view={view}>
      <div className="screen-head">
        <DayNav
          day={day}
          today={today}
          byMonth={view === 'month'}
          onDay={(next) => setDay(view === 'month' ? sameWayByMonth(day, next) : next)}
        />
        <Choice
          label={t('review.view')}
          hideLabel
          value={view}
          options={[
            { value: 'rows', label: t('review.viewRows') },
            { value: 'review', label: t('review.viewReview') },
            { value: 'month', label: t('review.viewMonth') },
          ]}
          onChange={setView}
        />
        <span className="grow" />
        {view === 'rows' ? <ChainCheck /> : <LogSearch onDay={openDay} />}
      </div>
      {view === 'rows' ? (
        <RowsView key={day} day={day} />
      ) : view === 'review' ? (
        <ReviewView key={day} day={day} askedId={asked?.day === day ? asked.differenceId : null} />
      ) : (
        <MonthView day={day} onDay={openDay} />
      )}
    </main>
  )
}

/** A step of one day, taken as a step of one month: to its last day, or its first. Any other day is gone to as it is. */
function sameWayByMonth(day: BroadcastDay, next: BroadcastDay): BroadcastDay {
  if (next === addDays(day, -1)) return addDays(`${day.slice(0, 7)}-01` as BroadcastDay, -1)
  if (next !== addDays(day, 1)) return next
  let first = next
  while (first.slice(0, 7) === day.slice(0, 7)) first = addDays(first, 1)
  return first
}

function RowsView({ day }: { readonly day: BroadcastDay }) {
  const { t } = useTexts()
  const [filter, setFilter] = useState<LogFilter>('all')
  const [picked, setPicked] = useState<LogRow | null>(null)
  const { feed, state, reload } = useLog(day)
  const heard = useRowAudio(day)
  const segment = useSignal(heard.audio.segment)
  // Marks of the segment that plays; made anew for the next one, not for every row that comes in.
  const marks = useMemo(
    () =>
      segment === null || feed === null
        ? []
        : feed
            .rows('all')
            .filter((row) => row.phase === 'open' && row.atMs > segment.fromMs)
            .map((row) => ({ seq: row.seq, title: row.subject, fromMs: row.atMs })),
    [segment, feed],
  )
  return (
    <>
      <Chips filter={filter} feed={feed} onFilter={setFilter} />
      {feed === null ? <LogLanes day={day} rows={noRows} /> : <CalmLanes day={day} feed={feed} />}
      <div className="logbook-body" data-picked={picked !== null}>
        <section className="card table-card" aria-label={t('logbook.table')}>
          {state === 'failed' ? (
            <p className="empty">
              ▲ {t('common.loadFailed')}{' '}
              <button type="button" className="btn" onClick={reload}>
                {t('common.tryAgain')}
              </button>
            </p>
          ) : feed === null ? (
            <p className="empty">{t('common.loading')}</p>
          ) : (
            <LogTable feed={feed} filter={filter} pickedSeq={picked?.seq ?? null} onPick={setPicked} onHear={heard.hear} />
          )}
        </section>
        {picked !== null && (
          <LogDetail
            row={picked}
            onHear={() => heard.hear(picked, true)}
            onClose={() => {
              heard.audio.stop()
              setPicked(null)
            }}
          >
            {segment !== null && <AirCheckPlayer audio={heard.audio} recorded={null} sent={marks} onPlay={heard.play} />}
          </LogDetail>
        )}
      </div>
    </>
  )
}

function CalmLanes({ day, feed }: { readonly day: BroadcastDay; readonly feed: LogFeed }) {
  return <LogLanes day={day} rows={useCalmRows(feed, lanesEveryMs)} />
}

interface ChipsProps {
  readonly filter: LogFilter
  readonly feed: LogFeed | null
  readonly onFilter: (filter: LogFilter) => void
}

/** The counts are written outside React: every row changes some of them. */
const Chips = memo(function Chips({ filter, feed, onFilter }: ChipsProps) {
  const { t } = useTexts()
  return (
    <div className="chips" role="group" aria-label={t('logbook.filter')}>
      {(['all', 'unusual', 'air', 'alert', 'device', 'alarm', 'edit', 'system'] as const).map((each) => (
        <button key={each} type="button" className="chip-key" aria-pressed={filter === each} onClick={() => onFilter(each)}>
          {t(`logGroup.${each}`)} <LiveText className="num" read={() => String(feed?.rows(each).length ?? 0)} />
        </button>
      ))}
    </div>
  )
})

const ChainCheck = memo(function ChainCheck() {
  const { t } = useTexts()
  const station = useScreen(selectStation)
  const order = useOrder()
  const [verdict, setVerdict] = useState<ChainVerdict | null>(null)
  const verify = async () => {
    const answer = await order.give(t('logbook.verify'), (client) => client.logbook.verify())
    if (answer !== null) setVerdict(answer)
  }
  const head = station.logHead
  return (
    <>
      <span className="small chain-verdict" role="status">
        {verdict === null ? (
          <span className="muted">
            {station.chainOk === false
              ? t('frame.chainBroken')
              : station.chainOk === true
                ? `✓ ${t('frame.chainOk')}`
                : t('frame.chainUnknown')}
            {head !== null && <span className="num"> · {t('logbook.head', { seq: head.seq, hash: head.hash.slice(0, 8) })}</span>}
          </span>
        ) : verdict.ok ? (
          <span className="tick">✓ {t('logbook.chainWhole', { rows: verdict.rows, hash: verdict.headHash.slice(0, 8) })}</span>
        ) : (
          <span className="flag-p1">◆ {t('logbook.chainBad', { seq: verdict.firstBadSeq, reason: verdict.reason })}</span>
        )}
      </span>
      <button
        type="button"
        className="btn"
        data-order={order.state.kind}
        disabled={order.state.kind === 'sent'}
        onClick={() => void verify()}
      >
        {order.state.kind === 'sent' ? t('logbook.verifying') : t('logbook.verify')}
      </button>
    </>
  )
})
