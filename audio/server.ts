// The audio process's only door: a local socket, newline-delimited JSON both ways. A connection says `hello` with the token first;
// a second station replaces the one that was there. What is malformed is refused and does no harm.
import { timingSafeEqual } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { AudioCommand, type AudioMessage, audioProtocolVersion } from '../shared/audio-protocol.ts'
import { LineReader } from './line-reader.ts'
import { Refusal } from './refusal.ts'

const mostConnections = 2
/** A peer that reads nothing for so long is dropped rather than stored for, bytes. */
const mostUnsentBytes = 8 << 20
/** Reports are left out for a peer this far behind, bytes. */
const reportsUntilBytes = 256 << 10

export interface CommandHandler {
  /** @param arrivedMs monotonic time at which the order's bytes arrived. Throws a Refusal. */
  handle(command: AudioCommand, arrivedMs: number): void | Promise<void>
  welcome(ref: string, afterSeq: number): AudioMessage
}

export class CommandServer {
  readonly #socketPath: string
  readonly #token: Buffer
  readonly #handler: CommandHandler
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** The station that said hello. */
  #station: Socket | null = null
  #lastSeenMs = performance.now()

  constructor(socketPath: string, token: string, handler: CommandHandler) {
    this.#socketPath = socketPath
    this.#token = Buffer.from(token)
    this.#handler = handler
    this.#server = createServer((socket) => this.#accept(socket))
  }

  /** How long no station has been connected, ms; 0 while one is. */
  get aloneMs(): number {
    return this.#station === null ? performance.now() - this.#lastSeenMs : 0
  }

  async listen(): Promise<void> {
    if (process.platform !== 'win32') await rm(this.#socketPath, { force: true })
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(this.#socketPath, () => resolve())
    })
  }

  send(message: AudioMessage): void {
    const socket = this.#station
    if (socket === null) return
    if (message.kind === 'report' && socket.writableLength > reportsUntilBytes) return
    if (socket.writableLength > mostUnsentBytes) socket.destroy()
    else socket.write(`${JSON.stringify(message)}\n`)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #accept(socket: Socket): void {
    if (this.#sockets.size >= mostConnections) {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    const lines = new LineReader((line) => this.#line(socket, line))
    socket.on('data', (data) => {
      try {
        lines.push(data)
      } catch {
        // A line without end: whoever sends it is not the station.
        socket.destroy()
      }
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#sockets.delete(socket)
      if (this.#station !== socket) return
      this.#station = null
      this.#lastSeenMs = performance.now()
    })
  }

  #line(socket: Socket, line: string): void {
    const arrivedMs = performance.now()
    const parsed = parse(line)
    if ('problem' in parsed) return answer(socket, { kind: 'refused', ref: parsed.ref, code: 'INVALID_INPUT', message: parsed.problem })
    const { command } = parsed
    if (command.kind === 'hello') return this.#hello(socket, command)
    if (socket !== this.#station)
      return answer(socket, { kind: 'refused', ref: command.ref, code: 'UNAUTHORIZED', message: 'say hello first' })
    void this.#carryOut(socket, command, arrivedMs)
  }

  #hello(socket: Socket, { ref, version, token, afterSeq }: Extract<AudioCommand, { kind: 'hello' }>): void {
    const given = Buffer.from(token)
    if (given.length !== this.#token.length || !timingSafeEqual(given, this.#token)) {
      answer(socket, { kind: 'refused', ref, code: 'UNAUTHORIZED', message: 'wrong token' })
      socket.end()
      return
    }
    if (version !== audioProtocolVersion) {
      answer(socket, {
        kind: 'refused',
        ref,
        code: 'INVALID_INPUT',
        message: `protocol ${audioProtocolVersion} is spoken here, not ${version}`,
      })
      return
    }
    const before = this.#station
    this.#station = socket
    if (before !== null && before !== socket) before.destroy()
    answer(socket, this.#handler.welcome(ref, afterSeq))
  }

  async #carryOut(socket: Socket, command: AudioCommand, arrivedMs: number): Promise<void> {
    try {
      await this.#handler.handle(command, arrivedMs)
      answer(socket, { kind: 'ok', ref: command.ref })
    } catch (cause) {
      const code = cause instanceof Refusal ? cause.code : 'AUDIO_UNAVAILABLE'
      answer(socket, { kind: 'refused', ref: command.ref, code, message: cause instanceof Error ? cause.message : String(cause) })
    }
  }
}

function answer(socket: Socket, message: AudioMessage): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`)
}

function parse(line: string): { command: AudioCommand } | { problem: string; ref: string } {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return { problem: 'not JSON', ref: '-' }
  }
  const result = AudioCommand.safeParse(value)
  if (result.success) return { command: result.data }
  const ref = typeof value === 'object' && value !== null && 'ref' in value && typeof value.ref === 'string' ? value.ref.slice(0, 80) : '-'
  const issue = result.error.issues[0]
  return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'invalid'}`, ref: ref === '' ? '-' : ref }
}
