// Measures what the FM programme sounds like at the sound server and tells the desk, whose inputs it is plugged into. Read at
// 8 kHz mono: a level is wanted, not a recording. Without a sound server nothing is measured and the desk's meters stay down.
import { type ChildProcess, spawn } from 'node:child_process'

const rateHz = 8000
const windowMs = 100
/** Bytes of one window of 16-bit samples. */
const windowBytes = (rateHz * windowMs * 2) / 1000
const floorDb = -96

export interface LevelTap {
  close(): void
}

/** Level of one window of s16le samples, dBFS RMS. */
export function levelOf(samples: Buffer): number {
  let sum = 0
  const count = Math.floor(samples.length / 2)
  for (let i = 0; i < count; i++) sum += (samples.readInt16LE(i * 2) / 32_768) ** 2
  return count === 0 || sum === 0 ? floorDb : Math.max(floorDb, 10 * Math.log10(sum / count))
}

/** Starts when `PULSE_SERVER` is in our environment; starts again after a pause when the sound server went away. */
export function tapLevel(device: string, onLevel: (levelDb: number) => void): LevelTap {
  let child: ChildProcess | null = null
  let again: NodeJS.Timeout | null = null
  let closed = false
  const start = () => {
    let pending = Buffer.alloc(0)
    const words = [`--device=${device}`, '--format=s16le', `--rate=${rateHz}`, '--channels=1', '--latency-msec=50']
    const reader = spawn('parec', words, { stdio: ['ignore', 'pipe', 'ignore'] })
    child = reader
    reader.stdout.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes])
      for (; pending.length >= windowBytes; pending = pending.subarray(windowBytes)) onLevel(levelOf(pending.subarray(0, windowBytes)))
    })
    const lost = () => {
      if (child !== reader) return
      child = null
      onLevel(floorDb)
      if (!closed) again = setTimeout(start, 2000)
    }
    reader.once('exit', lost).once('error', lost)
  }
  if (process.env.PULSE_SERVER !== undefined) start()
  return {
    close() {
      closed = true
      if (again !== null) clearTimeout(again)
      child?.kill('SIGTERM')
    },
  }
}
