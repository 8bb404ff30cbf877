// Keying by hand for a test: held one second, because it puts a carrier on the air or takes it off.
import { memo } from 'react'
import { type DeviceView, handTestMs } from '../../shared/domain/device.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { useOrder } from '../state/use-order.ts'
import { HoldKey } from '../ui/hold-key.tsx'
import { sameOrders } from './same-reading.ts'

interface Props {
  readonly device: DeviceView
  readonly on: boolean
}

/** Drawn again only when what it says or does is another. */
export const HandKeys = memo(HandKeysView, (before, after) => before.on === after.on && sameOrders(before.device, after.device))

function HandKeysView({ device, on }: Props) {
  const { t } = useTexts()
  const order = useOrder()
  const enabled = device.status.state === 'online' || device.status.state === 'degraded'
  const seconds = handTestMs / 1000
  const words = on
    ? device.kind === 'zones'
      ? t('devices.zonesOff')
      : t('devices.keyOff')
    : device.kind === 'zones'
      ? t('devices.zonesOn', { seconds })
      : t('devices.keyOn', { seconds })
  const state = order.state.kind === 'sent' ? t('common.sent') : order.state.kind === 'confirmed' ? t('common.confirmed') : t('common.hold')
  return (
    <HoldKey
      className="hand-key"
      needMs={1_000}
      enabled={enabled}
      onComplete={() =>
        void order.give(`${device.label}: ${words}`, (client) => client.devices.setCarrier({ deviceId: device.deviceId, on: !on }))
      }
    >
      <span>
        <span className="visually-hidden">{device.label}: </span>
        {words}
      </span>
      <small>{state}</small>
    </HoldKey>
  )
}
