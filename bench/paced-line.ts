// A line whose clock is not ours: PCM written into the FIFO of a virtual source at a rate that differs from 48 kHz by so many
// parts per million, as the crystal of another sound card does. A process of its own, raised as the virtual card is: a crystal does
// not wait while a bench looks for bursts in its capture (28 ms without samples, seen, which the product was blamed for).
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { raiseSoundCard } from '../simulator/sound/sound-server.ts'

/** What the line carries: a sum of sines, and once in a while a burst over it. */
export interface LineSound {
  readonly ppm: number
  readonly toneHz: readonly number[]
  /** Of each tone, parts of full scale. */
  readonly toneAmplitude: number
  readonly burst: Float32Array
}

/** What the process is told: first the line, then `burst` as often as wanted. */
export type PacedLineOrder = (LineSound & { readonly fifoPath: string }) | 'burst'

export class PacedLine {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  static async start(fifoPath: string, sound: LineSound): Promise<PacedLine> {
    const child = fork(fileURLToPath(new URL('./paced-line-process.ts', import.meta.url)), { serialization: 'advanced' })
    const started = once(child, 'message')
    child.send({ ...sound, fifoPath } satisfies PacedLineOrder)
    await started
    await raiseSoundCard(child.pid)
    return new PacedLine(child)
  }

  /** Sends the burst once over the tone from the next frame on; answers when its first frame was written, ms of `performance.now()`. */
  async burst(): Promise<number> {
    const sent = once(this.#child, 'message')
    this.#child.send('burst' satisfies PacedLineOrder)
    const [writtenMonotonicMs] = (await sent) as [number]
    return performance.now() - (monotonicMs() - writtenMonotonicMs)
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.disconnect()
    await gone
  }
}

/** The clock that all processes share, ms. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
