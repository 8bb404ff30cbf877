// Linux: the threads that render and carry sound to the device come before everything ordinary, this process's own JavaScript
// first of all. Not as real-time threads: those were tried, and with a sound server in trouble they span, three of them on two
// cores, and nothing else of the machine moved for minutes; the most favourable ordinary priority wakes them as soon and shares.
import { readdirSync, readFileSync } from 'node:fs'
import { constants, setPriority } from 'node:os'

/** As cpal (inside node-web-audio-api) and PulseAudio's client library name them. */
const soundThreads: ReadonlySet<string> = new Set(['cpal_alsa_out', 'threaded-ml'])

/** Raises every sound thread there is now; elsewhere than on Linux the engine has its own ways. Throws when the system refuses. */
export function raiseSoundThreads(): void {
  if (process.platform !== 'linux') return
  for (const id of readdirSync('/proc/self/task'))
    if (soundThreads.has(nameOf(id))) setPriority(Number(id), constants.priority.PRIORITY_HIGHEST)
}

/** Empty for a thread that ended while it was looked at. */
function nameOf(id: string): string {
  try {
    return readFileSync(`/proc/self/task/${id}/comm`, 'utf8').trim()
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH')) return ''
    throw cause
  }
}
