// Đối chiếu: a day's plan against what was sent and measured. Filters by kind, the next difference by key, and everything that can
// be heard again with one click.
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react'
import type { OutputId } from '../../shared/domain/ids.ts'
import { type DayReview, type Difference, type DifferenceKind, differenceKinds, unansweredOf } from '../../shared/domain/review.ts'
import { type BroadcastDay, clockText, durationText, startOfDay } from '../../shared/domain/time.ts'
import { mayDo } from '../../shared/rpc/rights.ts'
import { chordLabel } from '../keys/chord.ts'
import { useKey } from '../keys/keyboard-context.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectSchedule, selectStation, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Choice } from '../ui/choice.tsx'
import { useKeptFocus } from '../ui/use-kept-focus.ts'
import { AirCheckPlayer } from './air-check-player.tsx'
import { DifferenceCard } from './difference-card.tsx'
import { useDifferenceWords } from './difference-words.ts'
import { ReviewLanes } from './review-lanes.tsx'
import { SessionBar } from '../people/session-bar.tsx'
import { SignDay } from './sign-day.tsx'
import { useAirCheck } from './use-air-check.ts'
import { useReview } from './use-review.ts'
import { useSession } from '../people/use-session.ts'

interface Props {
  readonly day: BroadcastDay
  /** The difference somebody came here for. */
  readonly askedId: string | null
}

