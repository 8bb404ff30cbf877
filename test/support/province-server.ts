// The training district's province as a process of its own, with its page as the hand that publishes and turns the knobs.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ProvinceItem, StationRecord } from '../../shared/domain/province.ts'
import type { Knobs } from '../../simulator/province/knobs.ts'
import type { ProvinceReady } from '../../simulator/province/province.ts'

const root = join(import.meta.dirname, '../..')
const readyWithinMs = 15_000

export interface ProvinceState {
  readonly version: number
  readonly stations: readonly {
    readonly stationId: string
    readonly records: number
    readonly headSeq: number | null
    readonly contradictions: number
  }[]
}

export class ProvinceServer {
  readonly ready: ProvinceReady
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, ready: ProvinceReady) {
    this.#child = child
    this.ready = ready
  }

  /** @param station id of the one station it knows */
  static async start(dataDir: string, options: { readonly doorbell?: boolean; readonly station?: string } = {}): Promise<ProvinceServer> {
    const words = ['simulator/province/main.ts', '--data', dataDir, '--station', `${options.station ?? 'rig'}=Đài thử`, '--end-with-stdin']
    if (options.doorbell !== true) words.push('--no-doorbell')
    const child = spawn(process.execPath, words, { cwd: root, stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    const timer = setTimeout(() => child.kill('SIGKILL'), readyWithinMs)
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the province ended with ${String(code)}`)))
    ended.catch(() => undefined)
    const [line] = (await Promise.race([once(lines, 'line'), ended])) as [string]
    clearTimeout(timer)
    return new ProvinceServer(child, JSON.parse(line) as ProvinceReady)
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  async admin<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
    const { url, token } = this.ready.page
    const answer = await fetch(`${url}/admin/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const value = (await answer.json()) as T
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${JSON.stringify(value)}`)
    return value
  }

  turn(knobs: Partial<Knobs>): Promise<Knobs> {
    return this.admin('POST', 'knobs', knobs)
  }

  /** Items without revision; the province counts. */
  publish(items: readonly object[]): Promise<ProvinceItem[]> {
    return this.admin('POST', 'items', items)
  }

  addMedia(bytes: Buffer, name: string): Promise<{ sha256: string; bytes: number; mimeType: string; name: string }> {
    return this.admin('POST', `media/${encodeURIComponent(name)}`, { base64: bytes.toString('base64') })
  }

  state(): Promise<ProvinceState> {
    return this.admin('GET', 'state')
  }

  async records(station = 'rig'): Promise<StationRecord[]> {
    const { rows } = await this.admin<{ rows: { record: StationRecord }[] }>('GET', `stations/${station}?limit=100000`)
    return rows.map((row) => row.record)
  }

  /** What a station's configuration says of it; paths are absolute. */
  config(change: object = {}, station = 'rig'): Record<string, unknown> {
    const { url, caFile, tokenFiles, trustedKeys, mqttUrl } = this.ready
    return { adapter: 'http', url, caFile, tokenFile: tokenFiles[station] ?? null, trustedKeys, mqttUrl, ...change }
  }

  read(path: string): string {
    return readFileSync(path, 'utf8')
  }

  async gone(): Promise<void> {
    if (this.alive) await once(this.#child, 'exit')
  }

  async stop(): Promise<void> {
    if (!this.alive) return
    const gone = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await gone
  }
}
