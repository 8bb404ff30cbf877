// Người: who has a PIN here and as what. An administrator adds a person, gives another role, renews a PIN (random, shown once) and
// retires a person; everybody else sees the list. The station refuses by role whatever this screen shows.
import { useQueryClient } from '@tanstack/react-query'
import { type KeyboardEvent, useState } from 'react'
import type { Person, PersonId } from '../../shared/domain/people.ts'
import { mayDo } from '../../shared/rpc/rights.ts'
import { useTexts } from '../i18n/use-texts.ts'
import type { StationClient } from '../link/client.ts'
import { useQueries } from '../link/queries.ts'
import { useOrder } from '../state/use-order.ts'
import { Card } from '../ui/card.tsx'
import { PersonEditor } from './person-editor.tsx'
import { PinSlip, type ShownPin } from './pin-slip.tsx'
import { SessionBar } from './session-bar.tsx'
import { useSession } from './use-session.ts'

/** `new` = the empty form. */
type Picked = PersonId | 'new' | null

export function PeopleView() {
  const { t } = useTexts()
  const queries = useQueries()
  const cache = useQueryClient()
  const state = useSession()
  const order = useOrder()
  const [picked, setPicked] = useState<Picked>(null)
  const [shownPin, setShownPin] = useState<ShownPin | null>(null)
  const { people, session } = state
  const mayChange = mayDo(session?.role ?? 'operator', 'people.save')
  const person = people.find((each) => each.personId === picked) ?? null

  const give = async <T,>(words: string, run: (client: StationClient) => Promise<T>): Promise<T | null> => {
    setShownPin(null)
    const answer = await order.give(words, run)
    // A role may have been the reason, or what changed.
    await Promise.all([
      cache.invalidateQueries({ queryKey: queries.session.people.key() }),
      cache.invalidateQueries({ queryKey: queries.session.view.key() }),
    ])
    return answer
  }
  const noted = ({ personId }: Person) => {
    setShownPin(null)
    setPicked(null)
    document.getElementById(`person-${personId}`)?.focus()
  }
  const onArrows = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const keys = [...event.currentTarget.querySelectorAll('button')]
    keys[keys.indexOf(document.activeElement as HTMLButtonElement) + step]?.focus()
  }

  return (
    <div className="people">
      <Card
        title={t('people.title')}
        className="people-card"
        aside={
          mayChange && (
            <button type="button" className="btn" onClick={() => setPicked('new')}>
              {t('people.add')}
            </button>
          )
        }
      >
        {people.length === 0 ? (
          <p className="empty">{t('people.none')}</p>
        ) : (
          <ul className="people-list" onKeyDown={onArrows}>
            {people.map((each) => (
              <li key={each.personId}>
                <button
                  type="button"
                  id={`person-${each.personId}`}
                  className="person-row"
                  aria-pressed={each.personId === picked}
                  disabled={!mayChange}
                  onClick={() => setPicked(each.personId)}
                >
                  <strong>{each.name}</strong>
                  <span>{t(`role.${each.role}`)}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
        <p className="small muted">{t('people.airNeedsNone')}</p>
      </Card>
      <div className="people-side">
        <section className="card" aria-label={t('people.signedIn')}>
          <SessionBar state={state} prefer="administrator" />
          {!mayChange && people.length > 0 && <p className="small muted">{t('people.administratorOnly')}</p>}
        </section>
        {shownPin !== null && <PinSlip shown={shownPin} onNoted={() => noted(shownPin.person)} />}
        {/* Nothing else takes the place or the focus of a PIN that is shown only once. */}
        {mayChange && shownPin === null && (picked === 'new' || person !== null) && (
          <PersonEditor
            key={picked}
            person={person}
            busy={order.state.kind === 'sent'}
            onSave={async (name, role) => {
              const words = person === null ? t('people.add') : t('people.save')
              const saved = await give(words, (client) => client.people.save({ personId: person?.personId ?? null, name, role }))
              if (saved === null) return
              setPicked(saved.person.personId)
              if (saved.pin !== '') setShownPin({ person: saved.person, pin: saved.pin })
            }}
            onRenewPin={async (known) => {
              const renewed = await give(t('people.renewPin'), (client) => client.people.renewPin({ personId: known.personId }))
              if (renewed !== null) setShownPin(renewed)
            }}
            onRetire={async (known) => {
              const gone = await give(t('people.retire'), (client) => client.people.remove({ personId: known.personId }))
              if (gone !== null) setPicked(null)
            }}
            onClose={() => setPicked(null)}
          />
        )}
      </div>
    </div>
  )
}
