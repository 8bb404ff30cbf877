// One connection of the station to an audio process: newline-delimited JSON, orders by reference. Orders are written before `send`
// returns: between the fire order and the sound there is no queue of ours.
import { connect, type Socket } from 'node:net'
import { AudioMessage, type AudioCommand, audioProtocolVersion } from '../../shared/audio-protocol.ts'
import type { AudioOrder } from './ports.ts'

export type Welcome = Extract<AudioMessage, { kind: 'welcome' }>
type Unsolicited = Extract<AudioMessage, { kind: 'event' | 'state' | 'report' }>

/** The audio process refused an order. */
export class AudioRefusal extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(`${code}: ${message}`)
    this.name = 'AudioRefusal'
    this.code = code
  }
}

/** The audio process was gone before it answered. */
export class AudioLost extends Error {
  readonly code = 'AUDIO_UNAVAILABLE'
  constructor() {
    super('the audio process is gone')
    this.name = 'AudioLost'
  }
}

interface Pending {
  readonly resolve: (message: AudioMessage) => void
  readonly reject: (error: Error) => void
}

export interface ConnectionListener {
  message(message: Unsolicited): void
  closed(): void
  /** A line that is no message. */
  garbled(problem: string): void
}

export class AudioConnection {
  readonly #socket: Socket
  readonly #listener: ConnectionListener
  readonly #pending = new Map<string, Pending>()
  #rest = ''
  #refs = 0
  #open = true

  private constructor(socket: Socket, listener: ConnectionListener) {
    this.#socket = socket
    this.#listener = listener
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.#take(text))
    socket.on('error', () => socket.destroy())
    socket.on('close', () => this.#close())
  }

  /** Rejects when nobody listens there. */
  static open(socketPath: string, listener: ConnectionListener): Promise<AudioConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(socketPath)
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.removeListener('error', reject)
        resolve(new AudioConnection(socket, listener))
      })
    })
  }

  async hello(token: string, afterSeq: number): Promise<Welcome> {
    const answer = await this.#request({ kind: 'hello', version: audioProtocolVersion, token, afterSeq })
    if (answer.kind !== 'welcome') throw new AudioRefusal('INVALID_INPUT', `${answer.kind} instead of a welcome`)
    return answer
  }

  /** Resolves when the order was taken; rejects with AudioRefusal or AudioLost. */
  async send(order: AudioOrder): Promise<void> {
    await this.#request(order)
  }

  close(): void {
    this.#socket.destroy()
  }

  #request(order: AudioOrder): Promise<AudioMessage> {
    return new Promise((resolve, reject) => {
      if (!this.#open) return reject(new AudioLost())
      const ref = `s${this.#refs++}`
      this.#pending.set(ref, { resolve, reject })
      // What is ordered together goes out together: with two writes, a station killed just after left one output in an alert that had
      // been stopped on the other (the kernel resets what a dead peer had not read, and with it the second order).
      this.#socket.cork()
      this.#socket.write(`${JSON.stringify({ ...order, ref } satisfies AudioCommand)}\n`)
      queueMicrotask(() => this.#socket.uncork())
    })
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    let parsed: ReturnType<typeof AudioMessage.safeParse>
    try {
      parsed = AudioMessage.safeParse(JSON.parse(line))
    } catch (cause) {
      return this.#listener.garbled(String(cause))
    }
    if (!parsed.success) return this.#listener.garbled(parsed.error.message)
    const message = parsed.data
    if (message.kind === 'event' || message.kind === 'state' || message.kind === 'report') return this.#listener.message(message)
    const pending = this.#pending.get(message.ref)
    this.#pending.delete(message.ref)
    if (message.kind === 'refused') pending?.reject(new AudioRefusal(message.code, message.message))
    else pending?.resolve(message)
  }

  #close(): void {
    if (!this.#open) return
    this.#open = false
    for (const { reject } of this.#pending.values()) reject(new AudioLost())
    this.#pending.clear()
    this.#listener.closed()
  }
}
