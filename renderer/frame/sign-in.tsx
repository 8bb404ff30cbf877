// Shown when the station does not know this screen: the one-time code, typed by hand.
import { type FormEvent, useState } from 'react'
import { exchangeCode } from '../link/session.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'

export function SignIn() {
  const { connection } = useApp()
  const { t } = useTexts()
  const [code, setCode] = useState('')
  const [state, setState] = useState<'idle' | 'sent' | 'refused' | 'unreachable'>('idle')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setState('sent')
    const answer = await exchangeCode(code.trim())
    if (answer === 'ok') connection.retry()
    setState(answer === 'ok' ? 'sent' : answer)
  }
  return (
    <main className="waiting" id="main">
      <h1>{t('signIn.title')}</h1>
      <p>{t('signIn.text')}</p>
      <form onSubmit={(event) => void submit(event)}>
        <label className="field-label" htmlFor="sign-in-code">
          {t('signIn.code')}
        </label>
        <div className="acts">
          <input
            id="sign-in-code"
            className="field"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
          <button type="submit" className="btn primary" disabled={code.trim() === '' || state === 'sent'}>
            {state === 'sent' ? t('common.sent') : t('signIn.enter')}
          </button>
        </div>
      </form>
      <p role="alert">{state === 'refused' ? `▲ ${t('signIn.refused')}` : state === 'unreachable' ? `▲ ${t('signIn.unreachable')}` : ''}</p>
    </main>
  )
}
