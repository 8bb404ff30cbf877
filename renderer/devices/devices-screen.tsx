// Thiết bị: every device with what it says of itself, when it was last heard, and orders it has not yet confirmed.
import { useTexts } from '../i18n/use-texts.ts'
import { selectDevices, useScreen } from '../state/app.ts'
import { DeviceCard } from './device-card.tsx'
import { AudioCard } from './audio-card.tsx'

const order = ['transmitter', 'zones', 'desk', 'surface'] as const

export function DevicesScreen() {
  const { t } = useTexts()
  const devices = [...useScreen(selectDevices)].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.label.localeCompare(b.label, 'vi'))
  return (
    <main className="screen devices" id="main" tabIndex={-1} aria-label={t('nav.devices')}>
      <div className="device-grid">
        {devices.map((device) => (
          <DeviceCard key={device.deviceId} device={device} />
        ))}
        <AudioCard />
        {devices.length === 0 && (
          <section className="card empty">
            <p>{t('devices.empty')}</p>
            <p className="muted">{t('devices.emptyTodo')}</p>
          </section>
        )}
      </div>
    </main>
  )
}
