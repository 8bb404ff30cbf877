// Elgato Stream Deck of any model the library knows: press and release of each key, and a word on a field of colour as tally.
// Reports are spoken by @elgato-stream-deck/core; liveness is the firmware version, asked for like a heartbeat.
import type { StreamDeck } from '@elgato-stream-deck/core'
import type { SurfaceObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { DriverEntry } from '../../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../../contract/kinds.ts'
import { Flasher } from '../flasher.ts'
import { PanelDriver, type PanelModel, type PanelParts } from '../panel-driver.ts'
import type { Lamp, SurfaceCommand } from '../panel-state.ts'
import { drawKey, keyColours } from './key-image.ts'
import { encodeKeyJpeg, modelOf, productIdOf, StreamDeckConfig, StreamDeckPort } from './protocol.ts'

class StreamDeckPanel implements PanelModel {
  readonly #parts: PanelParts
  readonly #config: StreamDeckConfig
  readonly #productId: number
  readonly #flasher: Flasher
  #port: StreamDeckPort | null = null
  #deck: StreamDeck | null = null

  /** Throws DriverError `out-of-range` when the model is not known. */
  constructor(parts: PanelParts, config: StreamDeckConfig) {
    const { deviceId, transport, clock } = parts.context
    const productId = config.productId ?? productIdOf(transport.address)
    if (productId === null || modelOf(productId) === null) {
      throw new DriverError('out-of-range', deviceId, `options.productId: no Stream Deck with product id ${productId ?? 'missing'}`)
    }
    this.#parts = parts
    this.#config = config
    this.#productId = productId
    this.#flasher = new Flasher(clock, (key, lit) => this.#flash(key, lit))
  }

  onUp(): void {
    void this.#start()
  }

  show(command: SurfaceCommand): Promise<void> {
    return this.#draw(command, true)
  }

  shown(command: SurfaceCommand): void {
    this.#flasher.set(command.key, command.flash)
  }

  async #start(): Promise<void> {
    const model = modelOf(this.#productId)
    if (model === null) return
    const port = new StreamDeckPort(this.#parts.link(), {
      path: this.#parts.context.transport.address,
      productId: this.#productId,
      vendorId: model.vendorId,
    })
    this.#port = port
    try {
      const deck = await model.factory(port, { encodeJPEG: encodeKeyJpeg })
      if (this.#port !== port) return
      deck.on('down', (control) => control.type === 'button' && this.#parts.panel.setPressed(control.index, true))
      deck.on('up', (control) => control.type === 'button' && this.#parts.panel.setPressed(control.index, false))
      deck.on('error', (cause) => this.#parts.link().misheard(`Stream Deck: ${cause instanceof Error ? cause.message : String(cause)}`))
      this.#deck = deck
      this.#parts.panel.connected(deck.CONTROLS.filter((control) => control.type === 'button').length)
      await this.#parts.queue.run(() => deck.setBrightness(this.#config.brightness))
    } catch (cause) {
      this.#parts.note('panel not set up', cause)
    }
  }

  /** A readable firmware version is a living panel; the read fails or times out on a hung one. */
  async askAlive(): Promise<void> {
    const deck = this.#deck
    if (deck === null) return
    await this.#parts.queue.run(() => deck.getFirmwareVersion())
    this.#parts.link().heard()
  }

  onReport(report: Uint8Array): void {
    try {
      if (this.#port?.take(report) === true) this.#parts.link().heard()
      else this.#parts.link().misheard(`report ${report[0] ?? 'empty'}`)
    } catch (cause) {
      this.#parts.link().misheard(`report not understood: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }

  async #draw(lamp: Lamp, lit: boolean): Promise<void> {
    const deck = this.#deck
    if (deck === null) throw this.#parts.gone()
    const control = deck.CONTROLS.find((candidate) => candidate.type === 'button' && candidate.index === lamp.key)
    if (control === undefined || control.type !== 'button')
      throw new DriverError('out-of-range', this.#parts.context.deviceId, `no key ${lamp.key}`)
    if (control.feedbackType === 'lcd') {
      const { width, height } = control.pixelSize
      await deck.fillKeyBuffer(lamp.key, drawKey(lamp.text, lamp.colour, lit, width, height), { format: 'rgb' })
    } else if (control.feedbackType === 'rgb') {
      await deck.fillKeyColor(lamp.key, ...(lit ? keyColours[lamp.colour].field : keyColours.off.field))
    }
  }

  #flash(key: number, lit: boolean): void {
    const lamp = this.#parts.panel.lamps.find((candidate) => candidate.key === key)
    if (lamp !== undefined)
      this.#parts.queue.run(() => this.#draw(lamp, lit)).catch((cause: unknown) => this.#parts.note('key not drawn', cause))
  }

  onDown(): void {
    this.#flasher.stop()
    this.#port = null
    this.#deck = null
  }
}

export const streamDeck: DriverEntry<StreamDeckConfig, SurfaceDesired, SurfaceObserved, SurfaceCommand, SurfaceEvent> = {
  id: 'streamdeck',
  kind: 'surface',
  label: 'Elgato Stream Deck',
  protocolRef: '@elgato-stream-deck/core 7.6.3 (reports of generations 1 and 2)',
  capabilities: { timedOutputs: false, readsBack: false, meters: false, keyCount: 32 },
  configSchema: StreamDeckConfig,
  create: (context, config) => new PanelDriver(context, (parts) => new StreamDeckPanel(parts, config)),
}
