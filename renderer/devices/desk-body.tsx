// The mixing desk: faders and mutes as the desk reports them, and moved from here with the order confirmed by read-back.
import { memo, useState } from 'react'
import type { DeskChannel, DeskObserved, DeviceView } from '../../shared/domain/device.ts'
import { collator } from '../format/fold.ts'
import { dbText } from '../format/numbers.ts'
import { Figure } from '../live/figure.tsx'
import { useTexts } from '../i18n/use-texts.ts'
import { useOrder } from '../state/use-order.ts'
import { sameReading } from './same-reading.ts'

const lowestDb = -60
const highestDb = 10

export const DeskBody = memo(DeskBodyView, sameReading)

function DeskBodyView({ device, observed }: { readonly device: DeviceView; readonly observed: DeskObserved }) {
  return (
    <ul className="faders">
      {sorted(observed.channels).map((channel) => (
        <Fader key={channel.channel} device={device} channel={channel} levelDb={observed.levelsDb[channel.channel] ?? null} />
      ))}
    </ul>
  )
}

/** The master first, then by number. */
function sorted(channels: readonly DeskChannel[]): readonly DeskChannel[] {
  const rank = (channel: DeskChannel) => (channel.channel === 'main' ? 0 : 1)
  return [...channels].sort((a, b) => rank(a) - rank(b) || collator.compare(a.channel, b.channel))
}

/** A channel that nobody has named at the desk is told by what it is: `ch/01` is the desk's own address. */
function channelName({ channel, label }: DeskChannel, t: ReturnType<typeof useTexts>['t']): string {
  if (label !== channel) return label
  if (channel === 'main') return t('devices.mainChannel')
  const number = /^ch\/0*(\d+)$/.exec(channel)?.[1]
  return number === undefined ? label : t('devices.channel', { n: number })
}

function Fader({
  device,
  channel,
  levelDb,
}: {
  readonly device: DeviceView
  readonly channel: DeskChannel
  readonly levelDb: number | null
}) {
  const { t, language } = useTexts()
  const order = useOrder()
  const [draftDb, setDraftDb] = useState<number | null>(null)
  const enabled = device.status.state === 'online' || device.status.state === 'degraded'
  const shownDb = draftDb ?? channel.faderDb
  const name = channelName(channel, t)
  const send = (faderDb: number | null, muted: boolean | null) =>
    order.give(`${device.label} · ${name}`, (client) =>
      client.devices.setDeskChannel({ deviceId: device.deviceId, channel: channel.channel, faderDb, muted }),
    )
  const commit = () => {
    if (draftDb === null) return
    void send(draftDb, null).then(() => setDraftDb(null))
  }
  return (
    <li data-order={order.state.kind} data-muted={channel.muted}>
      <span className="fader-name" title={name}>
        {name}
        <small className="num">{levelDb !== null && <Figure text={t('devices.level', { db: dbText(levelDb, language) })} />}</small>
      </span>
      <input
        type="range"
        min={lowestDb}
        max={highestDb}
        step={0.5}
        value={Math.max(lowestDb, shownDb)}
        disabled={!enabled}
        aria-label={t('devices.fader', { name })}
        aria-valuetext={dbText(shownDb, language, 1)}
        onChange={(event) => setDraftDb(Number(event.target.value))}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
      />
      <span className="num fader-db" data-draft={draftDb !== null || order.state.kind === 'sent'}>
        {dbText(shownDb, language, 1)}
      </span>
      <button
        type="button"
        className="btn"
        aria-pressed={channel.muted}
        disabled={!enabled}
        onClick={() => void send(null, !channel.muted)}
      >
        {channel.muted ? t('desk.muted') : t('devices.mute')}
      </button>
    </li>
  )
}
