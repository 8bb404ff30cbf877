// A connection over which only files come, read into one buffer of our own: Node's HTTP client makes a buffer and a handful of events
// of every 16 kB, and that cost more than TLS, hash and disk together. It knows one kind of answer, a head and then as many bytes as the
// head says; every other (in chunks, without a length) is left to Node's client.
import { isIP, type SocketConstructorOpts } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { feed, LinkError, type LinkErrorCode, type Sink } from './adapter.ts'
import type { HttpAnswer } from './http-answer.ts'

export interface FileLineOptions {
  readonly url: string
  /** PEM; null = the authorities of the system. */
  readonly ca: string | null
  /** No byte for this long = the line is dead, ms. */
  readonly silenceMs: number
  codeOf(error: NodeJS.ErrnoException): LinkErrorCode
}

interface Exchange {
  readonly answer: PromiseWithResolvers<HttpAnswer | null>
  readonly body: PromiseWithResolvers<void>
  /** No longer heeds its signal. */
  readonly deaf: () => void
  head: Buffer
  kept: boolean
  /** Bytes of the body still to come; null = the head is not here yet. */
  left: number | null
  /** What came before anybody took it. */
  early: Buffer[]
  sink: Sink | null
  /** Promises of the sink that are waited for. */
  holds: number
}

const readBytes = 64 * 1024
const headAtMost = 16 * 1024
const headEnd = Buffer.from('\r\n\r\n')

export class FileLine {
  readonly #options: FileLineOptions
  #socket: TLSSocket | null = null
  #exchange: Exchange | null = null
  /** For heads, and for what nobody has room for yet. */
  readonly #own = Buffer.allocUnsafe(readBytes)
  /** Room of a sink that the next bytes are read into. */
  #lent: Uint8Array | null = null

  constructor(options: FileLineOptions) {
    this.#options = options
  }

