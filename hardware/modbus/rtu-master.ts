// Modbus RTU master for one bus. Both npm masters were measured to return wrong registers without an error (PROTOCOLS.md 2.6),
// so: one request in flight; the input is emptied before each send; slave, function, length and CRC are checked; echoes are
// compared; and after a timeout or a broken frame nothing is sent until the line has been silent for the worst reply time,
// because RTU cannot say which request a late reply belongs to.
//
//   idle ──next request──▶ settling ──line free, input flushed, sent──▶ awaiting ──valid reply──▶ idle
//     ▲                                                                    │ timeout / malformed
//     └────────────── silent for the worst reply time ── quarantined ◀────┘   (bytes meanwhile: thrown away, start anew)
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import { DriverError } from '../../shared/domain/errors.ts'
import { matchReply } from '../framing/rtu-frame.ts'
import { decodeReply, encodeRequest, exceptionText, replyShape, type RtuReply, type RtuRequest } from './codec.ts'

/** Orders go before polls, polls before attempts to find a device that was silent last time. */
export type RtuPriority = 'order' | 'poll' | 'search'
const priorities: readonly RtuPriority[] = ['order', 'poll', 'search']

export interface RtuLine {
  write(bytes: Uint8Array): Promise<void>
  /** Discards what the operating system received and has not delivered. */
  flush(): Promise<void>
}

export interface RtuMasterOptions {
  readonly name: string
  readonly clock: Clock
  readonly line: RtuLine
  /** Frames are kept apart by 3.5 characters: 4 ms at 9600 baud. */
  readonly frameGapMs: number
  /** Most requests that may wait; a caller that floods is refused. */
  readonly queueCeiling: number
}

export interface RtuCall {
  readonly slave: number
  readonly request: RtuRequest
  readonly priority: RtuPriority
  /** A reply later than this is late, ms. Generous: RTU pays for a late reply with a quarantine. */
  readonly replyTimeoutMs: number
  /** The slowest reply this slave was ever seen to give, ms; how long the line must be silent after a timeout. */
  readonly worstReplyMs: number
  readonly signal?: AbortSignal
}

interface Job {
  readonly call: RtuCall
  readonly frame: Uint8Array
  readonly settle: (outcome: RtuReply | DriverError) => void
}

interface Awaiting {
  readonly state: 'awaiting'
  readonly job: Job
  readonly timer: Timer
  received: Uint8Array
}
type LineState =
  | { readonly state: 'idle' }
  | { readonly state: 'settling' }
  | Awaiting
  | { readonly state: 'quarantined'; readonly quietMs: number; timer: Timer }

const receiveCeilingBytes = 512
/** After bytes nobody asked for the line must be quiet for this long: USB adapters deliver in pieces up to 16 ms apart. */
const strayGapMs = 50

export class RtuMaster {
  readonly #options: RtuMasterOptions
  readonly #queues: Record<RtuPriority, Job[]> = { order: [], poll: [], search: [] }
  #line: LineState = { state: 'idle' }
  /** Nothing is sent before this instant. */
  #clearFromMs = Number.NEGATIVE_INFINITY

  constructor(options: RtuMasterOptions) {
    this.#options = options
  }

