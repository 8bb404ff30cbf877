// The long-lived parts of the window, made once in main.tsx and handed down; nothing here causes a render by itself.
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react'
import type { ScreenState } from '../../shared/domain/station.ts'
import type { Connection } from '../link/connection.ts'
import type { MeterBus } from '../link/meter-bus.ts'
import type { BrowserPreview } from '../live/preview-player.ts'
import type { Ticker } from '../live/ticker.ts'
import type { Navigation } from './navigation.ts'
import type { NoticeBoard } from './notices.ts'
import type { Preferences } from './preferences.ts'
import type { ServerClock } from './server-clock.ts'
import type { AiredOutput, LinkState, StationStore } from './station-store.ts'

export interface App {
  readonly store: StationStore
  readonly clock: ServerClock
  readonly meters: MeterBus
  readonly ticker: Ticker
  readonly connection: Connection
  readonly browserPreview: BrowserPreview
  readonly notices: NoticeBoard
  readonly navigation: Navigation
  readonly preferences: Preferences
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (app === null) throw new Error('no app above this component')
  return app
}

/** A part of what the station told. `select` must return a part of the state or a primitive, never a new object. */
export function useScreen<T>(select: (screen: ScreenState) => T): T {
  const { store } = useApp()
  const read = useCallback(() => {
    const screen = store.get().screen
    if (screen === null) throw new Error('no snapshot yet')
    return select(screen)
  }, [store, select])
  return useSyncExternalStore(store.subscribe, read)
}

/** What the outputs do, without their carriers' measurements: for all that does not show those. */
export function useAired(): readonly AiredOutput[] {
  const { store } = useApp()
  return useSyncExternalStore(store.subscribe, () => store.get().aired)
}

export function useLink(): LinkState {
  const { store } = useApp()
  return useSyncExternalStore(store.subscribe, () => store.get().link)
}

export function useHasScreen(): boolean {
  const { store } = useApp()
  return useSyncExternalStore(store.subscribe, () => store.get().screen !== null)
}

// Selectors with a stable identity.
export const selectStation = (screen: ScreenState) => screen.station
export const selectOnAir = (screen: ScreenState) => screen.onair
export const selectSchedule = (screen: ScreenState) => screen.schedule
export const selectCarts = (screen: ScreenState) => screen.library.carts
export const selectImports = (screen: ScreenState) => screen.library.imports
export const selectAlerts = (screen: ScreenState) => screen.alerts.alerts
export const selectTemplates = (screen: ScreenState) => screen.alerts.templates
export const selectCorrection = (screen: ScreenState) => screen.alerts.correctionAlertId
export const selectCue = (screen: ScreenState) => screen.cue
export const selectDevices = (screen: ScreenState) => screen.devices
export const selectAlarms = (screen: ScreenState) => screen.alarms
export const selectProvince = (screen: ScreenState) => screen.province
export const selectQuestions = (screen: ScreenState) => screen.questions
export const selectHotKeys = (screen: ScreenState) => screen.hotKeys
