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
    overscan: 10,
    getItemKey: (index) => rows[index]?.seq ?? index,
  })
  const index = rows.findIndex((row) => row.seq === pickedSeq)
  // New rows come in at the top: what is being read stays where it is, unless the newest row was in view.
  const topSeq = useRef<number | null>(null)
  useLayoutEffect(() => {
    const box = scroller.current
    const added = topSeq.current === null ? 0 : rows.findIndex((row) => row.seq === topSeq.current)
    if (box !== null && added > 0 && box.scrollTop > 0) box.scrollTop += added * rowPx
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
      >
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index]
            if (row === undefined) return null
            return (
              <div
                key={row.seq}
                id={`log-${row.seq}`}
                role="option"
                tabIndex={-1}
                aria-selected={row.seq === pickedSeq}
                aria-posinset={item.index + 1}
                aria-setsize={rows.length}
                className="log-row"
                data-kind={row.kind}
                style={{ transform: `translateY(${item.start}px)`, height: item.size }}
                onPointerDown={() => onPick(row)}
              >
                <Cells row={row} words={words} />
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

/** What a row says; drawn once, while the row itself moves down as newer ones come. */
const Cells = memo(function Cells({ row, words }: { readonly row: LogRow; readonly words: LogWords }) {
  const { t, language } = useTexts()
  return (
    <>
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
    </>
  )
})
