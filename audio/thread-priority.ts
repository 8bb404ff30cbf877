// Real-time scheduling for the threads that render and hand over sound (not for the JS thread), where Linux allows it: measured with
// two busy loops and the sound server likewise, 0 breaks in 18 s at the monitor instead of 24. `chrt` is part of every Debian.
import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** cpal's output thread and the PulseAudio client's own loop. */
const soundThreads = new Set(['cpal_alsa_out', 'threaded-ml'])
/** Of 1–99: above everything ordinary, below what a system gives its own interrupt threads. */
const realTimePriority = '10'

/** Raises the sound threads that exist now; where that is refused they stay as they are. */
export async function raiseSoundThreads(): Promise<void> {
  if (process.platform !== 'linux') return
  for (const thread of await readdir('/proc/self/task')) {
    const name = await readFile(`/proc/self/task/${thread}/comm`, 'utf8').catch(() => '')
    if (!soundThreads.has(name.trim())) continue
    const raised = await run('chrt', ['-f', '-p', realTimePriority, thread], { timeout: 2000 }).then(
      () => true,
      () => false,
    )
    if (!raised) return
  }
}
