// What is done to, and asked of, a foreign process from outside: its CPU time and memory, a blocked JavaScript thread through
// the inspector that Node opens on SIGUSR1, and busy loops beside it. The product knows nothing of any of this.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'

export interface Usage {
  /** CPU time spent so far, user and system, ms. */
  readonly cpuMs: number
  /** Memory no other process has, MB of 10^6 bytes. */
  readonly privateMb: number
  /** Memory shared with other processes: the Node binary and libraries, MB. */
  readonly sharedMb: number
}

/** What several processes of the same make take together: their own pages, and the shared ones once, MB. */
export function togetherMb(each: readonly Usage[]): number {
  return each.reduce((sum, one) => sum + one.privateMb, 0) + Math.max(...each.map((one) => one.sharedMb))
}

/** Clock ticks of /proc/PID/stat on Linux. */
const tickMs = 10

export async function usage(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The name in parentheses may hold spaces; the fields after it do not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mb = (key: string) => (Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN) * 1024) / 1e6
  return {
    cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
    privateMb: mb('Private_Clean') + mb('Private_Dirty'),
    sharedMb: mb('Shared_Clean') + mb('Shared_Dirty'),
  }
}

/** Turns for ever, or until whoever started it is no more. */
const busyLoop = `for (let turns = 0; ; turns++) if (turns % 1e8 === 0 && process.ppid !== ${process.pid}) process.exit()`

/** `count` processes that do nothing but turn, each a session of its own as a stranger's program is; `stop` ends them. */
export function startBusyLoops(count: number): { stop(): Promise<void> } {
  const loops: ChildProcess[] = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', busyLoop], { stdio: 'ignore', detached: true }),
  )
  return {
    async stop() {
      await Promise.all(
        loops.map(async (loop) => {
          if (loop.exitCode !== null || loop.signalCode !== null) return
          const gone = once(loop, 'exit')
          loop.kill('SIGKILL')
          await gone
        }),
      )
    },
  }
}

/** A hold on a Node process's JavaScript thread. */
export interface ThreadGrip {
  /** Blocks the thread for `ms`; resolves when it runs again. */
  block(ms: number): Promise<void>
  close(): void
}

const inspectorWithinMs = 5000

/** Opens the inspector of `pid` (SIGUSR1, Node's fixed port 9229) and makes sure that it is that process which answers. */
export async function gripThread(pid: number): Promise<ThreadGrip> {
  process.kill(pid, 'SIGUSR1')
  const deadline = performance.now() + inspectorWithinMs
  for (;;) {
    const socket = await openInspector()
    if (socket !== null) {
      const evaluate = evaluator(socket)
      const answered = await evaluate('process.pid')
      if (answered === pid) {
        return {
          async block(ms) {
            await evaluate(`{ const until = performance.now() + ${ms}; while (performance.now() < until); } 0`)
          },
          close: () => socket.close(),
        }
      }
      socket.close()
      throw new Error(`the inspector on port 9229 belongs to process ${String(answered)}, not ${pid}`)
    }
    if (performance.now() > deadline) throw new Error(`process ${pid} opened no inspector on SIGUSR1`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function openInspector(): Promise<WebSocket | null> {
  let targets: { webSocketDebuggerUrl: string }[]
  try {
    const answer = await fetch('http://127.0.0.1:9229/json/list')
    targets = (await answer.json()) as { webSocketDebuggerUrl: string }[]
  } catch (cause) {
    if (cause instanceof TypeError) return null
    throw cause
  }
  const [target] = targets
  if (target === undefined) return null
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error('the inspector refused the connection')), { once: true })
  })
  return socket
}

function evaluator(socket: WebSocket): (expression: string) => Promise<unknown> {
  let lastId = 0
  return (expression) => {
    const id = ++lastId
    return new Promise((resolve, reject) => {
      const take = (message: MessageEvent) => {
        const answer = JSON.parse(String(message.data)) as {
          id?: number
          result?: { result?: { value?: unknown }; exceptionDetails?: unknown }
        }
        if (answer.id !== id) return
        socket.removeEventListener('message', take)
        if (answer.result?.exceptionDetails !== undefined) reject(new Error(JSON.stringify(answer.result.exceptionDetails)))
        else resolve(answer.result?.result?.value)
      }
      socket.addEventListener('message', take)
      socket.send(JSON.stringify({ id, method: 'Runtime.evaluate', params: { expression, returnByValue: true } }))
    })
  }
}
