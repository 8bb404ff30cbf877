// The newest meter frame, for whatever draws on the next animation frame. Never in React: 25 frames a second.
import type { MeterFrame } from '../../shared/rpc/contract.ts'

/** A frame older than this is not shown as a level: the needle falls away and the scale says so. */
export const meterStaleMs = 400

export interface MeterBus {
  push(frame: MeterFrame, receivedAtMs: number): void
  clear(): void
  /** The newest frame, null when there is none or it is stale. */
  fresh(nowMs: number): MeterFrame | null
  readonly receivedAtMs: number
}

export function createMeterBus(): MeterBus {
  let frame: MeterFrame | null = null
  let receivedAtMs = Number.NEGATIVE_INFINITY
  return {
    push(next, atMs) {
      frame = next
      receivedAtMs = atMs
    },
    clear() {
      frame = null
      receivedAtMs = Number.NEGATIVE_INFINITY
    },
    fresh: (nowMs) => (nowMs - receivedAtMs > meterStaleMs ? null : frame),
    get receivedAtMs() {
      return receivedAtMs
    },
  }
}
