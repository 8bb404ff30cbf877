// Cài đặt: what belongs to this screen and this person, and the people of the station. The station's own configuration is shown,
// never changed here.
import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { dateText, clockText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { PeopleView } from '../people/people-view.tsx'
import { selectStation, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Card } from '../ui/card.tsx'
import { Choice } from '../ui/choice.tsx'
import { KeyEditor } from './key-editor.tsx'

type View = 'screen' | 'people'

export function SettingsScreen() {
  const { t } = useTexts()
  const [view, setView] = useState<View>('screen')
  return (
    <main className="screen settings" id="main" tabIndex={-1} aria-label={t('nav.settings')}>
      <div className="screen-head">
        <Choice
          label={t('people.view')}
          hideLabel
          value={view}
          options={[
            { value: 'screen', label: t('people.viewScreen') },
            { value: 'people', label: t('people.viewPeople') },
          ]}
          onChange={setView}
        />
      </div>
      {view === 'screen' ? <ScreenSettings /> : <PeopleView />}
    </main>
  )
}

function ScreenSettings() {
  const { preferences } = useApp()
  const { t } = useTexts()
  const station = useScreen(selectStation)
  const language = useSignal(preferences.language)
  const theme = useSignal(preferences.theme)
  const operator = useSignal(preferences.operator)
  return (
    <div className="settings-body">
      <div className="settings-side">
        <Card title={t('settings.screen')}>
          <div className="settings-fields">
            <Choice
              label={t('settings.language')}
              value={language}
              options={[
                { value: 'vi', label: 'Tiếng Việt' },
                { value: 'en', label: 'English' },
              ]}
              onChange={(next) => preferences.language.set(next)}
            />
            <Choice
              label={t('settings.theme')}
              value={theme}
              options={[
                { value: 'day', label: t('settings.day') },
                { value: 'night', label: t('settings.night') },
              ]}
              onChange={(next) => preferences.theme.set(next)}
            />
            <TextInput
              label={t('settings.operator')}
              description={t('settings.operatorHint')}
              value={operator}
              maxLength={60}
              onChange={(event) => preferences.operator.set(event.currentTarget.value)}
            />
          </div>
        </Card>
        <Card title={t('settings.station')}>
          <dl className="facts">
            <dt>{t('settings.name')}</dt>
            <dd>{station.name}</dd>
            <dt>{t('settings.place')}</dt>
            <dd>{station.place.length === 0 ? '—' : station.place.join(' › ')}</dd>
            <dt>{t('settings.version')}</dt>
            <dd className="num">{station.version}</dd>
            <dt>{t('settings.started')}</dt>
            <dd className="num">
              {dateText(station.startedAtMs)} {clockText(station.startedAtMs)}
            </dd>
            <dt>{t('settings.firing')}</dt>
            <dd>
              {station.training ? t('settings.firingTraining') : station.liveFiring ? t('settings.firingOn') : t('settings.firingOff')}
            </dd>
          </dl>
          <p className="small muted">{t('settings.configHint')}</p>
        </Card>
      </div>
      <KeyEditor />
    </div>
  )
}
