// A simulated emergency key box: two keys (0 fire, 1 stop) as bits of a one-byte report, two lamps and a 16-character word
// display in a 20-byte output report. It reads its output report by this layout, not by the driver's code.
import type { Clock } from '../../../shared/domain/clock.ts'
import { startMockHid, type MockHid } from '../mock-hid.ts'

/** Options that describe this box to the driver. */
export const simulatedKeyOptions = {
  keys: [
    { key: 0, match: { byte: 0, bit: 0 } },
    { key: 1, match: { byte: 0, bit: 1 } },
  ],
  output: {
    reportId: 0,
    bytes: 18,
    lamps: [
      { key: 0, byte: 0, off: 0, red: 1, green: 2, amber: 3, white: 4 },
      { key: 1, byte: 1, off: 0, red: 1, green: 2, amber: 3, white: 4 },
    ],
    words: [{ key: 0, byte: 2, characters: 16 }],
  },
}

export interface EmergencyKeySimulator extends MockHid {
  press(key: 0 | 1): void
  release(key: 0 | 1): void
  /** What a person sees on the box. */
  shown(): { readonly lamps: readonly [string, string]; readonly word: string }
}

const colours = ['off', 'red', 'green', 'amber', 'white'] as const

export async function startEmergencyKeySimulator(clock: Clock, port = 0): Promise<EmergencyKeySimulator> {
  let keys = 0
  let lamps: [string, string] = ['off', 'off']
  let word = ''
  const hid = await startMockHid({
    clock,
    port,
    onOutput(report) {
      lamps = [colours[report.readUInt8(1)] ?? '?', colours[report.readUInt8(2)] ?? '?']
      word = report.toString('latin1', 3, 19).trimEnd()
    },
  })
  const change = (next: number) => {
    keys = next
    hid.emit(Uint8Array.of(keys))
  }
  return Object.assign(hid, {
    press: (key: 0 | 1) => change(keys | (1 << key)),
    release: (key: 0 | 1) => change(keys & ~(1 << key)),
    shown: () => ({ lamps, word }),
  })
}
