// Reports byte by byte (USB HID 1.11 appendix B for the keyboard-like panel), and the same driver on a node-hid handle.
import { EventEmitter } from 'node:events'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { SurfaceEvent } from '../../../../hardware/contract/kinds.ts'
import { hidEmergencyKey } from '../../../../hardware/surfaces/hid-emergency-key/driver.ts'
import { EmergencyKeyConfig, foldToAscii, lampReport, readKeys } from '../../../../hardware/surfaces/hid-emergency-key/protocol.ts'
import { glyphRows } from '../../../../hardware/surfaces/streamdeck/font.ts'
import { drawKey, layOut } from '../../../../hardware/surfaces/streamdeck/key-image.ts'
import { hidTransport } from '../../../../hardware/transport/hid.ts'
import type { SurfaceObserved } from '../../../../shared/domain/device.ts'
import { recordedContext } from '../../../support/driver-context.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

const keyboard = EmergencyKeyConfig.parse({
  keys: [
    { key: 0, match: { usage: 0x3a } }, // F1
    { key: 1, match: { usage: 0xe0 } }, // left Ctrl: a modifier bit
  ],
  inputReportBytes: 8,
})
const downOf = (report: number[], config: EmergencyKeyConfig) => {
  const read = readKeys(Uint8Array.from(report), config)
  return read.kind === 'keys' ? [...read.down] : read.kind
}

test('a boot keyboard report: usages in any slot, modifiers as bits', () => {
  expect(downOf([0, 0, 0, 0, 0x3a, 0, 0, 0], keyboard)).toEqual([0])
  expect(downOf([0x01, 0, 0x04, 0, 0, 0, 0, 0], keyboard)).toEqual([1])
  expect(downOf([0, 0, 0, 0, 0, 0, 0, 0], keyboard)).toEqual([])
})

test('error roll-over (too many keys at once) changes nothing, a short report is malformed', () => {
  expect(downOf([0, 0, 1, 1, 1, 1, 1, 1], keyboard)).toBe('malformed')
  expect(downOf([0, 0, 0x3a], keyboard)).toBe('malformed')
})

test('bits, active-low bits, and reports with an id', () => {
  const config = EmergencyKeyConfig.parse({
    keys: [
      { key: 0, match: { byte: 1, bit: 3 } },
      { key: 1, match: { byte: 1, bit: 4, activeLow: true } },
    ],
    inputReportId: 5,
    inputReportBytes: 2,
  })
  expect(downOf([5, 0x00, 0x18], config)).toEqual([0])
  expect(downOf([5, 0x00, 0x00], config)).toEqual([1])
  expect(downOf([6, 0x00, 0x08], config)).toBe('notOurs')
})

test('no report throws', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 70 }), (report) => readKeys(report, keyboard).kind.length > 0))
})

test('a dark key keeps its word', () => {
  const config = EmergencyKeyConfig.parse({
    output: {
      reportId: 2,
      bytes: 6,
      lamps: [{ key: 0, byte: 0, off: 0, red: 9, green: 1, amber: 2, white: 3 }],
      words: [{ key: 0, byte: 1, characters: 5 }],
    },
  })
  const lamps = [{ key: 0, text: 'Đỏ', colour: 'red', flash: true } as const]
  expect(Buffer.from(lampReport(lamps, new Set(), config) ?? []).toString('latin1')).toBe('\x02\x09DO   ')
  expect(Buffer.from(lampReport(lamps, new Set([0]), config) ?? []).toString('latin1')).toBe('\x02\x00DO   ')
  expect(lampReport(lamps, new Set(), keyboard)).toBeNull()
  expect(foldToAscii('Lũ quét ở Mù Cang Chải')).toBe('LU QUET O MU CANG CHAI')
})

class FakeHandle extends EventEmitter {
  readonly written: string[] = []
  async write(report: number[] | Buffer) {
    this.written.push(Buffer.from(report).toString('hex'))
    return report.length
  }
  async sendFeatureReport(report: number[] | Buffer) {
    return report.length
  }
  async getFeatureReport() {
    return new Uint8Array(0)
  }
  async close() {
    this.removeAllListeners()
  }
}

test('over node-hid: the same key; and a continuous panel with a stuck key presses nothing until it was up', async () => {
  const clock = new VirtualClock()
  const handle = new FakeHandle()
  const transport = hidTransport({ kind: 'hid', vendorId: 0x1234, productId: 0xabcd, serialNumber: null }, clock, async () => handle)
  const context = recordedContext<SurfaceObserved, SurfaceEvent>(transport, clock)
  const driver = hidEmergencyKey.create(context, hidEmergencyKey.configSchema.parse({ reports: 'continuous' }))
  driver.open()
  await clock.advance(10)
  expect(driver.status.state).toBe('online')
  for (const report of [1, 1, 3, 2, 3]) handle.emit('data', Uint8Array.of(report))
  expect(context.events.map((event) => `${event.kind} ${event.key}`)).toEqual(['pressed 1', 'pressed 0'])
  handle.emit('error', new Error('could not read from HID device'))
  expect(context.events.slice(2).map((event) => event.kind)).toEqual(['released', 'released'])
  expect(driver.status.state).toBe('lost')
  await driver.close()
  expect(clock.pendingTimers).toBe(0)
})

test('words are drawn as large as they fit, with their marks', () => {
  expect(layOut('MIC', 72, 72).scale).toBe(3)
  expect(layOut('NGẮT TIẾNG', 72, 72)).toEqual({ lines: ['NGẮT', 'TIẾNG'], scale: 2 })
  expect(layOut('PHÁT KHẨN CẤP', 72, 72)).toEqual({ lines: ['PHÁT KHẨN', 'CẤP'], scale: 1 })
  const inked = (character: string) => glyphRows(character).filter((row) => row !== 0).length
  expect(inked('Ắ')).toBeGreaterThan(inked('Ă'))
  expect(inked('Ă')).toBeGreaterThan(inked('A'))
  expect(glyphRows('Ặ')[13], 'dot below').toBe(4)
  const letters = [...'AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬEÈÉẺẼẸÊỀẾỂỄỆIÌÍỈĨỊOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢUÙÚỦŨỤƯỪỨỬỮỰYỲÝỶỸỴDĐ']
  expect(new Set(letters.map((letter) => glyphRows(letter).join())).size, 'every letter of Vietnamese looks different').toBe(letters.length)
  expect(drawKey('', 'red', true, 2, 1)).toEqual(Uint8Array.of(183, 28, 28, 183, 28, 28))
})
