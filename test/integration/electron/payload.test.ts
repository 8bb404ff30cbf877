// The packaged payload for real: built as for a package, the station started from it with the Node in it, watched by the
// shell's own code; then one byte of it is changed. Also a copy by electron-builder's own code (test/unit/electron).
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { shellPaths } from '../../../electron/shell-paths.ts'
import { bearerFetch, type ReadyLine } from '../../../electron/station-door.ts'
import { processLives } from '../../../electron/station-process.ts'
import { StationWatch } from '../../../electron/station-watch.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { checkPayload } from '../../../station/payload-check.ts'
import { until } from '../../support/until.ts'

const root = join(import.meta.dirname, '../../..')
const screens = join(root, 'dist', 'renderer', 'index.html')
let resources = ''
let packageFolder = ''
let dataDir = ''

beforeAll(() => {
  resources = mkdtempSync(join(tmpdir(), 'truc-song-package-'))
  packageFolder = join(resources, 'payload')
  dataDir = join(resources, 'data')
  mkdirSync(dataDir)
  // `npm test` builds the screens first; alone, the smallest page stands for them.
  if (!existsSync(screens)) {
    mkdirSync(join(screens, '..'), { recursive: true })
    writeFileSync(screens, '<!doctype html><title>not built</title>')
  }
  execFileSync(process.execPath, [join(root, 'electron', 'build-payload.mjs'), packageFolder], { stdio: ['ignore', 'ignore', 'inherit'] })
}, 120_000)

// The audio process of an ended station may still be closing its files.
afterAll(() => rmSync(resources, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }))

function watchPackaged() {
  const paths = shellPaths({
    packaged: true,
    resourcesDir: resources,
    appDir: join(resources, 'app.asar'),
    userDataDir: resources,
    platform: process.platform,
    arch: process.arch,
    dataDir,
  })
  writeFileSync(join(dataDir, 'config.json'), JSON.stringify({ station: { id: 'packaged', name: 'Đài đóng gói' } }))
  const ready: ReadyLine[] = []
  const watch = new StationWatch({
    clock: systemClock,
    dataDir,
    command: () => ({
      node: paths.node,
      main: paths.stationMain,
      args: ['--data', dataDir, '--training'],
      logPath: join(dataDir, 'station.log'),
    }),
    onState: () => undefined,
    onReady: (station) => void ready.push(station),
    onLog: () => undefined,
  })
  return { watch, ready }
}

test('the station of a package becomes ready from its own files, with the Node in it, and ends by order', async () => {
  const { watch, ready } = watchPackaged()
  watch.start()
  await until('ready', () => ready.length === 1, 80_000)
  const [station] = ready
  const command = readFileSync(`/proc/${station!.pid}/cmdline`, 'utf8').split('\0')
  expect(command[0]).toContain(join(packageFolder, 'node_modules'))
  const answer = await bearerFetch(station!)('/api/v1/station')
  expect(await answer.json()).toMatchObject({ stationId: 'packaged', training: true })
  const page = await fetch(station!.url)
  expect(page.status).toBe(200)
  await watch.stop()
  await until('gone', () => !processLives(station!.pid), 30_000)
})

test('nothing was written into the package by running it', () => {
  expect(checkPayload(packageFolder).state).toBe('intact')
})

test('a line more in one file: refused by name, never run, and not tried again until a person says so', async () => {
  const altered = join(packageFolder, 'hardware', 'transport', 'udp.ts')
  const size = statSync(altered).size
  const loaded = join(dataDir, 'loaded')
  appendFileSync(altered, `\nimport { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(loaded)}, '')\n`)
  const logFrom = statSync(join(dataDir, 'station.log')).size
  const { watch, ready } = watchPackaged()
  watch.start()
  await until('refused', () => watch.state.state === 'refused', 80_000)
  expect(ready).toEqual([])
  expect(existsSync(loaded), 'the altered file was never run').toBe(false)
  expect(readFileSync(join(dataDir, 'station.log')).subarray(logFrom).toString()).toContain('altered: hardware/transport/udp.ts')
  truncateSync(altered, size)
  watch.retry()
  await until('ready again', () => ready.length === 1, 80_000)
  const { pid } = ready[0]!
  await watch.stop()
  await until('gone', () => !processLives(pid), 30_000)
})
