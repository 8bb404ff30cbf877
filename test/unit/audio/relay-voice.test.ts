// A network stream on the audio clock, without a network: what was placed is rendered, slice by slice of another value.
import { OfflineAudioContext } from 'node-web-audio-api'
import { expect, test } from 'vitest'
import { RelayVoice } from '../../../audio/relay-voice.ts'

const rateHz = 48_000
const seconds = 8
/** Of the store and of what is placed at once. */
const [reserveFrames, sliceFrames, leadFrames] = [1.5 * rateHz, 10_240, 1024]
/** Slices placed by one look: the first beginning after the two seconds is the last. */
const aheadSlices = Math.ceil((2 * rateHz - leadFrames) / sliceFrames)
const sliceValue = (slice: number) => (slice + 1) / 64

function made() {
  const context = new OfflineAudioContext(2, seconds * rateHz, rateHz)
  const underruns: number[] = []
  let taken = 0
  const feed = {
    available: 6 * rateHz,
    take: (frames: number) => {
      expect(frames).toBe(sliceFrames)
      return new Int16Array(2 * frames).fill(sliceValue(taken++) * 32_768)
    },
    close: () => undefined,
  }
  const voice = new RelayVoice({
    context: context as unknown as BaseAudioContext,
    destination: context.destination,
    feed,
    gainDb: 0,
    startF: 0,
    startFrame: 0,
    onUnderrun: (frames) => void underruns.push(frames),
    clockFrame: () => 0,
  })
  const rendered = async () => (await context.startRendering()).getChannelData(0)
  return { voice, feed, underruns, rendered }
}
const placedToF = leadFrames + aheadSlices * sliceFrames

test('a thread held up for longer than it is ahead: the stream goes on a moment later, the gap is told once, nothing sounds twice', async () => {
  const { voice, underruns, rendered } = made()
  voice.pump(0)
  expect(underruns).toEqual([])
  const nowF = 3 * rateHz
  for (const laterF of [0, 720, 1440]) voice.pump(nowF + laterF)
  const goesOnF = nowF + leadFrames
  expect(underruns).toEqual([goesOnF - placedToF])
  const samples = await rendered()
  // What had been played was let go of before this was rendered.
  const at = [placedToF, goesOnF - 1, goesOnF, goesOnF + sliceFrames]
  expect(at.map((frame) => samples[frame])).toEqual([0, 0, sliceValue(aheadSlices), sliceValue(aheadSlices + 1)])
})

test('held up while the store is empty it gathers its reserve first, and the gap is told once', () => {
  const { voice, feed, underruns } = made()
  voice.pump(0)
  feed.available = 0
  for (const atF of [3 * rateHz, 3 * rateHz + 720]) voice.pump(atF)
  expect(underruns).toEqual([])
  feed.available = reserveFrames
  voice.pump(4 * rateHz)
  expect(underruns).toEqual([4 * rateHz + leadFrames - placedToF])
})

test('one that was to end while the thread was held up does not go on', () => {
  const { voice, underruns } = made()
  voice.pump(0)
  voice.fadeOut(rateHz, 240, 'linear')
  voice.pump(3 * rateHz)
  expect(underruns).toEqual([])
})
