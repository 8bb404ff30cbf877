// A simulated X-keys XK-24 (product 1029): data reports as the panel sends them, answers to "version" and "generate data",
// and its own reading of backlight commands (blue LED = key place, red LED = 32 after it).
import type { Clock } from '../../../shared/domain/clock.ts'
import { startMockHid, type MockHid } from '../mock-hid.ts'

export const simulatedXkeysProductId = 1029
const rows = 6
const redOffset = 32

export interface XkeysSimulator extends MockHid {
  /** Keys are numbered down the columns from 1, as printed in the SDK. */
  press(key: number): void
  release(key: number): void
  /** LEDs under a key: 0 off, 1 on, 2 flashing. */
  ledsOf(key: number): { readonly blue: number; readonly red: number }
}

export async function startXkeysSimulator(clock: Clock, port = 0): Promise<XkeysSimulator> {
  const down = new Set<number>()
  const leds = new Map<number, number>()
  const dataReport = (generated: boolean) => {
    const report = Buffer.alloc(33)
    report.writeUInt8(generated ? 2 : 0, 1)
    for (const key of down) {
      const byte = 2 + Math.floor((key - 1) / rows)
      report.writeUInt8(report.readUInt8(byte) | (1 << ((key - 1) % rows)), byte)
    }
    report.writeUInt32BE(Math.round(clock.monotonic()) >>> 0, 6)
    return report
  }
  const hid = await startMockHid({
    clock,
    port,
    onOutput(report) {
      const command = report.readUInt8(1)
      if (command === 214) {
        const version = Buffer.alloc(33)
        version.writeUInt8(214, 1)
        version.writeUInt8(12, 10)
        version.writeUInt16LE(simulatedXkeysProductId, 11)
        hid.emit(version)
      } else if (command === 177) hid.emit(dataReport(true))
      else if (command === 181) leds.set(report.readUInt8(2), report.readUInt8(3))
    },
  })
  // LED places count 8 per column although a column has 6 keys.
  const place = (key: number) => Math.floor((key - 1) / rows) * 8 + ((key - 1) % rows)
  return Object.assign(hid, {
    press(key: number) {
      down.add(key)
      hid.emit(dataReport(false))
    },
    release(key: number) {
      down.delete(key)
      hid.emit(dataReport(false))
    },
    ledsOf: (key: number) => ({ blue: leds.get(place(key)) ?? 0, red: leds.get(place(key) + redOffset) ?? 0 }),
  })
}
