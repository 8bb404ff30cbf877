// The content is the confirmation: risk level in words, title, the very words that are spoken, and the preview.
import { useEffect, useRef } from 'react'
import type { AlertView } from '../../shared/domain/alert.ts'
import { clockText, dateText } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { usePreview, type Preview } from '../live/use-preview.ts'
import { numberText } from '../format/numbers.ts'
import { selectStation, useApp, useScreen } from '../state/app.ts'
import { PreviewBar } from './preview-bar.tsx'

export function AlertContent({ alert }: { readonly alert: AlertView }) {
  const { navigation } = useApp()
  const { t, failure, language } = useTexts()
  const cueDevice = useScreen(selectStation).cue.device
  const preview = usePreview({ kind: 'alert', id: alert.alertId })
  // The alert is on the air: the preview of it beside that would be heard, and marked, as the airing.
  const previewing = alert.state === 'airing' && preview.playing
  const stopPreview = useRef(preview.toggle)
  stopPreview.current = preview.toggle
  useEffect(() => {
    if (previewing) stopPreview.current()
  }, [previewing])
  const editable = alert.state === 'draft' || alert.state === 'ready' || alert.state === 'failed'
  return (
    <section className="card alert-body" aria-label={alert.title}>
      <div>
        <div className="risk">
          {alert.riskLevel !== null && <i className={`risk-${alert.riskLevel}`}>{alert.riskLevel}</i>}
          <span>
            {[
              alert.riskLevel === null
                ? ''
                : `${t('alerts.riskLong', { level: alert.riskLevel })} – ${t(`riskName.level${alert.riskLevel as 1 | 2 | 3 | 4 | 5}`)}`,
              alert.evacuation ? t('alerts.evacuation') : '',
              alert.issuedAtMs === null
                ? ''
                : t('alerts.issued', { time: clockText(alert.issuedAtMs).slice(0, 5), date: dateText(alert.issuedAtMs).slice(0, 5) }),
            ]
              .filter((part) => part !== '')
              .join(' · ')}
          </span>
          <span className="grow" />
          {editable && (
            <button
              type="button"
              className="btn quiet"
              onClick={() => {
                navigation.alertId.set(alert.alertId)
                navigation.composing.set(true)
              }}
            >
              {t('alerts.edit')}
            </button>
          )}
        </div>
        <h1 className="alert-title">{alert.title}</h1>
      </div>
      {alert.failure !== null ? (
        <div className="alert-failure">
          <b>▲ {failure(alert.failure.code, {}).what}</b>
          <p>{failure(alert.failure.code, {}).todo}</p>
          <p className="muted small">{alert.failure.message}</p>
        </div>
      ) : (
        <SpokenText alert={alert} preview={preview} />
      )}
      <div className="facts-line">
        <span className="chip">
          {alert.source.kind === 'text' ? t('alerts.byVoice', { voice: t(`voice.${alert.source.voice}`) }) : t('alerts.byFile')}
        </span>
        <span className="chip">{t('alerts.readings', { n: alert.readings })}</span>
        {alert.attentionTone && <span className="chip">{t('alerts.withTone')}</span>}
        {preview.via === 'device' && <span className="chip">{t('alerts.viaDevice', { device: cueDevice ?? '' })}</span>}
        {alert.audio !== null && alert.audio.integratedLufs !== null && (
          <span className="chip num">{t('alerts.loudness', { lufs: numberText(alert.audio.integratedLufs, 0, language) })}</span>
        )}
      </div>
      <PreviewBar alert={alert} preview={preview} />
    </section>
  )
}

function SpokenText({ alert, preview }: { readonly alert: AlertView; readonly preview: Preview }) {
  const { ticker } = useApp()
  const { t } = useTexts()
  const box = useRef<HTMLDivElement>(null)
  const position = useRef(preview.positionMs)
  position.current = preview.positionMs
  const audio = alert.audio
  const words = audio?.words ?? noWords
  const playing = preview.playing

  useEffect(() => {
    const spans = box.current?.querySelectorAll<HTMLElement>('[data-word]') ?? []
    if (!playing) {
      for (const span of spans) span.classList.remove('heard', 'reading')
      return
    }
    let shown = -1
    return ticker.slow(() => {
      const at = position.current() ?? 0
      let index = shown
      if (index >= 0 && (words[index]?.atMs ?? 0) > at) index = -1
      while (index + 1 < words.length && (words[index + 1]?.atMs ?? Number.POSITIVE_INFINITY) <= at) index += 1
      if (index === shown) return
      spans.forEach((span, each) => {
        span.classList.toggle('heard', each < index)
        span.classList.toggle('reading', each === index)
      })
      shown = index
      spans[index]?.scrollIntoView({ block: 'nearest' })
    })
  }, [playing, ticker, words])

  const text = audio?.spokenText ?? (alert.source.kind === 'text' ? alert.source.text : '')
  return (
    <div className="spoken" ref={box} tabIndex={0} role="region" aria-label={t('alerts.spoken')}>
      {text === '' ? (
        <span className="muted">{t('alerts.fileHasNoText')}</span>
      ) : words.length === 0 ? (
        text
      ) : (
        <Words text={text} words={words} />
      )}
    </div>
  )
}

const noWords: NonNullable<AlertView['audio']>['words'] = []

function Words({ text, words }: { readonly text: string; readonly words: typeof noWords }) {
  return words.map((word, index) => (
    <span key={word.start}>
      {index === 0 && text.slice(0, word.start)}
      <span data-word>{text.slice(word.start, words[index + 1]?.start ?? text.length)}</span>
    </span>
  ))
}
