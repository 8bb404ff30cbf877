// A pair of pseudo-terminals joined by socat: a serial cable. Link names are new each time, because an old socat that ends late
// removes the link of the same name (PROTOCOLS.md 2.5).
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'

export interface SerialPair {
  /** The end for the driver and the end for the device. */
  readonly driverPath: string
  readonly devicePath: string
  /** Pulls the cable: both ends vanish. */
  unplug(): Promise<void>
  /** Puts it back under the same names. */
  plug(): Promise<void>
  /** Stops what carries the bytes: nothing is read any more, and a long write blocks. */
  freeze(on: boolean): void
  close(): Promise<void>
}

export async function serialPair(): Promise<SerialPair> {
  const folder = await mkdtemp(join(tmpdir(), 'pty-'))
  const driverPath = join(folder, 'driver')
  const devicePath = join(folder, 'device')
  let socat: ChildProcess | null = null
  const plug = async () => {
    socat = spawn('socat', [`pty,raw,echo=0,link=${driverPath}`, `pty,raw,echo=0,link=${devicePath}`], { stdio: 'ignore' })
    await vi.waitFor(
      () => {
        if (!existsSync(driverPath) || !existsSync(devicePath)) throw new Error('socat has not made its terminals')
      },
      { timeout: 5000, interval: 10 },
    )
  }
  const unplug = async () => {
    const ending = socat
    socat = null
    if (ending === null || ending.exitCode !== null) return
    const ended = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill('SIGTERM')
    await ended
  }
  await plug()
  return {
    driverPath,
    devicePath,
    unplug,
    plug,
    freeze: (on) => void socat?.kill(on ? 'SIGSTOP' : 'SIGCONT'),
    async close() {
      socat?.kill('SIGCONT')
      await unplug()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
