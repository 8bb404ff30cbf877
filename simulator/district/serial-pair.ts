// Two pseudo-terminals joined by socat: one for the driver, one for the virtual device. Where socat is missing the district
// uses TCP instead, which the same drivers speak.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface SerialPair {
  readonly driverPath: string
  readonly devicePath: string
  readonly pid: number
  close(): Promise<void>
}

const readyWithinMs = 5000

export function hasSocat(): boolean {
  return process.platform !== 'win32' && (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'socat')))
}

/** Both ends exist when it resolves. `dir` holds links with speaking names: `tx-fm` for the driver, `tx-fm.far` for the device. */
export async function openSerialPair(dir: string, name: string): Promise<SerialPair> {
  mkdirSync(dir, { recursive: true })
  const driverPath = join(dir, name)
  const devicePath = join(dir, `${name}.far`)
  for (const path of [driverPath, devicePath]) rmSync(path, { force: true })
  const end = (path: string) => `pty,raw,echo=0,link=${path}`
  const child = spawn('socat', [end(driverPath), end(devicePath)], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()).once('error', () => resolve()))
  const { pid } = child
  if (pid === undefined) throw new Error('socat could not be started')
  const deadline = performance.now() + readyWithinMs
  while (!existsSync(driverPath) || !existsSync(devicePath)) {
    if (child.exitCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL')
      throw new Error(`socat gave no serial pair for ${name}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    driverPath,
    devicePath,
    pid,
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
