// The headless station: reads its arguments, takes the folder's lock, checks the configuration and starts everything.
// Prints exactly one line on stdout when it can take orders; logs go to stderr as JSON lines. The only place that sees the
// driver registry.
import './lean-heap.ts'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { createDriver } from '../hardware/registry.ts'
import { createWireHub } from '../hardware/transport/wire-hub.ts'
import { checkConfig, type StationConfig } from '../shared/config.ts'
import { systemClock } from '../shared/domain/clock.ts'
import { OperatorError } from '../shared/domain/errors.ts'
import { startStation } from './house/index.ts'

const usage = 'node station/main.ts --data DIR [--config FILE] [--port N] [--headless] [--training]'
const closeDeadlineMs = 4500
const home = dirname(dirname(fileURLToPath(import.meta.url)))

/** Another station runs on this folder. */
const exitLocked = 3
const exitUsage = 2

const log = pino({ level: process.env['TRUC_SONG_LOG'] ?? 'info' }, pino.destination({ fd: 2, sync: false }))

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string' },
      config: { type: 'string' },
      port: { type: 'string', default: '0' },
      headless: { type: 'boolean' },
      training: { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (values.data === undefined || !Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError(usage)
  const dataDir = resolve(values.data)
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const lock = lockFolder(dataDir)
  const config = await readConfig(values.config ?? join(dataDir, 'config.json'))
  refuseWrongDevices(config, values.training)
  const token = await readToken(join(dataDir, 'token'))
  const version = (JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { version: string }).version
  const wires = createWireHub(systemClock)

  const station = await startStation({
    dataDir,
    screensDir: join(home, 'dist', 'renderer'),
    config,
    training: values.training,
    port,
    token,
    version,
    clock: systemClock,
    log,
    createDriver: (device, sink) => createDriver(device, { clock: systemClock, log: driverLog, wires, sink }),
  })

  const ready = { event: 'ready', url: `http://127.0.0.1:${station.port}`, token, pid: process.pid }
  const announcement = join(dataDir, 'station.json')
  await writeFile(`${announcement}.new`, JSON.stringify(ready), { mode: 0o600 })
  await rename(`${announcement}.new`, announcement)
  process.stdout.write(`${JSON.stringify(ready)}\n`)

  let ending = false
  const end = async (signal: string) => {
    if (ending) return
    ending = true
    log.info({ signal }, 'ending')
    // A part that does not end in time must not keep carriers up: the leases of the devices take over.
    const deadline = setTimeout(() => process.exit(1), closeDeadlineMs)
    await station.close()
    await rm(announcement, { force: true })
    clearTimeout(deadline)
    lock.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(signal))
}

const driverLog = {
  info: (message: string, fields?: Record<string, unknown>) => log.info(fields ?? {}, message),
  warn: (message: string, fields?: Record<string, unknown>) => log.warn(fields ?? {}, message),
  error: (message: string, fields?: Record<string, unknown>) => log.error(fields ?? {}, message),
}

class UsageError extends Error {}
class LockedError extends Error {}

/** One station per folder: an exclusive lock of the operating system, gone with the process however it ends. */
function lockFolder(dataDir: string): { close(): void } {
  const lock = new Database(join(dataDir, 'station.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    throw new LockedError(`another station runs on ${dataDir}`, { cause: error })
  }
}

async function readConfig(path: string): Promise<StationConfig> {
  const text = await readFile(path, 'utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new OperatorError('CONFIG_INVALID', { field: path, value: '', remedy: String(error) })
  }
  const checked = checkConfig(value)
  if (checked.ok) return checked.config
  const [problem] = checked.problems
  throw new OperatorError('CONFIG_INVALID', { ...problem })
}

/** Training opens no real device, and a station on duty no simulated one. */
function refuseWrongDevices(config: StationConfig, training: boolean): void {
  for (const device of config.devices) {
    if (device.simulated === training || device.transport === 'soft:') continue
    const remedy = training ? 'simulated: true, or start without --training' : 'a real device, or start with --training'
    throw new OperatorError('CONFIG_INVALID', { field: `devices.${device.id}.simulated`, value: String(device.simulated), remedy })
  }
}

/** The bearer token of this folder, made once, readable by its owner only. */
async function readToken(path: string): Promise<string> {
  try {
    const token = (await readFile(path, 'utf8')).trim()
    if (token.length >= 32) return token
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const token = randomBytes(32).toString('base64url')
  await writeFile(path, token, { mode: 0o600 })
  await chmod(path, 0o600)
  return token
}

process.on('unhandledRejection', (error) =>
  log.error({ error: error instanceof Error ? error.stack : String(error) }, 'unhandled rejection'),
)

main().catch((error: unknown) => {
  if (error instanceof UsageError) process.stderr.write(`${error.message}\n`)
  else if (error instanceof OperatorError)
    process.stderr.write(`${JSON.stringify({ level: 'error', code: error.code, ...error.detail })}\n`)
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(error instanceof LockedError ? exitLocked : error instanceof UsageError || error instanceof OperatorError ? exitUsage : 1)
})
