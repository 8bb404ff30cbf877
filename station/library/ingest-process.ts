// Entry point of one import's own process: a hostile or broken file ends this process and nothing else. The job is its only
// argument (JSON, ingest/job.ts), answers are JSON lines on stdout. It never touches the network and writes into one folder.
import { constants, setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import { OperatorError } from '../../shared/domain/errors.ts'
import { ingestFile } from './ingest/ingest-file.ts'
import type { IngestJob, IngestMessage } from './ingest/job.ts'

const job = JSON.parse(process.argv[2] ?? '') as IngestJob

function say(message: IngestMessage): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve()))
}

function refusedBy(error: unknown): IngestMessage {
  if (error instanceof OperatorError) return { event: 'refused', code: error.code, detail: error.detail }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') return { event: 'refused', code: 'NOT_FOUND', detail: { reason: code } }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO' || code === 'EROFS')
    return { event: 'refused', code: 'STORE_UNAVAILABLE', detail: { reason: code } }
  throw error
}

setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
const guard = new Worker(new URL('./ingest/memory-guard-worker.ts', import.meta.url), {
  workerData: { maxMemoryBytes: job.maxMemoryBytes },
})
guard.unref()
try {
  const result = await ingestFile(job, say)
  // The guard looks every 25 ms; a short file may be through before it looks at all.
  const heldBytes = process.resourceUsage().maxRSS * 1024
  if (heldBytes > job.maxMemoryBytes)
    throw new OperatorError('INGEST_MEMORY', { heldMb: Math.round(heldBytes / 1e6), allowedMb: Math.round(job.maxMemoryBytes / 1e6) })
  await say({ event: 'done', result })
} catch (error) {
  await say(refusedBy(error))
}
// Not `process.exit`: the decoder's finalisers crash in some orders (ingest/decode.ts), and there is nothing left to tidy.
process.kill(process.pid, 'SIGKILL')
