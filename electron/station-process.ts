// One life of the station as a child: spawned with the Node this project ships, never with Electron's own. Detached and with
// its log in a file: the death of the shell is not the station's.
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { stationEnvironment } from '../shared/station-environment.ts'
import { parseReadyLine, type ReadyLine } from './station-door.ts'

export interface StationCommand {
  /** Path of the shipped Node. */
  readonly node: string
  /** Path of `station/main.ts`. */
  readonly main: string
  readonly args: readonly string[]
  /** Its stderr (JSON lines) is appended here. */
  readonly logPath: string
}

export interface StationEvents {
  onReady(station: ReadyLine): void
  /** Once per life. */
  onExit(exitCode: number | null, reason: string): void
}

/** Variables that would change what a station does or let somebody into it. */
const notInherited = ['ELECTRON_RUN_AS_NODE', 'NODE_OPTIONS', 'NODE_REPL_EXTERNAL_MODULE', 'NODE_PATH', 'NODE_ENV']
const longestLine = 4096

export interface StationProcess {
  readonly pid: number | null
  end(signal: 'SIGTERM' | 'SIGKILL'): void
}

export function startStation(command: StationCommand, events: StationEvents): StationProcess {
  const log = openSync(command.logPath, 'a', 0o600)
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !notInherited.includes(name)))
  const child = spawn(command.node, [command.main, ...command.args], {
    stdio: ['ignore', 'pipe', log],
    detached: true,
    env: { ...env, ...stationEnvironment },
  })
  closeSync(log)
  let line = ''
  let ended = false
  const end = (exitCode: number | null, reason: string) => {
    if (ended) return
    ended = true
    events.onExit(exitCode, reason)
  }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    line += text
    const newline = line.indexOf('\n')
    if (newline < 0) {
      line = line.slice(-longestLine)
      return
    }
    const ready = parseReadyLine(line.slice(0, newline))
    line = line.slice(newline + 1)
    if (ready !== null) events.onReady(ready)
  })
  child.once('error', (error) => end(null, error.message))
  child.once('exit', (code, signal) => end(code, signal === null ? `exit code ${code}` : `killed by ${signal}`))
  return { pid: child.pid ?? null, end: (signal) => void child.kill(signal) }
}

/** Whether a process of this machine runs; one that we may not signal runs, too. */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM'
  }
}
