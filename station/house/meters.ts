// Meters go their own way: newest frame only, never queued, never through the screens' state.
import type { AudioMessage } from '../../shared/audio-protocol.ts'
import type { MeterFrame } from '../../shared/rpc/contract.ts'
import { Subscription } from '../screen/index.ts'

const framesPerMs = 48

export class Meters {
  readonly #subscribers = new Set<Subscription<MeterFrame>>()

  subscribe(signal: AbortSignal | undefined): Subscription<MeterFrame> {
    const subscription: Subscription<MeterFrame> = new Subscription(() => this.#subscribers.delete(subscription))
    signal?.addEventListener('abort', () => subscription.end(), { once: true })
    this.#subscribers.add(subscription)
    return subscription
  }

  report(report: Extract<AudioMessage, { kind: 'report' }>): void {
    if (this.#subscribers.size === 0) return
    const frame: MeterFrame = {
      atMs: report.atMs,
      outputs: report.outputs.map(({ outputId, level, frame: at, alertMs }) => ({
        outputId,
        level,
        positionMs: at === null ? null : at / framesPerMs,
        alertMs,
      })),
      cue: report.cue && { level: report.cue.level, positionMs: report.cue.positionMs },
      inputs: report.inputs,
    }
    for (const subscription of this.#subscribers) subscription.replace(frame)
  }

  close(): void {
    for (const subscription of [...this.#subscribers]) subscription.end()
  }
}
