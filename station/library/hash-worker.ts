// Reads a whole recording and answers its SHA-256, away from the station's thread: an hour of sound takes seconds.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'

const { path } = workerData as { path: string }
const hash = createHash('sha256')
for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer)
parentPort?.postMessage(hash.digest('hex'))
