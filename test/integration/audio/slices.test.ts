// What every sound is made of, at a time of the audio clock that a test never reaches by waiting: the engine's own renderer, offline.
import { OfflineAudioContext } from 'node-web-audio-api'
import { expect, test } from 'vitest'
import { quantumFloor, sliceFrames } from '../../../audio/frames.ts'
import { makeBuffer, SliceLine } from '../../../audio/slice-line.ts'
import { lfsrNoise, rateHz } from '../../support/signals.ts'

/** From here on the engine's tolerance for equal times is a frame and more: 23 min 18 s. */
const blurredF = 2 ** 26

test('slices join to the sample, also when a context has been open for longer than 23 minutes', async () => {
  const slices = 8
  const noise = lfsrNoise(0x51, slices * sliceFrames, 0.3)
  const [early, late] = [quantumFloor(5 * rateHz), quantumFloor(blurredF - 3 * sliceFrames)]
  const context = new OfflineAudioContext(1, blurredF + slices * sliceFrames, rateHz)
  const line = new SliceLine(context, context.destination, 1)
  for (const startF of [early, late])
    for (let slice = 0; slice < slices; slice++)
      line.place(makeBuffer([noise.slice(slice * sliceFrames, (slice + 1) * sliceFrames)]), startF + slice * sliceFrames)
  const rendered = (await context.startRendering()).getChannelData(0)
  const worst = (startF: number) =>
    noise.reduce((most, value, index) => Math.max(most, Math.abs((rendered[startF + index] ?? 0) - value)), 0)
  expect(worst(early)).toBe(0)
  expect(worst(late)).toBeLessThan(1e-6)
})
