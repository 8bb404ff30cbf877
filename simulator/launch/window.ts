// Opens the control room where there is a display: Electron where its binary is (its package downloads it, tried once and
// bounded), else an app window of an installed Chromium, Chrome or Edge. The window is only a view: closing it stops nothing.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const downloadWithinMs = 60_000

export interface OpenedWindow {
  readonly with: string
  readonly pid: number
  readonly closed: Promise<void>
  end(): void
}

export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true
  return (process.env.DISPLAY ?? '') !== '' || (process.env.WAYLAND_DISPLAY ?? '') !== ''
}

/** null = nothing here can show a page; the address is printed anyway. */
export async function openWindow(root: string, url: string, profileDir: string): Promise<OpenedWindow | null> {
  const shell = await electronBinary(root)
  // Chromium's sandbox does not work as root; without --test-type it says so across the screen, for ever.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []
  if (shell !== null) return start('Electron', shell, [root, ...asRoot], { TRUC_SONG_URL: url })
  const browser = findBrowser()
  if (browser === null) return null
  prepareProfile(profileDir)
  const words = [
    `--app=${url}`,
    `--user-data-dir=${profileDir}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--lang=vi',
    '--window-size=1366,768',
    ...asRoot,
  ]
  return start(browser, browser, words, {})
}

/** A profile of its own that offers no translation of a Vietnamese page; `--disable-features` loses to Debian's own flags. */
function prepareProfile(profileDir: string): void {
  const preferences = join(profileDir, 'Default', 'Preferences')
  if (existsSync(preferences)) return
  mkdirSync(join(profileDir, 'Default'), { recursive: true })
  writeFileSync(preferences, JSON.stringify({ translate: { enabled: false } }))
}

function start(name: string, command: string, words: readonly string[], env: Readonly<Record<string, string>>): OpenedWindow | null {
  const child: ChildProcess = spawn(command, [...words], { stdio: 'ignore', env: { ...process.env, ...env } })
  if (child.pid === undefined) {
    child.once('error', () => undefined)
    return null
  }
  const closed = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return { with: name, pid: child.pid, closed, end: () => child.kill('SIGTERM') }
}

/** Electron and our shell's built main file, or null. */
async function electronBinary(root: string): Promise<string | null> {
  const folder = join(root, 'node_modules', 'electron')
  if (!existsSync(join(root, 'dist', 'electron', 'main.cjs')) || !existsSync(join(folder, 'install.js'))) return null
  const tried = join(folder, '.truc-song-tried')
  if (installedElectron(folder) === null && !existsSync(tried)) {
    writeFileSync(tried, new Date().toISOString())
    await download(folder)
  }
  return installedElectron(folder)
}

function installedElectron(folder: string): string | null {
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

function download(folder: string): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, 'install.js')], { stdio: 'ignore' })
    const limit = setTimeout(() => child.kill('SIGKILL'), downloadWithinMs)
    const done = () => {
      clearTimeout(limit)
      resolve()
    }
    child.once('error', done).once('exit', done)
  })
}

function findBrowser(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const onPath = [
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    'microsoft-edge',
    'microsoft-edge-stable',
  ].flatMap((name) => folders.map((folder) => join(folder, name)))
  const programs = [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA].filter(
    (folder) => folder !== undefined,
  )
  const onWindows = programs.flatMap((folder) => [
    join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
    join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
  ])
  const onMac = ['Google Chrome', 'Microsoft Edge', 'Chromium'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  return [...onPath, ...onWindows, ...onMac].find((path) => existsSync(path)) ?? null
}
