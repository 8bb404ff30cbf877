// Words looked for in the whole logbook, marks or not; a hit opens its day.
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type BroadcastDay, clockText, dateText, dayOf } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useQueries } from '../link/queries.ts'
import { useLogWords } from '../logbook/use-log-words.ts'

export function LogSearch({ onDay }: { readonly onDay: (day: BroadcastDay) => void }) {
  const { t } = useTexts()
  const words = useLogWords()
  const queries = useQueries()
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useKey('search', () => {
    field.current?.focus()
    field.current?.select()
    return undefined
  })
  const query = text.trim()
  const { data } = useQuery({
    ...queries.logbook.search.queryOptions({ input: { text: query, limit: 50 } }),
    enabled: query.length > 1,
    placeholderData: (former) => former,
  })
  return (
    <search className="log-search">
      <input
        ref={field}
        className="field"
        type="search"
        aria-label={t('review.search')}
        placeholder={t('review.search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {query.length > 1 && (
        <ul className="card log-hits" aria-label={t('review.hits')}>
          {data?.length === 0 && <li className="muted">{t('review.noHits')}</li>}
          {data?.map((row) => (
            <li key={row.seq}>
              <button
                type="button"
                className="log-hit"
                onClick={() => {
                  setText('')
                  onDay(dayOf(row.atMs))
                }}
              >
                <span className="num">
                  {dateText(row.atMs)} {clockText(row.atMs)}
                </span>
                <span>{words.kind(row.kind)}</span>
                <span className="difference-subject" title={words.subject(row)}>
                  {words.subject(row)}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </search>
  )
}
