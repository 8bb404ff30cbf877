// Starts audio processes and finds the one an earlier station left behind. `DIR/audio.json` (0600) says where it listens and how to
// prove that one may talk to it.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { readFile, rename, stat, writeFile } from 'node:fs/promises'
import { constants, setPriority } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { StationConfig } from '../../shared/config.ts'
import { type AudioProcessConfig, audioProtocolVersion } from '../../shared/audio-protocol.ts'
import { newSocketPath } from './audio-sockets.ts'

/** What the configuration of the station contributes. */
export type AudioSettings = Omit<AudioProcessConfig, 'bootId' | 'token' | 'socketPath' | 'logPath'>

/** @param training without a device the sound goes nowhere instead of being refused. */
export function settingsOf(config: Pick<StationConfig, 'audio' | 'outputs'>, dataDir: string, training: boolean): AudioSettings {
  return {
    recorderDir: join(dataDir, 'recordings'),
    recorderKeepHours: config.audio.recorderKeepHours,
    latencyHint: config.audio.latencyHint,
    allowNone: training,
    outputs: config.outputs.map(({ id, device, backupDevice }) => ({ outputId: id, device, backupDevice })),
    cueDevice: config.audio.cueDevice,
    inputs: config.audio.inputs.map(({ id, device }) => ({ inputId: id, device })),
  }
}

const AudioRecord = z.object({
  bootId: z.string(),
  token: z.string(),
  pid: z.number().int().positive(),
  socketPath: z.string(),
  protocolVersion: z.number().int(),
  /** Hash of the settings it was started with. */
  settings: z.string(),
})
export type AudioRecord = z.infer<typeof AudioRecord>

/** The sound itself is held outside the JavaScript heap, which may stay small. */
const leanHeap = ['--max-semi-space-size=2', '--optimize-for-size']
const longestLogBytes = 10 << 20
const entry = fileURLToPath(new URL('../../audio/main.ts', import.meta.url))

export function settingsHash(settings: AudioSettings): string {
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 16)
}

/** The audio process of this data folder as last written down; null when there is no readable record. */
export async function readRecord(dataDir: string): Promise<AudioRecord | null> {
  try {
    return AudioRecord.parse(JSON.parse(await readFile(join(dataDir, 'audio.json'), 'utf8')))
  } catch {
    // No record, or one of another make: there is nothing to adopt.
    return null
  }
}

/** Starts one, detached: it outlives this process, and its output goes to a file, never to a pipe of ours. */
export async function spawnAudio(dataDir: string, settings: AudioSettings): Promise<{ child: ChildProcess; record: AudioRecord }> {
  const bootId = randomUUID()
  const logPath = join(dataDir, 'audio.log')
  const config: AudioProcessConfig = {
    bootId,
    token: randomBytes(24).toString('base64url'),
    socketPath: await newSocketPath(dataDir, bootId),
    logPath,
    ...settings,
  }
  const configPath = join(dataDir, 'audio-config.json')
  await writeFile(configPath, JSON.stringify(config), { mode: 0o600 })
  await rotate(logPath)
  const log = openSync(logPath, 'a')
  const child = spawn(process.execPath, [...leanHeap, entry, configPath], {
    detached: true,
    stdio: ['ignore', log, log],
    windowsHide: true,
    env: {
      ...process.env,
      // Saves a third of a second when a dead one has to be replaced.
      NODE_COMPILE_CACHE: join(dataDir, 'cache', 'compile'),
      // glibc otherwise keeps an arena for each of some thirty audio threads.
      MALLOC_ARENA_MAX: '2',
    },
  })
  closeSync(log)
  child.unref()
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    if (child.pid !== undefined) resolve(child.pid)
  })
  raisePriority(pid)
  const record = {
    bootId,
    token: config.token,
    pid,
    socketPath: config.socketPath,
    protocolVersion: audioProtocolVersion,
    settings: settingsHash(settings),
  }
  const recordPath = join(dataDir, 'audio.json')
  await writeFile(`${recordPath}.new`, JSON.stringify(record), { mode: 0o600 })
  await rename(`${recordPath}.new`, recordPath)
  return { child, record }
}

/**
 * It raises itself too, but only once its modules are loaded; on a busy machine that alone takes seconds. Linux weighs sessions
 * first (sched_autogroup), and a detached process is one of its own.
 */
function raisePriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_HIGH)
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(constants.priority.PRIORITY_HIGH))
  } catch {
    // Not allowed here, or no such setting: it starts at ordinary priority.
  }
}

/** True while a process with this id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    // ESRCH: gone. EPERM: somebody else's by now, so ours is gone.
    return false
  }
}

/** Whether this id still belongs to the audio process of this data folder; ids are used again. Unknown where the system does not tell. */
export async function isOurs(pid: number, dataDir: string): Promise<boolean> {
  if (process.platform !== 'linux') return false
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes(join(dataDir, 'audio-config.json'))
  } catch {
    // No such process.
    return false
  }
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Already gone: that is what was wanted.
  }
}

async function rotate(path: string): Promise<void> {
  const size = await stat(path).then(
    (info) => info.size,
    () => 0,
  )
  if (size > longestLogBytes) await rename(path, `${path}.1`)
}
