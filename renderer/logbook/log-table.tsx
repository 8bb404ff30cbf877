// The rows, newest first, drawn only as far as they are seen.
import { type KeyboardEvent, memo, useCallback, useLayoutEffect, useRef } from 'react'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { clockText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import type { LogFeed, LogFilter } from './log-feed.ts'
import { columnText } from './row-format.ts'
import { useFeed } from './use-log.ts'
import { type LogWords, useLogWords } from './use-log-words.ts'
import { useRowWindow } from './use-row-window.ts'

interface Props {
  readonly feed: LogFeed
  readonly filter: LogFilter
  readonly pickedSeq: number | null
  readonly onPick: (row: LogRow) => void
  /** The row is to be heard; `asked` = by key, not just by a click that also shows it. */
  readonly onHear: (row: LogRow, asked: boolean) => void
}

const rowRem = 2.75

/** Follows the feed by itself, so that a new row draws nothing else of the screen. */
export function LogTable(props: Props) {
  const { t } = useTexts()
  useFeed(props.feed)
  const { length } = props.feed.rows(props.filter)
  return length === 0 ? <p className="empty">{t('logbook.empty')}</p> : <Rows {...props} />
}

function Rows({ feed, filter, pickedSeq, onPick, onHear }: Props) {
  const { t } = useTexts()
  const words = useLogWords()
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = useRef(0)
  if (rowPx.current === 0) rowPx.current = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const rows = feed.rows(filter)
  const { length } = rows
  const view = useRowWindow(scroller, length, rowPx.current)
  // New rows come in at the top: what is being read stays where it is, unless the newest row was in view.
  const before = useRef({ filter, length })
  // Kept from the scroll events, because reading it after a change would force a layout.
  const scrolledPx = useRef(0)
  useLayoutEffect(() => {
    const box = scroller.current
    const added = before.current.filter === filter ? length - before.current.length : 0
    before.current = { filter, length }
    if (box !== null && added > 0 && scrolledPx.current > 0) box.scrollTop = scrolledPx.current + added * rowPx.current
  }, [filter, length])
  const hear = useRef(onHear)
  hear.current = onHear
  // The same function for every row, so that none is drawn again for it.
  const onClick = useCallback(
    (row: LogRow) => {
      onPick(row)
      hear.current(row, false)
    },
    [onPick],
  )
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      const row = rows.findLast((each) => each.seq === pickedSeq)
      if (row !== undefined) onHear(row, true)
      return
    }
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const picked = rows.findLastIndex((row) => row.seq === pickedSeq)
    const at = Math.max(0, Math.min(length - 1, (picked < 0 ? -1 : length - 1 - picked) + step))
    const row = rows[length - 1 - at]
    if (row === undefined) return
    onPick(row)
    view.scrollToRow(at)
  }
  const lines = []
  for (let at = view.from; at < view.to; at += 1) {
    // Counted from the oldest, so that a new row at the top changes nothing of the others.
    const fromOldest = length - at
    const row = rows[fromOldest - 1]
    if (row === undefined) continue
    lines.push(
      <Line
        key={row.seq}
        row={row}
        words={words}
        place={fromOldest}
        topPx={-fromOldest * rowPx.current}
        heightPx={rowPx.current}
        picked={row.seq === pickedSeq}
        onPick={onClick}
      />,
    )
  }
  return (
    <>
      <Headings />
      <div className="log-box">
        <div
          ref={scroller}
          className="log-scroll"
          role="listbox"
          tabIndex={0}
          aria-label={t('logbook.table')}
          aria-activedescendant={pickedSeq === null ? undefined : `log-${pickedSeq}`}
          onKeyDown={onKeyDown}
          onScroll={(event) => {
            scrolledPx.current = event.currentTarget.scrollTop
          }}
        >
          <div style={{ height: length * rowPx.current, position: 'relative' }} role="presentation">
            {/* Rows hang from the oldest upwards on a layer of their own: a new row moves the layer and repaints no other row. */}
            <div className="log-layer" style={{ transform: `translateY(${length * rowPx.current}px)` }} role="presentation">
              {lines}
            </div>
          </div>
        </div>
      </div>
    </>
  )
}

const Headings = memo(function Headings() {
  const { t } = useTexts()
  return (
    <div className="log-row log-headings" aria-hidden="true">
      <span>{t('logbook.colTime')}</span>
      <span>{t('logbook.colKind')}</span>
      <span>{t('logbook.colSubject')}</span>
      <span className="log-planned">{t('logbook.planned')}</span>
      <span>{t('logbook.sent')}</span>
      <span>{t('logbook.measured')}</span>
      <span className="log-actor">{t('logbook.colActor')}</span>
    </div>
  )
})

interface LineProps {
  readonly row: LogRow
  readonly words: LogWords
  /** Number of the row among those shown, the oldest = 1. */
  readonly place: number
  readonly topPx: number
  readonly heightPx: number
  readonly picked: boolean
  readonly onPick: (row: LogRow) => void
}

/** One row; drawn once, whatever comes in above it. */
const Line = memo(function Line({ row, words, place, topPx, heightPx, picked, onPick }: LineProps) {
  const { t, language } = useTexts()
  // Two lines are seen of a cell; the tip says the whole of it, as the card of the row does.
  const subject = words.subject(row)
  const planned = columnText(row.planned, language, words)
  const sent = [row.outputId === null ? '' : words.label(row.outputId), columnText(row.sent, language, words)]
    .filter((part) => part !== '')
    .join(' · ')
  const measured = columnText(row.measured, language, words)
  const actor = words.actor(row.actor)
  return (
    <div
      id={`log-${row.seq}`}
      role="option"
      tabIndex={-1}
      aria-selected={picked}
      aria-posinset={place}
      aria-setsize={-1}
      className="log-row"
      data-kind={row.kind}
      style={{ top: topPx, height: heightPx }}
      onPointerDown={() => onPick(row)}
    >
      <span className="num">{clockText(row.atMs)}</span>
      <span>
        {words.kind(row.kind)}
        <span className="muted">
          {row.phase === 'open' ? ` ${t('logbook.opened')}` : row.phase === 'close' ? ` ${t('logbook.closed')}` : ''}
        </span>
      </span>
      <span className="log-subject" title={subject}>
        {row.late && <span className="flag-p2">{t('logbook.late')}</span>} {subject}
      </span>
      <span className="log-planned muted num" title={planned}>
        {planned}
      </span>
      <span className="num" title={sent}>
        {sent}
      </span>
      <span className="num" title={measured}>
        {measured}
      </span>
      <span className="log-actor muted" title={actor}>
        {actor}
      </span>
    </div>
  )
})
