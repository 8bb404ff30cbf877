// "On air" is said only of what is measured: the clock of the sound, its level, and the far end's own power.
import { expect, test } from 'vitest'
import type { BusLevel } from '../../../shared/audio-protocol.ts'
import type { CarrierState } from '../../../shared/domain/device.ts'
import type { CarrierView } from '../../../shared/domain/onair.ts'
import type { DeviceId, InputId, ItemId, OutputId } from '../../../shared/domain/ids.ts'
import type { EpochMs, MonotonicMs } from '../../../shared/domain/time.ts'
import { type AudioHealth, OutputRuntime, stateFromAudio } from '../../../station/onair/output-runtime.ts'

const carrier = (kind: 'transmitter' | 'zones', state: CarrierState): CarrierView => ({
  deviceId: kind as DeviceId,
  label: kind,
  kind,
  state,
  measured: null,
  setPoint: null,
  reason: null,
})
const rundown = { nextFor: () => null }
const heard = (db: number): BusLevel => ({ rmsDb: [db, db], peakDb: [db, db] })

function tally(carriers: readonly CarrierView[], levelDb = -20, atMs = 2000): string {
  const runtime = new OutputRuntime('fm' as OutputId, 'FM', 'Card')
  runtime.state = { kind: 'programme', itemId: 'one' as ItemId }
  const report = { outputId: runtime.outputId, clockS: 1, level: heard(levelDb), frame: null, alertMs: null }
  runtime.takeReport(report, 1900 as MonotonicMs)
  return runtime.view(rundown as never, carriers, null, 0 as EpochMs, atMs as MonotonicMs).onAir
}

test('a closed interlock relay is no carrier: without forward power an FM output is not called on air', () => {
  expect(tally([carrier('transmitter', 'up'), carrier('zones', 'up')])).toBe('measured')
  for (const state of ['down', 'rising', 'unknown', 'blocked'] as const)
    expect(tally([carrier('transmitter', state), carrier('zones', 'up')])).toBe('unconfirmed')
})

test('a wired output is proved by its relays; a silent bus, an old report or no carrier at all proves nothing', () => {
  expect(tally([carrier('zones', 'up')])).toBe('measured')
  expect(tally([carrier('zones', 'rising')])).toBe('unconfirmed')
  expect(tally([carrier('zones', 'up')], -90)).toBe('unconfirmed')
  expect(tally([carrier('zones', 'up')], -20, 4000)).toBe('unconfirmed')
  expect(tally([])).toBe('unconfirmed')
})

test('adopted under an alert, a held programme is held afterwards, and a cold airing that is not read yet awaits its carriers', () => {
  const item = (state: string) => ({ item: { itemId: 'one' }, startedAtMs: 0, frame: 0, state })
  const alert = (phase: string) => ({ cutInId: 'c', alertId: 'al', phase, startedAtMs: 0, positionMs: 0, durationMs: 9 })
  const adopted = (itemState: string, phase: string) =>
    stateFromAudio(
      { outputId: 'fm', stopped: false, openInputs: [], item: item(itemState), alert: alert(phase) } as never,
      { cutInId: 'c', temperature: 'cold' } as never,
      false,
      0 as EpochMs,
    )
  expect(adopted('held', 'body')).toMatchObject({ kind: 'cutIn', underWas: 'held', awaitingCarriers: false })
  expect(adopted('interrupted', 'attention')).toMatchObject({ kind: 'cutIn', underWas: 'playing', awaitingCarriers: true })
})

test('a microphone is measured by its own sound: silent over the programme it is not, heard it is, and after a long pause it is not again', () => {
  const mic = 'mic' as InputId
  const runtime = new OutputRuntime('fm' as OutputId, 'FM', 'Card')
  const audio = { outputId: runtime.outputId, item: null, alert: null, openInputs: [mic], oversPlaying: [], stopped: false }
  runtime.takeState({ ...audio, device: null, onBackup: false } as never)
  runtime.state = { kind: 'liveInput', inputIds: [mic], emergency: false, under: 'one' as ItemId, underWas: 'playing' }
  const look = (micDb: number | null, atMs: number) => {
    runtime.takeReport({ outputId: runtime.outputId, clockS: atMs, level: heard(-25), frame: null, alertMs: null }, atMs as MonotonicMs)
    runtime.takeInputs(micDb === null ? [] : [{ inputId: mic, level: heard(micDb) }], atMs as MonotonicMs)
    const { onAir, soundingInputs } = runtime.view(rundown as never, [carrier('zones', 'up')], null, 0 as EpochMs, atMs as MonotonicMs)
    return [onAir, ...soundingInputs]
  }
  expect(look(null, 1000)).toEqual(['unconfirmed'])
  expect(look(-120, 2000)).toEqual(['unconfirmed'])
  expect(look(-30, 3000)).toEqual(['measured', mic])
  expect(look(-120, 7000)).toEqual(['measured', mic])
  expect(look(-120, 8100)).toEqual(['unconfirmed'])
  // Closed and opened again: what it said before proves nothing.
  expect(look(-30, 9000)).toEqual(['measured', mic])
  runtime.takeState({ ...audio, openInputs: [], device: null, onBackup: false } as never)
  look(-30, 9500)
  runtime.takeState({ ...audio, device: null, onBackup: false } as never)
  expect(look(-120, 10_000)).toEqual(['unconfirmed'])
})

test('an adopted STOP keeps its hour, an emergency microphone its rank', () => {
  const audio = { stopped: false, alert: null, openInputs: ['mic'], item: null }
  expect(stateFromAudio({ ...audio, stopped: true } as never, null, false, 5 as EpochMs)).toEqual({ kind: 'stopped', sinceMs: 5 })
  for (const emergency of [true, false])
    expect(stateFromAudio(audio as never, null, emergency, 5 as EpochMs)).toMatchObject({ kind: 'liveInput', emergency })
})

test('an output whose device is missing is silent from the first report without it, until it sounds again', () => {
  const runtime = new OutputRuntime('fm' as OutputId, 'FM', 'Card')
  const sounds = { outputId: runtime.outputId, clockS: 1, level: heard(-20), frame: null, alertMs: null }
  const silentFor = (atMs: number) => runtime.silentForMs(atMs as MonotonicMs)
  runtime.takeReport(sounds, 1000 as MonotonicMs)
  expect(silentFor(3000)).toBe(0)
  for (const atMs of [3000, 3040, 9000]) runtime.takeSilence(atMs as MonotonicMs)
  expect(silentFor(14_000)).toBe(11_000)
  runtime.takeReport(sounds, 14_000 as MonotonicMs)
  expect(silentFor(15_000)).toBe(0)
})

test.each<[string, AudioHealth, string | null, string | null, AudioHealth]>([
  ['a card that plays', 'running', 'Card', 'Card', 'running'],
  ['the backup that plays', 'running', 'Card', 'Spare', 'running'],
  ['a card that is missing', 'running', 'Card', null, 'lost'],
  ['no card configured here', 'running', null, null, 'none'],
  ['no card configured anywhere', 'none', null, null, 'none'],
  ['a process that is being replaced', 'restarting', 'Card', null, 'restarting'],
])('its sound, with %s', (_, health, configured, device, state) => {
  const runtime = new OutputRuntime('fm' as OutputId, 'FM', configured)
  runtime.health = health
  runtime.takeState({ outputId: 'fm', device, onBackup: false, item: null, openInputs: [], oversPlaying: [] } as never)
  expect(runtime.view(rundown as never, [], null, 0 as EpochMs, 0 as MonotonicMs).audio).toMatchObject({ state, device })
})
