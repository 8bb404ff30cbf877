// The way of the sound, output by output: decoder → desk → level → carrier → off-air monitor, each with what it measures
// itself. The broken link is lit; what nobody measures says so.
import type { DeviceView } from '../../shared/domain/device.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import { dbText, wattText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { LiveText } from '../live/live-text.tsx'
import { selectDevices, selectOnAir, useApp, useScreen } from '../state/app.ts'
import { Card } from '../ui/card.tsx'

export function ChainCard() {
  const { t } = useTexts()
  const outputs = useScreen(selectOnAir)
  return (
    <Card className="chain-card" title={t('desk.chain')} aside={t('desk.chainHint')}>
      {outputs.map((output) => (
        <OutputChain key={output.outputId} output={output} />
      ))}
    </Card>
  )
}

interface LinkView {
  readonly name: string
  readonly value: string
  readonly bad: boolean
  readonly quiet?: boolean
  readonly live?: () => string
}

function OutputChain({ output }: { readonly output: OnAirOutputView }) {
  const { meters } = useApp()
  const texts = useTexts()
  const { t, language } = texts
  const devices = useScreen(selectDevices)
  const desk = devices.find((device) => device.kind === 'desk' && serves(device, output.outputId))
  const level = () => {
    const frame = meters.fresh(performance.now())
    const found = frame?.outputs.find((each) => each.outputId === output.outputId)
    return found === undefined ? '—' : dbText(Math.max(...found.level.peakDb), language)
  }
  const links: LinkView[] = [
    {
      name: t('desk.linkAudio'),
      value: t(`audioState.${output.audio.state}`),
      bad: output.audio.state !== 'running' && output.audio.state !== 'none',
      quiet: output.audio.state === 'none',
    },
    deskLink(desk, texts),
    { name: t('desk.linkLevel'), value: '', bad: false, live: level },
    ...output.carriers.map((carrier): LinkView => {
      const bad = carrier.state === 'blocked' || carrier.state === 'unknown'
      const measured =
        carrier.measured === null
          ? null
          : carrier.kind === 'transmitter'
            ? wattText(carrier.measured, language)
            : t('desk.zonesOn', { n: carrier.measured, of: carrier.setPoint ?? '–' })
      const value =
        carrier.state === 'up' || carrier.state === 'rising' ? (measured ?? t('frame.carrierUp')) : carrierWord(carrier.state, t)
      return {
        name: carrier.kind === 'transmitter' ? t('desk.linkPower') : t('desk.linkZones'),
        value,
        bad,
        quiet: carrier.state === 'down',
      }
    }),
    { name: t('desk.linkMonitor'), value: '—', bad: false, quiet: true },
  ]
  return (
    <div className="chain-out">
      <div className="chain-name">
        <span>{output.name}</span>
        <Verdict output={output} />
      </div>
      <ol className="chain">
        {links.map((link, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the links of a chain keep their places
          <li key={index} className={link.bad ? 'bad' : link.quiet ? 'quiet' : ''}>
            <span>{link.name}</span>
            <b>{link.live === undefined ? link.value : <LiveText read={link.live} />}</b>
          </li>
        ))}
      </ol>
    </div>
  )
}

export function serves(device: DeviceView, outputId: string): boolean {
  return device.outputIds.length === 0 || device.outputIds.some((id) => id === outputId)
}

function carrierWord(state: 'up' | 'rising' | 'down' | 'unknown' | 'blocked', t: ReturnType<typeof useTexts>['t']): string {
  return {
    up: t('frame.carrierUp'),
    rising: t('frame.carrierRising'),
    down: t('frame.carrierDown'),
    unknown: t('frame.carrierUnknown'),
    blocked: t('frame.carrierBlocked'),
  }[state]
}

function deskLink(desk: DeviceView | undefined, { t, language }: ReturnType<typeof useTexts>): LinkView {
  const name = t('desk.linkDesk')
  if (desk === undefined) return { name, value: t('desk.notFitted'), bad: false, quiet: true }
  if (desk.status.state !== 'online' || desk.desk === null) return { name, value: t(`deviceState.${desk.status.state}`), bad: true }
  const main = desk.desk.channels.find((channel) => channel.channel === 'main') ?? desk.desk.channels[0]
  if (main === undefined) return { name, value: '—', bad: false, quiet: true }
  return { name, value: main.muted ? t('desk.muted') : dbText(main.faderDb, language), bad: main.muted }
}

function Verdict({ output }: { readonly output: OnAirOutputView }) {
  const { t } = useTexts()
  if (output.onAir === 'measured') return <span className="tick">✓ {t('desk.verdictMeasured')}</span>
  if (output.onAir === 'unconfirmed') return <span className="flag-p2">{t('desk.verdictUnconfirmed')}</span>
  return <span className="muted">{t('desk.verdictOff')}</span>
}
