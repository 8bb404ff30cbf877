// Whether a device can be paused, asked once of a process of its own (pause-probe-process.ts) and remembered.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const probeWithinMs = 10_000
const probe = fileURLToPath(new URL('./pause-probe-process.ts', import.meta.url))
const known = new Map<string, Promise<boolean>>()

/** What is known of pausing one device. */
export interface Pausing {
  /** False where it is not certain. */
  possible(): Promise<boolean>
  /** It was tried and broke, against what was known. */
  broke(): void
}

export function pausingOf(label: string): Pausing {
  return {
    possible() {
      const asked = known.get(label) ?? ask(label)
      known.set(label, asked)
      return asked
    },
    broke: () => void known.set(label, Promise.resolve(false)),
  }
}

/** For a context without a device. */
export const neverPaused: Pausing = { possible: () => Promise.resolve(false), broke: () => undefined }

function ask(label: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [probe, label], { stdio: 'ignore', timeout: probeWithinMs, killSignal: 'SIGKILL' })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}
