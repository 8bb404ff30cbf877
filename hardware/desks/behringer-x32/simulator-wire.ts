// The simulated desk's own OSC, written apart from `framing/osc.ts` on purpose: a simulator that shares the driver's codec
// would agree with its mistakes. Strict about types, as the desk is: a fader wants `,f`, a switch `,i`.

export interface WireMessage {
  readonly address: string
  readonly tags: string
  readonly values: readonly (number | string | Buffer)[]
}

/** Parses one datagram or returns null; the desk ignores what it does not understand. */
export function parseWire(datagram: Buffer): WireMessage | null {
  const cursor = { at: 0 }
  const address = takeText(datagram, cursor)
  if (address === null || !address.startsWith('/')) return null
  if (cursor.at >= datagram.length) return { address, tags: '', values: [] }
  const tagText = takeText(datagram, cursor)
  if (tagText === null || tagText[0] !== ',') return null
  const values: (number | string | Buffer)[] = []
  for (const tag of tagText.slice(1)) {
    const value = takeValue(datagram, cursor, tag)
    if (value === null) return null
    values.push(value)
  }
  return { address, tags: tagText.slice(1), values }
}

function takeText(datagram: Buffer, cursor: { at: number }): string | null {
  let end = cursor.at
  while (end < datagram.length && datagram[end] !== 0) end += 1
  if (end >= datagram.length) return null
  const text = datagram.toString('utf8', cursor.at, end)
  cursor.at += Math.ceil((end + 1 - cursor.at) / 4) * 4
  return text
}

function takeValue(datagram: Buffer, cursor: { at: number }, tag: string): number | string | Buffer | null {
  if (tag === 's') return takeText(datagram, cursor)
  if (cursor.at + 4 > datagram.length) return null
  const start = cursor.at
  cursor.at += 4
  if (tag === 'i') return datagram.readInt32BE(start)
  if (tag === 'f') return datagram.readFloatBE(start)
  if (tag !== 'b') return null
  const length = datagram.readUInt32BE(start)
  if (start + 4 + length > datagram.length) return null
  cursor.at += Math.ceil(length / 4) * 4
  return datagram.subarray(start + 4, start + 4 + length)
}

/** Builds one datagram; `tags` says what each value is. */
export function buildWire(address: string, tags: string, values: readonly (number | string | Buffer)[]): Buffer {
  const chunks = [text(address), text(`,${tags}`)]
  for (const [index, tag] of [...tags].entries()) {
    const value = values[index]
    if (typeof value === 'string') chunks.push(text(value))
    else if (typeof value === 'number') {
      const four = Buffer.alloc(4)
      if (tag === 'i') four.writeInt32BE(value)
      else four.writeFloatBE(value)
      chunks.push(four)
    } else if (value !== undefined) {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(value.length)
      chunks.push(length, value, Buffer.alloc((4 - (value.length % 4)) % 4))
    }
  }
  return Buffer.concat(chunks)
}

function text(value: string): Buffer {
  const bytes = Buffer.from(`${value}\0`, 'utf8')
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
