// A line whose clock is not ours: PCM written into the FIFO of a virtual source at a rate that differs from 48 kHz by so many
// parts per million, as the crystal of another sound card does.
import { closeSync, constants, openSync, writeSync } from 'node:fs'
import { rateHz } from '../test/support/signals.ts'

const everyMs = 4

export interface PacedLine {
  /** Frames written so far. */
  readonly frames: number
  /** Sends this once over the tone from the next frame on; answers the time its first frame was written, ms of `performance.now()`. */
  burst(signal: Float32Array): Promise<number>
  stop(): void
}

/** @param at sample of the line at a frame, −1…1. */
export function startPacedLine(fifoPath: string, ppm: number, at: (frame: number) => number): PacedLine {
  // Read-write, so that it opens with nobody there; non-blocking, because PulseAudio reads only while somebody listens.
  const fifo = openSync(fifoPath, constants.O_RDWR | constants.O_NONBLOCK)
  const startedMs = performance.now()
  const perMs = (rateHz / 1000) * (1 + ppm / 1e6)
  let frames = 0
  let pending: { signal: Float32Array; from: number | null; told(ms: number): void } | null = null
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedMs) * perMs)
    if (due <= frames) return
    const bytes = Buffer.alloc((due - frames) * 4)
    if (pending !== null && pending.from === null) {
      pending.from = frames
      pending.told(performance.now())
    }
    for (let i = 0; i < due - frames; i++) {
      const frame = frames + i
      const inBurst = pending?.from == null ? -1 : frame - pending.from
      const burst = inBurst >= 0 ? (pending?.signal[inBurst] ?? 0) : 0
      const value = Math.max(-32_768, Math.min(32_767, Math.round((at(frame) + burst) * 32_768)))
      bytes.writeInt16LE(value, i * 4)
      bytes.writeInt16LE(value, i * 4 + 2)
    }
    frames = due
    if (pending?.from != null && frames - pending.from > pending.signal.length) pending = null
    writeOrDrop(fifo, bytes)
  }, everyMs)
  return {
    get frames() {
      return frames
    },
    burst: (signal) =>
      new Promise((resolve) => {
        pending = { signal, from: null, told: resolve }
      }),
    stop() {
      clearInterval(timer)
      closeSync(fifo)
    },
  }
}

/** What a full FIFO does not take is lost, as sound on a line that nobody listens to. */
function writeOrDrop(fifo: number, bytes: Buffer): void {
  try {
    writeSync(fifo, bytes)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN')) throw cause
  }
}
