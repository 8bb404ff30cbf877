// What the audio process tells as alarms: each failure with the remedy that is its own, gone when its cause is.
import { expect, test } from 'vitest'
import type { AudioEvent } from '../../../shared/audio-protocol.ts'
import { AlarmsService } from '../../../station/health/index.ts'
import { AudioEvents } from '../../../station/house/audio-events.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** `replaced` instead of an event: another audio process took over. */
function heard(...events: (object | 'replaced')[]): string[] {
  const clock = new VirtualClock()
  const quiet = () => undefined
  const alarms = new AlarmsService(clock, { onChanged: quiet, onRaised: quiet, onCleared: quiet, onAcknowledged: quiet })
  const audio = new AudioEvents(alarms)
  const hearer = { audioEvent: quiet, alertStarted: quiet, alertEnded: quiet }
  audio.hearers({ onair: hearer, alerts: hearer, levelGuard: hearer } as never)
  audio.flow()
  for (const [seq, event] of events.entries()) {
    if (event === 'replaced') audio.replaced()
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

test('a device that is back ends both alarms of its loss', () => {
  const lost = [{ kind: 'deviceLost', outputId: 'fm', device: 'FM' }, failure('DEVICE_OPEN_FAILED')]
  expect(heard(...lost)).toEqual(['AUDIO_UNAVAILABLE', 'DEVICE_OUTPUT_LOST'])
  expect(heard(...lost, { kind: 'deviceBack', outputId: 'fm', device: 'FM', backup: false })).toEqual([])
})