export function ReviewView({ day, askedId }: Props) {
  const { notices, preferences } = useApp()
  const { t } = useTexts()
  const words = useDifferenceWords()
  const station = useScreen(selectStation)
  const today = useScreen(selectSchedule).day
  const [outputId, setOutputId] = useState<OutputId>(station.outputs[0]?.outputId ?? ('main' as OutputId))
  const [kind, setKind] = useState<DifferenceKind | null>(null)
  const [pickedId, setPickedId] = useState<string | null>(askedId)
  const state = useReview(day, outputId, day === today)
  const session = useSession()
  const role = session.session?.role ?? 'operator'
  const key = chordLabel(useSignal(preferences.keyMap).nextDifference)
  const { review, recorded } = state
  const { audio, play } = useAirCheck(recorded, state.recordedFailed)
  const waiting = useMemo(() => new Set(unansweredOf(review?.notes ?? [])), [review])
  const shown = useMemo(
    () => [...(review?.differences ?? []), ...noLonger(review)].filter((each) => kind === null || each.kind === kind),
    [review, kind],
  )
  const answered = useMemo(
    () => new Set(review?.notes.filter((note) => note.kind === 'answered').map((note) => note.differenceId) ?? []),
    [review],
  )
  // A form that was sent is gone: the hand is at the difference again.
  useKeptFocus(
    () => document.getElementById(`difference-${pickedId}`) ?? document.getElementById('main'),
    `${waiting.size} ${answered.size} ${session.session?.person?.personId}`,
  )
  const loaded = review !== null
  useEffect(() => {
    if (askedId === null || !loaded) return
    setKind(null)
    setPickedId(askedId)
    document.getElementById(`difference-${askedId}`)?.focus()
  }, [askedId, loaded])
  const picked = shown.find((each) => each.differenceId === pickedId) ?? null
  const pickedAt = shown.findIndex((each) => each.differenceId === pickedId)
  const pick = (next: Difference | undefined) => {
    if (next === undefined) return
    setPickedId(next.differenceId)
    document.getElementById(`difference-${next.differenceId}`)?.focus()
  }
  useKey('nextDifference', () => {
    if (shown.length === 0) notices.post({ tone: 'info', order: t('keyNames.nextDifference'), what: t('review.none'), todo: '' })
    else pick(shown[(pickedAt + 1) % shown.length])
    return undefined
  })
  // One stop of the Tab key for the whole list; the arrows go through it, and the next Tab is beside it.
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    pick(shown[Math.min(Math.max(0, pickedAt + step), shown.length - 1)])
  }

  if (review === null) {
    return (
      <p className="empty">
        {state.failed ? `▲ ${t('common.loadFailed')}` : t('common.loading')}{' '}
        {state.failed && (
          <button type="button" className="btn" onClick={state.reload}>
            {t('common.tryAgain')}
          </button>
        )}
      </p>
    )
  }
  return (
    <div className="review">
      <div className="review-head">
        <div className="chips" role="group" aria-label={t('review.filter')}>
          <button type="button" className="chip-key" aria-pressed={kind === null} onClick={() => setKind(null)}>
            {t('common.all')} <span className="num">{review.differences.length}</span>
          </button>
          {differenceKinds.map((each) => (
            <button key={each} type="button" className="chip-key" aria-pressed={kind === each} onClick={() => setKind(each)}>
              {words.kind(each)} <span className="num">{review.counts[each]}</span>
            </button>
          ))}
        </div>
        {station.outputs.length > 1 && (
          <Choice
            label={t('logbook.output')}
            hideLabel
            value={outputId}
            options={station.outputs.map((output) => ({ value: output.outputId, label: output.name }))}
            onChange={setOutputId}
          />
        )}
      </div>
      <ReviewLanes review={review} recorded={recorded} outputId={outputId} pickedId={pickedId} onPlay={play} />
      <AirCheckPlayer audio={audio} recorded={recorded} sent={review.sent} onPlay={play} />
      <div className="review-body">
        <section className="card table-card" aria-label={t('review.differences')}>
          {shown.length === 0 ? (
            <p className="empty">✓ {t('review.none')}</p>
          ) : (
            <ul className="difference-list" onKeyDown={onKeyDown}>
              <li className="difference-headings" aria-hidden="true">
                <span>{t('logbook.colTime')}</span>
                <span>{t('review.difference')}</span>
                <span>{t('logbook.colSubject')}</span>
                <span>{t('logbook.output')}</span>
                <span>{t('review.by')}</span>
                <span>{t('review.colAnswer')}</span>
              </li>
              {shown.map((each, at) => (
                <li key={each.differenceId}>
                  <button
                    type="button"
                    id={`difference-${each.differenceId}`}
                    className="difference-row"
                    aria-pressed={each.differenceId === pickedId}
                    tabIndex={at === Math.max(0, pickedAt) ? 0 : -1}
                    onClick={() => setPickedId(each.differenceId)}
                  >
                    <span className="num">{clockText(each.fromMs)}</span>
                    <strong>{words.kind(each.kind)}</strong>
                    <span className="difference-subject" title={words.subject(each)}>
                      {words.subject(each)}
                    </span>
                    <span className="difference-subject muted" title={words.output(each.outputId)}>
                      {words.output(each.outputId)}
                    </span>
                    <span className="num">{durationText(each.byMs)}</span>
                    <span>
                      {waiting.has(each.differenceId) ? (
                        <span className="flag-p2">▲ {t('review.stateAsked')}</span>
                      ) : (
                        answered.has(each.differenceId) && <span className="tick">✓ {t('review.stateAnswered')}</span>
                      )}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
          <p className="small muted difference-hint">{t('review.nextHint', { key })}</p>
        </section>
        <div className="review-side">
          <SessionBar state={session} />
          {picked !== null && (
            <DifferenceCard key={picked.differenceId} difference={picked} review={review} role={role} state={state} onPlay={play} />
          )}
          <SignDay review={review} state={state} maySign={mayDo(role, 'logbook.sign')} />
        </div>
      </div>
    </div>
  )
}

/** A question stays to be answered where the day, computed anew, does not show its difference any more. */
function noLonger(review: DayReview | null): readonly Difference[] {
  if (review === null) return []
  const known = new Set(review.differences.map((each) => each.differenceId))
  return unansweredOf(review.notes).flatMap((differenceId) => {
    const [first, outputId = '*'] = differenceId.split('/')
    const kind = differenceKinds.find((each) => each === first)
    const asked = review.notes.find((note) => note.differenceId === differenceId)
    if (known.has(differenceId) || kind === undefined || asked === undefined) return []
    const atMs = startOfDay(review.day)
    const gone = { subject: asked.text, fromMs: atMs, toMs: atMs, byMs: 0, reason: null, seq: null }
    return [{ differenceId, kind, outputId: outputId === '*' ? null : outputId, ...gone }]
  })
}
