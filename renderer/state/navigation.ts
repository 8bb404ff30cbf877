// Which screen is shown and what is picked on it. The screen is kept in the address fragment so that a reload comes back.
import type { OpenQuestion } from '../../shared/domain/review.ts'
import { createSignal, type Signal } from './signal.ts'

export const screenIds = ['desk', 'alerts', 'schedule', 'library', 'devices', 'logbook', 'settings'] as const
export type ScreenId = (typeof screenIds)[number]

export interface Navigation {
  readonly screen: Signal<ScreenId>
  /** Alert shown on the alerts screen; null = the list decides. */
  readonly alertId: Signal<string | null>
  readonly composing: Signal<boolean>
  readonly cartId: Signal<string | null>
  /** The difference that the supervisor's day is opened at; null = none was asked for. */
  readonly question: Signal<OpenQuestion | null>
  readonly helpOpen: Signal<boolean>
  readonly finderOpen: Signal<boolean>
  go(screen: ScreenId): void
  openAlert(alertId: string): void
  openQuestion(question: OpenQuestion): void
  compose(): void
}

export function createNavigation(window: Window): Navigation {
  const fromAddress = window.location.hash.slice(2)
  const screen = createSignal<ScreenId>(screenIds.find((id) => id === fromAddress) ?? 'desk')
  const alertId = createSignal<string | null>(null)
  const composing = createSignal(false)
  const question = createSignal<OpenQuestion | null>(null)
  const go = (next: ScreenId) => {
    screen.set(next)
    window.history.replaceState(null, '', `#/${next}`)
  }
  return {
    screen,
    alertId,
    composing,
    cartId: createSignal<string | null>(null),
    question,
    helpOpen: createSignal(false),
    finderOpen: createSignal(false),
    go,
    openAlert(id) {
      composing.set(false)
      alertId.set(id)
      go('alerts')
    },
    openQuestion(asked) {
      // Another object each time: the same question may be opened again.
      question.set({ ...asked })
      go('logbook')
    },
    compose() {
      composing.set(true)
      go('alerts')
    },
  }
}
