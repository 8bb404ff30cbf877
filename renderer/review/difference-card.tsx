// One difference: what it is, what was asked and answered about it, and the two fields to ask and to answer.
import { type FormEvent, useState } from 'react'
import type { Role } from '../../shared/domain/people.ts'
import type { DayReview, Difference, ReviewNote } from '../../shared/domain/review.ts'
import { unansweredOf } from '../../shared/domain/review.ts'
import { clockText, dateText, durationText } from '../../shared/domain/time.ts'
import { mayDo } from '../../shared/rpc/rights.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useDifferenceWords } from './difference-words.ts'
import type { ReviewState } from './use-review.ts'

interface Props {
  readonly difference: Difference
  readonly review: DayReview
  readonly role: Role
  readonly state: ReviewState
  readonly onPlay: (atMs: number) => void
}

export function DifferenceCard({ difference, review, role, state, onPlay }: Props) {
  const { t } = useTexts()
  const words = useDifferenceWords()
  const { day } = review
  const { differenceId } = difference
  const notes = review.notes.filter((note) => note.differenceId === differenceId)
  const waiting = unansweredOf(review.notes).includes(differenceId)
  return (
    <section className="card difference-card" aria-label={t('review.difference')}>
      <header className="card-head">
        <h2>
          {[words.kind(difference.kind), difference.subject === '' ? '' : words.subject(difference)]
            .filter((part) => part !== '')
            .join(' · ')}
        </h2>
        <button type="button" className="btn" onClick={() => onPlay(difference.fromMs)}>
          {t('review.playFrom', { time: clockText(difference.fromMs) })}
        </button>
      </header>
      <dl className="facts">
        <dt>{t('review.span')}</dt>
        <dd className="num">
          {clockText(difference.fromMs)}–{clockText(difference.toMs)}
        </dd>
        <dt>{t('review.by')}</dt>
        <dd className="num">{durationText(difference.byMs)}</dd>
        <dt>{t('review.why')}</dt>
        <dd>{words.reason(difference)}</dd>
        <dt>{t('logbook.output')}</dt>
        <dd>{words.output(difference.outputId)}</dd>
      </dl>
      <NoteList notes={notes} />
      {waiting && !mayDo(role, 'logbook.answer') && <p className="small flag-p2">▲ {t('review.waiting')}</p>}
      {mayDo(role, 'logbook.ask') && (
        <TextForm
          label={t('review.ask')}
          onSend={(text) => state.give(t('review.ask'), (client) => client.logbook.ask({ day, differenceId, text }))}
        />
      )}
      {waiting && mayDo(role, 'logbook.answer') && (
        <TextForm
          label={t('review.answer')}
          onSend={(text) => state.give(t('review.answer'), (client) => client.logbook.answer({ day, differenceId, text }))}
        />
      )}
    </section>
  )
}

export function NoteList({ notes }: { readonly notes: readonly ReviewNote[] }) {
  const { t } = useTexts()
  return (
    <ul className="note-list">
      {notes.map((note) => (
        <li key={note.seq} data-kind={note.kind}>
          <span className="small muted">
            {t(`review.${note.kind}`)} · {note.actor} ·{' '}
            <span className="num">
              {dateText(note.atMs)} {clockText(note.atMs)}
            </span>
          </span>
          <p>{note.text}</p>
        </li>
      ))}
    </ul>
  )
}

export function TextForm({ label, onSend }: { readonly label: string; readonly onSend: (text: string) => Promise<boolean> }) {
  const [text, setText] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onSend(text).then((taken) => {
      if (taken) setText('')
    })
  }
  return (
    <form className="text-form" onSubmit={submit}>
      <textarea
        className="field"
        rows={2}
        aria-label={label}
        placeholder={label}
        maxLength={2000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="btn" disabled={text.trim() === ''}>
        {label}
      </button>
    </form>
  )
}
