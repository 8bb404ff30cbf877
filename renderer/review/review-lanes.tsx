// The supervisor's day in four lines: differences, planned, sent, recorded. A click on any second plays the recording from there.
import { memo } from 'react'
import type { AirCheckDay, AirCheckSegment } from '../../shared/domain/air-check.ts'
import type { DayReview } from '../../shared/domain/review.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useApp } from '../state/app.ts'
import { type Bar, DayLanes } from './day-lanes.tsx'

interface Props {
  readonly review: DayReview
  readonly recorded: AirCheckDay | null
  readonly outputId: string
  readonly pickedId: string | null
  readonly onPlay: (atMs: number) => void
}

/** Segments follow each other every few minutes; where nothing is missing between them they are one bar. */
const joinedWithinMs = 1_500

function runsOf(segments: readonly AirCheckSegment[]): readonly Bar[] {
  const runs: Bar[] = []
  for (const { segmentId, fromMs, toMs } of segments) {
    const last = runs.at(-1)
    if (last !== undefined && fromMs - last.toMs < joinedWithinMs) runs[runs.length - 1] = { ...last, toMs }
    else runs.push({ key: segmentId, fromMs, toMs, tone: '' })
  }
  return runs
}

export const ReviewLanes = memo(function ReviewLanes({ review, recorded, outputId, pickedId, onPlay }: Props) {
  const { t } = useTexts()
  const { clock } = useApp()
  const onOutput = (id: string | null) => id === null || id === outputId
  const differences = review.differences
    .filter((each) => onOutput(each.outputId))
    .map(({ differenceId, fromMs, toMs }): Bar => ({ key: differenceId, fromMs, toMs, tone: 'fault', picked: differenceId === pickedId }))
  // What came over midnight is drawn here as well; the list and the counts have it on the day before.
  const { carried } = review
  const planned = [...carried.planned, ...review.planned].map(
    ({ itemId, title, fromMs, toMs }): Bar => ({ key: itemId, title, fromMs, toMs, tone: '' }),
  )
  const sent = [...carried.sent, ...review.sent]
    .filter((bar) => onOutput(bar.outputId))
    .map(({ seq, title, fromMs, toMs, kind }): Bar => {
      const tone = kind === 'item' ? '' : kind === 'stop' ? 'fault' : 'alert'
      return { key: seq, title, fromMs, toMs: toMs ?? Math.max(fromMs + 60_000, clock.now()), tone }
    })
  const segments = runsOf(recorded?.segments ?? [])
  const gaps = recorded?.gaps.map(
    ({ fromMs, toMs, reason }): Bar => ({ key: fromMs, title: t(`gap.${reason}`), fromMs, toMs, tone: 'fault' }),
  )
  const lanes = [
    { name: t('review.differences'), bars: differences },
    { name: t('logbook.planned'), bars: planned },
    { name: t('logbook.aired'), bars: sent },
    { name: t('review.recorded'), bars: [...segments, ...(gaps ?? [])] },
  ]
  return <DayLanes day={review.day} label={t('review.lanes')} lanes={lanes} onAt={onPlay} />
})
