// A microphone on the audio clock, without a microphone: chunks of 10 ms come when the test says so, and what was placed is rendered.
import { OfflineAudioContext } from 'node-web-audio-api'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LiveVoice } from '../../../audio/live-voice.ts'

const chunk = 480
const delayFrames = 2112
const seconds = 3
let nowMs = 0
beforeEach(() => {
  nowMs = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

function made(startF = 0) {
  const context = new OfflineAudioContext(2, seconds * 48_000, 48_000)
  const listeners = new Set<(samples: Int16Array) => void>()
  const underruns: number[] = []
  let clockF = 0
  const voice = new LiveVoice({
    context: context as unknown as BaseAudioContext,
    destination: context.destination,
    feed: {
      channels: 2,
      subscribe: (listener) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    },
    gainDb: 0,
    startF,
    startFrame: 0,
    delayFrames,
    onUnderrun: (frames) => void underruns.push(frames),
    clockFrame: () => clockF,
  })
  /** Time passes; with `value` a chunk of it comes every 10 ms, with null nothing does. */
  const pass = (ms: number, value: number | null) => {
    for (let passed = 0; passed < ms; passed += 10) {
      nowMs += 10
      clockF += chunk
      const samples = new Int16Array(2 * chunk).fill(Math.round((value ?? 0) * 32_768))
      if (value !== null) for (const listener of listeners) listener(samples)
    }
  }
  const burst = (chunks: number, value: number) => {
    for (let i = 0; i < chunks; i++) for (const listener of listeners) listener(new Int16Array(2 * chunk).fill(Math.round(value * 32_768)))
  }
  const rendered = async () => {
    const left = (await context.startRendering()).getChannelData(0)
    return (ms: number) => Math.round((left[ms * 48] ?? 0) * 100) / 100
  }
  return { voice, pass, burst, underruns, rendered, listeners, nowF: () => clockF }
}

test('what is said is heard 44 ms later, and what piled up before the first 100 ms is left out', async () => {
  const { pass, burst, rendered, underruns } = made()
  burst(20, 0.9)
  pass(500, 0.1)
  pass(500, 0.2)
  const at = await rendered()
  // 500 ms: the last that was said as 0.1; it sounds until 544 ms.
  expect([at(300), at(530), at(560), at(900)]).toEqual([0.1, 0.1, 0.2, 0.2])
  expect(Array.from({ length: 1000 }, (_, ms) => at(ms)).some((value) => value > 0.5)).toBe(false)
  expect(underruns).toEqual([])
})

test('placed ahead of its time it waits: what is said before the start is not heard late', async () => {
  const { pass, rendered } = made(48_000)
  pass(900, 0.9)
  pass(900, 0.1)
  const at = await rendered()
  const values = Array.from({ length: 1800 }, (_, ms) => at(ms))
  expect(values.findIndex((value) => value !== 0)).toBeGreaterThanOrEqual(1000)
  expect(Math.max(...values)).toBe(0.1)
})

test('samples that stop are told with their length, and when they come again the delay is the same as before', async () => {
  const { pass, rendered, underruns } = made()
  pass(500, 0.1)
  pass(300, null)
  pass(700, 0.2)
  const at = await rendered()
  expect(underruns).toHaveLength(1)
  expect((underruns[0] ?? 0) / 48).toBeGreaterThan(200)
  expect((underruns[0] ?? 0) / 48).toBeLessThan(320)
  expect([at(700), at(900), at(1500)]).toEqual([0, 0.2, 0.2])
})

test('a hold-up that piles up a quarter of a second does not stay as delay', async () => {
  const { pass, burst, rendered } = made()
  pass(400, 0.1)
  // The clock stood still for our thread only: 250 ms of sound come at once and nothing is late.
  burst(25, 0.1)
  pass(1400, 0.1)
  pass(300, 0.2)
  const at = await rendered()
  expect([at(1780), at(1900)]).toEqual([0.1, 0.2])
})

test('let go of, it listens no more, so that the microphone is not captured behind anyone’s back', () => {
  const { voice, pass, listeners, nowF } = made()
  pass(300, 0.1)
  voice.fadeOut(nowF(), 240, 'linear')
  expect(voice.endF).toBe(nowF() + 240)
  expect(listeners.size).toBe(1)
  voice.release()
  expect(listeners.size).toBe(0)
  expect(voice.endF).toBeLessThanOrEqual(nowF() + 240)
})
