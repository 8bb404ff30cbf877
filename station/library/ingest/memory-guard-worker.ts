// A thread beside the decoder that ends the whole process when it holds too much memory: the decoder itself may sit in
// native code for as long as a hostile file likes. Works on every platform, needs no help from the parent.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import type { IngestMessage } from './job.ts'

const { maxMemoryBytes } = workerData as { readonly maxMemoryBytes: number }

setInterval(() => {
  const rss = process.memoryUsage.rss()
  if (rss <= maxMemoryBytes) return
  const message: IngestMessage = {
    event: 'refused',
    code: 'INGEST_MEMORY',
    detail: { heldMb: Math.round(rss / 1e6), allowedMb: Math.round(maxMemoryBytes / 1e6) },
  }
  writeSync(1, `${JSON.stringify(message)}\n`)
  process.kill(process.pid, 'SIGKILL')
}, 25)
