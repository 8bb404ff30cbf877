// The day's end for the supervisor: what still waits for an answer, who signed, and the signature by PIN; and the sheets to take away.
import { type FormEvent, useState } from 'react'
import { type DayReview, unansweredOf } from '../../shared/domain/review.ts'
import { clockText, dateText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { NoteList, TextForm } from './difference-card.tsx'
import { PinField } from '../people/session-bar.tsx'
import type { ReviewState } from './use-review.ts'

interface Props {
  readonly review: DayReview
  readonly state: ReviewState
  readonly maySign: boolean
}

export function SignDay({ review, state, maySign }: Props) {
  const { t } = useTexts()
  const [pin, setPin] = useState('')
  const { day } = review
  const waiting = unansweredOf(review.notes).length
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setPin('')
    void state.give(t('review.sign'), (client) => client.logbook.sign({ day, pin }))
  }
  return (
    <section className="card sign-day" aria-label={t('review.dayEnd')}>
      <header className="card-head">
        <h2>{t('review.dayEnd')}</h2>
      </header>
      {review.signatures.length === 0 ? (
        <p>{review.over ? t('review.unsigned') : t('review.notOver')}</p>
      ) : (
        review.signatures.map((signature) => (
          <p key={signature.seq}>
            <span className="tick">✓ {t('review.signedBy', { name: signature.by })}</span>{' '}
            <span className="num muted">
              {dateText(signature.atMs)} {clockText(signature.atMs)} ·{' '}
              {t('logbook.head', { seq: signature.headSeq, hash: signature.headHash.slice(0, 8) })}
            </span>
          </p>
        ))
      )}
      {waiting > 0 && <p className="flag-p2">▲ {t('review.waitingCount', { n: waiting })}</p>}
      {review.over && maySign && (
        <form className="session-bar" onSubmit={submit}>
          <PinField value={pin} onChange={setPin} />
          <button type="submit" className="btn primary" disabled={pin.length !== 6}>
            {t('review.sign')}
          </button>
        </form>
      )}
      <p className="acts sheet-links">
        {(['pdf', 'xlsx', 'csv'] as const).map((format) => (
          <a key={format} className="btn" href={`/api/v1/logbook/${day}/sheet.${format}`} download>
            {t('review.export', { format: format.toUpperCase() })}
          </a>
        ))}
      </p>
      <NoteList notes={review.notes.filter((note) => note.differenceId === null)} />
      <TextForm
        label={t('review.addNote')}
        onSend={(text) => state.give(t('review.addNote'), (client) => client.logbook.annotate({ day, text, aboutSeq: null }))}
      />
    </section>
  )
}
