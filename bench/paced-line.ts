// A line whose clock is not ours: PCM written into the FIFO of a virtual source at a rate that differs from 48 kHz by so many
// parts per million, as the crystal of another sound card does. On a thread of its own: a crystal does not wait while this
// process looks for bursts in a capture (28 ms of silence in the line, seen, which the product was blamed for).
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** What the line carries: a sum of sines, and once in a while a burst over it. */
export interface LineSound {
  readonly ppm: number
  readonly toneHz: readonly number[]
  /** Of each tone, parts of full scale. */
  readonly toneAmplitude: number
  readonly burst: Float32Array
}

export interface PacedLineData extends LineSound {
  readonly fifoPath: string
}

export class PacedLine {
  readonly #thread: Worker

  private constructor(thread: Worker) {
    this.#thread = thread
  }

  static async start(fifoPath: string, sound: LineSound): Promise<PacedLine> {
    const workerData: PacedLineData = { ...sound, fifoPath }
    const thread = new Worker(new URL('./paced-line-thread.ts', import.meta.url), { workerData })
    await once(thread, 'online')
    return new PacedLine(thread)
  }

  /** Sends the burst once over the tone from the next frame on; answers when its first frame was written, ms of `performance.now()`. */
  async burst(): Promise<number> {
    const sent = once(this.#thread, 'message')
    this.#thread.postMessage('burst')
    const [writtenMonotonicMs] = (await sent) as [number]
    return performance.now() - (monotonicMs() - writtenMonotonicMs)
  }

  async stop(): Promise<void> {
    await this.#thread.terminate()
  }
}

/** The clock that all threads share, ms. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
