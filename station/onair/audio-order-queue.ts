// Orders given while no audio process can take them: they go out in order once one can, or are rejected when that takes too long.
import type { Clock } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import { AudioLost } from './audio-connection.ts'
import type { AudioOrder } from './ports.ts'

interface Waiting {
  readonly order: AudioOrder
  readonly resolve: () => void
  readonly reject: (error: Error) => void
  readonly sinceMs: number
}

export class OrderQueue {
  readonly #clock: Clock
  readonly #longestMs: number
  #waiting: Waiting[] = []

  /** @param longestMs an order nobody could take for so long is rejected. */
  constructor(clock: Clock, longestMs: number) {
    this.#clock = clock
    this.#longestMs = longestMs
  }

  add(order: AudioOrder): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ order, resolve, reject, sinceMs: this.#clock.monotonic() })
    })
  }

  /** Outputs that something waits for. */
  outputIds(): OutputId[] {
    return this.#waiting.flatMap(({ order }) => ('outputIds' in order ? order.outputIds : []))
  }

  flush(send: (order: AudioOrder) => Promise<void>): void {
    for (const { order, resolve, reject } of this.#waiting.splice(0)) send(order).then(resolve, reject)
  }

  rejectLate(): void {
    const oldestMs = this.#clock.monotonic() - this.#longestMs
    const late = this.#waiting.filter((each) => each.sinceMs < oldestMs)
    if (late.length === 0) return
    this.#waiting = this.#waiting.filter((each) => each.sinceMs >= oldestMs)
    for (const { reject } of late) reject(new AudioLost())
  }

  rejectAll(): void {
    for (const { reject } of this.#waiting.splice(0)) reject(new AudioLost())
  }
}
