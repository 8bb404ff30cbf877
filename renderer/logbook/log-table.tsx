// The rows, newest first, drawn only as far as they are seen.
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useLayoutEffect, useRef } from 'react'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { clockText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { type LogWords, useLogWords } from './use-log-words.ts'
import { columnText } from './row-format.ts'

interface Props {
  readonly rows: readonly LogRow[]
  readonly pickedSeq: number | null
  readonly onPick: (row: LogRow) => void
}

const rowRem = 2.75

export function LogTable({ rows, pickedSeq, onPick }: Props) {
  const { t } = useTexts()
  const words = useLogWords()
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = rowRem * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    overscan: 3,
    getItemKey: (index) => rows[index]?.seq ?? index,
  })
  const index = rows.findIndex((row) => row.seq === pickedSeq)
  // New rows come in at the top: what is being read stays where it is, unless the newest row was in view.
  const topSeq = useRef<number | null>(null)
  // Kept from the scroll events, because reading it after a change would force a layout.
  const scrolledPx = useRef(0)
  useLayoutEffect(() => {
    const box = scroller.current
    const added = topSeq.current === null ? 0 : rows.findIndex((row) => row.seq === topSeq.current)
    if (box !== null && added > 0 && scrolledPx.current > 0) box.scrollTop = scrolledPx.current + added * rowPx
    topSeq.current = rows[0]?.seq ?? null
  }, [rows, rowPx])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const at = Math.max(0, Math.min(rows.length - 1, index + step))
    const row = rows[at]
    if (row === undefined) return
    onPick(row)
    virtual.scrollToIndex(at)
  }
  return (
    <>
      <div className="log-row log-headings" aria-hidden="true">
        <span>{t('logbook.colTime')}</span>
        <span>{t('logbook.colKind')}</span>
        <span>{t('logbook.colSubject')}</span>
        <span>{t('logbook.planned')}</span>
        <span>{t('logbook.sent')}</span>
        <span>{t('logbook.measured')}</span>
        <span>{t('logbook.colActor')}</span>
      </div>
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
        <div style={{ height: rows.length * rowPx, position: 'relative' }} role="presentation">
          {/* Rows hang from the oldest upwards on a layer of their own: a new row moves the layer and repaints no other row. */}
          <div className="log-layer" style={{ transform: `translateY(${rows.length * rowPx}px)` }} role="presentation">
            {virtual.getVirtualItems().map((item) => {
              const row = rows[item.index]
              if (row === undefined) return null
              // Counted from the oldest, so that a new row at the top changes nothing of the others.
              const fromOldest = rows.length - item.index
              return (
                <Line
                  key={row.seq}
                  row={row}
                  words={words}
                  place={fromOldest}
                  topPx={-fromOldest * rowPx}
                  heightPx={rowPx}
                  picked={row.seq === pickedSeq}
                  onPick={onPick}
                />
              )
            })}
          </div>
        </div>
      </div>
    </>
  )
}

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
      <span className="log-subject">
        {words.subject(row)}
        {row.late && <span className="flag-p2"> {t('logbook.late')}</span>}
      </span>
      <span className="muted num">{columnText(row.planned, language, words)}</span>
      <span className="num">{columnText(row.sent, language, words)}</span>
      <span className="num">{columnText(row.measured, language, words)}</span>
      <span className="muted">{words.actor(row.actor)}</span>
    </div>
  )
})
