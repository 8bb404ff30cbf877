// The seven screens, by hand or by Ctrl+1…7.
import { chordLabel } from '../keys/chord.ts'
import type { ActionId } from '../keys/actions.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { type ScreenId, screenIds } from '../state/navigation.ts'
import { useSignal } from '../state/signal.ts'
import { Icon } from '../ui/icon.tsx'
import { QuestionsKey } from './questions-key.tsx'

const keys: Record<ScreenId, ActionId> = {
  desk: 'screenDesk',
  alerts: 'screenAlerts',
  schedule: 'screenSchedule',
  library: 'screenLibrary',
  devices: 'screenDevices',
  logbook: 'screenLogbook',
  settings: 'screenSettings',
}

export function Nav() {
  const { t } = useTexts()
  return (
    <nav className="nav" aria-label={t('nav.label')}>
      {screenIds.map((id) => (
        <NavKey key={id} id={id} />
      ))}
      <QuestionsKey />
    </nav>
  )
}

function NavKey({ id }: { readonly id: ScreenId }) {
  const { navigation, preferences } = useApp()
  const { t } = useTexts()
  const current = useSignal(navigation.screen) === id
  const chord = chordLabel(useSignal(preferences.keyMap)[keys[id]])
  useKey(keys[id], () => {
    navigation.go(id)
    return undefined
  })
  return (
    <button type="button" className="nav-key" aria-current={current ? 'page' : undefined} title={chord} onClick={() => navigation.go(id)}>
      <Icon name={id} size={1.5} />
      <span>{t(`nav.${id}`)}</span>
    </button>
  )
}
