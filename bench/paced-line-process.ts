// The process of a paced line: writes what is due every few milliseconds, and tells when a burst began. Ends with its parent.
import { constants, openSync, writeSync } from 'node:fs'
import { rateHz } from '../test/support/signals.ts'
import { type LineSound, monotonicMs, type PacedLineOrder } from './paced-line.ts'

const everyMs = 4

let burstAsked = false

process.once('message', (order: PacedLineOrder) => {
  if (order === 'burst') throw new Error('a burst of what?')
  process.on('message', () => {
    burstAsked = true
  })
  run(order.fifoPath, order)
  process.send?.('started')
})
process.once('disconnect', () => process.exit())

function run(fifoPath: string, { ppm, toneHz, toneAmplitude, burst }: LineSound): void {
  const steps = toneHz.map((hz) => (2 * Math.PI * hz) / rateHz)
  const perMs = (rateHz / 1000) * (1 + ppm / 1e6)
  // Read-write, so that it opens with nobody there; non-blocking, because PulseAudio reads only while somebody listens.
  const fifo = openSync(fifoPath, constants.O_RDWR | constants.O_NONBLOCK)
  const startedMs = monotonicMs()
  let frames = 0
  /** Frame at which the burst being sent began. */
  let burstFrom: number | null = null
  const sampleAt = (frame: number) => {
    const tone = steps.reduce((sum, step) => sum + toneAmplitude * Math.sin(step * frame), 0)
    const value = tone + (burstFrom === null ? 0 : (burst[frame - burstFrom] ?? 0))
    return Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)))
  }
  setInterval(() => {
    const due = Math.floor((monotonicMs() - startedMs) * perMs)
    if (due <= frames) return
    if (burstAsked) {
      burstAsked = false
      burstFrom = frames
      process.send?.(monotonicMs())
    }
    const bytes = Buffer.alloc((due - frames) * 4)
    for (let i = 0; i < due - frames; i++) {
      const value = sampleAt(frames + i)
      bytes.writeInt16LE(value, i * 4)
      bytes.writeInt16LE(value, i * 4 + 2)
    }
    frames = due
    if (burstFrom !== null && frames - burstFrom > burst.length) burstFrom = null
    writeOrDrop(fifo, bytes)
  }, everyMs)
}

/** What a full FIFO does not take is lost, as sound on a line that nobody listens to. */
function writeOrDrop(fifo: number, bytes: Buffer): void {
  try {
    writeSync(fifo, bytes)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN')) throw cause
  }
}
