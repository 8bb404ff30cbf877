// What the audio process tells as alarms: each failure with the remedy that is its own, gone when its cause is.
import { expect, test } from 'vitest'
import type { AudioEvent } from '../../../shared/audio-protocol.ts'
import { AlarmsService } from '../../../station/health/index.ts'
import { AudioEvents } from '../../../station/house/audio-events.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const outputs = [
  { id: 'fm', device: 'FM' },
  { id: 'wired', device: null },
]
const config = { audio: { cueDevice: 'Cue' }, outputs } as never

/** `replaced` instead of an event: another audio process took over; a function: what it tells that is no event. */
function heard(...events: (object | 'replaced' | ((audio: AudioEvents) => void))[]): string[] {
  const clock = new VirtualClock()
  const quiet = () => undefined
  const alarms = new AlarmsService(clock, { onChanged: quiet, onRaised: quiet, onCleared: quiet, onAcknowledged: quiet })
  const audio = new AudioEvents(alarms, config)
  const hearer = { audioEvent: quiet, audioState: quiet, alertStarted: quiet, alertEnded: quiet }
  audio.hearers({ onair: hearer, alerts: hearer, levelGuard: hearer } as never)
  audio.flow()
  for (const [seq, event] of events.entries()) {
    if (event === 'replaced') audio.replaced()
    else if (typeof event === 'function') event(audio)
    else audio.take({ seq, atMs: clock.now(), ...(event as object) } as AudioEvent)
  }
  return alarms
    .views()
    .map((alarm) => alarm.code)
    .sort()
}
const failure = (code: string) => ({ kind: 'failure', code, message: 'why' })

test.each([
  ['RELAY_FAILED', 'STREAM_FAILED'],
  ['ITEM_FAILED', 'ITEM_FAILED'],
  ['RECORDER_FAILED', 'RECORDER_FAILED'],
  ['DEVICE_OPEN_FAILED', 'AUDIO_UNAVAILABLE'],
  ['CUE_IS_PROGRAMME', 'AUDIO_UNAVAILABLE'],
])('%s is %s', (code, alarm) => {
  expect(heard(failure(code))).toEqual([alarm])
})

const of = (outputId: string, code: string) => ({ ...failure(code), outputId })
const over = (outputId: string, code: string) => ({ kind: 'failureOver', outputId, code })

test.each([['RELAY_FAILED'], ['RECORDER_FAILED']])('%s of one output ends when that output tells so, and no other', (code) => {
  const [alarm] = heard(of('fm', code))
  expect(heard(of('fm', code), of('wired', code))).toEqual([alarm, alarm])
  expect(heard(of('fm', code), of('wired', code), over('wired', code))).toEqual([alarm])
  expect(heard(of('fm', code), over('wired', code))).toEqual([alarm])
  expect(heard(of('fm', code), over('fm', code))).toEqual([])
  expect(heard(of('fm', code), over('fm', code), of('fm', code))).toEqual([alarm])
})

test('an audio process that took over starts its streams and recorders anew; the failed item stays to be seen', () => {
  expect(heard(of('fm', 'RELAY_FAILED'), of('wired', 'RECORDER_FAILED'), of('fm', 'ITEM_FAILED'), 'replaced')).toEqual(['ITEM_FAILED'])
})

test('a stream that failed is no alarm once its item is over; a recorder’s failure stands through items', () => {
  const ended = { kind: 'itemEnded', outputId: 'fm', itemId: 'relay', frame: 0, reason: 'fixedEnd' }
  expect(heard(of('fm', 'RELAY_FAILED'), ended)).toEqual([])
  expect(heard(of('wired', 'RELAY_FAILED'), ended)).toEqual(['STREAM_FAILED'])
  expect(heard(of('fm', 'RECORDER_FAILED'), ended)).toEqual(['RECORDER_FAILED'])
})

test('an input that its predecessor lost is tried anew by an audio process that took over', () => {
  const lost = { kind: 'inputLost', inputId: 'mic', message: 'gone' }
  expect(heard(lost)).toEqual(['INPUT_LOST'])
  expect(heard(lost, 'replaced')).toEqual([])
  expect(heard(lost, 'replaced', (audio) => expect(audio.isInputLost('mic')).toBe(false))).toEqual([])
  expect(heard(lost, 'replaced', lost)).toEqual(['INPUT_LOST'])
})

const on = (outputId: string, device: string | null) => (audio: AudioEvents) => audio.state({ outputId, device } as never)
const lost = { kind: 'deviceLost', outputId: 'fm', device: 'FM' }
const back = { kind: 'deviceBack', outputId: 'fm', device: 'FM', backup: false }

test('a sound device that is missing is an alarm by the state of its output, whoever heard of the loss', () => {
  expect(heard(on('fm', null))).toEqual(['DEVICE_OUTPUT_LOST'])
  expect(heard(lost, 'replaced', on('fm', null))).toEqual(['DEVICE_OUTPUT_LOST'])
  expect(heard(on('fm', null), on('fm', 'FM'))).toEqual([])
  expect(heard(on('fm', null), on('fm', 'Spare'))).toEqual([])
  // Nobody asked for a device there.
  expect(heard(on('wired', null))).toEqual([])
})

test('so is the device of the preview, by the reports', () => {
  const reported = (cue: object | null) => (audio: AudioEvents) => audio.report({ cue } as never)
  expect(heard(reported(null))).toEqual(['DEVICE_OUTPUT_LOST'])
  expect(heard(reported(null), reported({}))).toEqual([])
  expect(heard(reported({}))).toEqual([])
})

test('a device that could not be opened is none when one is back, or when another audio process took over', () => {
  const failed = failure('DEVICE_OPEN_FAILED')
  expect(heard(failed)).toEqual(['AUDIO_UNAVAILABLE'])
  expect(heard(failed, back)).toEqual([])
  expect(heard(failed, 'replaced')).toEqual([])
})

test('what is told while the station starts waits; of the states the newest counts, and it comes before the events', () => {
  const told: unknown[] = []
  const audio = new AudioEvents({ set: (standing: boolean) => told.push(standing), clear: () => 0 } as never, config)
  const onair = { audioState: (output: { device: unknown }) => told.push(output.device), audioEvent: () => told.push('event') }
  audio.hearers({ onair, alerts: { audioEvent: () => 0 }, levelGuard: {} } as never)
  on('fm', null)(audio)
  audio.take({ seq: 0, atMs: 0, ...back } as never)
  on('fm', 'FM')(audio)
  audio.report({ cue: null })
  expect(told).toEqual([])
  audio.flow()
  expect(told).toEqual([false, 'FM', 'event'])
})
