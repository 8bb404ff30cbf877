// When a programme that plays on its backup device may go back to the configured one: that has been there without a break for a
// while, opens, and its clock runs. Only then is anything on air touched, and never while something sounds that must not be moved.
import type { AudioContext } from 'node-web-audio-api'
import { abandoned, isListed, type LatencyHint, openDevice } from './open-context.ts'

/** A card with a loose plug comes and goes: it must have stayed this long before it is trusted again. */
const steadyMs = 10_000
/** A null sink's clock first ticks after up to two seconds. */
const firstTickMs = 4000
const lookMs = 20

export class DeviceReturn {
  readonly #device: string
  readonly #latencyHint: LatencyHint
  #thereSinceMs: number | null = null

  constructor(device: string, latencyHint: LatencyHint) {
    this.#device = device
    this.#latencyHint = latencyHint
  }

  /** The running context of the configured device when the time has come, else null. Call about once a second. Rejects when it cannot be opened. */
  async ready(free: () => boolean): Promise<AudioContext | null> {
    const there = await isListed(this.#device)
    const nowMs = performance.now()
    this.#thereSinceMs = there ? (this.#thereSinceMs ?? nowMs) : null
    if (this.#thereSinceMs === null || nowMs - this.#thereSinceMs < steadyMs || !free()) return null
    // Whatever goes wrong from here on: it was not steady after all.
    this.#thereSinceMs = null
    const context = await openDevice(this.#device, this.#latencyHint)
    if (context === null) return null
    if (await ticks(context)) return context
    abandoned.push(context)
    return null
  }
}

async function ticks(context: AudioContext): Promise<boolean> {
  const deadlineMs = performance.now() + firstTickMs
  while (context.currentTime === 0) {
    if (performance.now() > deadlineMs) return false
    await new Promise((resolve) => setTimeout(resolve, lookMs))
  }
  return true
}
