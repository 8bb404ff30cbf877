// The shell's keeping of the station with real processes: killed, silent, wrongly configured, found running, left alone.
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { RestartState } from '../../../electron/restart-policy.ts'
import { bearerFetch, findRunning, orderMicrophone, orderStop, type ReadyLine, signInUrl } from '../../../electron/station-door.ts'
import { processLives, startStation, type StationProcess } from '../../../electron/station-process.ts'
import { StationWatch } from '../../../electron/station-watch.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { until } from '../../support/until.ts'

const fakeStation = join(import.meta.dirname, '../../support/stand-in-station-process.ts')
const cleanUp: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'truc-song-shell-'))
  cleanUp.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

interface Kept {
  readonly watch: StationWatch
  readonly dataDir: string
  readonly states: RestartState[]
  readonly ready: ReadyLine[]
  readonly logged: string[]
}

function keep(extra: () => readonly string[] = () => [], dataDir = folder()): Kept {
  const states: RestartState[] = []
  const ready: ReadyLine[] = []
  const logged: string[] = []
  const watch = new StationWatch({
    clock: systemClock,
    dataDir,
    command: (port) => ({
      node: process.execPath,
      main: fakeStation,
      args: ['--data', dataDir, ...(port === null ? [] : ['--port', String(port)]), ...extra()],
      logPath: join(dataDir, 'station.log'),
    }),
    onState: (state) => void states.push(state),
    onReady: (station) => void ready.push(station),
    onLog: (message) => void logged.push(message),
  })
  cleanUp.push(async () => {
    const { pid } = watch
    await watch.stop()
    if (pid !== null) await gone(pid)
  })
  return { watch, dataDir, states, ready, logged }
}

const gone = (pid: number) => until(`process ${pid} is gone`, () => !processLives(pid))
const running = (kept: Kept) => kept.watch.state.state === 'running'

test('kill −9 of the station: a new one takes orders on the same address in well under 5 s', async () => {
  const kept = keep()
  kept.watch.start()
  await until('ready', () => kept.ready.length === 1)
  const [first] = kept.ready
  const from = performance.now()
  process.kill(first!.pid, 'SIGKILL')
  await until('ready again', () => kept.ready.length === 2)
  expect(performance.now() - from).toBeLessThan(3000)
  expect(kept.ready[1]!.url).toBe(first!.url)
  expect(kept.ready[1]!.pid).not.toBe(first!.pid)
  expect(kept.states.map((state) => state.state)).toEqual(['starting', 'running', 'waiting', 'starting', 'running'])
})

test('a wrong configuration is not hammered: it waits for a person, and a retry works', async () => {
  let args: readonly string[] = ['--die', '2']
  const kept = keep(() => args)
  kept.watch.start()
  await until('refused', () => kept.watch.state.state === 'refused')
  args = []
  kept.watch.retry()
  await until('running', () => running(kept))
  expect(kept.logged.filter((line) => line.startsWith('station started'))).toHaveLength(2)
})

test('stop ends the station it spawned, by order', async () => {
  const kept = keep()
  kept.watch.start()
  await until('ready', () => kept.ready.length === 1)
  const { pid } = kept.ready[0]!
  await kept.watch.stop()
  await gone(pid)
  expect(kept.watch.state.state).toBe('idle')
})

test('a station that already runs is found and not started twice; when it dies, one is started', async () => {
  const dataDir = folder()
  const ready: ReadyLine[] = []
  const service: StationProcess = startStation(
    { node: process.execPath, main: fakeStation, args: ['--data', dataDir], logPath: join(dataDir, 'service.log') },
    { onReady: (station) => void ready.push(station), onExit: () => undefined },
  )
  cleanUp.push(() => {
    if (service.pid !== null && processLives(service.pid)) service.end('SIGKILL')
  })
  await until('the service is up', () => ready.length === 1)
  const kept = keep(undefined, dataDir)
  kept.watch.start()
  await until('found', () => kept.ready.length === 1)
  expect(kept.ready[0]!.pid).toBe(service.pid)
  expect(kept.watch.pid).toBeNull()
  service.end('SIGKILL')
  await until('started our own', () => kept.ready.length === 2, 10_000)
  expect(kept.watch.pid).toBe(kept.ready[1]!.pid)
})

