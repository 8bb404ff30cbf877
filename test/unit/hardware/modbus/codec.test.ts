// Worked examples of "MODBUS Application Protocol Specification V1.1b3", section 6 (PDU bytes; slave and CRC put around them).
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeReply, encodeRequest, exceptionText, replyShape, type RtuRequest } from '../../../../hardware/modbus/codec.ts'
import { sealFrame } from '../../../../hardware/framing/rtu-frame.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'))

const examples: [string, RtuRequest, string, string, unknown][] = [
  // 6.1: outputs 20-38; CD 6B 05
  ['6.1 read coils', { kind: 'readCoils', start: 0x13, count: 0x13 }, '01 0013 0013', '01 03 CD 6B 05', bits('1011001111010110101')],
  [
    '6.2 read discrete inputs',
    { kind: 'readDiscreteInputs', start: 0xc4, count: 0x16 },
    '02 00C4 0016',
    '02 03 AC DB 35',
    bits('0011010111011011101011'),
  ],
  [
    '6.3 read holding registers',
    { kind: 'readHoldingRegisters', start: 0x6b, count: 3 },
    '03 006B 0003',
    '03 06 022B 0000 0064',
    [555, 0, 100],
  ],
  ['6.4 read input registers', { kind: 'readInputRegisters', start: 8, count: 1 }, '04 0008 0001', '04 02 000A', [10]],
  ['6.5 write single coil', { kind: 'writeCoil', address: 0xac, value: 0xff00 }, '05 00AC FF00', '05 00AC FF00', 'echoed'],
  ['6.6 write single register', { kind: 'writeRegister', address: 1, value: 3 }, '06 0001 0003', '06 0001 0003', 'echoed'],
  [
    '6.11 write multiple coils',
    { kind: 'writeCoils', start: 0x13, values: bits('1011001110') },
    '0F 0013 000A 02 CD01',
    '0F 0013 000A',
    'echoed',
  ],
  [
    '6.12 write multiple registers',
    { kind: 'writeRegisters', start: 1, values: [0x0a, 0x0102] },
    '10 0001 0002 04 000A 0102',
    '10 0001 0002',
    'echoed',
  ],
]

function bits(text: string): boolean[] {
  return [...text].map((one) => one === '1')
}

describe.each(examples)('%s', (_, request, asked, answered, value) => {
  test('is sent as printed', () => {
    expect(encodeRequest(0x11, request)).toEqual(sealFrame(hex(`11 ${asked}`)))
  })
  test('the printed answer has the expected length and means the printed values', () => {
    const body = hex(`11 ${answered}`)
    expect(replyShape(0x11, request).length).toBe(body.length + 2)
    const reply = decodeReply(request, body)
    if (reply.kind === 'malformed') throw new Error(reply.why)
    expect(reply.kind === 'bits' ? reply.bits : reply.kind === 'registers' ? reply.registers : reply.kind).toEqual(value)
  })
})

describe('echoes and counts', () => {
  test('an echo of another address or value is malformed', () => {
    const request: RtuRequest = { kind: 'writeCoil', address: 3, value: 0xff00 }
    expect(decodeReply(request, hex('01 05 0004 FF00')).kind).toBe('malformed')
    expect(decodeReply(request, hex('01 05 0003 0000')).kind).toBe('malformed')
  })
  test('a byte count that does not fit the request is malformed', () => {
    expect(decodeReply({ kind: 'readCoils', start: 0, count: 8 }, hex('01 01 02 05')).kind).toBe('malformed')
    expect(decodeReply({ kind: 'readHoldingRegisters', start: 0, count: 1 }, hex('01 03 04 0005')).kind).toBe('malformed')
  })
  test.each([
    ['slave 0 (broadcast: nobody would answer)', () => encodeRequest(0, { kind: 'readCoils', start: 0, count: 1 })],
    ['slave 248', () => encodeRequest(248, { kind: 'readCoils', start: 0, count: 1 })],
    ['no coils', () => encodeRequest(1, { kind: 'readCoils', start: 0, count: 0 })],
    ['126 registers', () => encodeRequest(1, { kind: 'readHoldingRegisters', start: 0, count: 126 })],
    ['a value over 16 bits', () => encodeRequest(1, { kind: 'writeRegister', address: 0, value: 65_536 })],
  ])('%s cannot be asked', (_, encode) => {
    expect(encode).toThrow(RangeError)
  })
  test('exceptions have words, strangers keep their number', () => {
    expect(exceptionText(2)).toBe('illegal data address')
    expect(exceptionText(99)).toBe('exception 99')
  })
})

test('coils survive packing and unpacking in any number', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), (values) => {
      const frame = encodeRequest(1, { kind: 'writeCoils', start: 0, values })
      const packed = frame.subarray(7, -2)
      const reply = decodeReply({ kind: 'readCoils', start: 0, count: values.length }, Uint8Array.from([1, 1, packed.length, ...packed]))
      expect(reply).toEqual({ kind: 'bits', bits: values })
    }),
  )
})
