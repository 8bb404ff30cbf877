// A real audio process on a private sound server, driven over its socket as the station drives it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { openSync, closeSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SoundServer } from '../../simulator/sound/sound-server.ts'
import {
  AudioMessage,
  audioProtocolVersion,
  type AudioCommand,
  type AudioEvent,
  type AudioProcessConfig,
  type PlayItem,
} from '../../shared/audio-protocol.ts'
import { toS16 } from './signals.ts'

type Welcome = Extract<AudioMessage, { kind: 'welcome' }>
/** A command without its reference. */
export type Order = AudioCommand extends infer C ? (C extends AudioCommand ? Omit<C, 'ref'> : never) : never

/** One connection to an audio process. */
export class AudioWire {
  readonly messages: AudioMessage[] = []
  readonly #socket: Socket
  readonly #waiting = new Set<() => void>()
  #rest = ''
  #refs = 0
  #closed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => this.#take(text))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      this.#closed = true
      this.#ask()
    })
  }

  static async open(socketPath: string): Promise<AudioWire> {
    const socket = connect(socketPath)
    await once(socket, 'connect')
    return new AudioWire(socket)
  }

  get closed(): boolean {
    return this.#closed
  }

  get events(): AudioEvent[] {
    return this.messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []))
  }

  eventsOf<K extends AudioEvent['kind']>(kind: K): Extract<AudioEvent, { kind: K }>[] {
    return this.events.filter((event) => event.kind === kind) as Extract<AudioEvent, { kind: K }>[]
  }

  hello(token: string, afterSeq = -1): Promise<Welcome> {
    return this.#answer({ kind: 'hello', version: audioProtocolVersion, token, afterSeq }) as Promise<Welcome>
  }

  /** Resolves with `ok`; rejects with the code of a refusal. */
  async order(order: Order): Promise<void> {
    const answer = await this.#answer(order)
    if (answer.kind === 'refused') throw new Error(`${answer.code}: ${answer.message}`)
  }

  /** Writes without waiting. */
  fire(order: Order): void {
    this.#socket.write(`${JSON.stringify({ ...order, ref: `r${this.#refs++}` })}\n`)
  }

  raw(text: string): void {
    this.#socket.write(text)
  }

  /** The first message, from now or before, for which `pick` gives something. */
  waitFor<T>(pick: (message: AudioMessage) => T | undefined | false | null, withinMs: number, what: string): Promise<T> {
    return this.until(
      () => {
        for (const message of this.messages) {
          const found = pick(message)
          if (found) return found
        }
        return null
      },
      withinMs,
      what,
    )
  }

  event<K extends AudioEvent['kind']>(kind: K, withinMs = 10_000, pick: (event: Extract<AudioEvent, { kind: K }>) => boolean = () => true) {
    return this.waitFor(
      (message) =>
        message.kind === 'event' && message.event.kind === kind && pick(message.event as Extract<AudioEvent, { kind: K }>)
          ? (message.event as Extract<AudioEvent, { kind: K }>)
          : null,
      withinMs,
      kind,
    )
  }

  until<T>(predicate: () => T | null | undefined | false, withinMs: number, what: string): Promise<T> {
    return new Promise((resolve, reject) => {
      const ask = () => {
        const answer = predicate()
        if (answer) {
          clearTimeout(deadline)
          this.#waiting.delete(ask)
          resolve(answer)
        } else if (this.#closed) {
          clearTimeout(deadline)
          reject(new Error(`the connection ended while waiting for ${what}`))
        }
      }
      const deadline = setTimeout(() => {
        this.#waiting.delete(ask)
        reject(
          new Error(
            `waited ${withinMs} ms for ${what}; last: ${JSON.stringify(this.messages.filter((message) => message.kind !== 'report').slice(-6))}`,
          ),
        )
      }, withinMs)
      this.#waiting.add(ask)
      ask()
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #answer(order: Order): Promise<AudioMessage> {
    const ref = `r${this.#refs++}`
    this.#socket.write(`${JSON.stringify({ ...order, ref })}\n`)
    return this.waitFor((message) => ('ref' in message && message.ref === ref ? message : null), 15_000, `the answer to ${order.kind}`)
  }

  #take(text: string): void {
    const lines = `${this.#rest}${text}`.split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const message = JSON.parse(line) as AudioMessage
      if (message.kind !== 'report') AudioMessage.parse(message)
      this.messages.push(message)
    }
    this.#ask()
  }

  #ask(): void {
    for (const ask of [...this.#waiting]) ask()
  }
}

