// What a test file leaves behind in its process: referenced timers, servers, sockets, child processes.
// Compared with what was there before the file, since the test runner keeps channels of its own.
import { readFileSync } from 'node:fs'

/** Kinds of Node resource that keep a process alive and that a test must close. */
const watched = [
  'Timeout',
  'ProcessWrap',
  'TCPServerWrap',
  'TCPSocketWrap',
  'UDPWrap',
  'PipeServerWrap',
  'FSEventWrap',
  'StatWatcher',
  'Worker',
  'MessagePort',
] as const

export type RunningCount = ReadonlyMap<string, number>

/** Counts what runs now, by kind; `child PID (name)` for each child process where the system tells them (Linux). */
export function snapshotRunning(): RunningCount {
  const count = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) {
    if ((watched as readonly string[]).includes(kind)) count.set(kind, (count.get(kind) ?? 0) + 1)
  }
  for (const child of childProcesses()) count.set(child, 1)
  return count
}

/** Names what runs now and did not before, allowing `graceMs` for things that are closing. Empty = clean. */
export async function leftRunning(before: RunningCount, graceMs: number): Promise<readonly string[]> {
  const deadline = performance.now() + graceMs
  for (;;) {
    const left = difference(before, snapshotRunning())
    if (left.length === 0 || performance.now() > deadline) return left
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
}

function difference(before: RunningCount, after: RunningCount): string[] {
  const left: string[] = []
  for (const [kind, count] of after) {
    const more = count - (before.get(kind) ?? 0)
    if (more > 0) left.push(more === 1 ? kind : `${kind} ×${more}`)
  }
  return left
}

function childProcesses(): string[] {
  let pids: string
  try {
    pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  return pids
    .split(' ')
    .filter((pid) => pid.trim() !== '')
    .map((pid) => `child ${pid} (${nameOf(pid)})`)
}

function nameOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim()
  } catch (error) {
    if (isMissing(error)) return 'ending'
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')
}
