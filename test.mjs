// `npm test`: installs what the tests need, runs the static checks, builds the screens, then every test. The last line is
// the count, alone: `N passed, N failed, N skipped`. Bounded: whatever hangs is stopped, counted as failed, and the rest goes on.
// `npm test -- PATTERN…` runs only the test files whose path contains a pattern.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './check.mjs'
import { ensureInstalled, ensureScreens, ensureShell, ensureSystemPackages, installHint, root, say, shippedNode } from './setup.mjs'

const minute = 60_000
const totalLimitMs = 55 * minute
const startedAt = performance.now()
const patterns = process.argv.slice(2)
const tally = { passed: 0, failed: 0, skipped: 0 }
/** What the reader of a long log is told again at its end: what failed, and what skipped itself and why. */
const told = []

function count(state, name, why) {
  tally[state] += 1
  if (state === 'failed') told.push(`FAILED ${name}${why ? `: ${why}` : ''}`)
  if (state === 'skipped' && why) told.push(`SKIPPED ${name}: ${why}`)
}

function stage(title) {
  say(`\n== ${title} (${((performance.now() - startedAt) / minute).toFixed(1)} min)`)
}

/** Runs one project of vitest.config.ts in its own process group. */
async function runProject(project, limitMs) {
  stage(`tests: ${project}`)
  const folder = mkdtempSync(join(tmpdir(), 'truc-song-tally-'))
  const path = join(folder, 'tally.ndjson')
  writeFileSync(path, '')
  const boundedMs = Math.max(minute, Math.min(limitMs, totalLimitMs - (performance.now() - startedAt)))
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=./test/setup/tally-reporter.ts',
    ...patterns,
  ]
  const ended = await runGroup(args, boundedMs, { TRUC_SONG_TALLY: path })
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
  for (const line of rows) {
    const { state, name, why } = JSON.parse(line)
    count(state, name, why)
  }
  if (ended.stopped) count('failed', `project ${project}: stopped, not done after ${(boundedMs / minute).toFixed(0)} min`)
  else if (ended.code !== 0 && !rows.some((line) => line.includes('"failed"')))
    count('failed', `project ${project}: vitest ended with ${ended.code}`)
  rmSync(folder, { recursive: true })
}

function runGroup(args, limitMs, env) {
  return new Promise((resolve) => {
    const child = spawn(shippedNode, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: process.platform !== 'win32',
      env: { ...process.env, ...env },
    })
    let stopped = false
    const stop = () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      if (process.platform === 'win32') child.kill('SIGKILL')
      else process.kill(-child.pid, 'SIGKILL')
    }
    const limit = setTimeout(() => {
      stopped = true
      stop()
    }, limitMs)
    process.once('exit', stop)
    child.on('close', (code) => {
      clearTimeout(limit)
      process.off('exit', stop)
      resolve({ stopped, code })
    })
  })
}

async function main() {
  stage('set-up')
  const wanted = JSON.parse(readFileSync(join(root, 'test', 'setup', 'apt-packages.json'), 'utf8'))
  const installed = ensureInstalled()
  // Both at once; a failure of the first is reported after the second has ended, so that no process is left behind.
  const [packages, system] = await Promise.allSettled([installed, ensureSystemPackages(wanted, 8 * minute)])
  if (packages.status === 'rejected') throw packages.reason
  if (system.status === 'rejected') throw system.reason
  if (system.value.missing.length > 0) say(`Some tests need programs that are not here; install them: ${installHint(system.value.missing)}`)

  stage('static checks')
  for (const result of await runChecks()) count(result.ok ? 'passed' : 'failed', `check: ${result.name}`)

  stage('screens and shell')
  for (const [name, build] of [
    ['screens', ensureScreens],
    ['desktop shell', ensureShell],
  ]) {
    try {
      await build()
    } catch (error) {
      say(error.message)
      count('failed', `build of the ${name}`)
    }
  }

  await runProject('unit', 12 * minute)
  await runProject('real', 48 * minute)
}

process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))
process.on('SIGHUP', () => process.exit(129))

try {
  await main()
} catch (error) {
  say(error.stack ?? String(error))
  count('failed', `npm test itself: ${error.message}`)
}
stage('done')
for (const line of told) say(line)
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped\n`)
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1
