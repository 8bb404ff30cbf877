// `device probe ID`: does this configured device answer, and what does it say? A running station is asked, because two masters
// on one wire disturb each other; else the device's own driver opens the wire, listens, and changes nothing.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkConfig, type DeviceConfig } from '../../shared/config.ts'
import type { DriverStatus } from '../../shared/domain/device.ts'
import { type Command, type CommandIo, type ExitCode, printJson, refuse, refuseArguments } from './output.ts'

/** A driver as far as probing goes; `station/cli.ts`, which may see the registry, makes it. */
export interface ProbedDriver {
  open(): void
  close(options: { readonly outputs: 'leave' }): Promise<void>
  readonly status: DriverStatus
  readonly observed: unknown
}

/** `heard` is called on every change of status or observation. */
export type CreateProbe = (device: DeviceConfig, heard: () => void) => Promise<ProbedDriver>

/** How long a silent device is waited for, ms. */
const patienceMs = 5000

export function deviceProbe(create: CreateProbe): Command {
  const command: Command = {
    usage: 'device probe ID --data DIR',
    summary: 'ask one configured device what it is doing; changes nothing',
    async run(args, io) {
      const asked = readArguments(args)
      if (asked === null) return refuseArguments(io, command, 'one ID and the data folder are needed')
      const viaStation = await askStation(asked.id, asked.dataDir)
      if (viaStation !== null) return answer(io, asked.id, 'station', viaStation.status, viaStation)
      try {
        const device = await readDevice(asked.id, asked.dataDir)
        const { status, observed } = await listen(device, create)
        return answer(io, asked.id, 'wire', status, observed)
      } catch (error) {
        return refuse(io, error)
      }
    },
  }
  return command
}

function readArguments(args: readonly string[]): { readonly id: string; readonly dataDir: string } | null {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: { data: { type: 'string' } }, allowPositionals: true })
    const [id, ...rest] = positionals
    return id === undefined || rest.length > 0 || values.data === undefined ? null : { id, dataDir: values.data }
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

function answer(io: CommandIo, id: string, via: 'station' | 'wire', status: DriverStatus, observed: unknown): ExitCode {
  printJson(io, { id, via, status, observed })
  return status.state === 'online' ? 0 : 1
}

/** The running station's view of the device; null where none runs on this folder or it does not know the device. */
async function askStation(id: string, dataDir: string): Promise<{ readonly status: DriverStatus } | null> {
  let station: { readonly url: string; readonly token: string }
  try {
    station = JSON.parse(await readFile(join(dataDir, 'station.json'), 'utf8')) as typeof station
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const headers = { authorization: `Bearer ${station.token}` }
  // A station that was killed leaves its file behind: nobody answers there.
  const answered = await fetch(`${station.url}/api/v1/devices`, { headers, signal: AbortSignal.timeout(patienceMs) }).catch(() => null)
  if (answered === null || !answered.ok) return null
  const devices = (await answered.json()) as readonly { readonly deviceId: string; readonly status: DriverStatus }[]
  return devices.find((device) => device.deviceId === id) ?? null
}

async function readDevice(id: string, dataDir: string): Promise<DeviceConfig> {
  const checked = checkConfig(JSON.parse(await readFile(join(dataDir, 'config.json'), 'utf8')))
  if (!checked.ok) throw new Error(`config.json: ${checked.problems.map(({ key, problem }) => `${key}: ${problem}`).join('; ')}`)
  const device = checked.config.devices.find((one) => one.id === id)
  if (device !== undefined) return device
  const known = checked.config.devices.map((one) => one.id).join(', ')
  throw new Error(`no device ${id} in config.json; there are: ${known === '' ? 'none' : known}`)
}

/** Opens the driver until the device was heard, or gave a reason why not, or patience ends. */
async function listen(device: DeviceConfig, create: CreateProbe): Promise<{ readonly status: DriverStatus; readonly observed: unknown }> {
  const settled = Promise.withResolvers<void>()
  const opened: { driver: ProbedDriver | null } = { driver: null }
  const driver = await create(device, () => {
    const { status, observed } = opened.driver ?? {}
    if ((status?.state === 'online' && observed !== null) || status?.state === 'faulted') settled.resolve()
  })
  opened.driver = driver
  const timer = setTimeout(settled.resolve, patienceMs)
  try {
    driver.open()
    await settled.promise
    return { status: driver.status, observed: driver.observed }
  } finally {
    clearTimeout(timer)
    await driver.close({ outputs: 'leave' })
  }
}
