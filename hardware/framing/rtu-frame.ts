// Modbus RTU frames: CRC and the length of a reply by its request. RTU has no start or end mark and no sequence number; what
// may be accepted is therefore decided by slave, function, expected length and CRC together (Modbus over Serial Line V1.02, 2.5).

/** CRC-16/MODBUS: polynomial 0xA001 (reflected 0x8005), initial 0xFFFF; check("123456789") = 0x4B37. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1
  }
  return crc
}

/** Body (slave, function, data) with its CRC, low byte first. */
export function sealFrame(body: Uint8Array): Uint8Array {
  const crc = crc16(body)
  const frame = new Uint8Array(body.length + 2)
  frame.set(body)
  frame[body.length] = crc & 0xff
  frame[body.length + 1] = crc >>> 8
  return frame
}

export interface ReplyShape {
  readonly slave: number
  readonly functionCode: number
  /** Whole frame with CRC, bytes. */
  readonly length: number
}

export type ReplyFrame =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'complete'; readonly body: Uint8Array }
  | { readonly kind: 'exception'; readonly exceptionCode: number }
  | { readonly kind: 'malformed'; readonly why: string }

const exceptionLength = 5

/** What the bytes received since the request are: not yet all, the reply, an exception, or something else. */
export function matchReply(received: Uint8Array, shape: ReplyShape): ReplyFrame {
  const [slave, functionCode] = received
  if (slave === undefined) return { kind: 'incomplete' }
  if (slave !== shape.slave) return { kind: 'malformed', why: `a frame of slave ${slave} instead of ${shape.slave}` }
  if (functionCode === undefined) return { kind: 'incomplete' }
  const isException = functionCode === (shape.functionCode | 0x80)
  if (!isException && functionCode !== shape.functionCode) {
    return { kind: 'malformed', why: `function ${functionCode} instead of ${shape.functionCode}` }
  }
  const length = isException ? exceptionLength : shape.length
  if (received.length < length) return { kind: 'incomplete' }
  // Two replies glued together: nothing says which of them answers this request.
  if (received.length > length) return { kind: 'malformed', why: `${received.length} bytes where ${length} were due` }
  const body = received.slice(0, length - 2)
  const crc = (received[length - 2] ?? 0) | ((received[length - 1] ?? 0) << 8)
  if (crc16(body) !== crc) return { kind: 'malformed', why: 'wrong CRC' }
  return isException ? { kind: 'exception', exceptionCode: body[2] ?? 0 } : { kind: 'complete', body }
}
