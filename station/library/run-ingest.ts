// Starts one ingest process, watches it, and turns whatever happens to it into a result or a refusal with a code. A file
// that crashes, hangs or swells the decoder costs that process only.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Clock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { IngestJob, IngestMessage, IngestResult } from './ingest/job.ts'

export interface IngestRun {
  /** Longest time one file may take, ms. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly onHashed: (sha256: string) => void
  readonly onProgress: (percent: number) => void
}

const entry = fileURLToPath(new URL('./ingest-process.ts', import.meta.url))
/** JavaScript heap of the process, MB; sound is never held in it. */
const heapMb = 256

/** Resolves with what was measured; rejects with an OperatorError, or the signal's reason when aborted. The process is gone by then. */
export function runIngest(job: IngestJob, run: IngestRun): Promise<IngestResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, entry, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let outcome: IngestMessage | null = null
    let timedOut = false
    let complaint = ''
    const timer = run.clock.after(run.timeoutMs, () => {
      timedOut = true
      child.kill('SIGKILL')
    })
    const abort = () => child.kill('SIGKILL')
    run.signal.addEventListener('abort', abort, { once: true })
    if (run.signal.aborted) abort()
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000)
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      const message = parse(line)
      if (message?.event === 'hashed') run.onHashed(message.sha256)
      else if (message?.event === 'progress') run.onProgress(message.percent)
      else if (message !== null) outcome ??= message
    })
    child.on('error', (cause) =>
      settle(() => reject(new OperatorError('STORE_UNAVAILABLE', { reason: 'the import process did not start' }, { cause }))),
    )
    child.on('close', (status, signal) => settle(() => finish(status, signal)))

    const settle = (act: () => void) => {
      timer.cancel()
      run.signal.removeEventListener('abort', abort)
      act()
    }
    const finish = (status: number | null, signal: string | null) => {
      if (run.signal.aborted) reject(run.signal.reason)
      else if (outcome?.event === 'done') resolve(outcome.result)
      else if (outcome?.event === 'refused') reject(new OperatorError(outcome.code, outcome.detail))
      else if (timedOut) reject(new OperatorError('INGEST_TIMEOUT', { afterS: Math.round(run.timeoutMs / 1000) }))
      else if (complaint.includes('heap out of memory')) reject(new OperatorError('INGEST_MEMORY', { allowedMb: heapMb }))
      else {
        // `died`: perhaps of the file, perhaps of this computer; whoever can wait may try again.
        const detail = { reason: `the decoder died (${signal ?? status})`, died: String(signal ?? status) }
        reject(new OperatorError('MEDIA_CORRUPT', detail, { cause: new Error(complaint) }))
      }
    }
  })
}

function parse(line: string): IngestMessage | null {
  try {
    return JSON.parse(line) as IngestMessage
  } catch (cause) {
    // A process killed in the middle of a line leaves half of one; its exit says what happened.
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}
