// One device. Unknown is never good: grey with a question mark; what needs hands says which hands.
import { memo } from 'react'
import type { DeviceView } from '../../shared/domain/device.ts'
import { clockText } from '../../shared/domain/time.ts'
import { ageText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { useApp } from '../state/app.ts'
import { orderWords } from './order-words.ts'
import { DeskBody } from './desk-body.tsx'
import { SurfaceBody } from './surface-body.tsx'
import { TransmitterBody } from './transmitter-body.tsx'
import { sameButHeard } from './same-reading.ts'
import { ZonesBody } from './zones-body.tsx'

const marks = { connecting: '?', online: '✓', degraded: '▲', lost: '▲', faulted: '◆' } as const

export const DeviceCard = memo(function DeviceCard({ device }: { readonly device: DeviceView }) {
  const { clock, store } = useApp()
  const texts = useTexts()
  const { t, reason } = texts
  const { status } = device
  const heardAt = () => store.get().screen?.devices.find((each) => each.deviceId === device.deviceId)?.status.lastHeardAt ?? null
  const bad = status.state === 'degraded' || status.state === 'lost' || status.state === 'faulted'
  return (
    <section className="card device" data-state={status.state} data-kind={device.kind} aria-label={device.label}>
      <header className="device-head">
        <div>
          <h2>{device.label}</h2>
          <span className="small muted">
            {t(`deviceKind.${device.kind}`)} · {device.driver}
          </span>
        </div>
        <div className="device-status">
          <span className={bad ? 'flag-p2' : status.state === 'online' ? 'tick' : 'muted'}>
            {marks[status.state]} {t(`deviceState.${status.state}`)}
          </span>
          <span className="small muted num">
            <LiveText
              read={() => {
                const heard = heardAt()
                return heard === null ? t('devices.neverHeard') : t('devices.heard', { age: ageText(clock.now() - heard) })
              }}
            />
          </span>
        </div>
      </header>
      {'reason' in status && <p className="device-reason">{reason(status.reason)}</p>}
      {status.state === 'lost' && (
        <p className="small muted num">
          <LiveText read={() => t('devices.nextAttempt', { age: ageText(status.nextAttemptAt - clock.now()) })} />
        </p>
      )}
      <div className="device-body" data-old={bad || status.state === 'connecting'}>
        {device.transmitter !== null && <TransmitterBody device={device} observed={device.transmitter} />}
        {device.zones !== null && <ZonesBody device={device} observed={device.zones} />}
        {device.desk !== null && <DeskBody device={device} observed={device.desk} />}
        {device.surface !== null && <SurfaceBody observed={device.surface} />}
      </div>
      {device.unconfirmed.length > 0 && (
        <ul className="unconfirmed">
          {device.unconfirmed.map((order) => (
            <li key={`${order.sentAtMs}${order.reason}`}>
              {t('devices.unconfirmed', { reason: orderWords(order.reason, texts), time: clockText(order.sentAtMs) })}
            </li>
          ))}
        </ul>
      )}
      <footer className="small muted device-foot num">
        {device.transport}
        {device.simulated && ` · ${t('devices.simulated')}`}
      </footer>
    </section>
  )
}, sameButHeard)
