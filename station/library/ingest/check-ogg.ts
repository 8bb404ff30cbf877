// Ogg (Opus, Vorbis, FLAC): every page carries a checksum and a number, and the last page of a stream says so. A stream
// without that page was cut, however cleanly. RFC 3533 section 6, RFC 7845 section 4.
import type { FileWindow } from './file-window.ts'
import { type Fault, fault, type Inspection } from './inspection.ts'

interface Stream {
  /** Samples a second of the granule position; null = not sound, or unknown. */
  readonly rateHz: number | null
  /** Granules before the first sound (Opus pre-skip). */
  readonly preSkip: number
  lastPage: number
  granule: number
  ended: boolean
}

const table = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24
  for (let bit = 0; bit < 8; bit++) value = (value & 0x8000_0000) !== 0 ? (value << 1) ^ 0x04c1_1db7 : value << 1
  return value >>> 0
})

export function checkOgg(file: FileWindow): Inspection {
  const answer = (found: Fault | null): Inspection => ({ format: 'ogg', promisedMs: null, fault: found })
  const streams = new Map<number, Stream>()
  let doneMs = 0
  const nowMs = () => doneMs + Math.max(0, ...[...streams.values()].map(positionMs))
  let offset = 0
  while (offset < file.size) {
    const head = Buffer.from(file.at(offset, 27 + 255))
    const isPage = head.toString('latin1', 0, 4) === 'OggS'
    if (!isPage && file.size - offset >= 4) return answer(fault('MEDIA_CORRUPT', 'a page is damaged', nowMs()))
    const segments = head[26] ?? 0
    if (head.length < 27 + segments) return answer(fault('MEDIA_TRUNCATED', 'the last page is cut', nowMs()))
    let bytes = 27 + segments
    for (let index = 0; index < segments; index++) bytes += head[27 + index] ?? 0
    if (offset + bytes > file.size) return answer(fault('MEDIA_TRUNCATED', 'the last page is cut', nowMs()))
    const page = file.at(offset, bytes)
    if (checksum(page) !== page.readUInt32LE(22)) return answer(fault('MEDIA_CORRUPT', 'a page is damaged', nowMs()))
    const flags = page[5] ?? 0
    const serial = page.readUInt32LE(14)
    if ((flags & 2) !== 0) {
      // A link of a chained file begins: what came before counts as played.
      if ([...streams.values()].every((stream) => stream.ended)) {
        doneMs = nowMs()
        streams.clear()
      }
      streams.set(serial, beginStream(page.subarray(27 + segments)))
    }
    const stream = streams.get(serial)
    if (stream === undefined) return answer(fault('MEDIA_CORRUPT', 'a page of no stream', nowMs()))
    const number = page.readUInt32LE(18)
    if ((flags & 2) === 0 && number !== stream.lastPage + 1) return answer(fault('MEDIA_CORRUPT', 'pages are missing', nowMs()))
    stream.lastPage = number
    const granule = Number(page.readBigInt64LE(6))
    if (granule > stream.granule) stream.granule = granule
    if ((flags & 4) !== 0) stream.ended = true
    offset += bytes
  }
  const open = [...streams.values()].some((stream) => stream.rateHz !== null && !stream.ended)
  return answer(open ? fault('MEDIA_TRUNCATED', 'the page that ends the stream is missing', nowMs()) : null)
}

function beginStream(packet: Buffer): Stream {
  const stream = { lastPage: 0, granule: 0, ended: false }
  if (packet.toString('latin1', 0, 8) === 'OpusHead')
    return { ...stream, rateHz: 48_000, preSkip: packet.length >= 12 ? packet.readUInt16LE(10) : 0 }
  if (packet.toString('latin1', 1, 7) === 'vorbis' && packet.length >= 16) return { ...stream, rateHz: packet.readUInt32LE(12), preSkip: 0 }
  if (packet.toString('latin1', 1, 5) === 'FLAC' && packet.length >= 30)
    return { ...stream, rateHz: packet.readUIntBE(27, 3) >> 4, preSkip: 0 }
  return { ...stream, rateHz: null, preSkip: 0 }
}

function positionMs(stream: Stream): number {
  return stream.rateHz === null || stream.rateHz === 0 ? 0 : (Math.max(0, stream.granule - stream.preSkip) / stream.rateHz) * 1000
}

/** CRC-32 of RFC 3533, with the checksum field itself taken as zero. */
function checksum(page: Buffer): number {
  let crc = 0
  for (let index = 0; index < page.length; index++) {
    const byte = index >= 22 && index < 26 ? 0 : (page[index] ?? 0)
    crc = ((crc << 8) ^ (table[((crc >>> 24) ^ byte) & 255] ?? 0)) >>> 0
  }
  return crc
}
