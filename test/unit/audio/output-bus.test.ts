// The graph of a bus, rendered without a device: what leaves it, whatever comes in and on whichever way.
import { AudioBuffer, AudioBufferSourceNode, OfflineAudioContext } from 'node-web-audio-api'
import { expect, test } from 'vitest'
import { OutputBus } from '../../../audio/output-bus.ts'

const rateHz = 48_000
/** −1 dBFS, and what 0.1 dB more or less of −20 dBFS is. */
const ceiling = 10 ** (-1 / 20)
const quiet = 10 ** (-20 / 20)

/** Peak of the last half of a second of a 1 kHz tone of this amplitude that came in this way. */
async function peakOf(way: 'music' | 'mix' | 'direct', amplitude: number): Promise<number> {
  const context = new OfflineAudioContext(2, rateHz, rateHz)
  const bus = new OutputBus(context as unknown as AudioContext)
  const buffer = new AudioBuffer({ numberOfChannels: 2, length: rateHz, sampleRate: rateHz })
  const tone = Float32Array.from({ length: rateHz }, (_, frame) => amplitude * Math.sin((2 * Math.PI * 1000 * frame) / rateHz))
  for (const channel of [0, 1]) buffer.copyToChannel(tone, channel)
  const source = new AudioBufferSourceNode(context, { buffer })
  source.connect(bus[way])
  source.start()
  const rendered = await context.startRendering()
  const peaks = [0, 1].map((channel) =>
    rendered
      .getChannelData(channel)
      .subarray(rateHz / 2)
      .reduce((peak, value) => Math.max(peak, Math.abs(value)), 0),
  )
  return Math.max(...peaks)
}

test.each(['music', 'mix', 'direct'] as const)(
  'nothing above −1 dBFS leaves by way of %s, and a quiet passage leaves as it came',
  async (way) => {
    for (const amplitude of [1, 4, 15]) expect(await peakOf(way, amplitude)).toBeLessThanOrEqual(ceiling)
    expect(await peakOf(way, 4), 'it is not simply shut').toBeGreaterThan(0.8)
    expect(Math.abs(20 * Math.log10((await peakOf(way, quiet)) / quiet))).toBeLessThan(0.1)
  },
)
