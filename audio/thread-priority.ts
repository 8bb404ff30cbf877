// Linux: the threads that render and carry sound to the device come before everything ordinary, this process's own JavaScript
// first of all. By deadline scheduling where the system allows it: each gets its share of every period however busy the machine is,
// and never more. Real-time priority has no such bound: with a sound server in trouble these threads spin, and three of them on two
// cores stopped the whole machine for minutes. Where deadlines are refused, the most favourable ordinary priority.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/**
 * As cpal (inside node-web-audio-api) and PulseAudio's client library name them, and for how long of every period each may run, µs.
 * The one renders: some 0.3 ms a buffer, more where many sounds end at once. The other passes on. What needs longer waits for the
 * next period: so that is short (1 ms in 10 made the second wait 9.5 ms, heard as a break; traced). Two outputs and the preview
 * ask for 1.8 cores; the system grants 0.95 of each core.
 */
const soundThreads: ReadonlyMap<string, number> = new Map([
  ['cpal_alsa_out', 1600],
  ['threaded-ml', 800],
])
const periodUs = 4000
/** `SCHED_DEADLINE` of sched(7). */
const deadlinePolicy = 6

interface Thread {
  readonly name: string
  readonly policy: number
}

/** Raises every sound thread there is now; elsewhere than on Linux the engine has its own ways. Throws when the system refuses both. */
export async function raiseSoundThreads(): Promise<void> {
  if (process.platform !== 'linux') return
  for (const id of readdirSync('/proc/self/task')) {
    const thread = threadOf(id)
    const runtimeUs = soundThreads.get(thread?.name ?? '')
    if (runtimeUs === undefined || thread?.policy === deadlinePolicy) continue
    if (!(await giveDeadline(id, runtimeUs)) && threadOf(id) !== null) setPriority(Number(id), constants.priority.PRIORITY_HIGHEST)
  }
}

/** Node has no call for it; `chrt` is in Debian's essential packages. False where it is missing or refused. */
function giveDeadline(id: string, runtimeUs: number): Promise<boolean> {
  const ns = (us: number) => String(us * 1000)
  const words = ['--deadline', '--reset-on-fork', '--sched-runtime', ns(runtimeUs), '--sched-deadline', ns(periodUs)]
  return new Promise((resolve) => {
    const child = spawn('chrt', [...words, '--sched-period', ns(periodUs), '--pid', '0', id], { stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

/** By proc(5); null for a thread that ended while it was looked at. */
function threadOf(id: string): Thread | null {
  try {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8')
    const nameEnds = stat.lastIndexOf(')')
    const policy = Number(stat.slice(nameEnds + 2).split(' ')[38])
    return { name: stat.slice(stat.indexOf('(') + 1, nameEnds), policy }
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH')) return null
    throw cause
  }
}
