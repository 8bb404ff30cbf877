// The day in three lines: planned, sent, recorded; differences as marks above. A click on any second plays the recording from there.
import { memo, type PointerEvent } from 'react'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import type { DayReview } from '../../shared/domain/review.ts'
import { startOfDay } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'

const dayMs = 86_400_000

interface Props {
  readonly review: DayReview
  readonly recorded: AirCheckDay | null
  readonly outputId: string
  readonly pickedId: string | null
  readonly onPlay: (atMs: number) => void
}

export const ReviewLanes = memo(function ReviewLanes({ review, recorded, outputId, pickedId, onPlay }: Props) {
  const { t } = useTexts()
  const start = startOfDay(review.day)
  const place = (fromMs: number, toMs: number) => ({
    left: `${((Math.max(fromMs, start) - start) / dayMs) * 100}%`,
    width: `${Math.max(0.1, ((Math.min(toMs, start + dayMs) - Math.max(fromMs, start)) / dayMs) * 100)}%`,
  })
  const play = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    onPlay(start + ((event.clientX - box.left) / box.width) * dayMs)
  }
  const onOutput = (id: string | null) => id === null || id === outputId
  return (
    <div className="lanes review-lanes" role="img" aria-label={t('review.lanes')}>
      <div className="lane">
        <span>{t('review.differences')}</span>
        <div className="track" onPointerDown={play}>
          {review.differences
            .filter((each) => onOutput(each.outputId))
            .map((each) => (
              <i
                key={each.differenceId}
                className="fault"
                data-picked={each.differenceId === pickedId}
                style={place(each.fromMs, each.toMs)}
              />
            ))}
        </div>
      </div>
      <div className="lane">
        <span>{t('logbook.planned')}</span>
        <div className="track" onPointerDown={play}>
          {review.planned.map((bar) => (
            <i key={bar.itemId} title={bar.title} style={place(bar.fromMs, bar.toMs)} />
          ))}
        </div>
      </div>
      <div className="lane">
        <span>{t('logbook.aired')}</span>
        <div className="track" onPointerDown={play}>
          {review.sent
            .filter((bar) => onOutput(bar.outputId))
            .map((bar) => (
              <i
                key={bar.seq}
                title={bar.title}
                className={bar.kind === 'item' ? '' : bar.kind === 'stop' ? 'fault' : 'alert'}
                style={place(bar.fromMs, bar.toMs ?? bar.fromMs + 60_000)}
              />
            ))}
        </div>
      </div>
      <div className="lane">
        <span>{t('review.recorded')}</span>
        <div className="track" onPointerDown={play}>
          {recorded?.segments.map((each) => (
            <i key={each.segmentId} style={place(each.fromMs, each.toMs)} />
          ))}
          {recorded?.gaps.map((gap) => (
            <i key={gap.fromMs} className="fault" title={t(`gap.${gap.reason}`)} style={place(gap.fromMs, gap.toMs)} />
          ))}
        </div>
      </div>
      <div className="hours" aria-hidden="true">
        {[0, 3, 6, 9, 12, 15, 18, 21, 24].map((hour) => (
          <span key={hour}>{String(hour).padStart(2, '0')}</span>
        ))}
      </div>
    </div>
  )
})
