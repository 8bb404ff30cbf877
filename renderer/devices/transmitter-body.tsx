// An FM transmitter: forward power against its set point, what it measures of itself, and keying by hand for a test.
import type { DeviceView, TransmitterObserved } from '../../shared/domain/device.ts'
import { numberText, wattText } from '../format/numbers.ts'
import { Figure } from '../live/figure.tsx'
import { useTexts } from '../i18n/use-texts.ts'
import { deviceHistory } from './shared-history.ts'
import { memo, useState } from 'react'
import { OrderButton } from '../ui/order-button.tsx'
import { HandKeys } from './hand-keys.tsx'
import { Sparkline } from './sparkline.tsx'
import { sameOrders, sameReading } from './same-reading.ts'

export const TransmitterBody = memo(TransmitterBodyView, sameReading)

function TransmitterBodyView({ device, observed }: { readonly device: DeviceView; readonly observed: TransmitterObserved }) {
  const { t, language } = useTexts()
  const share = observed.powerSetW > 0 ? Math.min(1.15, observed.forwardPowerW / observed.powerSetW) : 0
  return (
    <>
      <div className="power">
        <div className="power-figure">
          <b className="num">
            <Figure text={wattText(observed.forwardPowerW, language)} />
          </b>
          <span className="small muted num">{t('devices.ofSet', { watts: wattText(observed.powerSetW, language) })}</span>
        </div>
        <div className="power-bar" role="img" aria-label={t('devices.powerShare', { percent: Math.round(share * 100) })}>
          <i style={{ transform: `scaleX(${share / 1.15})` }} />
          <b style={{ left: `${100 / 1.15}%` }} />
        </div>
        <Sparkline
          read={() => deviceHistory.forwardPower(device.deviceId)}
          setPoint={observed.powerSetW}
          label={t('devices.powerHistory')}
        />
      </div>
      <dl className="facts two">
        <Fact name={t('devices.carrier')} value={observed.carrierOn ? t('devices.keyed') : t('devices.unkeyed')} bad={false} />
        <Fact name={t('devices.frequency')} value={`${numberText(observed.frequencyKhz / 1000, 1, language)} MHz`} bad={false} />
        <Fact name={t('devices.reflected')} value={wattText(observed.reflectedPowerW, language)} bad={observed.vswr > 2} />
        <Fact name={t('devices.vswr')} value={numberText(observed.vswr, 2, language)} bad={observed.vswr > 2} />
        <Fact
          name={t('devices.interlock')}
          value={observed.interlockClosed ? t('devices.closed') : t('devices.open')}
          // Open while nothing is to radiate is how it should be: the relay opens it with the end of the programme.
          bad={!observed.interlockClosed && observed.carrierOn}
        />
        <Fact name={t('devices.control')} value={observed.localMode ? t('devices.local') : t('devices.remote')} bad={observed.localMode} />
        <Fact
          name={t('devices.temperature')}
          value={observed.tempDegC === null ? '—' : `${numberText(observed.tempDegC, 0, language)} °C`}
          bad={false}
        />
        <Fact
          name={t('devices.fault')}
          value={observed.fault ? observed.alarms.join(', ') || t('common.yes') : t('common.no')}
          bad={observed.fault}
        />
      </dl>
      <PowerSet device={device} setW={observed.powerSetW} />
      <HandKeys device={device} on={observed.carrierOn} />
    </>
  )
}

/** The power set point: typed, sent, and shown as set only when the transmitter says so. */
const PowerSet = memo(PowerSetView, (before, after) => before.setW === after.setW && sameOrders(before.device, after.device))

function PowerSetView({ device, setW }: { readonly device: DeviceView; readonly setW: number }) {
  const { t, language } = useTexts()
  const [text, setText] = useState('')
  const enabled = device.status.state === 'online' || device.status.state === 'degraded'
  const powerW = Number(text.replace(',', '.'))
  const usable = enabled && text.trim() !== '' && powerW > 0
  return (
    <div className="power-set">
      <input
        className="field"
        inputMode="decimal"
        aria-label={t('devices.powerSet', { name: device.label })}
        placeholder={wattText(setW, language)}
        disabled={!enabled}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <OrderButton
        words={t('devices.powerSet', { name: device.label })}
        disabled={!usable}
        run={(client) => client.devices.setPower({ deviceId: device.deviceId, powerW }).then(() => setText(''))}
      >
        {t('devices.setPower')}
      </OrderButton>
    </div>
  )
}

const Fact = memo(function Fact({ name, value, bad }: { readonly name: string; readonly value: string; readonly bad: boolean }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num">{bad ? <span className="flag-p2">{value}</span> : <Figure text={value} />}</dd>
    </div>
  )
})