test('release lets go: the station lives on, and the next shell finds it', async () => {
  const kept = keep()
  kept.watch.start()
  await until('ready', () => kept.ready.length === 1)
  const { pid } = kept.ready[0]!
  kept.watch.release()
  expect(await findRunning(kept.dataDir)).toMatchObject({ pid })
  const next = keep(undefined, kept.dataDir)
  next.watch.start()
  await until('found by the next shell', () => next.ready.length === 1)
  expect(next.ready[0]!.pid).toBe(pid)
  process.kill(pid, 'SIGTERM')
  await gone(pid)
})

test('a Node that is not there is said and tried again, and is not the end of the shell', async () => {
  const dataDir = folder()
  const ends: string[] = []
  startStation(
    { node: join(dataDir, 'no-node'), main: fakeStation, args: [], logPath: join(dataDir, 'station.log') },
    { onReady: () => undefined, onExit: (_code, reason) => void ends.push(reason) },
  )
  await until('said', () => ends.length === 1)
  expect(ends[0]).toContain('ENOENT')
})

test('NODE_OPTIONS and ELECTRON_RUN_AS_NODE of whoever started the shell do not reach the station (X10)', async () => {
  const dataDir = folder()
  const probe = join(dataDir, 'probe.mjs')
  writeFileSync(
    probe,
    "import { writeFileSync } from 'node:fs'\nwriteFileSync(process.argv[2], JSON.stringify(Object.keys(process.env)))\n",
  )
  chmodSync(probe, 0o600)
  const seen = join(dataDir, 'env.json')
  const before = { NODE_OPTIONS: process.env['NODE_OPTIONS'], ELECTRON_RUN_AS_NODE: process.env['ELECTRON_RUN_AS_NODE'] }
  process.env['NODE_OPTIONS'] = '--title=intruder'
  process.env['ELECTRON_RUN_AS_NODE'] = '1'
  try {
    const ends: (number | null)[] = []
    startStation(
      { node: process.execPath, main: probe, args: [seen], logPath: join(dataDir, 'station.log') },
      { onReady: () => undefined, onExit: (code) => void ends.push(code) },
    )
    await until('ended', () => ends.length === 1)
    const names: string[] = JSON.parse(readFileSync(seen, 'utf8'))
    expect(names).toContain('PATH')
    expect(names.filter((name) => ['NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE', 'NODE_ENV'].includes(name))).toEqual([])
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
})

test('sign-in and the orders of the safe page, on the station’s own record', async () => {
  const kept = keep()
  kept.watch.start()
  await until('ready', () => kept.ready.length === 1)
  const [station] = kept.ready
  expect(await signInUrl(station!)).toBe(`${station!.url}/#code=one-time%2Fcode`)
  const send = bearerFetch(station!)
  expect(await orderStop(send)).toEqual({ done: true, words: 'Đã ngắt tiếng toàn bộ loa' })
  expect(await orderMicrophone(send, true)).toMatchObject({ done: true })
  expect(await orderMicrophone(send, false)).toEqual({ done: false, words: 'Đài từ chối: INPUT_NOT_OPEN' })
  const orders = readFileSync(join(kept.dataDir, 'orders.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter((order) => order.path.startsWith('/api/v1/onair'))
  expect(orders).toEqual([
    { path: '/api/v1/onair/stop', body: { via: 'screen' } },
    { path: '/api/v1/onair/inputs/mic1/open', body: { emergency: true, via: 'screen' } },
    { path: '/api/v1/onair/inputs/mic1/close', body: { via: 'screen' } },
  ])
  const wrongToken = bearerFetch({ ...station!, token: 'wrong' })
  expect(await orderStop(wrongToken)).toEqual({ done: false, words: 'Đài từ chối: UNAUTHORIZED' })
  await kept.watch.stop()
  expect((await orderStop(send)).words).toContain('Không tới được đài')
  expect(await findRunning(kept.dataDir)).toBeNull()
})
