// A HID panel at the far end of a TCP bridge: raw input reports out, output and feature reports in and recorded. It has its
// own reading of the bridge frames. Panels with a behaviour (Stream Deck, X-keys) are built on it; it ships, for training.
import { createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../shared/domain/clock.ts'
import type { DeviceSimulator, SimulatorRecord } from '../contract/driver.ts'

export interface MockHidOptions {
  readonly clock: Clock
  readonly port?: number
  /** Answer to a request for a feature report (report id first); null = none, the asker times out. */
  onGetFeature?(reportId: number, lengthBytes: number): Buffer | null
  onOutput?(report: Buffer): void
  onFeature?(report: Buffer): void
}

export interface HidRecord extends SimulatorRecord {
  readonly what: 'output' | 'feature' | 'getFeature' | 'input' | 'connected' | 'disconnected'
}

export interface MockHid extends DeviceSimulator {
  readonly record: readonly HidRecord[]
  /** Sends one raw input report; false when nobody is connected. */
  emit(report: Uint8Array): boolean
  /** Pulls the cable: the connection breaks and nobody can connect until `plug`. */
  unplug(): void
  plug(): void
  /** Bytes that are no frame. */
  garble(): void
  /** A hung panel: connected, and nothing is answered. */
  silent: boolean
}

const maxRecords = 20_000

export async function startMockHid(options: MockHidOptions): Promise<MockHid> {
  const panel = new MockPanel(options)
  await panel.listen(options.port ?? 0)
  return panel
}

class MockPanel implements MockHid {
  address = ''
  silent = false
  readonly record: HidRecord[] = []
  readonly #options: MockHidOptions
  readonly #server: Server
  #host: Socket | null = null
  #plugged = true

  constructor(options: MockHidOptions) {
    this.#options = options
    this.#server = createServer((socket) => this.#accept(socket))
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', resolve)
    })
    const bound = this.#server.address()
    if (bound === null || typeof bound === 'string') throw new Error('the mock panel got no port')
    this.address = `tcp://127.0.0.1:${bound.port}`
  }

  emit(report: Uint8Array): boolean {
    if (this.#host === null) return false
    this.#note('input', { hex: Buffer.from(report).toString('hex') })
    this.#frame(1, Buffer.from(report))
    return true
  }

  unplug(): void {
    this.#plugged = false
    this.#host?.destroy()
  }

  plug(): void {
    this.#plugged = true
  }

  garble(): void {
    this.#host?.write(Buffer.from([0xff, 0xff, 0xff, 0x00, 0x13]))
  }

  async close(): Promise<void> {
    this.#host?.destroy()
    if (!this.#server.listening) return
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #accept(socket: Socket): void {
    if (!this.#plugged || this.#host !== null) return void socket.destroy()
    this.#host = socket
    this.#note('connected', {})
    let received = Buffer.alloc(0)
    socket.setNoDelay(true)
    socket.on('data', (bytes) => {
      received = Buffer.concat([received, bytes])
      for (;;) {
        if (received.length < 3) return
        const length = received.readUInt16BE(1)
        if (received.length < 3 + length) return
        this.#take(received.readUInt8(0), received.subarray(3, 3 + length))
        received = received.subarray(3 + length)
      }
    })
    // The station going away is told by `close`; the error before it says no more.
    socket.on('error', () => undefined)
    socket.on('close', () => {
      if (this.#host !== socket) return
      this.#host = null
      this.#note('disconnected', {})
    })
  }

  #take(kind: number, payload: Buffer): void {
    if (this.silent) return
    if (kind === 2) {
      this.#note('output', { hex: payload.toString('hex') })
      this.#options.onOutput?.(payload)
    } else if (kind === 3) {
      this.#note('feature', { hex: payload.toString('hex') })
      this.#options.onFeature?.(payload)
    } else if (kind === 4) {
      const answer = this.#options.onGetFeature?.(payload.readUInt8(0), payload.readUInt16BE(1)) ?? null
      if (answer !== null) this.#frame(5, answer)
    } else if (kind === 6) this.#frame(7, Buffer.alloc(0))
  }

  #frame(kind: number, payload: Buffer): void {
    if (this.silent) return
    const header = Buffer.alloc(3)
    header.writeUInt8(kind, 0)
    header.writeUInt16BE(payload.length, 1)
    this.#host?.write(Buffer.concat([header, payload]))
  }

  #note(what: HidRecord['what'], detail: Record<string, string | number | boolean>): void {
    if (this.record.length < maxRecords) this.record.push({ atMs: this.#options.clock.now(), what, detail })
  }
}
