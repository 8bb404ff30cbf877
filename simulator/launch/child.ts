// A process the launcher started and will end, by its process id. Its log goes to a file, not to a pipe: a process that
// outlives its launcher must not die of writing to nobody.
import { type ChildProcess, spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'

export interface ChildOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly logPath: string
  readonly env: Readonly<Record<string, string>>
  /** Keep the child's standard input open for as long as we live; it ends when that closes. */
  readonly heldStdin: boolean
}

export interface ChildEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Child {
  readonly name: string
  readonly pid: number
  /** The first line of standard output that is JSON; rejects when the process ends or `withinMs` passes first. */
  ready(withinMs: number): Promise<unknown>
  /** Resolves when the process is gone. */
  readonly ended: Promise<ChildEnd>
  /** SIGTERM, then SIGKILL after `graceMs`. Idempotent. */
  end(graceMs: number): Promise<void>
}

/** Starts `node …args` on the Node we run on. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = await open(options.logPath, 'a')
  const child = spawn(process.execPath, [...options.args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [options.heldStdin ? 'pipe' : 'ignore', 'pipe', log.fd],
  })
  const ended = new Promise<ChildEnd>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  // A failed spawn has no 'exit'; `pid` is undefined then and 'error' tells why.
  const failed = new Promise<Error>((resolve) => child.once('error', resolve))
  await log.close()
  if (child.pid === undefined) throw new Error(`${options.name} could not be started`, { cause: await failed })
  const line = firstJson(child)
  return {
    name: options.name,
    pid: child.pid,
    ended,
    ready: (withinMs) => withDeadline(options.name, line, ended, withinMs),
    async end(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.stdin?.end()
      child.kill('SIGTERM')
      const kill = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(kill)
    },
  }
}

function firstJson(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    if (child.stdout === null) return
    const lines = createInterface({ input: child.stdout })
    lines.on('line', (text) => {
      if (text.startsWith('{')) resolve(JSON.parse(text))
    })
  })
}

async function withDeadline(name: string, line: Promise<unknown>, ended: Promise<ChildEnd>, withinMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${name}: not ready within ${withinMs / 1000} s`)), withinMs)
  })
  const died = ended.then(({ code, signal }): never => {
    throw new Error(`${name} ended (${signal ?? `code ${code}`}) before it was ready`)
  })
  try {
    return await Promise.race([line, died, late])
  } finally {
    clearTimeout(timer)
  }
}
