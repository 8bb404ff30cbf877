// Elgato Stream Deck of any model the library knows: press and release of each key, and a word on a field of colour as tally.
// Reports are spoken by @elgato-stream-deck/core; liveness is the firmware version, asked for like a heartbeat.
import type { StreamDeck } from '@elgato-stream-deck/core'
import type { SurfaceObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { Ack, Driver, DriverContext, DriverEntry, Planned } from '../../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../../contract/kinds.ts'
import { Flasher } from '../flasher.ts'
import { HidLink } from '../hid-link.ts'
import { drawKey, keyColours } from './key-image.ts'
import { type Lamp, PanelState, planSurface, type SurfaceCommand } from '../panel-state.ts'
import { WriteQueue } from '../write-queue.ts'
import { encodeKeyJpeg, modelOf, productIdOf, StreamDeckConfig, StreamDeckPort } from './protocol.ts'

export class StreamDeckPanel implements Driver<SurfaceDesired, SurfaceObserved, SurfaceCommand> {
  readonly #context: DriverContext<SurfaceObserved, SurfaceEvent>
  readonly #config: StreamDeckConfig
  readonly #productId: number
  readonly #link: HidLink
  readonly #panel: PanelState
  readonly #queue: WriteQueue
  readonly #flasher: Flasher
  #port: StreamDeckPort | null = null
  #deck: StreamDeck | null = null

  /** Throws DriverError `out-of-range` when the model is not known. */
  constructor(context: DriverContext<SurfaceObserved, SurfaceEvent>, config: StreamDeckConfig) {
    const productId = config.productId ?? productIdOf(context.transport.address)
    if (productId === null || modelOf(productId) === null) {
      throw new DriverError('out-of-range', context.deviceId, `options.productId: no Stream Deck with product id ${productId ?? 'missing'}`)
    }
    this.#context = context
    this.#config = config
    this.#productId = productId
    this.#panel = new PanelState(context)
    this.#queue = new WriteQueue(context.deviceId)
    this.#flasher = new Flasher(context.clock, (key, lit) => this.#flash(key, lit))
    this.#link = new HidLink(context, {
      onUp: () => void this.#start(),
      onDown: () => this.#gone(),
      onReport: (report) => this.#take(report),
      askAlive: () => this.#askAlive(),
    })
  }

  get status() {
    return this.#link.status
  }

  get observed(): SurfaceObserved | null {
    return this.#panel.observed
  }

  open(): void {
    this.#queue.begin()
    this.#link.open()
  }

  async close(): Promise<void> {
    this.#queue.end()
    await this.#link.close()
  }

  plan(observed: SurfaceObserved | null, desired: SurfaceDesired): readonly Planned<SurfaceCommand>[] {
    return planSurface(observed, desired)
  }

  send(command: SurfaceCommand, signal: AbortSignal): Promise<Ack> {
    return this.#queue.run(async () => {
      const { clock } = this.#context
      const sentAtMs = clock.now()
      await this.#draw(command, true)
      this.#panel.lampSent(command)
      this.#flasher.set(command.key, command.flash)
      return { sentAtMs, answeredAtMs: clock.now() }
    }, signal)
  }

  async #start(): Promise<void> {
    const model = modelOf(this.#productId)
    if (model === null) return
    const port = new StreamDeckPort(this.#link, {
      path: this.#context.transport.address,
      productId: this.#productId,
      vendorId: model.vendorId,
    })
    this.#port = port
    try {
      const deck = await model.factory(port, { encodeJPEG: encodeKeyJpeg })
      if (this.#port !== port) return
      deck.on('down', (control) => control.type === 'button' && this.#panel.setPressed(control.index, true))
      deck.on('up', (control) => control.type === 'button' && this.#panel.setPressed(control.index, false))
      deck.on('error', (cause) => this.#link.misheard(`Stream Deck: ${cause instanceof Error ? cause.message : String(cause)}`))
      this.#deck = deck
      this.#panel.connected(deck.CONTROLS.filter((control) => control.type === 'button').length)
      await this.#queue.run(() => deck.setBrightness(this.#config.brightness))
    } catch (cause) {
      this.#log('panel not set up', cause)
    }
  }

  /** A readable firmware version is a living panel; the read fails or times out on a hung one. */
  async #askAlive(): Promise<void> {
    const deck = this.#deck
    if (deck === null) return
    await this.#queue.run(() => deck.getFirmwareVersion())
    this.#link.heard()
  }

  #take(report: Uint8Array): void {
    try {
      if (this.#port?.take(report) === true) this.#link.heard()
      else this.#link.misheard(`report ${report[0] ?? 'empty'}`)
    } catch (cause) {
      this.#link.misheard(`report not understood: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }

  async #draw(lamp: Lamp, lit: boolean): Promise<void> {
    const deck = this.#deck
    if (deck === null) throw new DriverError('lost', this.#context.deviceId, 'the panel is not connected')
    const control = deck.CONTROLS.find((candidate) => candidate.type === 'button' && candidate.index === lamp.key)
    if (control === undefined || control.type !== 'button')
      throw new DriverError('out-of-range', this.#context.deviceId, `no key ${lamp.key}`)
    if (control.feedbackType === 'lcd') {
      const { width, height } = control.pixelSize
      await deck.fillKeyBuffer(lamp.key, drawKey(lamp.text, lamp.colour, lit, width, height), { format: 'rgb' })
    } else if (control.feedbackType === 'rgb') {
      await deck.fillKeyColor(lamp.key, ...(lit ? keyColours[lamp.colour].field : keyColours.off.field))
    }
  }

  #flash(key: number, lit: boolean): void {
    const lamp = this.#panel.lamps.find((candidate) => candidate.key === key)
    if (lamp !== undefined) this.#queue.run(() => this.#draw(lamp, lit)).catch((cause: unknown) => this.#log('key not drawn', cause))
  }

  #gone(): void {
    this.#flasher.stop()
    this.#port = null
    this.#deck = null
    this.#panel.disconnected()
  }

  #log(message: string, cause: unknown): void {
    this.#context.log.info(message, { deviceId: this.#context.deviceId, cause: cause instanceof Error ? cause.message : String(cause) })
  }
}

export const streamDeck: DriverEntry<StreamDeckConfig, SurfaceDesired, SurfaceObserved, SurfaceCommand, SurfaceEvent> = {
  id: 'streamdeck',
  kind: 'surface',
  label: 'Elgato Stream Deck',
  protocolRef: '@elgato-stream-deck/core 7.6.3 (reports of generations 1 and 2)',
  capabilities: { timedOutputs: false, readsBack: false, meters: false, keyCount: 32 },
  configSchema: StreamDeckConfig,
  create: (context, config) => new StreamDeckPanel(context, config),
}
