// Signing in by PIN, for what needs a person's name: the air needs none.
import { type FormEvent, useState } from 'react'
import { clockText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import type { Role } from '../../shared/domain/people.ts'
import type { SessionState } from './use-session.ts'

interface Props {
  readonly state: SessionState
  /** Whose name is offered first. */
  readonly prefer?: Role
}

export function SessionBar({ state, prefer = 'supervisor' }: Props) {
  const { t } = useTexts()
  const [personId, setPersonId] = useState('')
  const [pin, setPin] = useState('')
  const { session, people, order } = state
  if (session?.person != null) {
    return (
      <div className="session-bar">
        <span>
          <strong>{session.person.name}</strong> · {t(`role.${session.role}`)}
          {session.untilMs !== null && (
            <span className="muted num"> · {t('review.until', { time: clockText(session.untilMs).slice(0, 5) })}</span>
          )}
        </span>
        <button type="button" className="btn" onClick={() => void state.change(t('review.signOut'), (client) => client.session.signOut())}>
          {t('review.signOut')}
        </button>
      </div>
    )
  }
  const chosen = people.find((person) => person.personId === personId) ?? people.find((person) => person.role === prefer) ?? people[0]
  if (chosen === undefined) return <p className="small muted">{t('review.noPeople')}</p>
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setPin('')
    void state.change(t('review.signIn'), (client) => client.session.signIn({ personId: chosen.personId, pin }))
  }
  return (
    <form className="session-bar" onSubmit={submit}>
      <select className="field" aria-label={t('review.who')} value={chosen.personId} onChange={(event) => setPersonId(event.target.value)}>
        {people.map((person) => (
          <option key={person.personId} value={person.personId}>
            {person.name} · {t(`role.${person.role}`)}
          </option>
        ))}
      </select>
      <PinField value={pin} onChange={setPin} />
      <button type="submit" className="btn" disabled={pin.length !== 6 || order.state.kind === 'sent'}>
        {t('review.signIn')}
      </button>
    </form>
  )
}

export function PinField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const { t } = useTexts()
  return (
    <input
      className="field pin-field num"
      type="password"
      inputMode="numeric"
      autoComplete="off"
      maxLength={6}
      aria-label={t('review.pin')}
      placeholder={t('review.pin')}
      value={value}
      onChange={(event) => onChange(event.target.value.replace(/\D/g, ''))}
    />
  )
}
