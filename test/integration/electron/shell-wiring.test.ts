// The shell's built main file run by plain Node against a stand-in for Electron: that it asks for what it should, and does what
// its machines say. What Electron itself then does is for test/electron, where its binary is present.
import { type ChildProcess, execFileSync, fork } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { findRunning, type ReadyLine } from '../../../electron/station-door.ts'
import { processLives } from '../../../electron/station-process.ts'
import { until } from '../../support/until.ts'

const root = join(import.meta.dirname, '../../..')
const fakeElectron = join(root, 'test/support/fake-electron.cjs')
const given = 'http://127.0.0.1:40001/#code=abc'

interface Row {
  readonly what: string
  readonly [key: string]: any
}
interface Shell {
  readonly rows: Row[]
  readonly child: ChildProcess
  ask(command: string, detail?: object): Promise<any>
  loads(): string[]
}

let built = ''
const cleanUp: (() => Promise<void> | void)[] = []
beforeAll(() => {
  built = mkdtempSync(join(tmpdir(), 'truc-song-built-'))
  execFileSync(process.execPath, [join(root, 'electron/build.mjs'), join(built, 'dist/electron')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}, 60_000)
afterAll(() => rmSync(built, { recursive: true, force: true }))
afterEach(async () => {
  for (const clean of cleanUp.splice(0).reverse()) await clean()
})

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'truc-song-user-'))
  cleanUp.push(() => rmSync(made, { recursive: true, force: true }))
  return made
}

