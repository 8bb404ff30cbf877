// Nhật ký: what was planned, what was sent and what was measured, row by row, pushed as it happens; and the proof of the chain.
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react'
import type { ChainVerdict, LogRow } from '../../shared/domain/logbook.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectSchedule, selectStation, useScreen } from '../state/app.ts'
import { useOrder } from '../state/use-order.ts'
import { DayNav } from '../schedule/schedule-screen.tsx'
import { LogDetail } from './log-detail.tsx'
import { LogLanes } from './log-lanes.tsx'
import { LogTable } from './log-table.tsx'
import { groupOf, isUnusual, type LogGroup } from './row-format.ts'
import { useCalm } from './use-calm.ts'
import { useLog } from './use-log.ts'

/** The day's picture is redrawn at most this often (a quarter of a pixel of the day); the rows below it come at once. */
const lanesEveryMs = 20_000

type Filter = 'all' | 'unusual' | LogGroup

export function LogbookScreen() {
  const { t } = useTexts()
  const today = useScreen(selectSchedule).day
  const [day, setDay] = useState(today)
  const [filter, setFilter] = useState<Filter>('all')
  const [picked, setPicked] = useState<LogRow | null>(null)
  const log = useLog(day)
  const show = useCallback((next: BroadcastDay) => {
    setDay(next)
    setPicked(null)
  }, [])
  const calmRows = useCalm(log.rows, lanesEveryMs)
  const counts = useMemo(() => {
    const out: Record<Filter, number> = { all: log.rows.length, unusual: 0, air: 0, alert: 0, device: 0, alarm: 0, edit: 0, system: 0 }
    for (const row of log.rows) {
      out[groupOf[row.kind]] += 1
      if (isUnusual(row)) out.unusual += 1
    }
    return out
  }, [log.rows])
  // Counts may come a frame later than the row they count.
  const shownCounts = useDeferredValue(counts)
  const shown = useMemo(
    () => log.rows.filter((row) => filter === 'all' || (filter === 'unusual' ? isUnusual(row) : groupOf[row.kind] === filter)).reverse(),
    [log.rows, filter],
  )
  return (
    <main className="screen logbook" id="main" tabIndex={-1} aria-label={t('nav.logbook')}>
      <div className="screen-head">
        <DayNav day={day} today={today} onDay={show} />
        <span className="grow" />
        <ChainCheck />
      </div>
      <Chips filter={filter} counts={shownCounts} onFilter={setFilter} />
      <LogLanes day={day} rows={calmRows.length === 0 ? log.rows : calmRows} />
      <div className="logbook-body" data-picked={picked !== null}>
        <section className="card table-card" aria-label={t('logbook.table')}>
          {log.state === 'failed' ? (
            <p className="empty">
              ▲ {t('common.loadFailed')}{' '}
              <button type="button" className="btn" onClick={log.reload}>
                {t('common.tryAgain')}
              </button>
            </p>
          ) : shown.length === 0 ? (
            <p className="empty">{log.state === 'loading' ? t('common.loading') : t('logbook.empty')}</p>
          ) : (
            <LogTable rows={shown} pickedSeq={picked?.seq ?? null} onPick={setPicked} />
          )}
        </section>
        {picked !== null && <LogDetail row={picked} onClose={() => setPicked(null)} />}
      </div>
    </main>
  )
}

interface ChipsProps {
  readonly filter: Filter
  readonly counts: Readonly<Record<Filter, number>>
  readonly onFilter: (filter: Filter) => void
}

const Chips = memo(function Chips({ filter, counts, onFilter }: ChipsProps) {
  const { t } = useTexts()
  return (
    <div className="chips" role="group" aria-label={t('logbook.filter')}>
      {(['all', 'unusual', 'air', 'alert', 'device', 'alarm', 'edit', 'system'] as const).map((each) => (
        <button key={each} type="button" className="chip-key" aria-pressed={filter === each} onClick={() => onFilter(each)}>
          {t(`logGroup.${each}`)} <span className="num">{counts[each]}</span>
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
