// F1: every key on one sheet. Not a dialog: what is on air stays in view and every key keeps working.
import { actions, type ActionId, actionIds } from '../keys/actions.ts'
import { chordLabel } from '../keys/chord.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'

const air: readonly ActionId[] = [
  'fire',
  'stopAll',
  'microphone',
  'preview',
  'compose',
  'next',
  'acknowledge',
  'hotKey1',
  'hotKey2',
  'hotKey3',
  'hotKey4',
  'hotKey5',
  'hotKey6',
  'hotKey7',
  'hotKey8',
]
const screens = actionIds.filter((id) => id.startsWith('screen'))
const edit = actionIds.filter((id) => !air.includes(id) && !screens.includes(id))

export function Help() {
  const { navigation } = useApp()
  const { t } = useTexts()
  const open = useSignal(navigation.helpOpen)
  useKey('help', () => {
    navigation.helpOpen.set(!navigation.helpOpen.get())
    return undefined
  })
  if (!open) return null
  return (
    <aside className="sheet help" aria-label={t('help.title')}>
      <header className="card-head">
        <h2>{t('help.title')}</h2>
        <span className="muted">{t('help.hint')}</span>
        <button type="button" className="btn" onClick={() => navigation.helpOpen.set(false)}>
          {t('frame.close')}
        </button>
      </header>
      <div className="help-columns">
        <Group title={t('help.groupAir')} ids={air} />
        <div>
          <Group title={t('help.groupScreens')} ids={screens} />
          <Group title={t('help.groupEdit')} ids={edit} />
        </div>
      </div>
    </aside>
  )
}

function Group({ title, ids }: { readonly title: string; readonly ids: readonly ActionId[] }) {
  const { preferences } = useApp()
  const { t } = useTexts()
  const map = useSignal(preferences.keyMap)
  return (
    <div>
      <h3>{title}</h3>
      <dl className="help-keys">
        {ids.map((id) => (
          <div key={id}>
            <dt>
              {actions[id].hold && <span className="muted">{t('help.holdMark')} </span>}
              <kbd>{chordLabel(map[id])}</kbd>
            </dt>
            <dd>{t(`keyNames.${id}`)}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
