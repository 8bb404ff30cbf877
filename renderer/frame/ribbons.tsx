// Bands under the frame, each one line, each only while it is true: lost connection, silenced, microphone, training or
// live firing, and the newest fault with what to do.
import { clockText, durationText } from '../../shared/domain/time.ts'
import { ageText } from '../format/numbers.ts'
import { chordLabel } from '../keys/chord.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectStation, useAired, useApp, useLink, useScreen } from '../state/app.ts'
import { useSignal } from '../state/signal.ts'
import { useOrder } from '../state/use-order.ts'
import { HoldKey } from '../ui/hold-key.tsx'
import { AlarmStrip } from './alarm-strip.tsx'
import { useMicrophone } from './microphone.ts'

export function Ribbons() {
  return (
    <div className="ribbons">
      <LostBand />
      <StoppedBand />
      <MicrophoneBand />
      <GroundBand />
      <AlarmStrip />
    </div>
  )
}

function LostBand() {
  const { clock } = useApp()
  const { t } = useTexts()
  const link = useLink()
  if (link.kind !== 'lost') return null
  const read = () => t('frame.lostHint', { age: ageText(performance.now() - (clock.lastReadAtMs ?? link.sinceMs)) })
  return (
    <div className="ribbon lost" role="alert" data-testid="lost">
      <b>▲ {t('frame.lost')}</b>
      <LiveText read={read} />
      <span className="grow" />
      <span className="ribbon-small">{t('frame.lostKey')}</span>
    </div>
  )
}

function StoppedBand() {
  const { clock } = useApp()
  const { t } = useTexts()
  const order = useOrder()
  const stopped = useAired().filter((output) => output.stoppedSinceMs !== null)
  const since = stopped[0]?.stoppedSinceMs ?? null
  if (since === null) return null
  const words = t('frame.reopenOrder')
  return (
    <div className="ribbon stopped" role="status">
      <b>■ {t('frame.stoppedBand')}</b>
      <span>
        {t('frame.stoppedSince', { time: clockText(since) })} · <LiveText read={() => durationText(clock.now() - since)} />
      </span>
      <span className="ribbon-small">{t('frame.stoppedHint')}</span>
      <span className="grow" />
      <HoldKey
        className="reopen-key"
        needMs={1_000}
        enabled
        onComplete={() => void order.give(words, (client) => client.onair.reopen({ outputIds: [] }))}
      >
        {order.state.kind === 'sent' ? t('common.sent') : t('frame.reopen')}
      </HoldKey>
    </div>
  )
}

function MicrophoneBand() {
  const { preferences } = useApp()
  const { t } = useTexts()
  const microphone = useMicrophone()
  const key = chordLabel(useSignal(preferences.keyMap).microphone)
  if (!microphone.open && microphone.order.state.kind !== 'sent') return null
  const sent = microphone.order.state.kind === 'sent'
  return (
    <div className="ribbon mic" role="status" data-open={microphone.measured}>
      <b>{microphone.open ? (sent ? t('frame.micClosing') : `● ${t('frame.micOpen')}`) : t('frame.micSent')}</b>
      {microphone.open && (
        <span>
          {t(microphone.measured ? 'frame.micHint' : microphone.silent ? 'frame.micSilent' : 'frame.micUnmeasured', {
            label: microphone.label,
          })}
        </span>
      )}
      <span className="grow" />
      {microphone.open && (
        <button type="button" className="btn" onClick={() => microphone.toggle('screen')}>
          {t('frame.micClose', { key })}
        </button>
      )}
    </div>
  )
}

function GroundBand() {
  const { t } = useTexts()
  const station = useScreen(selectStation)
  if (station.training) {
    return (
      <div className="ribbon training">
        <b>{t('frame.training')}</b>
        <span className="ribbon-small">{t('frame.trainingHint')}</span>
      </div>
    )
  }
  return (
    <div className={`ribbon ${station.liveFiring ? 'live-on' : 'live-off'}`}>
      <b>{station.liveFiring ? `▲ ${t('frame.liveOn')}` : t('frame.liveOff')}</b>
      <span className="ribbon-small">{station.liveFiring ? t('frame.liveOnHint') : t('frame.liveOffHint')}</span>
    </div>
  )
}
