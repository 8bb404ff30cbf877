// The keeper of the training station, with processes that die, hang or leave in order.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type ReadyLine, StationKeeper } from '../../../simulator/launch/station-keeper.ts'
import { until } from '../../support/until.ts'

const script = join(import.meta.dirname, '../../support/ready-process.ts')
let folder = ''
let keeper: StationKeeper | null = null

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'truc-song-keeper-'))
})

afterEach(async () => {
  await keeper?.end(1000)
  keeper = null
  rmSync(folder, { recursive: true })
})

function keep(behaviour: string, port: number | null = null) {
  const ready: ReadyLine[] = []
  const crashes: string[] = []
  keeper = new StationKeeper(
    port,
    (known) => ({
      name: 'station',
      args: [script, behaviour, ...(known === null ? [] : ['--port', String(known)])],
      cwd: folder,
      logPath: join(folder, 'station.log'),
      env: {},
      heldStdin: false,
    }),
    { onReady: (line) => ready.push(line), onCrash: (why) => crashes.push(why) },
  )
  return { keeper, ready, crashes }
}

it('starts a killed station again, at the same port', async () => {
  const { keeper, ready, crashes } = keep('lives', 41_234)
  const ran = keeper.run(3)
  await until('ready', () => ready.length === 1)
  process.kill(ready[0]!.pid, 'SIGKILL')
  await until('ready again', () => ready.length === 2)
  expect(crashes).toEqual(['killed by SIGKILL'])
  expect(ready.map((line) => line.url)).toEqual(['http://127.0.0.1:41234', 'http://127.0.0.1:41234'])
  expect(ready[1]!.pid).not.toBe(ready[0]!.pid)
  await keeper.end(1000)
  await ran
  expect(() => process.kill(ready[1]!.pid, 0)).toThrow('ESRCH')
})

it('keeps the port the first station chose', async () => {
  const { keeper, ready } = keep('lives')
  const ran = keeper.run(3)
  await until('ready', () => ready.length === 1)
  process.kill(ready[0]!.pid, 'SIGKILL')
  await until('ready again', () => ready.length === 2)
  expect(ready[1]!.url).toBe('http://127.0.0.1:41000')
  await keeper.end(1000)
  await ran
})

it('lets a station go that left in order', async () => {
  const { keeper, ready, crashes } = keep('lives')
  const ran = keeper.run(3)
  await until('ready', () => ready.length === 1)
  process.kill(ready[0]!.pid, 'SIGTERM')
  await ran
  expect(crashes).toEqual([])
})

it('gives up on a station that never once came up, and says why', async () => {
  const { keeper, ready, crashes } = keep('dies')
  await expect(keeper.run(2)).rejects.toThrow('station ended (code 7) before it was ready')
  expect(ready).toEqual([])
  expect(crashes).toHaveLength(1)
})

it('ends a station that does not listen', async () => {
  const { keeper, ready } = keep('stubborn')
  const ran = keeper.run(3)
  await until('ready', () => ready.length === 1)
  await keeper.end(200)
  await ran
  expect(() => process.kill(ready[0]!.pid, 0)).toThrow('ESRCH')
})
