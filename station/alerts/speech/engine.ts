// The station's side of the speech process: starts it when there is something to say, one job at a time, starts it again
// when it dies (and tries that job once more), ends it when a job takes too long or nobody has spoken for a while.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Clock, Timer } from '../../../shared/domain/clock.ts'
import { OperatorError, type OperatorErrorCode } from '../../../shared/domain/errors.ts'
import type { ResultOf, SpeechJob, SpeechReply } from '../render/render-job.ts'

export interface SpeechEngine {
  /** Rejects with SPEECH_FAILED (or the job's own refusal), or the signal's reason when aborted. */
  run<K extends keyof ResultOf>(job: Extract<SpeechJob, { kind: K }>, signal?: AbortSignal): Promise<ResultOf[K]>
  /** Process id while it runs; null when it is not needed. */
  readonly pid: number | null
  /** Ends the process; what waits is rejected. */
  close(): Promise<void>
}

export interface SpeechEngineOptions {
  readonly clock: Clock
  readonly log: { warn(detail: object, message: string): void }
  /** Longest time for one job; ten minutes of speech take about 10 s. */
  readonly timeoutMs?: number
  /** The process ends after so long without a job. */
  readonly idleMs?: number
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

interface Running {
  readonly id: number
  settle(reply: SpeechReply | Error): void
}

class Died extends Error {}

const entry = fileURLToPath(new URL('../speech-process.ts', import.meta.url))

export function createSpeechEngine(options: SpeechEngineOptions): SpeechEngine {
  const { clock, log, timeoutMs = 120_000, idleMs = 60_000 } = options
  let child: Child | null = null
  let running: Running | null = null
  let queue: Promise<unknown> = Promise.resolve()
  let idle: Timer | null = null
  let nextId = 1
  let closed = false
  const ended = new Set<Promise<void>>()

  function start(): Child {
    const fresh: Child = spawn(process.execPath, ['--max-old-space-size=256', entry], {
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    })
    let complaint = ''
    fresh.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2000)
    })
    createInterface({ input: fresh.stdout }).on('line', (line) => {
      const reply = JSON.parse(line) as SpeechReply
      if (running?.id === reply.id) running.settle(reply)
    })
    // Writing to a process that has just died: its `close` says so.
    fresh.stdin.on('error', () => fresh.kill('SIGKILL'))
    const gone = new Promise<void>((resolve) => {
      const end = (why: string) => {
        if (child === fresh) child = null
        running?.settle(new Died(`${why} ${complaint}`.trim()))
        resolve()
      }
      fresh.once('error', (error) => end(error.message))
      fresh.once('close', (status, signal) => end(`ended (${signal ?? status})`))
    })
    ended.add(gone)
    void gone.then(() => ended.delete(gone))
    return fresh
  }

  async function attempt(job: SpeechJob, signal: AbortSignal | undefined): Promise<SpeechReply> {
    signal?.throwIfAborted()
    idle?.cancel()
    child ??= start()
    const own = child
    const id = nextId++
    const { promise, resolve, reject } = Promise.withResolvers<SpeechReply>()
    const timer = clock.after(timeoutMs, () => {
      reject(new OperatorError('SPEECH_FAILED', { reason: `no answer in ${Math.round(timeoutMs / 1000)} s` }))
      own.kill('SIGKILL')
    })
    const abort = () => {
      reject(signal?.reason)
      own.kill('SIGKILL')
    }
    signal?.addEventListener('abort', abort, { once: true })
    running = { id, settle: (reply) => (reply instanceof Error ? reject(reply) : resolve(reply)) }
    own.stdin.write(`${JSON.stringify({ id, job })}\n`)
    try {
      return await promise
    } finally {
      running = null
      timer.cancel()
      signal?.removeEventListener('abort', abort)
      // A process that was told to die must not be given the next job.
      if (own.killed && child === own) child = null
      idle = clock.after(idleMs, () => child?.stdin.end())
    }
  }

  async function answer(job: SpeechJob, signal: AbortSignal | undefined): Promise<ResultOf[keyof ResultOf]> {
    if (closed) throw new OperatorError('SPEECH_FAILED', { reason: 'the station is closing' })
    const reply = await attempt(job, signal).catch((error: unknown) => {
      if (!(error instanceof Died) || closed) throw error
      log.warn({ err: error }, 'speech process died; once more')
      return attempt(job, signal)
    })
    if (reply.event === 'failed') throw new OperatorError(reply.code as OperatorErrorCode, reply.detail)
    return reply.result
  }

  return {
    run(job, signal) {
      const result = queue
        .then(() => answer(job, signal))
        .catch((error: unknown) => {
          if (error instanceof Died) throw new OperatorError('SPEECH_FAILED', { reason: error.message.slice(0, 500) }, { cause: error })
          throw error
        })
      queue = result.catch(() => undefined)
      return result as never
    },
    get pid() {
      return child?.pid ?? null
    },
    async close() {
      closed = true
      idle?.cancel()
      child?.kill('SIGKILL')
      await Promise.all(ended)
    },
  }
}
