// A wired amplifier: its lines as read back from the relays.
import { memo } from 'react'
import type { DeviceView, ZonesObserved } from '../../shared/domain/device.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { HandKeys } from './hand-keys.tsx'
import { sameReading } from './same-reading.ts'

export const ZonesBody = memo(ZonesBodyView, sameReading)

function ZonesBodyView({ device, observed }: { readonly device: DeviceView; readonly observed: ZonesObserved }) {
  const { t } = useTexts()
  const closed = observed.coils.filter(Boolean).length
  return (
    <>
      <div className="zones-count num">
        <b>{closed}</b> / {observed.coils.length} {t('devices.zonesClosed')}
      </div>
      <ol className="zones" aria-label={t('devices.zones')}>
        {observed.coils.map((on, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: relays keep their numbers
          <li key={index} data-on={on}>
            <span>{index + 1}</span>
            <b>{on ? t('devices.zoneOn') : t('devices.zoneOff')}</b>
          </li>
        ))}
      </ol>
      <HandKeys device={device} on={closed > 0} />
    </>
  )
}
