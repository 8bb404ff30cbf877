// The way of the sound, output by output: decoder → desk → level → carrier → off-air monitor, each with what it measures
// itself. The broken link is lit; what nobody measures says so.
import { memo, useCallback } from 'react'
import type { DeviceView } from '../../shared/domain/device.ts'
import type { OnAirOutputView } from '../../shared/domain/onair.ts'
import type { ScreenState } from '../../shared/domain/station.ts'
import { dbText, wattText } from '../format/numbers.ts'
import { useTexts } from '../i18n/use-texts.ts'
import { Figure } from '../live/figure.tsx'
import { LiveText } from '../live/live-text.tsx'
import { selectOnAir, useApp, useScreen } from '../state/app.ts'
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

const OutputChain = memo(function OutputChain({ output }: { readonly output: OnAirOutputView }) {
  const { meters } = useApp()
  const texts = useTexts()
  const { t, language } = texts
  const desk = useDesk(output.outputId)
  const level = () => {
    const frame = meters.fresh(performance.now())
    const found = frame?.outputs.find((each) => each.outputId === output.outputId)
    return found === undefined ? '—' : dbText(Math.max(...found.level.peakDb), language)
  }
  const transmitters = output.carriers.filter((carrier) => carrier.kind === 'transmitter').length
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
        name:
          carrier.kind !== 'transmitter'
            ? t(transmitters > 0 ? 'desk.linkRelay' : 'desk.linkZones')
            : transmitters > 1
              ? shortName(carrier.label)
              : t('desk.linkPower'),
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
            <b>{link.live === undefined ? <Figure text={link.value} /> : <LiveText read={link.live} />}</b>
          </li>
        ))}
      </ol>
    </div>
  )
})

/** Of several transmitters each is named: by its frequency where its name has one. */
function shortName(label: string): string {
  return /\d+[.,]?\d*\s*MHz/.exec(label)?.[0] ?? label
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

interface Desk {
  readonly state: DeviceView['status']['state'] | 'notFitted'
  readonly muted: boolean | null
  readonly faderDb: number | null
}

/** What the chain shows of the desk before an output; the rest of a desk may change without the chain being drawn. */
function useDesk(outputId: string): Desk {
  const find = useCallback(
    (screen: ScreenState) => screen.devices.find((device) => device.kind === 'desk' && serves(device, outputId)),
    [outputId],
  )
  const main = useCallback(
    (screen: ScreenState) => {
      const channels = find(screen)?.desk?.channels
      return channels?.find((channel) => channel.channel === 'main') ?? channels?.[0]
    },
    [find],
  )
  return {
    state: useScreen(useCallback((screen) => find(screen)?.status.state ?? 'notFitted', [find])),
    muted: useScreen(useCallback((screen) => main(screen)?.muted ?? null, [main])),
    faderDb: useScreen(useCallback((screen) => main(screen)?.faderDb ?? null, [main])),
  }
}

function deskLink({ state, muted, faderDb }: Desk, { t, language }: ReturnType<typeof useTexts>): LinkView {
  const name = t('desk.linkDesk')
  if (state === 'notFitted') return { name, value: t('desk.notFitted'), bad: false, quiet: true }
  if (state !== 'online') return { name, value: t(`deviceState.${state}`), bad: true }
  if (muted === null || faderDb === null) return { name, value: '—', bad: false, quiet: true }
  return { name, value: muted ? t('desk.muted') : dbText(faderDb, language), bad: muted }
}

function Verdict({ output }: { readonly output: OnAirOutputView }) {
  const { t } = useTexts()
  if (output.onAir === 'measured') return <span className="tick">✓ {t('desk.verdictMeasured')}</span>
  if (output.onAir === 'unconfirmed') return <span className="flag-p2">{t('desk.verdictUnconfirmed')}</span>
  return <span className="muted">{t('desk.verdictOff')}</span>
}
