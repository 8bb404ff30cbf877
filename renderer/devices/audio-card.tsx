// The sound itself as a device: outputs, preview and inputs by the names of the sound system.
import { useTexts } from '../i18n/use-texts.ts'
import { selectStation, useAired, useScreen } from '../state/app.ts'

export function AudioCard() {
  const { t, reason } = useTexts()
  const station = useScreen(selectStation)
  const outputs = useAired()
  const bad = outputs.some((output) => output.audio.state !== 'running' && output.audio.state !== 'none')
  return (
    <section className="card device" data-state={bad ? 'lost' : 'online'} aria-label={t('devices.audio')}>
      <header className="device-head">
        <div>
          <h2>{t('devices.audio')}</h2>
          <span className="small muted">{t('devices.audioHint')}</span>
        </div>
      </header>
      <dl className="facts">
        {outputs.map((output) => (
          <div key={output.outputId} className="facts-row">
            <dt>{output.name}</dt>
            <dd>
              <span className={output.audio.state === 'running' || output.audio.state === 'none' ? '' : 'flag-p2'}>
                {t(`audioState.${output.audio.state}`)}
              </span>
              {output.audio.device !== null && <span className="muted"> · {output.audio.device}</span>}
              {output.audio.onBackup && <span className="flag-p2"> {t('desk.onBackup')}</span>}
            </dd>
          </div>
        ))}
        <div className="facts-row">
          <dt>{t('devices.cue')}</dt>
          <dd>
            {station.cue.via === 'device'
              ? station.cue.device
              : station.cue.via === 'browser'
                ? t('alerts.viaBrowser')
                : reason(station.cue.reason ?? t('alerts.noPreview'))}
          </dd>
        </div>
        {station.inputs.map((input) => (
          <div key={input.inputId} className="facts-row">
            <dt>{input.label}</dt>
            <dd>
              <span className={input.state === 'lost' ? 'flag-p2' : ''}>{t(`inputState.${input.state}`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
