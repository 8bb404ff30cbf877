// OSC 1.0 messages, one per datagram (opensoundcontrol.org, "The Open Sound Control 1.0 Specification").
// Pure. Decoding is bounded and never throws: what a network sends is data, and the reason of a refusal is part of the answer.
// An address without a leading slash is accepted, because an X32 answers `/node` from the address `node`.

export type OscArgument =
  | { readonly type: 'i'; readonly value: number }
  | { readonly type: 'f'; readonly value: number }
  | { readonly type: 's'; readonly value: string }
  | { readonly type: 'b'; readonly value: Uint8Array }

export interface OscMessage {
  readonly address: string
  readonly args: readonly OscArgument[]
}

export type OscDecoded = { readonly ok: true; readonly message: OscMessage } | { readonly ok: false; readonly reason: string }

/** Longest datagram looked at, bytes: the largest desk reply is a meter blob of about 1 kB. */
export const maxOscBytes = 8192
const maxArguments = 64

const fromUtf8 = new TextDecoder()
const utf8 = new TextEncoder()

/** Encodes one message; strings are UTF-8, integers are checked to fit 32 bits. */
export function encodeOsc(message: OscMessage): Uint8Array {
  const parts: Uint8Array[] = [paddedString(message.address)]
  // A message without arguments keeps an empty type list: the address alone is understood by Behringer, `,` by everyone.
  if (message.args.length > 0) parts.push(paddedString(`,${message.args.map((argument) => argument.type).join('')}`))
  for (const argument of message.args) parts.push(encodeArgument(argument))
  return concat(parts)
}

function encodeArgument(argument: OscArgument): Uint8Array {
  if (argument.type === 's') return paddedString(argument.value)
  if (argument.type === 'b') {
    const bytes = new Uint8Array(4 + pad4(argument.value.length))
    new DataView(bytes.buffer).setInt32(0, argument.value.length)
    bytes.set(argument.value, 4)
    return bytes
  }
  const bytes = new Uint8Array(4)
  const view = new DataView(bytes.buffer)
  if (argument.type === 'i') view.setInt32(0, argument.value)
  else view.setFloat32(0, argument.value)
  return bytes
}

/** Decodes one datagram. Bundles are refused by name: no desk we drive sends them. */
export function decodeOsc(bytes: Uint8Array): OscDecoded {
  if (bytes.length > maxOscBytes) return refuse(`${bytes.length} bytes`)
  const address = readString(bytes, 0)
  if (address === null || address.text === '') return refuse('address')
  if (address.text === '#bundle') return refuse('bundle')
  if (address.next >= bytes.length) return { ok: true, message: { address: address.text, args: [] } }
  const types = readString(bytes, address.next)
  if (types === null || !types.text.startsWith(',')) return refuse('type tags')
  if (types.text.length - 1 > maxArguments) return refuse(`${types.text.length - 1} arguments`)
  const args: OscArgument[] = []
  let at = types.next
  for (const type of types.text.slice(1)) {
    const read = readArgument(bytes, at, type)
    if (read === null) return refuse(`argument ${args.length + 1} of type ${type}`)
    args.push(read.argument)
    at = read.next
  }
  return at === bytes.length ? { ok: true, message: { address: address.text, args } } : refuse(`${bytes.length - at} bytes left over`)
}

function readArgument(bytes: Uint8Array, at: number, type: string): { argument: OscArgument; next: number } | null {
  if (type === 's') {
    const text = readString(bytes, at)
    return text === null ? null : { argument: { type: 's', value: text.text }, next: text.next }
  }
  if (at + 4 > bytes.length) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'i') return { argument: { type: 'i', value: view.getInt32(at) }, next: at + 4 }
  if (type === 'f') {
    const value = view.getFloat32(at)
    return Number.isFinite(value) ? { argument: { type: 'f', value }, next: at + 4 } : null
  }
  if (type !== 'b') return null
  const length = view.getInt32(at)
  const next = at + 4 + pad4(length)
  if (length < 0 || next > bytes.length) return null
  return { argument: { type: 'b', value: bytes.slice(at + 4, at + 4 + length) }, next }
}

function readString(bytes: Uint8Array, at: number): { text: string; next: number } | null {
  const end = bytes.indexOf(0, at)
  if (end < 0) return null
  const next = at + pad4(end - at + 1)
  return next > bytes.length ? null : { text: fromUtf8.decode(bytes.subarray(at, end)), next }
}

function paddedString(text: string): Uint8Array {
  const encoded = utf8.encode(text)
  const bytes = new Uint8Array(pad4(encoded.length + 1))
  bytes.set(encoded)
  return bytes
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function pad4(length: number): number {
  return (length + 3) & ~3
}

function refuse(reason: string): OscDecoded {
  return { ok: false, reason }
}
