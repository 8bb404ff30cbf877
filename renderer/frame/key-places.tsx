// Keys that belong to one screen, pressed on another, or where there is nothing for them: where they work is said in words. No key
// of the map does nothing and says nothing.
import { chordLabel } from '../keys/chord.ts'
import { isTyping, useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'

const placed = ['preview', 'next', 'undo', 'copyDay', 'nextDifference', 'moveUp', 'moveDown'] as const

/** Mounted above the screens, so that the handler of a screen is asked first. */
export function KeyPlaces() {
  return placed.map((action) => <KeyPlace key={action} action={action} />)
}

function KeyPlace({ action }: { readonly action: (typeof placed)[number] }) {
  const { notices, preferences } = useApp()
  const { t } = useTexts()
  const map = useSignal(preferences.keyMap)
  useKey(action, (stroke) => {
    // In a text field these move by a word or undo a letter; a preview is never text.
    if (action !== 'preview' && isTyping(stroke.target)) return false
    const keys = {
      desk: chordLabel(map.screenDesk),
      alerts: chordLabel(map.screenAlerts),
      schedule: chordLabel(map.screenSchedule),
      library: chordLabel(map.screenLibrary),
      logbook: chordLabel(map.screenLogbook),
    }
    const text = action === 'moveUp' || action === 'moveDown' ? 'keyPlaces.move' : (`keyPlaces.${action}` as const)
    notices.post({ tone: 'info', order: t(`keyNames.${action}`), what: t(text, keys), todo: '' })
    return undefined
  })
  return null
}
