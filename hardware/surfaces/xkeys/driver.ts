// P.I. Engineering X-keys: press and release of each key, backlight as tally, words on the panels with a display.
// A key that is already down when the panel is plugged in is stuck or leaned on: it counts once it was up.
import { type Product, XKeys } from '@xkeys-lib/core'
import type { SurfaceObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { DriverEntry } from '../../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../../contract/kinds.ts'
import { foldToAscii } from '../hid-emergency-key/protocol.ts'
import { PanelDriver, type PanelModel, type PanelParts } from '../panel-driver.ts'
import type { Lamp, SurfaceCommand } from '../panel-state.ts'
import { productIdOf } from '../streamdeck/protocol.ts'
import { keyCountOf, ledColour, productOf, XkeysConfig, XkeysPort } from './protocol.ts'

const versionRequest = [0, 214]
const lcdCharacters = 16

class XkeysPanel implements PanelModel {
  readonly #parts: PanelParts
  readonly #productId: number
  readonly #usbInterface: number
  readonly #product: Product
  #port: XkeysPort | null = null
  #keys: XKeys | null = null
  /** Keys that were down when the panel first told its state; null until it did. */
  #stuck: Set<number> | null = null

  /** Throws DriverError `out-of-range` when the product is not known. */
  constructor(parts: PanelParts, config: XkeysConfig) {
    const { deviceId, transport } = parts.context
    const productId = config.productId ?? productIdOf(transport.address)
    const product = productId === null ? null : productOf(productId, config.interface)
    if (productId === null || product === null) {
      throw new DriverError('out-of-range', deviceId, `options.productId: no X-keys with product id ${productId ?? 'missing'}`)
    }
    this.#parts = parts
    this.#productId = productId
    this.#usbInterface = config.interface
    this.#product = product
  }

  onUp(): void {
    void this.#start()
  }

  async show(command: SurfaceCommand): Promise<void> {
    const { context, gone } = this.#parts
    const keys = this.#keys
    if (keys === null || this.#port === null) throw gone()
    if (command.key < 1 || command.key > keyCountOf(this.#product))
      throw new DriverError('out-of-range', context.deviceId, `no lamp under key ${command.key}`)
    keys.setBacklight(command.key, ledColour(this.#product, command.colour), command.flash)
    if (this.#product.hasLCD === true) this.#showWords(keys, command)
    await this.#port.flush()
  }

  /** Two lines: red keys first, they are what must be read. */
  #showWords(keys: XKeys, changed: Lamp): void {
    const lamps = [...this.#parts.panel.lamps.filter((lamp) => lamp.key !== changed.key), changed]
    const worded = lamps.filter((lamp) => lamp.colour !== 'off' && lamp.text !== '')
    const ordered = [...worded.filter((lamp) => lamp.colour === 'red'), ...worded.filter((lamp) => lamp.colour !== 'red')]
    for (const line of [1, 2]) {
      keys.writeLcdDisplay(
        line,
        foldToAscii(ordered[line - 1]?.text ?? '')
          .slice(0, lcdCharacters)
          .padEnd(lcdCharacters),
        true,
      )
    }
  }

  async #start(): Promise<void> {
    const port = new XkeysPort(this.#parts.link())
    const vendorId = XKeys.vendorId
    const keys = new XKeys(
      port,
      { product: this.#product.name, vendorId, productId: this.#productId, interface: this.#usbInterface },
      undefined,
    )
    this.#port = port
    keys.on('error', (cause) => this.#parts.link().misheard(`X-keys: ${cause instanceof Error ? cause.message : String(cause)}`))
    keys.on('down', (key) => {
      if (this.#stuck === null || this.#stuck.has(key)) return
      this.#parts.panel.setPressed(key, true)
    })
    keys.on('up', (key) => {
      this.#stuck?.delete(key)
      this.#parts.panel.setPressed(key, false)
    })
    try {
      // Waits for the panel's version and first state; a silent panel leaves it waiting until the wire is given up.
      await keys.init()
      if (this.#port !== port) return
      this.#stuck = new Set([...keys.getButtons()].filter(([, isDown]) => isDown).map(([key]) => key))
      this.#keys = keys
      this.#parts.panel.connected(keyCountOf(this.#product))
    } catch (cause) {
      this.#parts.note('panel not set up', cause)
    }
  }

  /** The panel answers the version request with a report: any report is a sign of life. */
  async askAlive(): Promise<void> {
    this.#port?.write([...versionRequest, ...new Array<number>(36 - versionRequest.length).fill(0)])
  }

  onReport(report: Uint8Array): void {
    try {
      this.#port?.take(report)
      this.#parts.link().heard()
    } catch (cause) {
      this.#parts.link().misheard(`report not understood: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }

  onDown(): void {
    this.#port?.removeAllListeners()
    this.#port = null
    this.#keys = null
    this.#stuck = null
  }
}

export const xkeys: DriverEntry<XkeysConfig, SurfaceDesired, SurfaceObserved, SurfaceCommand, SurfaceEvent> = {
  id: 'xkeys',
  kind: 'surface',
  label: 'P.I. Engineering X-keys',
  protocolRef: '@xkeys-lib/core 3.3.0 (PIE SDK data reports)',
  capabilities: { timedOutputs: false, readsBack: false, meters: false, keyCount: 128 },
  configSchema: XkeysConfig,
  create: (context, config) => new PanelDriver(context, (parts) => new XkeysPanel(parts, config)),
}