  /** One at a time; null = not to be had this way. Rejects with LinkError, or the signal's reason. */
  ask(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer | null> {
    const url = new URL(path, this.#options.url)
    const lines = Object.entries({ Host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}`)
    if (this.#exchange !== null || lines.some((line) => /[\r\n]/.test(line))) return Promise.resolve(null)
    signal.throwIfAborted()
    const stop = () => this.#break(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    const exchange: Exchange = {
      answer: Promise.withResolvers(),
      body: Promise.withResolvers(),
      deaf: () => signal.removeEventListener('abort', stop),
      head: Buffer.alloc(0),
      kept: true,
      left: null,
      early: [],
      sink: null,
      holds: 0,
    }
    // Whoever pours hears of it; nobody may be pouring yet.
    exchange.body.promise.catch(() => undefined)
    this.#exchange = exchange
    const socket = this.#socket ?? this.#open(url)
    socket.resume()
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    return exchange.answer.promise
  }

  close(): void {
    this.#break(new LinkError('unreachable', 'closed'))
  }

  #open(url: URL): TLSSocket {
    const { ca, silenceMs, codeOf } = this.#options
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const options: ConnectionOptions & Pick<SocketConstructorOpts, 'onread'> = {
      host,
      port: Number(url.port === '' ? 443 : url.port),
      minVersion: 'TLSv1.2',
      onread: { buffer: () => this.#room(), callback: (count, buffer) => this.#read(socket, buffer, count) },
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === null ? {} : { ca }),
    }
    const socket: TLSSocket = connect(options)
    const lost = (error: LinkError) => {
      if (this.#socket === socket) this.#break(error)
    }
    socket.setTimeout(silenceMs, () => lost(new LinkError('unreachable', `silent for ${silenceMs / 1000} s`)))
    socket.on('error', (error: NodeJS.ErrnoException) => lost(new LinkError(codeOf(error), error.message, { cause: error })))
    socket.on('end', () => lost(new LinkError('unreachable', 'cut')))
    socket.on('close', () => lost(new LinkError('unreachable', 'cut')))
    this.#socket = socket
    return socket
  }

  /** false = hold the line; what is decrypted already comes nevertheless. */
  #read(from: TLSSocket, buffer: Uint8Array, count: number): boolean {
    if (from !== this.#socket) return false
    const exchange = this.#exchange
    if (exchange === null) {
      this.#break(new LinkError('unreachable', 'bytes that nobody asked for'))
      return false
    }
    if (exchange.left === null) return this.#head(exchange, buffer.subarray(0, count))
    return this.#body(exchange, buffer.subarray(0, count), buffer === this.#lent)
  }

  /** Asked for after every read. A sink's room is lent for the next read of its own body, never for anything that comes after it. */
  #room(): Uint8Array {
    const exchange = this.#exchange
    this.#lent = exchange?.sink != null && exchange.left !== 0 ? exchange.sink.room() : null
    return this.#lent ?? this.#own
  }

  #head(exchange: Exchange, bytes: Uint8Array): boolean {
    exchange.head = Buffer.concat([exchange.head, bytes])
    const end = exchange.head.indexOf(headEnd)
    if (end === -1 && exchange.head.length <= headAtMost) return true
    const head = end === -1 ? null : readHead(exchange.head.toString('latin1', 0, end))
    if (head === null) {
      exchange.answer.resolve(null)
      this.#break(new LinkError('unreachable', 'not to be had this way'))
      return false
    }
    exchange.left = head.bytes
    exchange.kept = head.headers.get('connection')?.toLowerCase() !== 'close'
    const early = exchange.head.subarray(end + headEnd.length)
    if (early.length > 0) exchange.early.push(early)
    const drop = () => {
      if (this.#exchange === exchange) this.#break(new LinkError('unreachable', 'not wanted'))
    }
    const pour = (sink: Sink) => this.#pour(exchange, sink)
    const skip = () => void pour({ room: () => this.#own, filled: () => null }).catch(() => undefined)
    exchange.answer.resolve({ ...head, pour, skip, drop })
    return false
  }

  #pour(exchange: Exchange, sink: Sink): Promise<void> {
    exchange.sink = sink
    for (const bytes of exchange.early.splice(0)) if (this.#exchange === exchange) this.#body(exchange, bytes, false)
    this.#goOn(exchange)
    return exchange.body.promise
  }

  /** @param inPlace they were read into the sink's room */
  #body(exchange: Exchange, bytes: Uint8Array, inPlace: boolean): boolean {
    const left = (exchange.left ?? 0) - bytes.length
    if (exchange.sink === null) {
      exchange.early.push(Buffer.from(bytes))
      return false
    }
    if (left < 0) {
      this.#break(new LinkError('changed', 'the body is longer than was said'))
      return false
    }
    exchange.left = left
    try {
      const wait = inPlace ? exchange.sink.filled(bytes.length) : feed(exchange.sink, bytes)
      if (wait !== null) this.#hold(exchange, wait)
    } catch (error) {
      this.#break(error)
      return false
    }
    if (left === 0) this.#goOn(exchange)
    return exchange.holds === 0
  }

  #hold(exchange: Exchange, wait: Promise<void>): void {
    exchange.holds += 1
    wait.then(
      () => {
        exchange.holds -= 1
        this.#goOn(exchange)
      },
      (error: unknown) => {
        if (this.#exchange === exchange) this.#break(error)
      },
    )
  }

  /** Nothing holds it: more, or the end. */
  #goOn(exchange: Exchange): void {
    if (this.#exchange !== exchange || exchange.holds > 0) return
    if (exchange.left !== 0) {
      this.#socket?.resume()
      return
    }
    exchange.deaf()
    this.#exchange = null
    exchange.body.resolve()
    if (!exchange.kept) this.close()
  }

  #break(error: unknown): void {
    const exchange = this.#exchange
    const socket = this.#socket
    this.#exchange = null
    this.#socket = null
    socket?.destroy()
    exchange?.deaf()
    exchange?.answer.reject(error)
    exchange?.body.reject(error)
  }
}

/** null: no answer of the one kind that is known here, or one whose head says a thing twice. */
function readHead(
  text: string,
): { readonly statusCode: number; readonly headers: ReadonlyMap<string, string>; readonly bytes: number } | null {
  const [first = '', ...lines] = text.split('\r\n')
  const status = /^HTTP\/1\.1 ([2-5]\d\d)(?: |$)/.exec(first)
  const headers = new Map<string, string>()
  for (const line of lines) {
    const split = /^([\w!#$%&'*+.^`|~-]+):[ \t]*(.*?)[ \t]*$/.exec(line)
    const name = split?.[1]?.toLowerCase() ?? ''
    if (split === null || headers.has(name)) return null
    headers.set(name, split[2] ?? '')
  }
  const length = headers.get('content-length') ?? ''
  if (status === null || headers.has('transfer-encoding') || !/^\d{1,15}$/.test(length)) return null
  return { statusCode: Number(status[1]), headers, bytes: Number(length) }
}
