// A new PIN, shown once: the station keeps only its hash. It stays until somebody says that it was written down, or another order
// is given, or the screen is left.
import { useEffect, useRef } from 'react'
import type { PersonWithPin } from '../../shared/domain/people.ts'
import { useTexts } from '../i18n/use-texts.ts'

export type ShownPin = PersonWithPin

export function PinSlip({ shown, onNoted }: { readonly shown: ShownPin; readonly onNoted: () => void }) {
  const { t } = useTexts()
  const noted = useRef<HTMLButtonElement>(null)
  useEffect(() => noted.current?.focus(), [])
  const { person, pin } = shown
  return (
    <section className="card pin-slip" role="alert" aria-label={t('people.newPin', { name: person.name })}>
      <h2>{t('people.newPin', { name: person.name })}</h2>
      <p className="pin-digits num" data-testid="new-pin">
        {pin.slice(0, 3)} {pin.slice(3)}
      </p>
      <p>{t('people.pinOnce')}</p>
      <button ref={noted} type="button" className="btn primary" onClick={onNoted}>
        {t('people.noted')}
      </button>
    </section>
  )
}
