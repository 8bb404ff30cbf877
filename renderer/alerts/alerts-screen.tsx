// Tin khẩn cấp: mode first, content as the confirmation, preview, arm, one red key; then what is airing, then the result.
import { useEffect, useRef } from 'react'
import type { AlertView } from '../../shared/domain/alert.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useModeWords } from './mode-words.ts'
import { selectAlerts, selectCorrection, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { waitingAlerts } from '../desk/emergency-card.tsx'
import { AiringPanel } from './airing-panel.tsx'
import { AlertList } from './alert-list.tsx'
import { AlertContent } from './alert-content.tsx'
import { Compose } from './compose.tsx'
import { FirePanel } from './fire-panel.tsx'
import { InterruptedCard } from './interrupted-card.tsx'
import { ResultPanel } from './result-panel.tsx'
import { useKeptFocus } from '../ui/use-kept-focus.ts'
import { CoverageCard, WhatHappensCard } from './what-happens.tsx'

export function AlertsScreen() {
  const { clock, navigation } = useApp()
  const { t } = useTexts()
  const alerts = useScreen(selectAlerts)
  const correction = useScreen(selectCorrection)
  const composing = useSignal(navigation.composing)
  const pickedId = useSignal(navigation.alertId)
  const airing = alerts.find((alert) => alert.state === 'airing')
  const picked =
    alerts.find((alert) => alert.alertId === pickedId) ?? airing ?? waitingAlerts(alerts, correction, clock.now())[0] ?? alerts[0]
  useEffect(() => {
    // What is shown is what stays shown: a new alert never slides under the finger.
    if (!composing && pickedId === null && picked !== undefined) navigation.alertId.set(picked.alertId)
  }, [composing, pickedId, picked, navigation])
  return (
    <main className="screen alerts" id="main" tabIndex={-1} aria-label={t('nav.alerts')}>
      <AlertList shown={composing ? null : (picked?.alertId ?? null)} />
      {composing ? <Compose key={pickedId ?? 'new'} /> : picked === undefined ? <NoAlerts /> : <OneAlert alert={picked} />}
    </main>
  )
}

function NoAlerts() {
  const { navigation } = useApp()
  const { t } = useTexts()
  return (
    <section className="card alert-empty">
      <p>{t('alerts.empty')}</p>
      <p className="muted">{t('alerts.neverAired')}</p>
      <button type="button" className="btn primary" onClick={() => navigation.compose()}>
        {t('alerts.compose')}
      </button>
    </section>
  )
}

function OneAlert({ alert }: { readonly alert: AlertView }) {
  const over = alert.state === 'aired' || alert.state === 'cancelled'
  const one = useRef<HTMLDivElement>(null)
  const side = useRef<HTMLElement>(null)
  useKeptFocus(() => one.current, alert.alertId)
  // Armed, fired or ended: the next Tab is the first key of what follows, and a stray Enter is nothing.
  useKeptFocus(() => side.current, alert.state)
  return (
    <div className="alert-one" data-mode={alert.mode} ref={one} tabIndex={-1}>
      <ModeBand mode={alert.mode} />
      {!over && alert.state !== 'airing' && <InterruptedCard alert={alert} />}
      <AlertContent alert={alert} />
      <aside className="alert-side" ref={side} tabIndex={-1}>
        {alert.state === 'airing' ? (
          <AiringPanel alert={alert} />
        ) : (
          <>
            <div className="alert-facts">
              {over ? (
                <ResultPanel alert={alert} />
              ) : (
                <>
                  <WhatHappensCard alert={alert} />
                  <CoverageCard alert={alert} />
                </>
              )}
            </div>
            <FirePanel alert={alert} key={alert.alertId} />
          </>
        )}
      </aside>
    </div>
  )
}

export function ModeBand({ mode }: { readonly mode: AlertView['mode'] }) {
  const { name, hint } = useModeWords()(mode)
  return (
    <div className={`mode-band ${mode}`} data-testid="mode-band">
      <b>
        {mode === 'live' ? '■' : '▨'} {name}
      </b>
      <span>{hint}</span>
    </div>
  )
}
