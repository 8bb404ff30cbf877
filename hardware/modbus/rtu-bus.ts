// One Modbus RTU bus: the wire with its supervisor, the master, and a link for each slave. A link looks like a transport to the
// slave's own supervisor, so a slave is lost and found by the same machine as a wire; the wire itself is given up only when
// nobody on it answers. Links of one transport share one bus and therefore one master.
import type { Clock } from '../../shared/domain/clock.ts'
import { DriverError } from '../../shared/domain/errors.ts'
import type { DriverLog } from '../contract/driver.ts'
import { Supervisor } from '../transport/supervisor.ts'
import type { Transport, TransportConnection, TransportHandlers } from '../transport/transport.ts'
import type { RtuReply, RtuRequest } from './codec.ts'
import { RtuMaster, type RtuPriority } from './rtu-master.ts'

export interface RtuLinkOptions {
  readonly deviceId: string
  readonly clock: Clock
  readonly log: DriverLog
  readonly slave: number
  readonly replyTimeoutMs: number
  readonly worstReplyMs: number
  /** The wire came up while this link was down: the slave's supervisor should try now. */
  onWireUp(): void
}

const buses = new WeakMap<Transport, RtuBus>()
const frameGapMs = 5
const queueCeiling = 64

/** A link to one slave on the bus behind this transport. Two devices with the same slave number are refused when both are open. */
export function rtuLink(transport: Transport, options: RtuLinkOptions): RtuLink {
  let bus = buses.get(transport)
  if (bus === undefined) {
    bus = new RtuBus(transport, options.clock, options.log)
    buses.set(transport, bus)
  }
  return new RtuLink(bus, options)
}

export class RtuBus {
  readonly address: string
  readonly #supervisor: Supervisor
  readonly #master: RtuMaster
  readonly #links = new Set<RtuLink>()

  constructor(transport: Transport, clock: Clock, log: DriverLog) {
    this.address = transport.address
    this.#supervisor = new Supervisor({
      deviceId: transport.address,
      clock,
      log,
      transport,
      // The slaves' own polls are the traffic; the wire adds none.
      pollMs: 60_000,
      poll: async () => undefined,
      onUp: () => this.#each((link) => link.wireUp()),
      onBytes: (bytes) => this.#master.receive(bytes),
      onDown: (reason) => {
        this.#master.reset('lost', reason)
        this.#each((link) => link.wireDown(reason))
      },
      onStatus: (status) => {
        if (status.state === 'lost') this.#each((link) => link.wireDown(status.reason))
      },
    })
    this.#master = new RtuMaster({
      name: transport.address,
      clock,
      frameGapMs,
      queueCeiling,
      line: {
        write: (bytes) => this.#supervisor.write(bytes),
        flush: async () => {
          await this.#supervisor.connection?.flush?.()
          // One turn of the event loop: a read that is ready is delivered now, not after the send.
          await new Promise((resolve) => setImmediate(resolve))
        },
      },
    })
  }

  get wireIsUp(): boolean {
    return this.#supervisor.connection !== null
  }

  open(link: RtuLink): void {
    for (const other of this.#links) {
      if (other !== link && other.slave === link.slave) {
        throw new DriverError('out-of-range', link.deviceId, `slave ${link.slave} on ${this.address} is already device ${other.deviceId}`)
      }
    }
    this.#links.add(link)
    this.#supervisor.open()
  }

  async close(link: RtuLink): Promise<void> {
    this.#links.delete(link)
    if (this.#links.size > 0) return
    this.#master.reset('cancelled', 'closed')
    await this.#supervisor.close()
  }

  async call(link: RtuLink, options: RtuLinkOptions, request: RtuRequest, priority: RtuPriority, signal?: AbortSignal): Promise<RtuReply> {
    const { slave, replyTimeoutMs, worstReplyMs } = options
    try {
      const reply = await this.#master.call({
        slave,
        request,
        priority,
        replyTimeoutMs,
        worstReplyMs,
        ...(signal === undefined ? {} : { signal }),
      })
      this.#supervisor.heard()
      return reply
    } catch (cause) {
      if (!(cause instanceof DriverError)) throw cause
      if (cause.code === 'nak') this.#supervisor.heard()
      if (cause.code === 'malformed') this.#supervisor.misheard(cause.message)
      throw new DriverError(cause.code, link.deviceId, cause.message, { cause })
    }
  }

  #each(act: (link: RtuLink) => void): void {
    for (const link of [...this.#links]) act(link)
  }
}

export class RtuLink implements Transport {
  readonly #bus: RtuBus
  readonly #options: RtuLinkOptions
  #handlers: TransportHandlers | null = null
  #isUp = false
  #answeredLast = false

  constructor(bus: RtuBus, options: RtuLinkOptions) {
    this.#bus = bus
    this.#options = options
  }

  get address(): string {
    return `${this.#bus.address}#${this.slave}`
  }
  get slave(): number {
    return this.#options.slave
  }
  get deviceId(): string {
    return this.#options.deviceId
  }

  open(): void {
    this.#bus.open(this)
  }

  /** Lets go of the bus; the last one closes the wire. */
  close(): Promise<void> {
    return this.#bus.close(this)
  }

  /** One request to this slave. A slave that did not answer last time is only searched for: it yields to everybody who answers. */
  async call(request: RtuRequest, priority: 'order' | 'poll', signal?: AbortSignal): Promise<RtuReply> {
    const effective = priority === 'poll' && !this.#answeredLast ? 'search' : priority
    try {
      const reply = await this.#bus.call(this, this.#options, request, effective, signal)
      this.#answeredLast = true
      return reply
    } catch (cause) {
      this.#answeredLast = cause instanceof DriverError && cause.code === 'nak'
      throw cause
    }
  }

  connect(handlers: TransportHandlers): TransportConnection {
    this.#handlers = handlers
    this.#isUp = false
    if (this.#bus.wireIsUp) queueMicrotask(() => this.#up(handlers))
    return {
      write: () => Promise.reject(new DriverError('out-of-range', this.deviceId, 'a slave is spoken to by requests, not bytes')),
      close: async () => {
        if (this.#handlers === handlers) this.#handlers = null
      },
    }
  }

  wireUp(): void {
    if (this.#handlers !== null) this.#up(this.#handlers)
    else this.#options.onWireUp()
  }

  wireDown(reason: string): void {
    const handlers = this.#handlers
    this.#handlers = null
    handlers?.onDown(reason)
  }

  #up(handlers: TransportHandlers): void {
    if (this.#handlers !== handlers || this.#isUp) return
    this.#isUp = true
    handlers.onUp()
  }
}
