// Thiết bị: every device with what it says of itself, when it was last heard, and orders it has not yet confirmed.
import type { DeviceView } from '../../shared/domain/device.ts'
import { collator } from '../format/fold.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { selectDevices, useScreen } from '../state/app.ts'
import { DeviceCard } from './device-card.tsx'
import { AudioCard } from './audio-card.tsx'

const columnCount = 3
/** About how tall a card is, so that columns end level. */
const heights = { transmitter: 12, zones: 6, desk: 8, surface: 5, audio: 6 } as const

type CardOf = DeviceView | 'audio'

/** Cards in columns, each into the shortest so far; the sound card comes last. */
function inColumns(devices: readonly DeviceView[]): readonly (readonly CardOf[])[] {
  const columns = Array.from({ length: columnCount }, () => ({ height: 0, cards: [] as CardOf[] }))
  for (const card of [...devices, 'audio' as const]) {
    const shortest = columns.reduce((least, each) => (each.height < least.height ? each : least))
    shortest.cards.push(card)
    shortest.height += heights[card === 'audio' ? 'audio' : card.kind]
  }
  return columns.map((column) => column.cards)
}

const order = ['transmitter', 'zones', 'desk', 'surface'] as const

export function DevicesScreen() {
  const { t } = useTexts()
  const devices = [...useScreen(selectDevices)].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || collator.compare(a.label, b.label),
  )
  return (
    <main className="screen devices" id="main" tabIndex={-1} aria-label={t('nav.devices')}>
      <div className="device-grid">
        {inColumns(devices).map((column, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: columns keep their places
          <div key={index} className="device-column">
            {column.map((card) => (card === 'audio' ? <AudioCard key="audio" /> : <DeviceCard key={card.deviceId} device={card} />))}
          </div>
        ))}
        {devices.length === 0 && (
          <section className="card device-none">
            <p>{t('devices.empty')}</p>
            <p className="muted">{t('devices.emptyTodo')}</p>
          </section>
        )}
      </div>
    </main>
  )
}
