// The tally: red only for what is measured on air, always with the word. Outputs that differ stand one above the other.
import { clockText, durationText } from '../../shared/domain/time.ts'
import { leftText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectAlerts, selectSchedule, selectStation, useAired, useApp, useLink, useScreen } from '../state/app.ts'
import { alertPositionMs, leftMs, type Tally, talliesOf, type TallyKind } from '../state/onair.ts'
import { nextRow } from '../state/plan-rows.ts'

const words = {
  alert: 'frame.onAirAlert',
  drill: 'frame.onAirDrill',
  microphone: 'frame.onAirMic',
  programme: 'frame.onAir',
  unconfirmed: 'frame.unconfirmed',
  held: 'frame.held',
  waiting: 'frame.waiting',
  off: 'frame.offAir',
  stopped: 'frame.stopped',
} as const satisfies Record<TallyKind, string>

export function TallyBar() {
  const outputs = useAired()
  const tallies = talliesOf(outputs)
  return (
    <div className="tally" data-count={tallies.length}>
      {tallies.slice(0, 3).map((tally) => (
        <TallyRow key={tally.outputs.map((output) => output.outputId).join()} tally={tally} several={tallies.length > 1} />
      ))}
    </div>
  )
}

/** Kinds whose word alone does not say whether anything was measured on air. */
const live: ReadonlySet<TallyKind> = new Set(['alert', 'drill', 'microphone'])

function TallyRow({ tally, several }: { readonly tally: Tally; readonly several: boolean }) {
  const { t } = useTexts()
  const link = useLink()
  const alerts = useScreen(selectAlerts)
  const inputs = useScreen(selectStation).inputs
  const output = tally.outputs[0]
  if (output === undefined) return null
  const microphone = inputs.find((input) => output.openInputs.includes(input.inputId))?.label ?? null
  // Without the line nobody knows what is on air now; the last that was known stays in grey.
  const known = link.kind === 'live'
  const red = tally.red && known
  const alert = alerts.find((each) => each.alertId === output.cutIn?.alertId)
  const word = known ? t(words[tally.kind]) : t('frame.unknownNow')
  const title = (tally.kind === 'microphone' ? microphone : null) ?? tally.title
  return (
    <div
      className="tally-row"
      data-kind={known && (red || !live.has(tally.kind)) ? tally.kind : 'unconfirmed'}
      data-red={red}
      data-alert={tally.kind === 'alert' || tally.kind === 'drill'}
      data-testid="tally"
    >
      <div className="tally-what">
        <strong>
          {[word, known && live.has(tally.kind) ? (red ? t('frame.onAir') : t('frame.unconfirmed')) : '']
            .filter((part) => part !== '')
            .join(' · ')}
          {several && <span className="tally-outputs">{tally.outputs.map((each) => each.name).join(', ')}</span>}
        </strong>
        {title === null ? <NextSession /> : <em title={title}>{title}</em>}
        {!several && <TallyNext tally={tally} />}
      </div>
      <TallyLeft tally={tally} alertTotalMs={alert?.audio?.totalMs ?? null} />
    </div>
  )
}

function TallyNext({ tally }: { readonly tally: Tally }) {
  const { t } = useTexts()
  const next = tally.outputs[0]?.next
  if (tally.kind === 'unconfirmed') return <span className="tally-next">{t('frame.unconfirmedHint')}</span>
  if (tally.title === null || next === null || next === undefined) return null
  const words = t('frame.nextIs', { time: clockText(next.startMs), title: next.title })
  // A title of two lines takes its place: what is on the air is said whole before what follows.
  return (
    <span className="tally-next" title={words} data-gives-way>
      {words}
    </span>
  )
}

function NextSession() {
  const { clock } = useApp()
  const { t } = useTexts()
  const row = nextRow(useScreen(selectSchedule), clock.now())
  const words = row === null ? t('frame.nothing') : t('frame.nextSession', { time: clockText(row.startMs), title: row.item.title })
  return <em title={words}>{words}</em>
}

function TallyLeft({ tally, alertTotalMs }: { readonly tally: Tally; readonly alertTotalMs: number | null }) {
  const { clock, meters, store } = useApp()
  const { t } = useTexts()
  const output = tally.outputs[0]
  if (output === undefined) return null
  const read = () => {
    const { link, screen } = store.get()
    if (link.kind !== 'live' || screen === null) return '—'
    const now = clock.now()
    const frame = meters.fresh(performance.now())
    if (tally.kind === 'stopped') return output.stoppedSinceMs === null ? '' : durationText(now - output.stoppedSinceMs)
    if (tally.kind === 'microphone' || tally.kind === 'waiting' || tally.kind === 'held') return ''
    if (output.phase === 'cutIn') {
      const at = alertPositionMs(output, frame, now)
      return at === null ? '—' : alertTotalMs === null ? durationText(at) : leftText(alertTotalMs - at)
    }
    if (tally.kind === 'off') {
      const row = nextRow(screen.schedule, now)
      return row === null ? '—' : leftText(row.startMs - now)
    }
    const left = leftMs(output, frame, now)
    return left === null ? '—' : leftText(left)
  }
  return <LiveText className="tally-left" read={read} label={t('frame.remaining')} />
}
