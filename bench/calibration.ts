// What the measuring path itself costs: an impulse written straight to the sink by an open low-latency stream, and the time
// at which the same capture hears it. Subtracting it is generous to nobody: it holds the client's and the server's own
// buffer, which the station's output has too; so raw and calibrated figures are both reported.
import { once } from 'node:events'
import type { SoundServer } from '../simulator/sound/sound-server.ts'
import type { MonitorCapture } from '../test/support/monitor-capture.ts'
import { startPlayer } from '../test/support/play.ts'
import { locate, marker, rateHz, toFloatStereo } from '../test/support/signals.ts'

const impulse = marker(0xca11, rateHz / 50, 0.4)
/** What is looked for of it: a busy machine may tear a long impulse. */
const soughtFrames = rateHz / 100
/** Asked of PulseAudio. An idle stream plays at once whatever this is; a smaller one makes the whole sink work in shorter blocks. */
const playerLatencyMs = 30
/** Silence behind the impulse: a stream that ran dry plays again only once its prebuffer is full. */
const tailFrames = rateHz / 5

/** Impulse written → impulse heard, ms, `count` times. */
export async function measureImpulse(server: SoundServer, sink: string, capture: MonitorCapture, count: number): Promise<number[]> {
  const player = startPlayer(server, sink, playerLatencyMs)
  const latencies: number[] = []
  const padded = new Float32Array(impulse.length + tailFrames)
  padded.set(impulse)
  const written = toFloatStereo(padded)
  try {
    // The stream is made on the first write; that one is not counted.
    for (let run = -1; run < count; run++) {
      // Chunks that lie in the pipe when we write are not counted yet: the impulse may begin before the last frame counted.
      let sought = capture.mark(tailFrames)
      const writtenMs = performance.now()
      player.stdin?.write(written)
      const heard = await capture.waitFor(
        (now) => {
          // A stretch at a time: looking through all of it again at every chunk would make us late ourselves.
          if (now.frames - sought < 3 * impulse.length) return null
          const start = sought
          const found = locate(impulse.subarray(0, soughtFrames), now.samples(start))
          sought = now.frames - impulse.length
          return found !== null && found.score > 0.5 ? { frame: start + found.frame } : null
        },
        5000,
        'the calibration impulse',
      )
      await capture.hear(2 * tailFrames)
      if (run >= 0) latencies.push(capture.timeMs(heard.frame) - writtenMs)
    }
  } finally {
    const gone = once(player, 'exit')
    player.kill('SIGKILL')
    await gone
  }
  return latencies
}
