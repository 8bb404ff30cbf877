// Set-up shared by `npm start` and `npm test`, safe to run again: packages, system libraries, the built screens.
// Plain JavaScript for Node 20 and nothing but Node, because it runs before anything is installed. Each step is stamped
// with a hash of what it was made from, so that a second run takes seconds.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(fileURLToPath(import.meta.url))
const windows = process.platform === 'win32'
/** The Node that the project ships (24): the program itself, since a `.cmd` shim has no channel to its parent. */
export const shippedNode = windows
  ? join(root, 'node_modules', `node-win-${process.arch}`, 'bin', 'node.exe')
  : join(root, 'node_modules', '.bin', 'node')
const installStamp = join(root, 'node_modules', '.truc-song-stamp')
const systemStamp = join(root, 'node_modules', '.truc-song-system')

export function say(text) {
  process.stderr.write(`${text}\n`)
}

/** Runs a command to its end, bounded in time. Never throws: answers how it ended. Output goes to our stderr. */
export function run(command, args, { limitMs, env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    let tail = ''
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: windows,
      detached: !windows,
      env: { ...process.env, ...env },
    })
    const stop = () => endGroup(child)
    const limit = limitMs === undefined ? undefined : setTimeout(stop, limitMs)
    process.once('exit', stop)
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes) => {
        tail = (tail + bytes).slice(-8000)
        if (!quiet) process.stderr.write(bytes)
      })
    }
    const end = (ok, reason) => {
      clearTimeout(limit)
      process.off('exit', stop)
      resolve({ ok, reason, tail })
    }
    child.on('error', (error) => end(false, error.message))
    child.on('close', (code, signal) => end(code === 0, signal === null ? `exit code ${code}` : `stopped by ${signal}`))
  })
}

function endGroup(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (windows) child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** `npm ci` when node_modules is missing or differs from the lock. Throws when it cannot be done. */
export async function ensureInstalled() {
  const wanted = hashOf([join(root, 'package.json'), join(root, 'package-lock.json')], `${process.platform} ${process.arch}`)
  if (readStamp(installStamp) === wanted && existsSync(shippedNode)) return
  if (!existsSync(shippedNode) || !installedMatchesLock()) {
    say('Cài đặt các gói phần mềm (npm ci)… / installing packages…')
    const started = performance.now()
    // NODE_ENV=production in the environment must not leave out what builds the screens.
    const npm = await run('npm', ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'], { limitMs: 900_000 })
    if (!npm.ok) throw new Error(`npm ci failed (${npm.reason}); is the package registry reachable?`)
    if (!existsSync(shippedNode))
      throw new Error(`npm ci brought no Node for ${process.platform} ${process.arch}: install Node 24 packages by hand`)
    say(`… ${seconds(started)} s`)
  }
  writeFileSync(installStamp, wanted)
}

/** npm's own record of what lies in node_modules against the lock: equal means `npm ci` would change nothing. */
function installedMatchesLock() {
  const record = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(record, 'utf8')).packages
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const is = present[path]
    if (is === undefined ? !entry.optional && !entry.devOptional : is.integrity !== entry.integrity || is.version !== entry.version)
      return false
  }
  return Object.keys(present).every((path) => wanted[path] !== undefined)
}

/** Builds the screens with Vite when their sources changed. Throws when the build fails. */
export function ensureScreens() {
  return ensureBuilt({
    title: 'Dựng màn hình… / building the screens…',
    rooms: ['renderer', 'shared'],
    stamp: join(root, 'dist', 'renderer.stamp'),
    output: join(root, 'dist', 'renderer', 'index.html'),
    args: [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--config', join(root, 'renderer', 'vite.config.ts')],
  })
}

/** Builds the desktop shell when its sources changed. Throws when the build fails. */
export function ensureShell() {
  return ensureBuilt({
    title: 'Dựng cửa sổ… / building the desktop shell…',
    rooms: ['electron', 'shared'],
    stamp: join(root, 'dist', 'electron.stamp'),
    output: join(root, 'dist', 'electron', 'main.cjs'),
    args: [join(root, 'electron', 'build.mjs')],
  })
}

async function ensureBuilt({ title, rooms, stamp, output, args }) {
  const sources = rooms.flatMap((room) => filesBelow(join(root, room)))
  const wanted = hashOf([...sources, join(root, 'package-lock.json')], title)
  if (readStamp(stamp) === wanted && existsSync(output)) return
  say(title)
  const started = performance.now()
  const build = await run(shippedNode, args, { limitMs: 300_000, quiet: true })
  if (!build.ok) throw new Error(`${title} ${build.reason}\n${build.tail}`)
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, wanted)
  say(`… ${seconds(started)} s`)
}

/**
 * Installs Debian packages that are missing, where we may (root, apt-get). Elsewhere, or offline, answers what is missing.
 * An attempt that failed is not repeated for ten minutes, so that an offline machine starts quickly.
 */
export async function ensureSystemPackages(names, limitMs) {
  if (process.platform !== 'linux') return { missing: [] }
  let missing = await missingPackages(names)
  if (missing.length === 0) return { missing }
  const mayInstall = process.getuid() === 0 && existsSync('/usr/bin/apt-get')
  if (mayInstall && !failedLately(missing)) {
    say(`Cài gói hệ thống: ${missing.join(' ')}… / installing system packages…`)
    const started = performance.now()
    const left = () => Math.max(1000, limitMs - (performance.now() - started))
    const apt = (...args) =>
      run('apt-get', ['-q', '-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=20', '-o', 'DPkg::Lock::Timeout=60', ...args], {
        limitMs: left(),
        env: { DEBIAN_FRONTEND: 'noninteractive' },
        quiet: true,
      })
    await apt('update')
    const all = await apt('install', '-y', '--no-install-recommends', ...missing)
    // One package this release does not have must not keep the others away.
    if (!all.ok) for (const name of missing) await apt('install', '-y', '--no-install-recommends', name)
    missing = await missingPackages(names)
    if (missing.length > 0) {
      say(`apt-get: ${all.reason}\n${all.tail.slice(-1500)}`)
      if (existsSync(dirname(systemStamp))) writeFileSync(systemStamp, JSON.stringify({ atMs: Date.now(), missing }))
    } else say(`… ${seconds(started)} s`)
  }
  return { missing }
}

/** Sentence for a person who has to install by hand. */
export function installHint(missing) {
  return `sudo apt-get install ${missing.join(' ')}`
}

function failedLately(missing) {
  if (!existsSync(systemStamp)) return false
  const last = JSON.parse(readFileSync(systemStamp, 'utf8'))
  return Date.now() - last.atMs < 600_000 && missing.every((name) => last.missing.includes(name))
}

async function missingPackages(names) {
  if (!existsSync('/usr/bin/dpkg-query')) return []
  const missing = []
  for (const name of names) {
    const renamed = await run('dpkg-query', ['-W', `-f=\${Status}\n`, name, `${name}t64`], { limitMs: 10_000, quiet: true })
    if (!renamed.tail.includes('install ok installed')) missing.push(name)
  }
  return missing
}

function filesBelow(folder) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}

function hashOf(files, salt) {
  const hash = createHash('sha256').update(salt)
  for (const file of files) hash.update(file.slice(root.length)).update(readFileSync(file))
  return hash.digest('hex')
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null
}

function seconds(started) {
  return ((performance.now() - started) / 1000).toFixed(0)
}
