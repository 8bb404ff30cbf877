// Options of an X-keys panel and its HID port: the reports themselves are spoken by @xkeys-lib/core. Most panels have two
// LEDs per key, blue and red, and no green: our colours are mapped so that nothing but red and amber ever lights the red one.
import { EventEmitter } from 'node:events'
import { BackLightType, type HIDDevice, PRODUCTS, type Product } from '@xkeys-lib/core'
import { z } from 'zod'
import { SurfaceActions } from '../../../shared/domain/surface-actions.ts'
import type { HidLink } from '../hid-link.ts'
import type { LampColour } from '../panel-state.ts'

export const XkeysConfig = z.strictObject({
  /** USB product id; null takes it from a `hid:` address. */
  productId: z.number().int().min(0).max(0xffff).nullable().default(null),
  /** USB interface of the panel's data. */
  interface: z.number().int().min(0).max(7).default(0),
  actions: SurfaceActions.default([]),
})
export type XkeysConfig = z.infer<typeof XkeysConfig>

export function productOf(productId: number, usbInterface: number): Product | null {
  const products: readonly Product[] = Object.values(PRODUCTS)
  return products.find((product) => product.hidDevices.some(([id, its]) => id === productId && its === usbInterface)) ?? null
}

/** Keys that can be pressed: the matrix, without the program switch (key 0). */
export function keyCountOf(product: Product): number {
  return product.colCount * product.rowCount
}

interface LedColour {
  readonly r: number
  readonly g: number
  readonly b: number
}

const rgbColours: Readonly<Record<LampColour, LedColour>> = {
  off: { r: 0, g: 0, b: 0 },
  red: { r: 255, g: 0, b: 0 },
  green: { r: 0, g: 255, b: 0 },
  amber: { r: 255, g: 80, b: 0 },
  white: { r: 255, g: 255, b: 255 },
}
/** Blue and red LEDs only: green and white are blue, amber is both. */
const blueRedColours: Readonly<Record<LampColour, LedColour>> = {
  off: { r: 0, g: 0, b: 0 },
  red: { r: 255, g: 0, b: 0 },
  green: { r: 0, g: 0, b: 255 },
  amber: { r: 255, g: 0, b: 255 },
  white: { r: 0, g: 0, b: 255 },
}

export function ledColour(product: Product, colour: LampColour): LedColour {
  const fullColour = product.backLightType === BackLightType.RGBx2 || product.backLightType === BackLightType.REMAP_24
  return (fullColour ? rgbColours : blueRedColours)[colour]
}

/** The library's HID port on our link. Its writes are fire-and-forget; `flush` waits for them and tells of a failed one. */
export class XkeysPort extends EventEmitter implements HIDDevice {
  readonly #link: HidLink
  #writes: Promise<void> = Promise.resolve()

  constructor(link: HidLink) {
    super()
    this.#link = link
  }

  take(report: Uint8Array): void {
    this.emit('data', Buffer.from(report))
  }

  write(data: number[]): void {
    this.#writes = this.#writes.then(() => this.#link.write(Uint8Array.from(data)))
    // A failed write is told by `flush`, or by the wire going down.
    this.#writes.catch(() => undefined)
  }

  async flush(): Promise<void> {
    const writes = this.#writes
    this.#writes = Promise.resolve()
    await writes
  }

  /** The driver owns the link; the library's own close must not take it down. */
  async close(): Promise<void> {
    this.removeAllListeners('data')
  }
}