  /** Resolves with the checked reply; rejects with DriverError timeout, malformed, nak (a Modbus exception), lost or cancelled. */
  async call(call: RtuCall): Promise<RtuReply> {
    const frame = encodeRequest(call.slave, call.request)
    if (this.#waiting >= this.#options.queueCeiling) throw this.#error(call, 'timeout', `${this.#waiting} requests already wait`)
    if (call.signal?.aborted) throw this.#error(call, 'cancelled', 'aborted before it was sent')
    return new Promise<RtuReply>((resolve, reject) => {
      const queue = this.#queues[call.priority]
      const onAbort = () => {
        const at = queue.indexOf(job)
        if (at >= 0) queue.splice(at, 1)
        // In flight it cannot be called back: the line stays busy until its reply or timeout.
        job.settle(this.#error(call, 'cancelled', 'aborted'))
      }
      const job: Job = {
        call,
        frame,
        settle: (outcome) => {
          call.signal?.removeEventListener('abort', onAbort)
          if (outcome instanceof DriverError) reject(outcome)
          else resolve(outcome)
        },
      }
      call.signal?.addEventListener('abort', onAbort, { once: true })
      queue.push(job)
      this.#next()
    })
  }

  receive(bytes: Uint8Array): void {
    const line = this.#line
    const { clock, frameGapMs } = this.#options
    this.#clearFromMs = clock.monotonic() + (line.state === 'awaiting' ? frameGapMs : strayGapMs)
    if (line.state === 'quarantined') {
      line.timer.cancel()
      line.timer = this.#quietTimer(line.quietMs)
      return
    }
    // Between requests nothing is due: what comes is a stray or late frame, and its end is awaited before the next send.
    if (line.state !== 'awaiting') return
    const received = new Uint8Array(line.received.length + bytes.length)
    received.set(line.received)
    received.set(bytes, line.received.length)
    line.received = received
    const { call } = line.job
    const reply =
      received.length > receiveCeilingBytes
        ? { kind: 'malformed' as const, why: 'too many bytes' }
        : matchReply(received, replyShape(call.slave, call.request))
    switch (reply.kind) {
      case 'incomplete':
        return
      case 'exception':
        this.#finish(line, this.#error(call, 'nak', exceptionText(reply.exceptionCode)))
        return
      case 'malformed':
        this.#quarantine(line, this.#error(call, 'malformed', reply.why))
        return
      case 'complete': {
        const decoded = decodeReply(call.request, reply.body)
        if (decoded.kind === 'malformed') this.#quarantine(line, this.#error(call, 'malformed', decoded.why))
        else this.#finish(line, decoded)
        return
      }
    }
  }

  /** The wire went down: everything in flight or waiting is rejected; the next connection starts clean. */
  reset(code: 'lost' | 'cancelled', reason: string): void {
    const line = this.#line
    this.#line = { state: 'idle' }
    if (line.state === 'awaiting' || line.state === 'quarantined') line.timer.cancel()
    const jobs = priorities.flatMap((priority) => this.#queues[priority].splice(0))
    if (line.state === 'awaiting') jobs.unshift(line.job)
    for (const job of jobs) job.settle(this.#error(job.call, code, reason))
  }

  #next(): void {
    if (this.#line.state !== 'idle' || this.#waiting === 0) return
    const line: LineState = { state: 'settling' }
    this.#line = line
    void this.#settle(line)
  }

  /**
   * Waits until the line is free, empties the input, and sends what is most urgent *then*: the read-back that follows an order is
   * asked before a search that has waited longer.
   */
  async #settle(line: LineState): Promise<void> {
    const { clock } = this.#options
    for (let leftMs = 1; leftMs > 0; ) {
      // Reads that are ready are delivered before the flush, so that a stray byte cannot pass for the reply.
      await this.#options.line.flush()
      leftMs = this.#clearFromMs - clock.monotonic()
      if (leftMs > 0) await new Promise<void>((resolve) => clock.after(leftMs, resolve))
      if (this.#line !== line) return
    }
    const job = this.#queues.order.shift() ?? this.#queues.poll.shift() ?? this.#queues.search.shift()
    if (job === undefined) this.#line = { state: 'idle' }
    else await this.#send(job)
  }

  async #send(job: Job): Promise<void> {
    const { call, frame } = job
    const timer = this.#options.clock.after(call.replyTimeoutMs, () => {
      // Timers run before reads: after a busy moment of ours the reply may lie there, and it counts.
      setImmediate(() => {
        if (this.#line === line) this.#quarantine(line, this.#error(call, 'timeout', `no reply within ${call.replyTimeoutMs} ms`))
      })
    })
    const line: Awaiting = { state: 'awaiting', job, timer, received: new Uint8Array(0) }
    this.#line = line
    try {
      await this.#options.line.write(frame)
    } catch (cause) {
      if (this.#line !== line) return
      this.#finish(line, cause instanceof DriverError ? cause : this.#error(call, 'lost', 'the write failed', { cause }))
    }
  }

  get #waiting(): number {
    return priorities.reduce((sum, priority) => sum + this.#queues[priority].length, 0)
  }

  #finish(line: Awaiting, outcome: RtuReply | DriverError): void {
    line.timer.cancel()
    this.#line = { state: 'idle' }
    line.job.settle(outcome)
    this.#next()
  }

  #quarantine(line: Awaiting, error: DriverError): void {
    line.timer.cancel()
    const quietMs = line.job.call.worstReplyMs
    this.#line = { state: 'quarantined', quietMs, timer: this.#quietTimer(quietMs) }
    line.job.settle(error)
  }

  #quietTimer(quietMs: number): Timer {
    return this.#options.clock.after(quietMs, () => {
      this.#line = { state: 'idle' }
      this.#next()
    })
  }

  #error(call: RtuCall, code: DriverError['code'], message: string, options?: ErrorOptions): DriverError {
    return new DriverError(code, `${this.#options.name}#${call.slave}`, `${call.request.kind}: ${message}`, options)
  }
}
