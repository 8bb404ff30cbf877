// The audio process is not our child: it is detached so that it outlives the station. When the training district ends, so must
// it. An orderly station has told it to; what a killed station left playing is ended here, by the id the station wrote down.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const everyMs = 20

/** Waits for the audio process of this data folder to be gone; kills it after `graceMs`. */
export async function endAudio(dataDir: string, graceMs: number): Promise<void> {
  const pid = audioPid(dataDir)
  if (pid === null) return
  const deadline = performance.now() + graceMs
  while (isAudioOf(pid, dataDir)) {
    if (performance.now() > deadline) process.kill(pid, 'SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

function audioPid(dataDir: string): number | null {
  const text = read(join(dataDir, 'audio.json'))
  if (text === null) return null
  const parsed = z.object({ pid: z.number().int().positive() }).safeParse(JSON.parse(text))
  return parsed.success ? parsed.data.pid : null
}

/** Process ids are used again: it must be our audio program, on our folder. A zombie has no command line any more. */
function isAudioOf(pid: number, dataDir: string): boolean {
  const words = read(`/proc/${pid}/cmdline`)?.split('\0') ?? []
  return words.some((word) => /audio[/\\]main\.ts$/.test(word)) && words.some((word) => word.startsWith(dataDir))
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH')) return null
    throw cause
  }
}
