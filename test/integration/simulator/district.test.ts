// The district as its own process, with the real drivers on its wires. The oracle is each virtual device's own record, asked for
// over the district's knobs.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registry } from '../../../hardware/registry.ts'
import { StationConfig } from '../../../shared/config.ts'
import type { TransmitterObserved, ZonesObserved } from '../../../shared/domain/device.ts'
import { readFile } from 'node:fs/promises'
import { bring } from '../../support/driver-bench.ts'
import { recordedContext } from '../../support/driver-context.ts'
import { until } from '../../support/until.ts'

interface Ready {
  readonly pid: number
  readonly devices: readonly { readonly id: string; readonly driver: string; readonly transport: string }[]
  readonly faults: { readonly url: string; readonly token: string }
}

const root = join(import.meta.dirname, '../../..')
let folder = ''
const closers: (() => Promise<void>)[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-song-district-'))
})

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  rmSync(folder, { recursive: true })
})

async function start(...words: string[]): Promise<{ ready: Ready; child: ChildProcess; ended: Promise<number | null> }> {
  const args = ['simulator/main.ts', '--data', folder, '--config', join(folder, 'config.json'), '--no-sound', '--end-with-stdin', ...words]
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  closers.push(async () => {
    child.kill('SIGTERM')
    await ended
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`the district ended with ${code}`)))
  })
  return { ready: JSON.parse(line), child, ended }
}

async function ask(ready: Ready, path: string, body?: unknown): Promise<any> {
  const answer = await fetch(`${ready.faults.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${ready.faults.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: await answer.json() }
}

const record = async (ready: Ready, id: string): Promise<{ what: string; detail: Record<string, unknown> }[]> =>
  (await ask(ready, `/devices/${id}/record`)).body.rows

async function drivers() {
  const config = StationConfig.parse(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')))
  const find = (id: string) => {
    const device = config.devices.find((one) => one.id === id)
    if (device === undefined) throw new Error(`no device ${id}`)
    return device
  }
  const tx = find('tx-fm')
  const transmitter = registry['ecreso-helios-fm'].create(
    recordedContext<TransmitterObserved, never>(tx.transport),
    registry['ecreso-helios-fm'].configSchema.parse({ ...tx.options, pollMs: 100 }),
  )
  const box = find('relay-1')
  const relay = registry['waveshare-relay-8'].create(
    recordedContext<ZonesObserved, never>(box.transport),
    registry['waveshare-relay-8'].configSchema.parse({ ...box.options, pollMs: 100 }),
  )
  closers.push(
    () => transmitter.close(),
    () => relay.close(),
  )
  transmitter.open()
  relay.open()
  await until('both devices heard', () => transmitter.observed !== null && relay.observed !== null)
  return { transmitter, relay }
}

const onAir = { carrier: 'on', powerSetW: 100, causeId: 'test', armedBy: 'test' } as const
const loop = (leaseMs: number) => ({ coils: [false, false, false, false, false, false, false, true], leaseMs, refresh: 1, causeId: 'test' })

describe.each([
  [['serial'], []],
  [['TCP'], ['--tcp']],
])('the district over %s', (_name, words) => {
  it('radiates only with its interlock loop closed, and drops the carrier when nobody renews the relay (dead PC)', async () => {
    const { ready } = await start(...words)
    const { transmitter, relay } = await drivers()
    for (const { command } of transmitter.plan(transmitter.observed, onAir))
      await transmitter.send(command as never, AbortSignal.timeout(5000))
    await until('the order read back', () => transmitter.observed?.carrierOn === true)
    expect(transmitter.observed).toMatchObject({ interlockClosed: false, forwardPowerW: 0, rfPresent: false })
    await bring(relay, loop(2000))
    await until('forward power', () => (transmitter.observed?.forwardPowerW ?? 0) > 50)
    await until('the lease lapsed at the board', () => transmitter.observed?.interlockClosed === false, 8000)
    await until('no forward power', () => transmitter.observed?.forwardPowerW === 0)
    const carrier = (await record(ready, 'tx-fm')).filter((row) => row.what === 'carrier').map((row) => row.detail)
    expect(carrier).toEqual([
      { on: true, cause: 'interlock closed' },
      { on: false, cause: 'interlock opened' },
    ])
    const relays = (await record(ready, 'relay-1')).filter((row) => row.what === 'coil').map((row) => row.detail)
    expect(relays).toMatchObject([
      { coil: 7, on: true },
      { coil: 7, on: false, cause: 'lapsed' },
    ])
  })
})

describe('the knobs', () => {
  it('make devices fail as the drivers see it', async () => {
    const { ready } = await start('--tcp')
    const { transmitter, relay } = await drivers()
    await ask(ready, '/devices/tx-fm/knobs', { local: true, fault: true })
    await until('LOCAL and fault', () => transmitter.observed?.localMode === true && transmitter.observed.fault)
    await bring(relay, loop(10_000))
    await until('loop closed', () => transmitter.observed?.interlockClosed === true)
    await ask(ready, '/devices/tx-fm/knobs', { interlockOpen: true })
    await until('loop opened by hand', () => transmitter.observed?.interlockClosed === false)
    await ask(ready, '/devices/tx-fm/knobs', { unplugged: true })
    await until('lost', () => transmitter.status.state === 'lost')
    await ask(ready, '/devices/tx-fm/knobs', { unplugged: false })
    await until('back', () => transmitter.status.state === 'online')
    await ask(ready, '/devices/relay-1/knobs', { absent: true })
    await until('relay board lost', () => relay.status.state === 'lost' || relay.status.state === 'degraded')
  })

  it('lose part of the power', async () => {
    const { ready } = await start('--tcp')
    const { transmitter, relay } = await drivers()
    await bring(relay, loop(10_000))
    await bring(transmitter, onAir)
    await until('full power', () => transmitter.observed?.forwardPowerW === 100)
    await ask(ready, '/devices/tx-fm/knobs', { powerLoss: 0.75 })
    await until('a quarter', () => transmitter.observed?.forwardPowerW === 25)
  })

  it('are for whoever holds the token, and name what they do not know', async () => {
    const { ready } = await start('--tcp')
    const stranger = await fetch(`${ready.faults.url}/devices`)
    expect(stranger.status).toBe(401)
    await stranger.arrayBuffer()
    expect(await ask(ready, '/devices/tx-fm/knobs', { lokal: true })).toMatchObject({ status: 400 })
    expect(await ask(ready, '/devices/none/knobs', {})).toMatchObject({ status: 404 })
    expect((await ask(ready, '/devices')).body).toHaveLength(3)
    expect(JSON.parse(await readFile(join(folder, 'faults.json'), 'utf8'))).toEqual(ready.faults)
  })
})

it('gives out the same addresses after a restart, and ends when its standard input closes', async () => {
  const first = await start('--tcp')
  const transports = first.ready.devices.map((device) => device.transport)
  first.child.stdin?.end()
  expect(await first.ended).toBe(0)
  const second = await start('--tcp')
  expect(second.ready.devices.map((device) => device.transport)).toEqual(transports)
})
