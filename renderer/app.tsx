// The window: frame, bands, menu, one screen; and the keys that work everywhere.
import { type ReactNode, useEffect } from 'react'
import { assertNever } from '../shared/domain/assert-never.ts'
import { AlertsScreen } from './alerts/alerts-screen.tsx'
import { DeskScreen } from './desk/desk-screen.tsx'
import { HotKeyKeys } from './desk/hot-keys-card.tsx'
import { NextOrderContext, useNextOrder, useNextOrderSource } from './desk/next-order.ts'
import { DevicesScreen } from './devices/devices-screen.tsx'
import { Finder } from './frame/finder.tsx'
import { Frame } from './frame/frame.tsx'
import { Help } from './frame/help.tsx'
import { KeyPlaces } from './frame/key-places.tsx'
import { MicrophoneContext, useMicrophone, useMicrophoneSource } from './frame/microphone.ts'
import { Nav } from './frame/nav.tsx'
import { Ribbons } from './frame/ribbons.tsx'
import { SignIn } from './frame/sign-in.tsx'
import { isTyping, useKey } from './keys/keyboard-context.ts'
import { chordLabel } from './keys/chord.ts'
import { useTexts } from './i18n/use-texts.ts'
import { LibraryScreen } from './library/library-screen.tsx'
import { LogbookScreen } from './logbook/logbook-screen.tsx'
import { ScheduleScreen } from './schedule/schedule-screen.tsx'
import { SettingsScreen } from './settings/settings-screen.tsx'
import { selectAlerts, useApp, useHasScreen, useLink, useScreen } from './state/app.ts'
import type { ScreenId } from './state/navigation.ts'
import { useSignal } from './state/signal.ts'
import { Boundary } from './ui/boundary.tsx'
import { Notices } from './ui/notices.tsx'

export function App() {
  const { t } = useTexts()
  const link = useLink()
  const known = useHasScreen()
  if (link.kind === 'denied') return <SignIn />
  if (!known) {
    return (
      <div className="waiting" role="status">
        <h1>Trực Sóng</h1>
        <p>{t('frame.lostFirst')}</p>
      </div>
    )
  }
  return <Window />
}

function Window() {
  const { navigation } = useApp()
  const { t } = useTexts()
  const link = useLink()
  const screen = useSignal(navigation.screen)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new screen takes the focus
  useEffect(() => {
    document.getElementById('main')?.focus({ preventScroll: true })
  }, [screen])
  return (
    <OrderHolder>
      <GlobalKeys />
      <div className="window" data-link={link.kind} data-screen={screen}>
        <button type="button" className="skip" onClick={() => document.getElementById('main')?.focus()}>
          {t('frame.skip')}
        </button>
        <Frame />
        <Ribbons />
        <div className="window-body">
          <Nav />
          <Boundary key={screen} fallback={(again, error) => <BrokenScreen again={again} error={error} />}>
            <OneScreen id={screen} />
          </Boundary>
          <Notices />
          <Help />
          <Finder />
        </div>
      </div>
    </OrderHolder>
  )
}

/** Orders that outlive their screen. Alone in following the outputs for the microphone, so that the window is not drawn with each change. */
function OrderHolder({ children }: { readonly children: ReactNode }) {
  return (
    <MicrophoneContext value={useMicrophoneSource()}>
      <NextOrderContext value={useNextOrderSource()}>{children}</NextOrderContext>
    </MicrophoneContext>
  )
}

/** Keys of every screen; a screen's own handler of the same key is asked first. */
function GlobalKeys() {
  const { navigation, notices, preferences } = useApp()
  const { t } = useTexts()
  const fireKey = chordLabel(useSignal(preferences.keyMap).fire)
  const microphone = useMicrophone()
  const next = useNextOrder()
  const alerts = useScreen(selectAlerts)
  // Elsewhere than on the desk the key only takes back what was ordered there.
  useKey('next', (stroke) => (isTyping(stroke.target) ? false : (next.takeBack(), undefined)), next.pending)
  useKey('microphone', () => (microphone.toggle('keyboard'), undefined))
  useKey('compose', () => {
    navigation.alertId.set(null)
    navigation.compose()
    return undefined
  })
  useKey('fire', () => {
    // Elsewhere the key only brings the armed alert into view: nothing airs that is not being looked at.
    const armed = alerts.find((alert) => alert.state === 'armed')
    if (armed !== undefined) navigation.openAlert(armed.alertId)
    else {
      navigation.go('alerts')
      notices.post({
        tone: 'info',
        order: t('keyNames.fire'),
        what: t('alerts.noneArmed'),
        todo: t('alerts.noneArmedTodo', { key: fireKey }),
      })
    }
    return undefined
  })
  useKey('search', () => {
    // Only the library and the logbook have a list to search; elsewhere the finder searches everything.
    navigation.finderOpen.set(true)
    return undefined
  })
  return (
    <>
      <KeyPlaces />
      <HotKeyKeys />
    </>
  )
}

function BrokenScreen({ again, error }: { readonly again: () => void; readonly error: Error }) {
  const { t } = useTexts()
  return (
    <main className="screen" id="main" tabIndex={-1}>
      <section className="card empty" role="alert">
        <h1>▲ {t('frame.broken')}</h1>
        <p>{t('frame.brokenTodo')}</p>
        <p className="muted small">{error.message}</p>
        <button type="button" className="btn primary" onClick={again}>
          {t('common.tryAgain')}
        </button>
      </section>
    </main>
  )
}

function OneScreen({ id }: { readonly id: ScreenId }) {
  switch (id) {
    case 'desk':
      return <DeskScreen />
    case 'alerts':
      return <AlertsScreen />
    case 'schedule':
      return <ScheduleScreen />
    case 'library':
      return <LibraryScreen />
    case 'devices':
      return <DevicesScreen />
    case 'logbook':
      return <LogbookScreen />
    case 'settings':
      return <SettingsScreen />
    default:
      return assertNever(id)
  }
}
