// CHỈ NGHE THỬ: green only here. Says where the sound goes, how much was heard, and what is missing for the red key.
import type { AlertView } from '../../shared/domain/alert.ts'
import { durationText } from '../../shared/domain/time.ts'
import { chordLabel } from '../keys/chord.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { PreviewWave } from '../live/preview-wave.tsx'
import type { Preview } from '../live/use-preview.ts'
import { selectCue, selectStation, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Icon } from '../ui/icon.tsx'

export function PreviewBar({ alert, preview }: { readonly alert: AlertView; readonly preview: Preview }) {
  const { clock, notices, preferences } = useApp()
  const cue = useScreen(selectCue)
  const { t, reason } = useTexts()
  const station = useScreen(selectStation)
  const key = chordLabel(useSignal(preferences.keyMap).preview)
  const audio = alert.audio
  const noAudio = t(alert.state === 'failed' ? 'alerts.noAudio' : 'alerts.rendering')
  useKey('preview', () => {
    // Without a cue device the station refuses it in words.
    if (audio === null) notices.post({ tone: 'info', order: t('alerts.preview'), what: noAudio, todo: '' })
    else preview.toggle()
    return undefined
  })
  if (audio === null) {
    return (
      <div className="preview-bar" data-playing={false}>
        <span>{noAudio}</span>
      </div>
    )
  }
  // The station counts when the preview ends; until then what runs is counted here, as the red key does.
  const heardMs = () =>
    Math.min(audio.totalMs, alert.previewedMs + (preview.playing && cue !== null ? Math.max(0, clock.now() - cue.startedAtMs) : 0))
  if (preview.via === 'none') {
    return (
      <div className="preview-bar" data-playing={false}>
        <b>{t('alerts.noPreview')}</b>
        <span className="small">{reason(station.cue.reason ?? 'CUE_UNAVAILABLE')}</span>
      </div>
    )
  }
  return (
    <div className="preview-bar" data-playing={preview.playing}>
      <div className="preview-words">
        <b>{t('alerts.previewOnly')}</b>
        <span className="small">
          <span className="preview-time num">
            <LiveText read={() => durationText(preview.positionMs() ?? 0)} /> / {durationText(audio.totalMs)}
          </span>
          {' · '}
          {preview.via === 'browser' ? (
            t('alerts.viaBrowser')
          ) : (
            <LiveText read={() => t('alerts.heard', { time: durationText(heardMs()) })} />
          )}
        </span>
      </div>
      <PreviewWave
        peaks={audio.peaks}
        durationMs={audio.totalMs}
        positionMs={preview.positionMs}
        onSeek={preview.seek}
        tone={preview.playing ? 'preview' : 'plain'}
        label={t('desk.waveform', { title: alert.title })}
      />
      <button type="button" className="btn" data-order={preview.order.state.kind} onClick={() => preview.toggle()}>
        <Icon name={preview.playing ? 'stop' : 'ear'} filled={preview.playing} />{' '}
        {preview.playing ? t('alerts.previewStopKey', { key }) : t('alerts.previewKey', { key })}
      </button>
    </div>
  )
}
