// Modbus requests as bytes and replies as values, for the eight public functions a relay or I/O board needs (Modbus Application
// Protocol V1.1b3, 6.1-6.6, 6.11, 6.12). Writes are answered by an echo, and the echo is compared: address and value.
import { assertNever } from '../../shared/domain/assert-never.ts'
import { sealFrame, type ReplyShape } from '../framing/rtu-frame.ts'

export type RtuRequest =
  | { readonly kind: 'readCoils' | 'readDiscreteInputs'; readonly start: number; readonly count: number }
  | { readonly kind: 'readHoldingRegisters' | 'readInputRegisters'; readonly start: number; readonly count: number }
  /** The 16-bit value as it stands on the wire: FF00 on, 0000 off; makers add their own (timed outputs). */
  | { readonly kind: 'writeCoil'; readonly address: number; readonly value: number }
  | { readonly kind: 'writeRegister'; readonly address: number; readonly value: number }
  | { readonly kind: 'writeCoils'; readonly start: number; readonly values: readonly boolean[] }
  | { readonly kind: 'writeRegisters'; readonly start: number; readonly values: readonly number[] }

export type RtuRequestKind = RtuRequest['kind']

export type RtuReply =
  | { readonly kind: 'bits'; readonly bits: readonly boolean[] }
  | { readonly kind: 'registers'; readonly registers: readonly number[] }
  | { readonly kind: 'echoed' }

const functionCodes: Record<RtuRequestKind, number> = {
  readCoils: 0x01,
  readDiscreteInputs: 0x02,
  readHoldingRegisters: 0x03,
  readInputRegisters: 0x04,
  writeCoil: 0x05,
  writeRegister: 0x06,
  writeCoils: 0x0f,
  writeRegisters: 0x10,
}

/** The whole frame to send. Throws RangeError on what a frame cannot hold: a mistake of the caller, never of the device. */
export function encodeRequest(slave: number, request: RtuRequest): Uint8Array {
  if (!Number.isInteger(slave) || slave < 1 || slave > 247) throw new RangeError(`slave ${slave} is not within 1..247`)
  return sealFrame(Uint8Array.from([slave, functionCodes[request.kind], ...requestData(request)]))
}

function requestData(request: RtuRequest): readonly number[] {
  switch (request.kind) {
    case 'readCoils':
    case 'readDiscreteInputs':
      return [...word(request.start), ...word(counted(request.count, 2000))]
    case 'readHoldingRegisters':
    case 'readInputRegisters':
      return [...word(request.start), ...word(counted(request.count, 125))]
    case 'writeCoil':
    case 'writeRegister':
      return [...word(request.address), ...word(request.value)]
    case 'writeCoils': {
      const bytes = packBits(request.values)
      return [...word(request.start), ...word(counted(request.values.length, 1968)), bytes.length, ...bytes]
    }
    case 'writeRegisters': {
      const count = counted(request.values.length, 123)
      return [...word(request.start), ...word(count), count * 2, ...request.values.flatMap(word)]
    }
    default:
      return assertNever(request)
  }
}

/** What the reply to this request must look like. */
export function replyShape(slave: number, request: RtuRequest): ReplyShape {
  const functionCode = functionCodes[request.kind]
  switch (request.kind) {
    case 'readCoils':
    case 'readDiscreteInputs':
      return { slave, functionCode, length: 5 + Math.ceil(request.count / 8) }
    case 'readHoldingRegisters':
    case 'readInputRegisters':
      return { slave, functionCode, length: 5 + 2 * request.count }
    case 'writeCoil':
    case 'writeRegister':
    case 'writeCoils':
    case 'writeRegisters':
      return { slave, functionCode, length: 8 }
    default:
      return assertNever(request)
  }
}

/** The values in a reply of the right shape (CRC taken off), or why they do not answer the request. */
export function decodeReply(request: RtuRequest, body: Uint8Array): RtuReply | { readonly kind: 'malformed'; readonly why: string } {
  switch (request.kind) {
    case 'readCoils':
    case 'readDiscreteInputs': {
      const byteCount = Math.ceil(request.count / 8)
      if (body[2] !== byteCount) return { kind: 'malformed', why: `byte count ${body[2]} instead of ${byteCount}` }
      const bits = Array.from({ length: request.count }, (_, i) => (((body[3 + (i >> 3)] ?? 0) >> (i & 7)) & 1) === 1)
      return { kind: 'bits', bits }
    }
    case 'readHoldingRegisters':
    case 'readInputRegisters': {
      if (body[2] !== request.count * 2) return { kind: 'malformed', why: `byte count ${body[2]} instead of ${request.count * 2}` }
      const registers = Array.from({ length: request.count }, (_, i) => ((body[3 + 2 * i] ?? 0) << 8) | (body[4 + 2 * i] ?? 0))
      return { kind: 'registers', registers }
    }
    case 'writeCoil':
    case 'writeRegister':
      return compareEcho(body, [...word(request.address), ...word(request.value)])
    case 'writeCoils':
    case 'writeRegisters':
      return compareEcho(body, [...word(request.start), ...word(request.values.length)])
    default:
      return assertNever(request)
  }
}

/** Public exception codes (V1.1b3, 7); a number outside the list is shown as it came. */
export function exceptionText(code: number): string {
  const texts: Record<number, string> = {
    1: 'illegal function',
    2: 'illegal data address',
    3: 'illegal data value',
    4: 'device failure',
    5: 'acknowledge, still working',
    6: 'device busy',
    8: 'memory parity error',
    10: 'gateway path unavailable',
    11: 'gateway target did not respond',
  }
  return texts[code] ?? `exception ${code}`
}

function compareEcho(body: Uint8Array, due: readonly number[]): RtuReply | { kind: 'malformed'; why: string } {
  const matches = due.every((byte, i) => body[2 + i] === byte)
  return matches ? { kind: 'echoed' } : { kind: 'malformed', why: 'the echo differs from what was written' }
}

function packBits(bits: readonly boolean[]): number[] {
  const bytes = new Array<number>(Math.ceil(bits.length / 8)).fill(0)
  bits.forEach((bit, i) => {
    if (bit) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7))
  })
  return bytes
}

function word(value: number): [number, number] {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) throw new RangeError(`${value} does not fit 16 bits`)
  return [value >>> 8, value & 0xff]
}

function counted(count: number, most: number): number {
  if (!Number.isInteger(count) || count < 1 || count > most) throw new RangeError(`a count of ${count} is not within 1..${most}`)
  return count
}
