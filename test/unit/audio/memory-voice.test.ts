// An alert's sound, which lies in memory, on the audio clock: every frame of it is heard once and in order, whatever held this thread up.
import { OfflineAudioContext } from 'node-web-audio-api'
import { expect, test } from 'vitest'
import { horizonFrames, sliceFrames, startLeadFrames } from '../../../audio/frames.ts'
import { MemoryVoice } from '../../../audio/memory-voice.ts'
import { SliceLine } from '../../../audio/slice-line.ts'

const rateHz = 48_000
const frames = 6 * rateHz
/** No two neighbours alike, and never silent. */
const samples = Int16Array.from({ length: frames }, (_, frame) => 1 + (frame % 30_000))

function made(loop: boolean) {
  const context = new OfflineAudioContext(1, 14 * rateHz, rateHz)
  const underruns: number[] = []
  const line = new SliceLine(context as unknown as BaseAudioContext, context.destination, 1)
  const options = { loop, offset: 0, onUnderrun: (late: number) => void underruns.push(late) }
  const voice = new MemoryVoice(line, [{ samples, frames }], 0, options)
  const rendered = async () => (await context.startRendering()).getChannelData(0).map((value) => Math.round(value * 32_768))
  return { voice, underruns, rendered }
}
/** Everything is placed in whole slices. */
const placedToF = Math.ceil(horizonFrames / sliceFrames) * sliceFrames
const heldUpToF = 5 * rateHz
const goesOnF = heldUpToF + startLeadFrames
const lateF = goesOnF - placedToF

test('held up for longer than the horizon it is silent, and goes on where it was', async () => {
  const { voice, underruns, rendered } = made(false)
  voice.pump(0)
  for (const laterF of [0, 720, 1440]) voice.pump(heldUpToF + laterF)
  expect(underruns).toEqual([lateF])
  expect([voice.endF, voice.playedAt(goesOnF)]).toEqual([frames + lateF, placedToF])
  const heard = await rendered()
  // What had been played was let go of before this was rendered.
  expect(heard.subarray(0, goesOnF).every((value) => value === 0)).toBe(true)
  expect(samples.subarray(placedToF).findIndex((value, frame) => heard[goesOnF + frame] !== value)).toBe(-1)
})

test('all of it was placed: held up beyond its end nothing is told and nothing is heard again', () => {
  const { voice, underruns } = made(false)
  for (let nowF = 0; nowF < frames - rateHz; nowF += rateHz) voice.pump(nowF)
  voice.pump(frames + 5 * rateHz)
  expect([voice.endF, underruns]).toEqual([frames, []])
})

test('an attention signal that goes round and round goes on as well', async () => {
  const { voice, underruns, rendered } = made(true)
  voice.pump(0)
  voice.pump(heldUpToF)
  expect(underruns).toEqual([lateF])
  const heard = await rendered()
  expect([...heard.subarray(goesOnF, goesOnF + 3)]).toEqual([...samples.subarray(placedToF, placedToF + 3)])
})
