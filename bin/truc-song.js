#!/usr/bin/env node
// Runs station/cli.ts on the Node that the project ships: any Node of 20 or newer may start this file.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const shipped = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
const isNew = Number(process.versions.node.split('.')[0]) >= 24
if (!existsSync(shipped) && !isNew) {
  process.stderr.write(`Node 24 is needed; install the project's own with: npm ci (in ${root})\n`)
  process.exit(2)
}

const command = existsSync(shipped) ? shipped : process.execPath
const shell = command.endsWith('.cmd')
const quoted = (text) => (shell ? `"${text}"` : text)
const result = spawnSync(quoted(command), [join(root, 'station', 'cli.ts'), ...process.argv.slice(2)].map(quoted), {
  stdio: 'inherit',
  shell,
})
if (result.error !== undefined) process.stderr.write(`${result.error.message}\n`)
process.exitCode = result.status ?? 2
