// What a panel driver needs of HID (reports in and out, feature reports), over either wire: `hid:` through node-hid, or
// `tcp:` to a HID bridge, which carries the same reports in small frames. The bridge serves panels plugged into another
// computer, and the simulated panels of training and tests.
//
// Bridge frame: kind (1 byte), length (2 bytes, big-endian), payload. Kinds: see `bridgeKind`.
import { DriverError } from '../../shared/domain/errors.ts'
import type { DriverStatus } from '../../shared/domain/device.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { DriverContext } from '../contract/driver.ts'
import { isHidConnection } from '../transport/hid.ts'
import { Supervisor } from '../transport/supervisor.ts'

/** input: device → us · output, feature: us → device · getFeature: report id and length asked · ping/pong: the bridge lives. */
export const bridgeKind = { input: 1, output: 2, feature: 3, getFeature: 4, featureAnswer: 5, ping: 6, pong: 7 } as const

/** The largest report of a known panel is 8191 bytes (Stream Deck Original). */
export const maxReportBytes = 8192
const headerBytes = 3
const featureTimeoutMs = 1000
const pollMs = 500

export interface HidLinkOptions {
  /** The panel is reachable; nothing was said to it yet. */
  onUp(): void
  /** The panel is gone: every key must be taken for released. */
  onDown(reason: string): void
  /** One input report as node-hid gives it. */
  onReport(report: Uint8Array): void
  /**
   * Asks the panel for a sign of life. Without it an open handle is all that is known: the operating system tells of an
   * unplugged panel, and of a hung one nobody tells.
   */
  askAlive?(): Promise<void>
}

/** Status goes straight to the context; the driver keeps `onObserved` and `onEvent`. */
export type HidLinkContext = Pick<DriverContext<never, never>, 'deviceId' | 'clock' | 'log' | 'transport' | 'onStatus'>

export class HidLink {
  readonly #context: HidLinkContext
  readonly #options: HidLinkOptions
  readonly #supervisor: Supervisor
  readonly #bridged: boolean
  #waiting: { resolve(answer: Uint8Array): void; reject(error: DriverError): void; timer: Timer } | null = null
  #received: Uint8Array = new Uint8Array(0)

  constructor(context: HidLinkContext, options: HidLinkOptions) {
    this.#context = context
    this.#options = options
    this.#bridged = !context.transport.address.startsWith('hid:')
    this.#supervisor = new Supervisor({
      deviceId: context.deviceId,
      clock: context.clock,
      log: context.log,
      transport: context.transport,
      pollMs,
      poll: () => this.#poll(),
      onUp: () => this.#up(),
      onBytes: (bytes) => (this.#bridged ? this.#takeFrames(bytes) : options.onReport(bytes)),
      onDown: (reason) => this.#down(reason),
      onStatus: (status) => context.onStatus(status),
    })
  }

  get status(): DriverStatus {
    return this.#supervisor.status
  }

  open(): void {
    this.#supervisor.open()
  }

  async close(): Promise<void> {
    await this.#supervisor.close()
  }

  /** The panel said something valid. */
  heard(): void {
    this.#supervisor.heard()
  }

  misheard(reason: string): void {
    this.#supervisor.misheard(reason)
  }

  /** Output report, report id first. */
  async write(report: Uint8Array): Promise<void> {
    await this.#supervisor.write(this.#bridged ? frame(bridgeKind.output, report) : report)
  }

  async sendFeature(report: Uint8Array): Promise<void> {
    if (this.#bridged) return this.#supervisor.write(frame(bridgeKind.feature, report))
    await this.#hid().sendFeatureReport(report)
  }

  /** The report as the device gives it, report id first. */
  async getFeature(reportId: number, lengthBytes: number): Promise<Uint8Array> {
    if (!this.#bridged) return this.#hid().getFeatureReport(reportId, lengthBytes)
    if (this.#waiting !== null) throw this.#error('timeout', 'a feature report is already asked for')
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      const timer = this.#context.clock.after(featureTimeoutMs, () => {
        this.#waiting = null
        reject(this.#error('timeout', `feature report ${reportId} did not come`))
      })
      this.#waiting = { resolve, reject, timer }
    })
    answer.catch(() => undefined)
    await this.#supervisor.write(frame(bridgeKind.getFeature, Uint8Array.of(reportId, lengthBytes >> 8, lengthBytes & 0xff)))
    return answer
  }

  #hid() {
    const { connection } = this.#supervisor
    if (!isHidConnection(connection)) throw this.#error('lost', 'the panel is not open')
    return connection
  }

  async #poll(): Promise<void> {
    if (this.#bridged) await this.#supervisor.write(frame(bridgeKind.ping, new Uint8Array(0)))
    if (this.#options.askAlive !== undefined) await this.#options.askAlive()
    else if (!this.#bridged) this.#supervisor.heard()
  }

  #up(): void {
    this.#received = new Uint8Array(0)
    this.#options.onUp()
  }

  #down(reason: string): void {
    this.#waiting?.timer.cancel()
    this.#waiting?.reject(this.#error(reason === 'closed' ? 'cancelled' : 'lost', reason))
    this.#waiting = null
    this.#options.onDown(reason)
  }

  #takeFrames(bytes: Uint8Array): void {
    const all = new Uint8Array(this.#received.length + bytes.length)
    all.set(this.#received)
    all.set(bytes, this.#received.length)
    let at = 0
    while (all.length - at >= headerBytes) {
      const kind = all[at] ?? 0
      const length = ((all[at + 1] ?? 0) << 8) | (all[at + 2] ?? 0)
      if (length > maxReportBytes || kind < bridgeKind.input || kind > bridgeKind.pong) {
        // No byte of a torn stream can be trusted to be a header again: forget what is here and say so.
        this.#received = new Uint8Array(0)
        this.#supervisor.misheard(`not a bridge frame: kind ${kind}, ${length} bytes`)
        return
      }
      if (all.length - at < headerBytes + length) break
      this.#takeFrame(kind, all.slice(at + headerBytes, at + headerBytes + length))
      at += headerBytes + length
    }
    this.#received = all.slice(at)
  }

  #takeFrame(kind: number, payload: Uint8Array): void {
    if (kind === bridgeKind.input) this.#options.onReport(payload)
    else if (kind === bridgeKind.featureAnswer) {
      this.#waiting?.timer.cancel()
      this.#waiting?.resolve(payload)
      this.#waiting = null
    } else if (kind === bridgeKind.pong && this.#options.askAlive === undefined) this.#supervisor.heard()
  }

  #error(code: DriverError['code'], message: string): DriverError {
    return new DriverError(code, this.#context.deviceId, message)
  }
}

function frame(kind: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length)
  bytes.set([kind, payload.length >> 8, payload.length & 0xff])
  bytes.set(payload, headerBytes)
  return bytes
}
