// The station as a black box: started, ordered and ended over its outside doors only (DESIGN.md 5).
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { stationEnvironment } from '../shared/station-environment.ts'

const root = join(import.meta.dirname, '..')
const readyWithinMs = 20_000

export interface StationOptions {
  readonly dataDir: string
  readonly configPath: string
  /** Added to this process's environment: the sound server's. */
  readonly env: Readonly<Record<string, string>>
  /** A program that runs the station's command line, such as strace; default: none. */
  readonly launcher?: readonly string[]
}

export class ApiError extends Error {
  readonly status: number
  readonly body: unknown

  constructor(message: string, status: number, body: unknown) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.body = body
  }
}

export class StationProcess {
  readonly url: string
  readonly token: string
  readonly pid: number
  /** From the spawn to the ready line, ms. */
  readonly readyMs: number
  readonly #child: ChildProcess
  readonly #dataDir: string
  readonly #agent = new Agent({ keepAlive: true })

  private constructor(child: ChildProcess, dataDir: string, ready: { url: string; token: string; pid: number }, readyMs: number) {
    this.#child = child
    this.#dataDir = dataDir
    this.url = ready.url
    this.token = ready.token
    this.pid = ready.pid
    this.readyMs = readyMs
  }

  static async start(options: StationOptions): Promise<StationProcess> {
    const log = await open(join(options.dataDir, 'station.log'), 'a')
    const spawnedMs = performance.now()
    const command = [
      process.execPath,
      join(root, 'station/main.ts'),
      '--data',
      options.dataDir,
      '--config',
      options.configPath,
      '--headless',
    ]
    const [program = process.execPath, ...words] = [...(options.launcher ?? []), ...command]
    const child = spawn(program, words, {
      cwd: root,
      env: { ...process.env, ...stationEnvironment, ...options.env },
      stdio: ['ignore', 'pipe', log.fd],
    })
    await log.close()
    const line = await firstLine(child, options.dataDir)
    const readyMs = performance.now() - spawnedMs
    return new StationProcess(child, options.dataDir, JSON.parse(line), readyMs)
  }

  /** One REST order; `path` below /api/v1. Throws ApiError on any other status than 2xx. */
  async api<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const bytes = body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
    const answer = await this.raw(method, path, bytes, Buffer.isBuffer(body) ? 'application/octet-stream' : 'application/json')
    const text = answer.toString('utf8')
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  raw(method: string, path: string, body: Buffer | null, contentType: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const headers: Record<string, string | number> = { authorization: `Bearer ${this.token}` }
      if (body !== null) {
        headers['content-type'] = contentType
        headers['content-length'] = body.length
      }
      const order = request(new URL(`/api/v1${path}`, this.url), { method, headers, agent: this.#agent }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => {
          const all = Buffer.concat(parts)
          const status = answer.statusCode ?? 0
          if (status >= 200 && status < 300) resolve(all)
          else reject(new ApiError(`${method} ${path}: ${status} ${all.toString('utf8').slice(0, 400)}`, status, all.toString('utf8')))
        })
      })
      order.on('error', (cause: NodeJS.ErrnoException) => {
        // A kept connection that the server closed while we were busy: the order never arrived, so it is given again.
        if (order.reusedSocket && cause.code === 'ECONNRESET') this.raw(method, path, body, contentType).then(resolve, reject)
        else reject(cause)
      })
      order.end(body ?? undefined)
    })
  }

  /** Process id of the audio process, from its own note in the data folder. */
  async audioPid(): Promise<number> {
    const note = JSON.parse(await readFile(join(this.#dataDir, 'audio.json'), 'utf8')) as { pid?: unknown }
    if (typeof note.pid !== 'number') throw new Error('audio.json names no pid')
    return note.pid
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** SIGKILL; resolves when it is gone. The audio process stays. */
  async kill9(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** SIGTERM, the clean way: audio stops and carriers drop. Returns the ms it took. */
  async stop(): Promise<number> {
    const before = performance.now()
    const hard = setTimeout(() => process.kill(this.pid, 'SIGKILL'), 8000)
    await this.#end('SIGTERM')
    clearTimeout(hard)
    return performance.now() - before
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#agent.destroy()
    if (!this.running) return
    const gone = once(this.#child, 'exit')
    process.kill(this.pid, signal)
    await gone
  }
}

async function firstLine(child: ChildProcess, dataDir: string): Promise<string> {
  if (child.stdout === null) throw new Error('the station has no stdout')
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'exit').then(async ([code]) => {
    const log = await readFile(join(dataDir, 'station.log'), 'utf8')
    throw new Error(`the station ended with ${code} before it was ready:\n${log.slice(-2000)}`)
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the station was not ready within ${readyWithinMs} ms`))
    }, readyWithinMs)
  })
  const line = once(lines, 'line').then(([text]) => String(text))
  ended.catch(() => undefined)
  late.catch(() => undefined)
  try {
    return await Promise.race([line, ended, late])
  } finally {
    clearTimeout(timer)
  }
}
