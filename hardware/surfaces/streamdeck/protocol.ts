// Options of a Stream Deck and its HID port: the reports themselves are spoken by @elgato-stream-deck/core. This file gives
// that library our wire as its HID device, and our JPEG encoder (the native one is 7.6 MB).
import { DEVICE_MODELS, type DeviceModelSpec, type HIDDevice, type HIDDeviceEvents, type HIDDeviceInfo } from '@elgato-stream-deck/core'
import { EventEmitter } from 'eventemitter3'
import { z } from 'zod'
import { SurfaceActions } from '../../../shared/domain/surface-actions.ts'
import type { HidLink } from '../hid-link.ts'
import { encodeJpeg } from './jpeg.ts'

export const StreamDeckConfig = z.strictObject({
  /** USB product id; null takes it from a `hid:` address. */
  productId: z.number().int().min(0).max(0xffff).nullable().default(null),
  /** Percent. */
  brightness: z.number().int().min(5).max(100).default(80),
  actions: SurfaceActions.default([]),
})
export type StreamDeckConfig = z.infer<typeof StreamDeckConfig>

/** Product id of `hid:vendor:product[:serial]`, or null for another kind of address. */
export function productIdOf(address: string): number | null {
  const match = /^hid:[0-9a-f]{4}:([0-9a-f]{4})/i.exec(address)
  return match?.[1] === undefined ? null : Number.parseInt(match[1], 16)
}

export function modelOf(productId: number): DeviceModelSpec | null {
  return DEVICE_MODELS.find((model) => model.productIds.includes(productId)) ?? null
}

export async function encodeKeyJpeg(rgba: Uint8Array, width: number, height: number): Promise<Uint8Array> {
  return encodeJpeg(rgba, width, height)
}

/** Input reports of keys carry this id; the library wants what follows it. */
const inputReportId = 1

/** The library's HID port on our link. */
export class StreamDeckPort extends EventEmitter<HIDDeviceEvents> implements HIDDevice {
  readonly #link: HidLink
  readonly #info: HIDDeviceInfo

  constructor(link: HidLink, info: HIDDeviceInfo) {
    super()
    this.#link = link
    this.#info = info
  }

  /** One report as the device sent it; false when it is not an input report of keys. */
  take(report: Uint8Array): boolean {
    if (report[0] !== inputReportId) return false
    this.emit('input', report.subarray(1))
    return true
  }

  /** The driver owns the link; the library's own close must not take it down. */
  async close(): Promise<void> {
    this.removeAllListeners()
  }

  sendFeatureReport(data: Uint8Array): Promise<void> {
    return this.#link.sendFeature(data)
  }

  getFeatureReport(reportId: number, reportLength: number): Promise<Uint8Array> {
    return this.#link.getFeature(reportId, reportLength)
  }

  async sendReports(buffers: Uint8Array[]): Promise<void> {
    for (const buffer of buffers) await this.#link.write(buffer)
  }

  async getDeviceInfo(): Promise<HIDDeviceInfo> {
    return this.#info
  }

  async getChildDeviceInfo(): Promise<null> {
    return null
  }
}
