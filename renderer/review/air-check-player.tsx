// What was sent, to be heard: the waveform of the segment that plays, marks where the logbook has rows, and the wall time.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { AirCheckDay, AirCheckSegment } from '../../shared/domain/air-check.ts'
import type { SentBar } from '../../shared/domain/review.ts'
import { clockText, epochMs } from '../../shared/domain/time.ts'
import { numberText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useQueries } from '../link/queries.ts'
import { LiveText } from '../live/live-text.tsx'
import { PreviewWave } from '../live/preview-wave.tsx'
import { useSignal } from '../state/signal.ts'
import type { AirCheckAudio } from './air-check-audio.ts'

const openRefetchMs = 10_000

interface Props {
  readonly audio: AirCheckAudio
  readonly recorded: AirCheckDay | null
  /** What marks are drawn for. */
  readonly sent: readonly Mark[]
  readonly onPlay: (atMs: number) => void
}

/** A moment worth a mark in the waveform. */
export type Mark = Pick<SentBar, 'seq' | 'title' | 'fromMs'>

export function AirCheckPlayer({ audio, recorded, sent, onPlay }: Props) {
  const { t, language } = useTexts()
  const segment = useSignal(audio.segment)
  const playing = useSignal(audio.playing)
  // Until the station has looked at its disk for the first time, there is nothing to say.
  const budget = recorded?.budget.freeBytes === 0 ? undefined : recorded?.budget
  return (
    <section className="card air-check" data-idle={segment === null} aria-label={t('review.airCheck')}>
      <div className="air-check-keys">
        <button
          type="button"
          className="btn"
          disabled={segment === null}
          onClick={() => (playing ? audio.stop() : onPlay(audio.atMs() ?? segment?.fromMs ?? 0))}
        >
          {playing ? t('review.pause') : t('review.play')}
        </button>
        <LiveText className="num air-check-time" label={t('review.heardAt')} read={() => timeText(audio.atMs())} />
      </div>
      {segment === null ? (
        <p className="muted air-check-none">{t('review.clickToHear')}</p>
      ) : (
        <SegmentWave segment={segment} sent={sent} audio={audio} onPlay={onPlay} />
      )}
      {budget !== undefined && segment === null && (
        <p className="small muted air-check-budget">
          {t('review.budget', {
            days: numberText(budget.daysLeft, 0, language),
            used: numberText(budget.usedBytes / 1e9, 1, language),
            keep: budget.keepDays,
          })}
        </p>
      )}
    </section>
  )
}

function timeText(atMs: number | null): string {
  return atMs === null ? '' : clockText(epochMs(atMs))
}

interface WaveProps {
  readonly segment: AirCheckSegment
  readonly sent: readonly Mark[]
  readonly audio: AirCheckAudio
  readonly onPlay: (atMs: number) => void
}

function SegmentWave({ segment, sent, audio, onPlay }: WaveProps) {
  const { t } = useTexts()
  const queries = useQueries()
  const { data } = useQuery({
    ...queries.recordings.peaks.queryOptions({ input: { segmentId: segment.segmentId } }),
    staleTime: segment.finished ? Number.POSITIVE_INFINITY : 0,
    // What is still being recorded grows.
    refetchInterval: segment.finished ? (false as const) : openRefetchMs,
  })
  const heights = useMemo(() => (data === undefined ? [] : data.max.map((max, index) => Math.max(max, -(data.min[index] ?? 0)))), [data])
  const lengthMs = Math.max(1, segment.toMs - segment.fromMs, (data?.max.length ?? 0) * (data?.bucketMs ?? 0))
  const toMs = epochMs(segment.fromMs + lengthMs)
  const marks = sent.filter((bar) => bar.fromMs > segment.fromMs && bar.fromMs < toMs)
  return (
    <div className="air-check-wave">
      {heights.length === 0 ? (
        <p className="muted">{data === undefined ? t('common.loading') : t('review.stillRecording')}</p>
      ) : (
        <PreviewWave
          peaks={heights}
          durationMs={lengthMs}
          positionMs={() => (audio.atMs() ?? segment.fromMs) - segment.fromMs}
          onSeek={(intoMs) => onPlay(segment.fromMs + intoMs)}
          tone="plain"
          label={t('review.wave', { from: clockText(segment.fromMs), to: clockText(toMs) })}
        />
      )}
      {marks.map((bar) => (
        <i
          key={bar.seq}
          className="air-check-mark"
          title={bar.title}
          style={{ left: `${((bar.fromMs - segment.fromMs) / lengthMs) * 100}%` }}
        />
      ))}
    </div>
  )
}
