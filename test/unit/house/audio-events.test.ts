// What the audio process tells as alarms: each failure with the remedy that is its own, gone when its cause is.
import { expect, test } from 'vitest'
import type { AudioEvent } from '../../../shared/audio-protocol.ts'
import { AlarmsService } from '../../../station/health/index.ts'
import { AudioEvents } from '../../../station/house/audio-events.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

function heard(...events: object[]): string[] {
  const clock = new VirtualClock()
  const quiet = () => undefined
  const alarms = new AlarmsService(clock, { onChanged: quiet, onRaised: quiet, onCleared: quiet, onAcknowledged: quiet })
  const audio = new AudioEvents(alarms)
  const hearer = { audioEvent: quiet, alertStarted: quiet, alertEnded: quiet }
  audio.hearers({ onair: hearer, alerts: hearer, levelGuard: hearer } as never)
  audio.flow()
  for (const [seq, event] of events.entries()) audio.take({ seq, atMs: clock.now(), ...event } as AudioEvent)
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

test('a device that is back ends both alarms of its loss', () => {
  const lost = [{ kind: 'deviceLost', outputId: 'fm', device: 'FM' }, failure('DEVICE_OPEN_FAILED')]
  expect(heard(...lost)).toEqual(['AUDIO_UNAVAILABLE', 'DEVICE_OUTPUT_LOST'])
  expect(heard(...lost, { kind: 'deviceBack', outputId: 'fm', device: 'FM', backup: false })).toEqual([])
})
