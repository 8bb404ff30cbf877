// `npm run check`: everything that can be known without running the product, in parallel, under 2 minutes on 2 cores.
// Plain JavaScript for Node 20 because it is started by the system's Node; what it starts runs on the Node we ship.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const limitMs = 110_000

/** @type {{ name: string, command: string, args: string[] }[]} slowest first, so that the last one is short */
const checks = [
  ...['test', 'renderer', 'bench', 'station', 'hardware', 'simulator', 'audio', 'electron', 'shared'].map((room) => ({
    name: `types ${room}`,
    command: bin('tsc'),
    args: ['-p', `${room}/tsconfig.json`],
  })),
  {
    name: 'import graph and house rules',
    command: bin('node'),
    args: ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', 'test/unit/house'],
  },
  { name: 'unused files, exports, dependencies', command: bin('node'), args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'lint and format', command: bin('biome'), args: ['check', '--error-on-warnings', '--max-diagnostics=100', '.'] },
]

function bin(name) {
  return join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name)
}

/** Runs every check; answers one result each. Prints a line as each ends, and the whole output of one that fails. */
export async function runChecks() {
  if (!existsSync(bin('node'))) throw new Error('not installed: run `npm ci` (or `npm test`, which does)')
  const waiting = [...checks]
  const results = []
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const result = await runOne(check)
      results.push(result)
      process.stdout.write(`${result.ok ? 'ok  ' : 'FAIL'} ${(result.ms / 1000).toFixed(1).padStart(5)} s  ${result.name}\n`)
      if (!result.ok) process.stdout.write(`${result.output}\n`)
    }
  }
  await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, worker))
  return results
}

function runOne({ name, command, args }) {
  const started = performance.now()
  return new Promise((resolve) => {
    let output = ''
    const shell = process.platform === 'win32'
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], shell, env: { ...process.env, FORCE_COLOR: '0' } })
    const limit = setTimeout(() => {
      output += `\nstopped: not done after ${limitMs / 1000} s`
      child.kill('SIGKILL')
    }, limitMs)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes))
    const end = (ok) => {
      clearTimeout(limit)
      resolve({ name, ok, output: output.trim(), ms: performance.now() - started })
    }
    child.on('error', (error) => {
      output += String(error)
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now()
  const results = await runChecks()
  const failed = results.filter((result) => !result.ok)
  process.stdout.write(
    failed.length === 0
      ? `${results.length} checks passed in ${((performance.now() - started) / 1000).toFixed(0)} s\n`
      : `failed: ${failed.map((result) => result.name).join(', ')}\n`,
  )
  process.exitCode = failed.length === 0 ? 0 : 1
}
