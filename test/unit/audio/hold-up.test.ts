// What a thread that was held up may and may not conclude.
import { expect, test } from 'vitest'
import { AudioClock } from '../../../audio/audio-clock.ts'
import { HoldUp } from '../../../audio/hold-up.ts'

test('a call that comes late tells by how much, one in time tells nothing', () => {
  let nowMs = 1000
  const holdUp = new HoldUp(() => nowMs)
  const after = (ms: number) => {
    nowMs += ms
    return holdUp.sinceLast()
  }
  expect([after(15), after(100), after(1500), after(15)]).toEqual([0, 0, 1500, 0])
})

test('a clock is forgiven the time in which nobody looked, and not more than up to now', () => {
  const clock = new AudioClock({ currentTime: 1 } as BaseAudioContext)
  clock.observe()
  const from = performance.now()
  while (performance.now() - from < 5);
  expect(clock.stillMs()).toBeGreaterThanOrEqual(5)
  clock.forgive(1000)
  expect(clock.stillMs()).toBeGreaterThanOrEqual(0)
  expect(clock.stillMs()).toBeLessThan(5)
})
