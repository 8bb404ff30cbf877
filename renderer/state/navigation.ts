// Which screen is shown and what is picked on it. The screen is kept in the address fragment so that a reload comes back.
import { createSignal, type Signal } from './signal.ts'

export const screenIds = ['desk', 'alerts', 'schedule', 'library', 'devices', 'logbook', 'settings'] as const
export type ScreenId = (typeof screenIds)[number]

export interface Navigation {
  readonly screen: Signal<ScreenId>
  /** Alert shown on the alerts screen; null = the list decides. */
  readonly alertId: Signal<string | null>
  readonly composing: Signal<boolean>
  readonly cartId: Signal<string | null>
  readonly helpOpen: Signal<boolean>
  readonly finderOpen: Signal<boolean>
  go(screen: ScreenId): void
  openAlert(alertId: string): void
  compose(): void
}

export function createNavigation(window: Window): Navigation {
  const fromAddress = window.location.hash.slice(2)
  const screen = createSignal<ScreenId>(screenIds.find((id) => id === fromAddress) ?? 'desk')
  const alertId = createSignal<string | null>(null)
  const composing = createSignal(false)
  const go = (next: ScreenId) => {
    screen.set(next)
    window.history.replaceState(null, '', `#/${next}`)
  }
  return {
    screen,
    alertId,
    composing,
    cartId: createSignal<string | null>(null),
    helpOpen: createSignal(false),
    finderOpen: createSignal(false),
    go,
    openAlert(id) {
      composing.set(false)
      alertId.set(id)
      go('alerts')
    },
    compose() {
      composing.set(true)
      go('alerts')
    },
  }
}
