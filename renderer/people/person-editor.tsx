// One person: name and role, a new PIN, and retirement, which is asked twice in place. The name stays in the logbook for ever.
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { type Person, type Role, roles } from '../../shared/domain/people.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { Card } from '../ui/card.tsx'
import { Choice } from '../ui/choice.tsx'

interface Props {
  /** null = a person who is to be added. */
  readonly person: Person | null
  readonly busy: boolean
  readonly onSave: (name: string, role: Role) => Promise<void>
  readonly onRenewPin: (person: Person) => Promise<void>
  readonly onRetire: (person: Person) => Promise<void>
  readonly onClose: () => void
}

export function PersonEditor({ person, busy, onSave, onRenewPin, onRetire, onClose }: Props) {
  const { t } = useTexts()
  const [name, setName] = useState(person?.name ?? '')
  const [role, setRole] = useState<Role>(person?.role ?? 'operator')
  const [leaving, setLeaving] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const confirm = useRef<HTMLButtonElement>(null)
  useEffect(() => field.current?.focus(), [])
  useEffect(() => {
    if (leaving) confirm.current?.focus()
  }, [leaving])
  const unchanged = person !== null && name.trim() === person.name && role === person.role
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void onSave(name.trim(), role)
  }
  return (
    <Card
      title={person === null ? t('people.add') : person.name}
      className="person-editor"
      aside={
        <button type="button" className="btn" onClick={onClose}>
          {t('frame.close')}
        </button>
      }
    >
      <form
        className="person-form"
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Escape') leaving ? setLeaving(false) : onClose()
        }}
      >
        <label className="field-label" htmlFor="person-name">
          {t('people.name')}
        </label>
        <input
          ref={field}
          id="person-name"
          className="field"
          autoComplete="off"
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Choice
          label={t('people.role')}
          value={role}
          options={roles.map((each) => ({ value: each, label: t(`role.${each}`) }))}
          onChange={setRole}
        />
        <p className="small muted">{t(`roleCan.${role}`)}</p>
        <div className="acts">
          <button type="submit" className="btn primary" disabled={busy || unchanged || name.trim() === ''}>
            {person === null ? t('people.addAndPin') : t('people.save')}
          </button>
          {person !== null && (
            <>
              <button type="button" className="btn" disabled={busy} onClick={() => void onRenewPin(person)}>
                {t('people.renewPin')}
              </button>
              <button type="button" className="btn" disabled={busy} aria-expanded={leaving} onClick={() => setLeaving(!leaving)}>
                {t('people.retire')}…
              </button>
            </>
          )}
        </div>
        {leaving && person !== null && (
          <div className="person-leave" role="group" aria-label={t('people.retire')}>
            <p>{t('people.retireMeans', { name: person.name })}</p>
            <div className="acts">
              <button ref={confirm} type="button" className="btn" disabled={busy} onClick={() => void onRetire(person)}>
                {t('people.retireNow', { name: person.name })}
              </button>
              <button type="button" className="btn" onClick={() => setLeaving(false)}>
                {t('people.keep')}
              </button>
            </div>
          </div>
        )}
      </form>
    </Card>
  )
}