function startShell(env: Record<string, string>, userData = folder(), appPath = built): Shell {
  const rows: Row[] = []
  const child = fork(join(built, 'dist/electron/main.cjs'), [], {
    execArgv: ['--require', fakeElectron],
    env: { PATH: process.env['PATH'] ?? '', HOME: userData, FAKE_USER_DATA: userData, FAKE_APP_PATH: appPath, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.on('message', (row) => void rows.push(row as Row))
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  cleanUp.push(async () => {
    child.kill('SIGKILL')
    await gone
  })
  let asked = 0
  return {
    rows,
    child,
    loads: () => rows.filter((row) => row.what === 'load').map((row) => row['url']),
    async ask(command, detail = {}) {
      const id = ++asked
      child.send({ command, id, ...detail })
      await until(`an answer to ${command}`, () => rows.some((row) => row.what === 'answer' && row['id'] === id), 20_000)
      return rows.find((row) => row.what === 'answer' && row['id'] === id)!['result']
    },
  }
}

async function shownShell(): Promise<Shell> {
  const shell = startShell({ TRUC_SONG_URL: given })
  await until('the page is loaded', () => shell.loads().length === 1 && shell.rows.some((row) => row.what === 'show'), 20_000)
  return shell
}

test('the window is hardened, the process sandboxed, the machine kept awake', async () => {
  const shell = await shownShell()
  expect(shell.rows.find((row) => row.what === 'window')!['options'].webPreferences).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
    navigateOnDragDrop: false,
    preload: join(built, 'dist/electron/preload.cjs'),
  })
  expect(shell.rows[0]!.what === 'schemes' || shell.rows[1]!.what === 'schemes', 'scheme and sandbox before anything else').toBe(true)
  expect(shell.rows.filter((row) => row.what === 'powerSave').map((row) => row['kind'])).toEqual([
    'prevent-app-suspension',
    'prevent-display-sleep',
  ])
  expect(shell.loads()).toEqual([given])
  await until('the tray speaks', () => shell.rows.some((row) => row.what === 'tooltip'))
})

test('a page gets out nowhere: navigation, redirects, frames, new windows, permissions, devices', async () => {
  const shell = await shownShell()
  const everyWay = ['will-navigate', 'will-redirect', 'will-frame-navigate']
  for (const url of ['http://evil.example/', 'http://127.0.0.1:40002/', 'file:///etc/passwd', 'javascript:alert(1)']) {
    expect(await shell.ask('guard', { url, permission: 'fullscreen' }), url).toEqual({
      refused: everyWay,
      allowed: false,
      windowOpen: 'deny',
      device: false,
    })
  }
  const own = await shell.ask('guard', { url: 'http://127.0.0.1:40001/#/alerts', permission: 'media' })
  expect(own).toEqual({ refused: [], allowed: false, windowOpen: 'deny', device: false })
})

test('P4: crashes are reloaded without the spent code, the fourth in a minute opens the safe page, a person can go back', async () => {
  const shell = await shownShell()
  for (let crash = 1; crash <= 3; crash++) {
    const from = performance.now()
    await shell.ask('crash')
    await until(`reload ${crash}`, () => shell.loads().length === 1 + crash)
    expect(performance.now() - from).toBeLessThan(3000)
  }
  expect(shell.loads().slice(1)).toEqual(Array(3).fill('http://127.0.0.1:40001'))
  await shell.ask('crash')
  await until('the safe page', () => shell.loads().at(-1) === 'truc-song://safe/')
  expect(await shell.ask('page', { url: 'truc-song://safe/' })).toMatchObject({
    status: 200,
    policy: expect.stringContaining("default-src 'none'"),
  })
  expect(await shell.ask('page', { url: 'truc-song://safe/..%2fmain.cjs' })).toMatchObject({ status: 403, text: '' })
  expect(await shell.ask('invoke', { channel: 'shell:stop' })).toMatchObject({ answer: { done: true } })
  expect(shell.rows.find((row) => row.what === 'sessionFetch' && row['method'] === 'POST')!['url']).toBe(
    'http://127.0.0.1:40001/api/v1/onair/stop',
  )
  await shell.ask('invoke', { channel: 'shell:retry' })
  await until('back', () => shell.loads().at(-1) === 'http://127.0.0.1:40001')
})

test('P5: a renderer that hangs for 3 s is killed and loaded again', async () => {
  const shell = await shownShell()
  const from = performance.now()
  await shell.ask('hang')
  await until('killed', () => shell.rows.some((row) => row.what === 'killRenderer'), 8000)
  expect(performance.now() - from).toBeGreaterThan(2900)
  await until('loaded again', () => shell.loads().length === 2)
})

test('X9: a message from a frame, another window or another origin is refused', async () => {
  const shell = await shownShell()
  for (const channel of ['shell:stop', 'shell:microphone', 'shell:retry']) {
    expect(await shell.ask('invoke', { channel, argument: true, frameUrl: given })).toEqual({ error: 'refused' })
    expect(await shell.ask('invoke', { channel, argument: true, foreign: true })).toEqual({ error: 'refused' })
  }
  expect(shell.rows.filter((row) => row.what === 'sessionFetch' && row['method'] === 'POST')).toEqual([])
})

test('P8: a second instance shows the first and ends; it opens no window', async () => {
  const shell = await shownShell()
  const shows = () => shell.rows.filter((row) => row.what === 'show').length
  const before = shows()
  await shell.ask('second')
  await until('shown', () => shows() === before + 1)
  const other = startShell({ TRUC_SONG_URL: given, FAKE_SECOND: '1' })
  await until('ended', () => other.child.exitCode === 0, 20_000)
  expect(other.rows.some((row) => row.what === 'window')).toBe(false)
})

/** A house whose `station/main.ts` is the stand-in and whose shipped Node is this one; its shell has started that station. */
async function keepingShell(): Promise<{ shell: Shell; station: ReadyLine; dataDir: string; node: string }> {
  const userData = folder()
  const house = folder()
  const node = join(house, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  for (const path of [node, join(house, 'station/main.ts')]) mkdirSync(dirname(path), { recursive: true })
  copyFileSync(process.execPath, node)
  copyFileSync(join(root, 'test/support/stand-in-station-process.ts'), join(house, 'station/main.ts'))
  mkdirSync(join(house, 'dist'))
  execFileSync('cp', ['-r', join(built, 'dist/electron'), join(house, 'dist/electron')])
  const shell = startShell({}, userData, house)
  await until('the station’s page', () => shell.loads().length === 1, 30_000)
  const dataDir = join(userData, 'userData', 'station')
  const station: ReadyLine = JSON.parse(readFileSync(join(dataDir, 'station.json'), 'utf8'))
  cleanUp.push(() => {
    if (processLives(station.pid)) process.kill(station.pid, 'SIGKILL')
  })
  return { shell, station, dataDir, node }
}

test('without a given address it starts a station with the shipped Node, and leaves it on air when it ends', async () => {
  const { shell, station, dataDir, node } = await keepingShell()
  expect(shell.loads()).toEqual([`${station.url}/#code=one-time%2Fcode`])
  expect(readFileSync(`/proc/${station.pid}/cmdline`, 'utf8').split('\0')[0]).toBe(node)
  await shell.ask('close')
  expect(
    shell.rows.some((row) => row.what === 'closePrevented'),
    'closing hides: somebody must keep the station',
  ).toBe(true)
  shell.child.send({ command: 'quit', id: 0 })
  await until('the shell has ended', () => shell.child.exitCode !== null, 20_000)
  expect(await findRunning(dataDir)).toMatchObject({ pid: station.pid })
  process.kill(station.pid, 'SIGTERM')
  await until('ended', () => !processLives(station.pid), 10_000)
})

test('stopping the station over an alert is asked about: kept unless the answer is to cut it off', async () => {
  const { shell, station } = await keepingShell()
  const label = 'Dừng đài và thoát'
  shell.child.send({ command: 'tray', id: 0, label, answer: 0 })
  await until('the question', () => shell.rows.some((row) => row.what === 'question'), 10_000)
  expect(shell.rows.find((row) => row.what === 'question')).toMatchObject({ buttons: ['Giữ đài chạy', 'Cắt và dừng đài'], cancelId: 0 })
  await shell.ask('second')
  expect([processLives(station.pid), shell.child.exitCode]).toEqual([true, null])
  shell.child.send({ command: 'tray', id: 0, label, answer: 1 })
  await until('station and shell have ended', () => !processLives(station.pid) && shell.child.exitCode !== null, 20_000)
})

test('the built preload requires nothing but electron, and the main file nothing but electron and Node', () => {
  const required = (file: string) =>
    [...readFileSync(join(built, 'dist/electron', file), 'utf8').matchAll(/^(?:let|const|var) .* = require\("([^"]+)"\)/gm)].map(
      (match) => match[1],
    )
  expect(required('preload.cjs')).toEqual(['electron'])
  expect(required('main.cjs').filter((name) => name !== 'electron' && !name!.startsWith('node:'))).toEqual([])
  expect(existsSync(join(built, 'dist/electron/safe-page/page.js'))).toBe(true)
})
