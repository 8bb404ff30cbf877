// The audio process: `main.ts CONFIG.json`. Detached, without a pipe to anybody; it plays on when the station dies and ends when it
// has nothing left to play. It never ends because of an error it can survive: whoever is on air stays on air.
import { writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { flushCompileCache } from 'node:module'
import { constants, setPriority } from 'node:os'
import { AudioProcessConfig } from '../shared/audio-protocol.ts'
import { Engine } from './engine.ts'

/** A process that cannot end cleanly (a dead sound server holds `exit` up) is ended by force after this. */
const endWithinMs = 1500

function log(level: 'info' | 'warn' | 'error', message: string, cause?: unknown): void {
  const error = cause instanceof Error ? (cause.stack ?? cause.message) : cause
  process.stderr.write(`${JSON.stringify({ level, time: new Date().toISOString(), pid: process.pid, message, error })}\n`)
}

/**
 * More than ordinary priority, where the system allows it; threads made afterwards inherit it. Linux weighs processes within their
 * session's group first (sched_autogroup): a detached process is a group of its own, so its group is raised as well.
 */
function raisePriority(): void {
  try {
    setPriority(constants.priority.PRIORITY_HIGH)
    if (process.platform === 'linux') writeFileSync('/proc/self/autogroup', String(constants.priority.PRIORITY_HIGH))
  } catch (cause) {
    log('info', 'priority not raised', cause)
  }
}

process.on('uncaughtException', (cause) => log('error', 'uncaught exception', cause))
process.on('unhandledRejection', (cause) => log('error', 'unhandled rejection', cause))
// Nobody's terminal: the station's end is not this process's end.
process.on('SIGHUP', () => log('info', 'hang-up ignored'))
process.on('SIGINT', () => log('info', 'interrupt ignored'))

const configPath = process.argv[2]
if (configPath === undefined) {
  process.stderr.write('usage: main.ts CONFIG.json\n')
  process.exit(2)
}

raisePriority()
const config = AudioProcessConfig.parse(JSON.parse(await readFile(configPath, 'utf8')))
let ending = false
const engine = new Engine(config, () => void end('nothing left to do'))

async function end(why: string): Promise<void> {
  if (ending) return
  ending = true
  log('info', `ending: ${why}`)
  await Promise.race([
    engine.stop().catch((cause: unknown) => log('error', 'stop', cause)),
    new Promise((resolve) => setTimeout(resolve, endWithinMs)),
  ])
  // `exit` waits for the sound server, a kill does not.
  process.kill(process.pid, 'SIGKILL')
}

process.on('SIGTERM', () => void end('SIGTERM'))
// It never exits, it is killed: the compiled code is kept for its successor. Now, before anybody can order anything: it takes this
// thread 50-110 ms the first time (measured; a microphone that was open lost as much), and nothing once the code is kept.
flushCompileCache()
await engine.start().catch((cause: unknown) => {
  log('error', 'cannot start', cause)
  process.exit(1)
})
log('info', `boot ${config.bootId}`)
