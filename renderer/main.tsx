// Makes the long-lived parts once, signs in with the code of the address, opens the line and puts the window on the page.
import '@fontsource-variable/inter/wght.css'
import '@mantine/core/styles.layer.css'
import 'uplot/dist/uPlot.min.css'
import './theme/base.css'
import './theme/frame.css'
import './theme/desk.css'
import './theme/alerts.css'
import './theme/screens.css'
import './theme/review.css'
import './theme/people.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { I18nextProvider } from 'react-i18next'
import type { AlertId } from '../shared/domain/ids.ts'
import { App as AppView } from './app.tsx'
import { deviceHistory } from './devices/shared-history.ts'
import { createTexts } from './i18n/texts.ts'
import { createKeyboard } from './keys/keyboard.ts'
import { KeyboardContext } from './keys/keyboard-context.ts'
import { openConnection } from './link/connection.ts'
import { createIntake } from './link/intake.ts'
import { createMeterBus } from './link/meter-bus.ts'
import { createQueries, QueriesContext } from './link/queries.ts'
import { exchangeCode, takeCode } from './link/session.ts'
import { createBrowserPreview } from './live/preview-player.ts'
import { createTicker } from './live/ticker.ts'
import { type App, AppContext } from './state/app.ts'
import { createNavigation } from './state/navigation.ts'
import { createNoticeBoard } from './state/notices.ts'
import { createPreferences } from './state/preferences.ts'
import { createServerClock } from './state/server-clock.ts'
import { createStationStore } from './state/station-store.ts'
import { Boundary } from './ui/boundary.tsx'
import { applyTheme, Theme } from './theme/theme.tsx'

async function start(root: HTMLElement): Promise<void> {
  const preferences = createPreferences(localStorage)
  applyTheme(document.documentElement, preferences.theme.get())
  const texts = await createTexts(preferences.language.get())
  document.documentElement.lang = preferences.language.get()
  preferences.language.subscribe(() => {
    document.documentElement.lang = preferences.language.get()
    void texts.changeLanguage(preferences.language.get())
  })
  const code = takeCode(location, history)
  if (code !== null) await exchangeCode(code)

  const clock = createServerClock(
    () => performance.now(),
    () => Date.now(),
  )
  const store = createStationStore()
  const intake = createIntake((message) => store.apply(message))
  const ticker = createTicker()
  ticker.work(intake.step)
  const meters = createMeterBus()
  const connection = openConnection({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`,
    store,
    intake,
    meters,
    now: () => performance.now(),
    onMessage(message) {
      clock.observe(message.serverNowMs, performance.now())
      if (message.kind !== 'log' && message.state.devices !== undefined) deviceHistory.observe(message.state.devices)
    },
  })
  const browserPreview = createBrowserPreview((alertId, ms) => {
    connection
      .client()
      ?.alerts.previewed({ alertId: alertId as AlertId, ms })
      .catch((error: unknown) => console.info('preview could not be reported', error))
  })
  const keyboard = createKeyboard(preferences.keyMap.get())
  preferences.keyMap.subscribe(() => keyboard.setMap(preferences.keyMap.get()))
  keyboard.attach(window)

  const app: App = {
    store,
    clock,
    meters,
    ticker,
    connection,
    browserPreview,
    notices: createNoticeBoard(),
    navigation: createNavigation(window),
    preferences,
  }
  const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false } } })
  createRoot(root).render(
    <AppContext value={app}>
      <I18nextProvider i18n={texts}>
        <QueryClientProvider client={queries}>
          <QueriesContext value={createQueries(connection)}>
            <KeyboardContext value={keyboard}>
              <Theme>
                <Boundary fallback={reloadSoon}>
                  <AppView />
                </Boundary>
              </Theme>
            </KeyboardContext>
          </QueriesContext>
        </QueryClientProvider>
      </I18nextProvider>
    </AppContext>,
  )
}

const reloadAfterMs = 2_000

/** The whole window broke: it comes back by itself; the station and the air never noticed. */
function reloadSoon() {
  setTimeout(() => location.reload(), reloadAfterMs)
  return <div className="waiting">Trực Sóng …</div>
}

const root = document.getElementById('root')
if (root !== null) void start(root)
