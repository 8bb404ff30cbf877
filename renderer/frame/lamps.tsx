// Four lamps: transmitters, province, logbook, ready for an emergency. Grey tick = good; a fault is amber with its word.
// Each opens a list of what it rests on; nothing is called good that was not measured.
import { Popover } from '@mantine/core'
import { useCallback } from 'react'
import type { ScreenState } from '../../shared/domain/station.ts'
import { type Texts, useTexts } from '../i18n/use-texts.ts'
import { selectOnAir, selectProvince, selectStation, useApp, useScreen } from '../state/app.ts'
import { provinceLines } from './province-lines.ts'
import { wattText } from '../format/numbers.ts'

export type LampState = 'good' | 'attention' | 'unknown' | 'absent'
export interface LampLine {
  readonly state: LampState
  readonly text: string
}

const marks: Record<LampState, string> = { good: '✓', attention: '▲', unknown: '?', absent: '–' }

export function Lamps() {
  const { t } = useTexts()
  return (
    <div className="lamps">
      <Lamp name={t('frame.lampTransmitters')} lines={transmitterLines} />
      <Lamp name={t('frame.lampProvince')} lines={provinceLines} />
      <Lamp name={t('frame.lampLogbook')} lines={logbookLines} />
      <Lamp name={t('frame.lampReady')} title={t('frame.lampReadyLong')} lines={readyLines} />
    </div>
  )
}

/** What lamps rest on; the rest of the state may change without a lamp being drawn. */
type LampScreen = Pick<ScreenState, 'station' | 'onair' | 'alerts' | 'province'>
const selectAlertsSlice = (screen: ScreenState) => screen.alerts

type Lines = (screen: LampScreen, texts: Texts) => readonly LampLine[]

/** Drawn again only when its state changes; what it rests on is read while the list is open. */
function Lamp({ name, title, lines }: { readonly name: string; readonly title?: string; readonly lines: Lines }) {
  const texts = useTexts()
  const state = useScreen(useCallback((screen) => worst(lines(screen, texts)), [lines, texts]))
  const word = {
    good: texts.t('frame.good'),
    attention: texts.t('frame.attention'),
    unknown: texts.t('frame.unknown'),
    absent: texts.t('frame.notConfigured'),
  }[state]
  return (
    <Popover position="bottom" withArrow shadow="md" trapFocus={false} withinPortal>
      <Popover.Target>
        <button type="button" className="lamp" data-state={state}>
          <b aria-hidden="true">{marks[state]}</b>
          <span>{name}</span>
          {state === 'absent' ? <small>{word}</small> : <span className="visually-hidden">: {word}</span>}
        </button>
      </Popover.Target>
      <Popover.Dropdown className="lamp-list">
        <LampList title={title ?? name} lines={lines} />
      </Popover.Dropdown>
    </Popover>
  )
}

function LampList({ title, lines }: { readonly title: string; readonly lines: Lines }) {
  const texts = useTexts()
  const { navigation } = useApp()
  const list = lines(
    {
      station: useScreen(selectStation),
      onair: useScreen(selectOnAir),
      alerts: useScreen(selectAlertsSlice),
      province: useScreen(selectProvince),
    },
    texts,
  )
  return (
    <>
      <b>{title}</b>
      <ul>
        {list.map((line) => (
          <li key={line.text} data-state={line.state}>
            <span aria-hidden="true">{marks[line.state]}</span> {line.text}
          </li>
        ))}
      </ul>
      <button type="button" className="btn quiet" onClick={() => navigation.go('devices')}>
        {texts.t('nav.devices')}
      </button>
    </>
  )
}

function worst(lines: readonly LampLine[]): LampState {
  for (const state of ['attention', 'unknown'] as const) if (lines.some((line) => line.state === state)) return state
  return lines.every((line) => line.state === 'absent') ? 'absent' : 'good'
}

export function transmitterLines(screen: LampScreen, { t, reason, language }: Texts): readonly LampLine[] {
  const carriers = new Map(screen.onair.flatMap((output) => output.carriers).map((carrier) => [carrier.deviceId, carrier]))
  if (carriers.size === 0) return [{ state: 'absent', text: t('frame.noCarriers') }]
  return [...carriers.values()].map((carrier) => {
    const words = {
      up: t('frame.carrierUp'),
      rising: t('frame.carrierRising'),
      down: t('frame.carrierDown'),
      unknown: t('frame.carrierUnknown'),
      blocked: t('frame.carrierBlocked'),
    }[carrier.state]
    const power = carrier.kind === 'transmitter' && carrier.measured !== null ? ` · ${wattText(carrier.measured, language)}` : ''
    const why = carrier.reason === null ? '' : ` (${reason(carrier.reason)})`
    const state = carrier.state === 'unknown' ? 'unknown' : carrier.state === 'blocked' ? 'attention' : 'good'
    return { state, text: `${carrier.label}: ${words}${power}${why}` }
  })
}

export function logbookLines({ station }: LampScreen, { t }: Texts): readonly LampLine[] {
  const store: LampLine =
    station.store.state === 'ok'
      ? { state: 'good', text: t('frame.storeOk') }
      : station.store.state === 'slow'
        ? { state: 'attention', text: t('frame.storeSlow', { queued: station.store.queued }) }
        : { state: 'attention', text: t('frame.storeFailed', { reason: station.store.reason ?? '' }) }
  const chain: LampLine =
    station.chainOk === null
      ? { state: 'good', text: t('frame.chainUnknown') }
      : station.chainOk
        ? { state: 'good', text: t('frame.chainOk') }
        : { state: 'attention', text: t('frame.chainBroken') }
  return [store, chain]
}

export function readyLines(screen: LampScreen, texts: Texts): readonly LampLine[] {
  const { t } = texts
  const { station, onair, alerts } = screen
  const correction = alerts.alerts.find((alert) => alert.alertId === alerts.correctionAlertId)
  return [
    ...onair.map((output): LampLine => {
      if (output.audio.state === 'running')
        return { state: 'good', text: t('frame.readyAudio', { output: output.name, device: output.audio.device ?? '—' }) }
      if (output.audio.state === 'none')
        return { state: station.training ? 'good' : 'attention', text: t('frame.readyAudioNone', { output: output.name }) }
      return { state: 'attention', text: t('frame.readyAudioLost', { output: output.name }) }
    }),
    ...transmitterLines(screen, texts).filter((line) => line.state !== 'absent'),
    correction !== undefined && correction.audio !== null
      ? { state: 'good', text: t('frame.readyCorrection') }
      : { state: 'attention', text: t('frame.readyCorrectionMissing') },
    station.liveFiring ? { state: 'good', text: t('frame.readyFiring') } : { state: 'attention', text: t('frame.readyFiringOff') },
    station.cue.via === 'none'
      ? { state: 'attention', text: t('frame.readyCueNone', { reason: texts.reason(station.cue.reason ?? '') }) }
      : {
          state: 'good',
          text: station.cue.via === 'browser' ? t('frame.readyCueBrowser') : t('frame.readyCue', { device: station.cue.device ?? '' }),
        },
  ]
}