export interface AudioProcess {
  readonly dir: string
  readonly config: AudioProcessConfig
  readonly child: ChildProcess
  readonly wire: AudioWire
  readonly welcome: Welcome
  /** Another connection that has said hello. */
  connect(afterSeq?: number): Promise<{ wire: AudioWire; welcome: Welcome }>
  log(): Promise<string>
  close(): Promise<void>
}

/** Starts `audio/main.ts` and waits until every configured programme device runs. */
export async function startAudioProcess(
  server: Pick<SoundServer, 'env'> | null,
  settings: Partial<AudioProcessConfig> & Pick<AudioProcessConfig, 'outputs'>,
  env: Record<string, string> = {},
  execArgv: readonly string[] = [],
): Promise<AudioProcess> {
  const dir = await mkdtemp(join(tmpdir(), 'ts-audio-'))
  const config: AudioProcessConfig = {
    bootId: 'boot-test',
    token: 'token-test',
    socketPath: join(dir, 's'),
    logPath: join(dir, 'audio.log'),
    recorderDir: null,
    recorderKeepHours: 1,
    latencyHint: 'balanced',
    allowNone: false,
    cueDevice: null,
    inputs: [],
    ...settings,
  }
  await writeFile(join(dir, 'config.json'), JSON.stringify(config))
  const log = openSync(config.logPath, 'a')
  const child = spawn(process.execPath, [...execArgv, 'audio/main.ts', join(dir, 'config.json')], {
    env: { ...process.env, ...server?.env, ...env },
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const text = () => readFile(config.logPath, 'utf8')
  const connectNow = async (afterSeq = -1) => {
    const wire = await connected(config.socketPath, child, text)
    return { wire, welcome: await wire.hello(config.token, afterSeq) }
  }
  const { wire, welcome } = await connectNow()
  const wanted = config.outputs.filter((output) => output.device !== null).length
  const running = (message: AudioMessage) =>
    message.kind === 'report' && message.outputs.filter((output) => output.clockS > 0).length >= wanted
  await wire.waitFor(running, 15_000, 'running devices')
  return {
    dir,
    config,
    child,
    wire,
    welcome,
    connect: connectNow,
    log: text,
    async close() {
      wire.close()
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit')
        child.kill('SIGKILL')
        await gone
      }
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function connected(socketPath: string, child: ChildProcess, log: () => Promise<string>): Promise<AudioWire> {
  const deadline = performance.now() + 15_000
  for (;;) {
    try {
      return await AudioWire.open(socketPath)
    } catch (cause) {
      if (child.exitCode !== null || performance.now() > deadline) throw new Error(`no audio process: ${await log()}`, { cause })
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
}

/** Writes an air copy and makes the item that plays it. */
export async function pcmItem(
  dir: string,
  id: string,
  signal: Float32Array,
  changes: Partial<PlayItem> & { loop?: boolean; gainDb?: number } = {},
): Promise<PlayItem> {
  const { loop = false, gainDb = 0, ...rest } = changes
  const path = join(dir, `${id}.pcm`)
  await writeFile(path, toS16(signal, 2))
  return {
    itemId: id as PlayItem['itemId'],
    title: id,
    cartId: null,
    source: { kind: 'pcm', path, frames: signal.length, gainDb, loop },
    startFrame: 0,
    start: { kind: 'follow' },
    endAtMs: null,
    crossfadeMs: 0,
    resume: { kind: 'exact' },
    ...rest,
  }
}
