// Reads a whole recording and answers its SHA-256, away from the station's thread: an hour of sound takes seconds.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

const { path } = workerData as { path: string }
parentPort?.postMessage(await sha256OrNull())

/** null = the disk does not give it whole. */
async function sha256OrNull(): Promise<string | null> {
  const hash = createHash('sha256')
  try {
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer)
  } catch {
    return null
  }
  return hash.digest('hex')
}
