// A simulated Stream Deck MK.2 (product 0x0080, 15 keys of 72×72): input reports as the device sends them, and its own
// reading of image packets (report 2, command 7), put together to whole JPEGs per key. Shares nothing with the library.
import type { Clock } from '../../../shared/domain/clock.ts'
import { startMockHid, type MockHid } from '../mock-hid.ts'

export const simulatedStreamDeckProductId = 0x0080
const keyCount = 15
const firmware = '1.01.000'

export interface StreamDeckSimulator extends MockHid {
  press(key: number): void
  release(key: number): void
  /** The last complete JPEG of a key as received, or null. */
  imageOf(key: number): Buffer | null
  /** Complete images received for a key. */
  imageCount(key: number): number
  /** Percent, as last set. */
  brightness(): number | null
}

export async function startStreamDeckSimulator(clock: Clock, port = 0): Promise<StreamDeckSimulator> {
  const down = new Set<number>()
  const parts = new Map<number, Buffer[]>()
  const images = new Map<number, { last: Buffer; count: number }>()
  let brightness: number | null = null
  const hid = await startMockHid({
    clock,
    port,
    onOutput(report) {
      // 02 07 key last length(2, little-endian) part(2, little-endian) data
      if (report.readUInt8(0) !== 2 || report.readUInt8(1) !== 7 || report.length !== 1024) return
      const key = report.readUInt8(2)
      const part = report.readUInt16LE(6)
      const collected = part === 0 ? [] : (parts.get(key) ?? [])
      if (collected.length !== part) return
      collected.push(Buffer.from(report.subarray(8, 8 + report.readUInt16LE(4))))
      parts.set(key, collected)
      if (report.readUInt8(3) === 1) images.set(key, { last: Buffer.concat(collected), count: (images.get(key)?.count ?? 0) + 1 })
    },
    onFeature(report) {
      if (report.readUInt8(0) === 3 && report.readUInt8(1) === 8) brightness = report.readUInt8(2)
    },
    onGetFeature(reportId, lengthBytes) {
      if (reportId !== 5) return null
      const answer = Buffer.alloc(lengthBytes)
      answer.writeUInt8(5, 0)
      answer.writeUInt8(4 + firmware.length, 1)
      answer.write(firmware, 6, 'latin1')
      return answer
    },
  })
  const tell = () => {
    const report = Buffer.alloc(512)
    report.set([1, 0, keyCount, 0])
    for (const key of down) report.writeUInt8(1, 4 + key)
    hid.emit(report)
  }
  return Object.assign(hid, {
    press(key: number) {
      down.add(key)
      tell()
    },
    release(key: number) {
      down.delete(key)
      tell()
    },
    imageOf: (key: number) => images.get(key)?.last ?? null,
    imageCount: (key: number) => images.get(key)?.count ?? 0,
    brightness: () => brightness,
  })
}
