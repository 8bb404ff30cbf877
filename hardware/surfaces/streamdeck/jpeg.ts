// A baseline JPEG encoder (ITU-T T.81) for key images: 4:4:4, one quantisation and one pair of Huffman tables (annex K.1, K.3)
// for all three components. Ours, because pure-JavaScript encoders build their tables anew for each image (10–17 ms of a
// blocked station per key, measured); these are built once. Encoding a 96×96 key takes about a millisecond.

const zigzag: readonly number[] = buildZigzag()
/** Annex K, table K.1, in zigzag order of use below; scaled to about quality 90. */
const luminance: readonly number[] = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22,
  37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]
const quantisers: readonly number[] = luminance.map((value) => Math.max(1, Math.floor((value * 20 + 50) / 100)))

/** How many codes of each length 1..16, and the symbols in order of code (annex K, tables K.3 and K.5). */
const dcCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const dcSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const acCounts = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125]
const acSymbols = [
  ...Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a' +
      '434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9' +
      'aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
]

interface Code {
  readonly bits: number
  readonly length: number
}
const dcCodes = buildCodes(dcCounts, dcSymbols)
const acCodes = buildCodes(acCounts, acSymbols)
const cosines: readonly number[] = Array.from({ length: 64 }, (_, at) => {
  const frequency = Math.floor(at / 8)
  return (frequency === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * (at % 8) + 1) * frequency * Math.PI) / 16)
})

/** Encodes RGBA pixels, row by row. */
export function encodeJpeg(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const writer = new BitWriter(headers(width, height))
  const previousDc = [0, 0, 0]
  const block = new Float64Array(64)
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      for (let component = 0; component < 3; component++) {
        for (let at = 0; at < 64; at++) {
          const x = Math.min(left + (at % 8), width - 1)
          const y = Math.min(top + Math.floor(at / 8), height - 1)
          block[at] = sample(rgba, (y * width + x) * 4, component)
        }
        previousDc[component] = encodeBlock(writer, transform(block), previousDc[component] ?? 0)
      }
    }
  }
  return writer.end()
}

/** One component of a pixel, level-shifted (T.871: Y, Cb, Cr). */
function sample(rgba: Uint8Array, at: number, component: number): number {
  const red = rgba[at] ?? 0
  const green = rgba[at + 1] ?? 0
  const blue = rgba[at + 2] ?? 0
  if (component === 0) return 0.299 * red + 0.587 * green + 0.114 * blue - 128
  if (component === 1) return -0.168736 * red - 0.331264 * green + 0.5 * blue
  return 0.5 * red - 0.418688 * green - 0.081312 * blue
}

/** Discrete cosine transform and quantisation; 64 integers in zigzag order. */
function transform(block: Float64Array): Int32Array {
  const rows = new Float64Array(64)
  for (let at = 0; at < 64; at++) {
    let sum = 0
    for (let k = 0; k < 8; k++) sum += (block[(at & 56) + k] ?? 0) * (cosines[(at & 7) * 8 + k] ?? 0)
    rows[at] = sum
  }
  const result = new Int32Array(64)
  for (let index = 0; index < 64; index++) {
    const at = zigzag[index] ?? 0
    let sum = 0
    for (let k = 0; k < 8; k++) sum += (rows[k * 8 + (at & 7)] ?? 0) * (cosines[(at >> 3) * 8 + k] ?? 0)
    result[index] = Math.round(sum / (quantisers[at] ?? 1))
  }
  return result
}

/** Returns the block's DC value, the next block's prediction. */
function encodeBlock(writer: BitWriter, values: Int32Array, previousDc: number): number {
  const dc = values[0] ?? 0
  const difference = dc - previousDc
  writer.code(dcCodes, sizeOf(difference))
  writer.magnitude(difference)
  let zeros = 0
  for (let index = 1; index < 64; index++) {
    const value = values[index] ?? 0
    if (value === 0) {
      zeros += 1
      continue
    }
    for (; zeros > 15; zeros -= 16) writer.code(acCodes, 0xf0)
    writer.code(acCodes, (zeros << 4) | sizeOf(value))
    writer.magnitude(value)
    zeros = 0
  }
  if (zeros > 0) writer.code(acCodes, 0)
  return dc
}

/** Bits needed for the magnitude of a value. */
function sizeOf(value: number): number {
  return 32 - Math.clz32(Math.abs(value))
}

class BitWriter {
  readonly #bytes: number[]
  #held = 0
  #heldBits = 0

  constructor(headerBytes: number[]) {
    this.#bytes = headerBytes
  }

  code(codes: readonly (Code | undefined)[], symbol: number): void {
    const code = codes[symbol]
    if (code !== undefined) this.#put(code.bits, code.length)
  }

  magnitude(value: number): void {
    const size = sizeOf(value)
    this.#put(value < 0 ? value + (1 << size) - 1 : value, size)
  }

  end(): Uint8Array {
    // The last byte is filled with ones (T.81 F.1.2.3).
    this.#put(0x7f, 7)
    this.#bytes.push(0xff, 0xd9)
    return Uint8Array.from(this.#bytes)
  }

  #put(bits: number, length: number): void {
    this.#held = (this.#held << length) | bits
    this.#heldBits += length
    while (this.#heldBits >= 8) {
      const byte = (this.#held >> (this.#heldBits - 8)) & 0xff
      this.#bytes.push(byte)
      // A data byte of ff is followed by a zero, so that it is no marker.
      if (byte === 0xff) this.#bytes.push(0)
      this.#heldBits -= 8
    }
    this.#held &= 0xff
  }
}

function headers(width: number, height: number): number[] {
  const two = (value: number) => [value >> 8, value & 0xff]
  const table = (kind: number, counts: readonly number[], symbols: readonly number[]) => [
    0xff,
    0xc4,
    ...two(19 + symbols.length),
    kind,
    ...counts,
    ...symbols,
  ]
  const components = [1, 2, 3].flatMap((id) => [id, 0x11, 0])
  return [
    ...[0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0],
    ...[0xff, 0xdb, 0, 67, 0, ...zigzag.map((at) => quantisers[at] ?? 1)],
    ...[0xff, 0xc0, 0, 17, 8, ...two(height), ...two(width), 3, ...components],
    ...table(0x00, dcCounts, dcSymbols),
    ...table(0x10, acCounts, acSymbols),
    ...[0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0],
  ]
}

function buildCodes(counts: readonly number[], symbols: readonly number[]): readonly (Code | undefined)[] {
  const codes: (Code | undefined)[] = []
  let bits = 0
  let next = 0
  for (const [index, count] of counts.entries()) {
    for (let each = 0; each < count; each++) codes[symbols[next++] ?? 0] = { bits: bits++, length: index + 1 }
    bits <<= 1
  }
  return codes
}

function buildZigzag(): readonly number[] {
  const places = Array.from({ length: 64 }, (_, at) => ({ at, row: at >> 3, column: at & 7 }))
  const diagonal = (place: { row: number; column: number }) => place.row + place.column
  places.sort((a, b) => diagonal(a) - diagonal(b) || (diagonal(a) % 2 === 0 ? a.column - b.column : a.row - b.row))
  return places.map((place) => place.at)
}
