// Question and answer over one wire: one request in flight, orders before polls. An answer is accepted only under the name that
// was asked (H4); after a timeout nothing is sent until the line has been silent for the worst reply time, so that a late
// answer to a write cannot pass for the read-back that follows it. Units that answer without the name (`bare`) have only the
// quarantine; there an answer that does not fit its request makes the link distrust the order of answers and fall silent too.
import type { Clock, Timer } from '../../../shared/domain/clock.ts'
import { DriverError, type DriverErrorCode } from '../../../shared/domain/errors.ts'
import { LineFramer } from '../../framing/line-framer.ts'
import type { AnswerForm, LineEnding, TransmitterProfile } from './profile.ts'
import { encodeRead, encodeWrite, parseLine } from './protocol.ts'

export interface NamedValueLinkOptions {
  readonly deviceId: string
  readonly clock: Clock
  readonly profile: TransmitterProfile
  readonly lineEnding: LineEnding
  readonly answers: AnswerForm
  readonly replyTimeoutMs: number
  readonly worstReplyMs: number
  write(bytes: Uint8Array): Promise<void>
  /** Something came that answers nothing: garbage, or an answer under another name. */
  onStray(what: 'garbage' | 'late answer'): void
}

export type AskPriority = 'order' | 'poll'

interface Job {
  readonly name: string
  /** null = a read. */
  readonly value: string | null
  settle(outcome: string | DriverError): void
}

type LinkState =
  | { readonly state: 'idle' }
  | { readonly state: 'awaiting'; readonly job: Job; readonly timer: Timer }
  | { readonly state: 'quarantined'; timer: Timer }

const lineCeilingBytes = 80
const queueCeiling = 64

export class NamedValueLink {
  readonly #options: NamedValueLinkOptions
  readonly #framer = new LineFramer(lineCeilingBytes)
  readonly #queues: Record<AskPriority, Job[]> = { order: [], poll: [] }
  #line: LinkState = { state: 'idle' }

  constructor(options: NamedValueLinkOptions) {
    this.#options = options
  }

  /** The value the unit answers with. Rejects with DriverError timeout, nak, lost or cancelled. */
  read(name: string, priority: AskPriority, signal: AbortSignal | null = null): Promise<string> {
    return this.#enqueue(name, null, priority, signal)
  }

  /** Resolves when the unit has repeated the value it was told; another value is a refusal. */
  async write(name: string, value: string, signal: AbortSignal | null = null): Promise<void> {
    const answer = await this.#enqueue(name, value, 'order', signal)
    const isDone = answer === value || (this.#options.answers === 'bare' && answer === 'OK')
    if (!isDone) throw this.#error('nak', `${name}=${value} was answered with ${answer}`)
  }

  receive(bytes: Uint8Array): void {
    const { lines, overflows } = this.#framer.push(bytes)
    if (this.#line.state === 'quarantined') this.#quarantine()
    if (overflows > 0) this.#options.onStray('garbage')
    for (const text of lines) this.#take(text)
  }

  /** An answer did not fit its request: the answers may be one behind. Falls silent until none is under way. */
  distrust(): void {
    if (this.#line.state === 'idle') this.#quarantine()
  }

  /** The wire went down or the driver closes: everything is rejected, the next connection starts clean. */
  reset(code: 'lost' | 'cancelled', reason: string): void {
    const line = this.#line
    this.#line = { state: 'idle' }
    this.#framer.reset()
    if (line.state !== 'idle') line.timer.cancel()
    const jobs = [...(line.state === 'awaiting' ? [line.job] : []), ...this.#queues.order.splice(0), ...this.#queues.poll.splice(0)]
    for (const job of jobs) job.settle(this.#error(code, reason))
  }

  #take(text: string): void {
    const line = this.#line
    const parsed = parseLine(text, this.#options.profile, this.#options.answers)
    if (parsed.kind === 'garbage') {
      this.#options.onStray('garbage')
      return
    }
    if (line.state !== 'awaiting') {
      this.#options.onStray('late answer')
      if (parsed.kind === 'bare') this.distrust()
      return
    }
    if (parsed.kind === 'refusal') {
      this.#finish(line, this.#error('nak', `${line.job.name} was refused: ${parsed.text}`))
      return
    }
    if (parsed.kind === 'bare' || parsed.name === line.job.name) this.#finish(line, parsed.value)
    else this.#options.onStray('late answer')
  }

  #enqueue(name: string, value: string | null, priority: AskPriority, signal: AbortSignal | null): Promise<string> {
    const queue = this.#queues[priority]
    if (queue.length >= queueCeiling) return Promise.reject(this.#error('timeout', `${queue.length} requests already wait`))
    if (signal?.aborted) return Promise.reject(this.#error('cancelled', 'aborted before it was sent'))
    return new Promise<string>((resolve, reject) => {
      const onAbort = () => {
        const at = queue.indexOf(job)
        if (at >= 0) queue.splice(at, 1)
        // In flight it cannot be called back: the line stays busy until its answer or timeout.
        job.settle(this.#error('cancelled', `${name}: aborted`))
      }
      const job: Job = {
        name,
        value,
        settle: (outcome) => {
          signal?.removeEventListener('abort', onAbort)
          if (outcome instanceof DriverError) reject(outcome)
          else resolve(outcome)
        },
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      queue.push(job)
      this.#next()
    })
  }

  #next(): void {
    if (this.#line.state !== 'idle') return
    const job = this.#queues.order.shift() ?? this.#queues.poll.shift()
    if (job === undefined) return
    const { clock, lineEnding, replyTimeoutMs } = this.#options
    const timer = clock.after(replyTimeoutMs, () => {
      // Timers run before reads: after a busy moment of ours the answer may lie there, and it counts.
      setImmediate(() => {
        if (this.#line !== line) return
        this.#quarantine()
        job.settle(this.#error('timeout', `${job.name} was not answered within ${replyTimeoutMs} ms`))
      })
    })
    const line: LinkState = { state: 'awaiting', job, timer }
    this.#line = line
    const bytes = job.value === null ? encodeRead(job.name, lineEnding) : encodeWrite(job.name, job.value, lineEnding)
    this.#options.write(bytes).catch((cause: unknown) => {
      if (this.#line === line) this.#finish(line, cause instanceof DriverError ? cause : this.#error('lost', 'the write failed', { cause }))
    })
  }

  #finish(line: Extract<LinkState, { state: 'awaiting' }>, outcome: string | DriverError): void {
    line.timer.cancel()
    this.#line = { state: 'idle' }
    line.job.settle(outcome)
    this.#next()
  }

  /** Begins, or begins anew: every byte that comes meanwhile prolongs it. */
  #quarantine(): void {
    if (this.#line.state !== 'idle') this.#line.timer.cancel()
    const timer = this.#options.clock.after(this.#options.worstReplyMs, () => {
      this.#line = { state: 'idle' }
      this.#framer.reset()
      this.#next()
    })
    this.#line = { state: 'quarantined', timer }
  }

  #error(code: DriverErrorCode, message: string, options?: ErrorOptions): DriverError {
    return new DriverError(code, this.#options.deviceId, message, options)
  }
}
