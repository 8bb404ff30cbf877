// One row in full: the three columns apart, both times, and its place in the chain.
import type { ReactNode } from 'react'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { clockText, dateText } from '../../shared/domain/time.ts'
import { numberText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { columnText } from './row-format.ts'
import { useLogWords } from './use-log-words.ts'

interface Props {
  readonly row: LogRow
  readonly onHear: () => void
  readonly onClose: () => void
  /** What is heard of it. */
  readonly children: ReactNode
}

export function LogDetail({ row, onHear, onClose, children }: Props) {
  const { t, language } = useTexts()
  const words = useLogWords()
  const late = row.writtenAtMs - row.atMs
  return (
    <aside className="card log-detail" aria-label={t('logbook.detail')}>
      <header className="card-head">
        <h2>{t('logbook.row', { seq: row.seq })}</h2>
        <button type="button" className="btn" onClick={onClose}>
          {t('frame.close')}
        </button>
      </header>
      <div className="cart-name">{words.subject(row)}</div>
      <button type="button" className="btn log-hear" onClick={onHear}>
        {t('review.playFrom', { time: clockText(row.atMs) })}
      </button>
      {children}
      <dl className="facts">
        <dt>{t('logbook.colKind')}</dt>
        <dd>{words.kind(row.kind)}</dd>
        <dt>{t('logbook.colTime')}</dt>
        <dd className="num">
          {dateText(row.atMs)} {clockText(row.atMs)}
        </dd>
        <dt>{t('logbook.written')}</dt>
        <dd className="num">
          +{numberText(late, 0, language)} ms {row.late && <span className="flag-p2">{t('logbook.late')}</span>}
        </dd>
        <dt>{t('logbook.colActor')}</dt>
        <dd>{words.actor(row.actor)}</dd>
        {row.outputId !== null && (
          <>
            <dt>{t('logbook.output')}</dt>
            <dd>{words.label(row.outputId)}</dd>
          </>
        )}
      </dl>
      {(['planned', 'sent', 'measured'] as const).map((column) => (
        <div key={column} className="log-column">
          <h3>{t(`logbook.${column}`)}</h3>
          <p className="num">{columnText(row[column], language, words, true) || <span className="muted">—</span>}</p>
        </div>
      ))}
      <div className="log-hash small muted">
        <div>{t('logbook.hash')}</div>
        <code>{row.hash}</code>
        <div>{t('logbook.prevHash')}</div>
        <code>{row.prevHash}</code>
      </div>
    </aside>
  )
}
