// On air: how far, how long still, every loudspeaker as it measures itself, and the two keys that end it: DỪNG and ĐÍNH CHÍNH.
import type { AlertView, CutInView } from '../../shared/domain/alert.ts'
import { CutInId, newId } from '../../shared/domain/ids.ts'
import type { CarrierView, OnAirOutputView } from '../../shared/domain/onair.ts'
import { durationText } from '../../shared/domain/time.ts'
import { leftText, numberText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import type { HoldBy } from '../keys/hold-machine.ts'
import { LiveText } from '../live/live-text.tsx'
import { Waveform } from '../live/waveform.tsx'
import { selectCorrection, selectOnAir, useApp, useScreen } from '../state/app.ts'
import { alertPositionMs } from '../state/onair.ts'
import { useOrder } from '../state/use-order.ts'
import { Card } from '../ui/card.tsx'
import { HoldKey } from '../ui/hold-key.tsx'
import { Icon } from '../ui/icon.tsx'
import { OrderButton } from '../ui/order-button.tsx'
import { CarrierWord } from './what-happens.tsx'
import { useMemo } from 'react'

export function AiringPanel({ alert }: { readonly alert: AlertView }) {
  const { clock, meters } = useApp()
  const { t } = useTexts()
  const outputs = useScreen(selectOnAir).filter((output) => output.cutIn?.alertId === alert.alertId)
  const first = outputs[0]
  const cutIn = first?.cutIn ?? null
  const peaks = useMemo(
    () => (alert.audio === null ? null : { min: alert.audio.peaks.map((v) => -Math.abs(v)), max: alert.audio.peaks }),
    [alert.audio],
  )
  const position = () => (first === undefined ? null : alertPositionMs(first, meters.fresh(performance.now()), clock.now()))
  const total = alert.audio?.totalMs ?? 0
  return (
    <>
      <div className="alert-facts">
        <section className="card airing" data-mode={alert.mode} aria-label={t('alerts.airing')}>
          <div className="airing-head">
            <b>{alert.mode === 'drill' ? t('alerts.airingDrill') : t('alerts.airing')}</b>
            <LiveText
              className="airing-left"
              read={() => {
                const at = position()
                return at === null ? '—' : leftText(total - at)
              }}
              label={t('frame.remaining')}
            />
          </div>
          <Waveform
            className="airing-wave"
            peaks={peaks}
            progress={() => {
              const at = position()
              return at === null || total === 0 ? null : at / total
            }}
            played="onair"
            label={t('desk.waveform', { title: alert.title })}
          />
          <div className="airing-foot num small">
            <span>
              {t('alerts.elapsed')} <LiveText read={() => durationText(Math.max(0, position() ?? 0))} />
            </span>
            <span>
              {t('alerts.of')} {durationText(total)}
            </span>
          </div>
        </section>
        <Card title={t('alerts.coverageNow')}>
          <table className="coverage">
            <tbody>
              {outputs.map((output) => (
                <OutputRows key={output.outputId} output={output} cutIn={cutIn} />
              ))}
            </tbody>
          </table>
        </Card>
      </div>
      <EndKeys alert={alert} cutIn={cutIn} />
    </>
  )
}

function OutputRows({ output, cutIn }: { readonly output: OnAirOutputView; readonly cutIn: CutInView | null }) {
  const { t, language } = useTexts()
  const airing = cutIn?.outputs.find((each) => each.outputId === output.outputId)
  return (
    <>
      <tr className="coverage-output">
        <td>{output.name}</td>
        <td>
          {airing === undefined ? '—' : t(`cutInPhase.${airing.phase}`)}
          {airing !== undefined && airing.latencyMs !== null && (
            <span className="muted num">{` · ${t('alerts.latency', { ms: numberText(airing.latencyMs, 0, language) })}`}</span>
          )}
        </td>
      </tr>
      {output.carriers.map((carrier) => (
        <CarrierRow key={carrier.deviceId} carrier={carrier} />
      ))}
    </>
  )
}

function CarrierRow({ carrier }: { readonly carrier: CarrierView }) {
  return (
    <tr>
      <td className="indent">{carrier.label}</td>
      <td>
        <CarrierWord carrier={carrier} />
      </td>
    </tr>
  )
}

function EndKeys({ alert, cutIn }: { readonly alert: AlertView; readonly cutIn: CutInView | null }) {
  const { t } = useTexts()
  const correctionId = useScreen(selectCorrection)
  const correction = useOrder()
  const ready = correctionId !== null && correctionId !== alert.alertId && cutIn !== null
  const correct = (by: HoldBy, heldMs: number) => {
    if (correctionId === null || cutIn === null) return
    const id = correctionId as AlertView['alertId']
    const next = newId(CutInId, 'cutin')
    void correction.give(t('alerts.correction'), async (client) => {
      await client.alerts.arm({ alertId: id })
      await client.alerts.stop({ cutInId: cutIn.cutInId, outputIds: [] })
      await client.alerts.fire({ alertId: id, cutInId: next, via: by === 'keyboard' ? 'keyboard' : 'screen', heldMs })
    })
  }
  return (
    <div className="end-keys">
      <OrderButton
        className="end-stop"
        words={t('alerts.stop')}
        disabled={cutIn === null}
        run={(client) => (cutIn === null ? Promise.resolve() : client.alerts.stop({ cutInId: cutIn.cutInId, outputIds: [] }))}
      >
        <span>
          <Icon name="stop" filled /> {t('alerts.stop')}
        </span>
        <small>{t('alerts.stopHint')}</small>
      </OrderButton>
      <HoldKey className="end-correct" needMs={1_000} enabled={ready} onComplete={correct}>
        <span>{t('alerts.correction')}</span>
        <small>
          {correction.state.kind === 'sent' ? t('common.sent') : ready ? t('alerts.correctionHold') : t('alerts.correctionMissing')}
        </small>
      </HoldKey>
    </div>
  )
}
