// The frame on every screen: it never scrolls and never hides what is on air.
import { dateText, clockText, dayOf, startOfDay } from '../../shared/domain/time.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectStation, useAired, useApp, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { Lamps } from './lamps.tsx'
import { FrameMeters } from './frame-meters.tsx'
import { StopKey } from './stop-key.tsx'
import { TallyBar } from './tally-bar.tsx'

export function Frame() {
  return (
    <header className="frame">
      <FrameClock />
      <FrameMode />
      <TallyBar />
      <FrameMeters />
      <Lamps />
      <FrameOperator />
      <StopKey />
    </header>
  )
}

function FrameClock() {
  const { clock } = useApp()
  const { t } = useTexts()
  const trusted = useScreen((screen) => screen.station.clock.trusted)
  return (
    <div className="frame-clock" data-trusted={trusted}>
      <b>
        <LiveText read={() => clockText(clock.now())} />
      </b>
      <span className="frame-small">
        <LiveText
          read={() => {
            const now = clock.now()
            return `${t(`frame.weekday${weekdayOf(now)}`)} ${dateText(now)}`
          }}
        />
        {' · '}
        <span className={trusted ? '' : 'flag-p2'}>{trusted ? t('frame.clockTrusted') : t('frame.clockUntrusted')}</span>
      </span>
    </div>
  )
}

/** Day of the week in station time, Sunday = 0. */
export function weekdayOf(atMs: number): 0 | 1 | 2 | 3 | 4 | 5 | 6 {
  const day = new Date(startOfDay(dayOf(atMs as ReturnType<typeof startOfDay>)) + 12 * 3_600_000).getUTCDay()
  return day as 0 | 1 | 2 | 3 | 4 | 5 | 6
}

function FrameMode() {
  const { t } = useTexts()
  const mode = useScreen(selectStation).mode
  const held = useAired().some((output) => output.phase === 'held')
  return (
    <div className="frame-mode">
      <span className="frame-small">{t('frame.mode')}</span>
      <b>{mode === 'stopped' ? t('frame.modeStopped') : held ? t('frame.modeHeld') : t('frame.modeAuto')}</b>
    </div>
  )
}

function FrameOperator() {
  const { navigation, preferences } = useApp()
  const { t } = useTexts()
  const name = useSignal(preferences.operator)
  return (
    <button type="button" className="frame-operator" onClick={() => navigation.go('settings')}>
      <span className="frame-small">{t('frame.operator')}</span>
      <b title={name}>{name === '' ? t('frame.operatorUnset') : name}</b>
    </button>
  )
}
