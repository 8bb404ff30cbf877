// MP3 and ADTS AAC are frames in a row without an index. Walking them finds a cut last frame and lost bytes exactly, and
// counts the frames an MP3's info frame (Xing, Info, VBRI) promises. Tags between or after frames are not sound.
// ISO 11172-3 2.4.1, ISO 13818-7 6.2, ID3v2.4 section 3.1, APEv2.
import type { FileWindow } from './file-window.ts'
import { fault, type Inspection, maxTagBytes } from './inspection.ts'

export interface FrameHeader {
  readonly bytes: number
  readonly samples: number
  readonly rateHz: number
  /** Equal for all frames of one recording. */
  readonly kind: number
}
export type ParseHeader = (head: Buffer) => FrameHeader | null

const bitrates1 = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
] as const
const bitrates2 = [
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const
const mpegRates = [44_100, 48_000, 32_000] as const
const aacRates = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350] as const

/** MPEG audio layer I–III; free format is not recognised. */
export function parseMpegHeader(head: Buffer): FrameHeader | null {
  const word = head.length < 4 ? 0 : head.readUInt32BE(0)
  if (word >>> 21 !== 0x7ff) return null
  const version = (word >>> 19) & 3
  const layer = 4 - ((word >>> 17) & 3)
  const rate = mpegRates[(word >>> 10) & 3]
  if (version === 1 || layer === 4 || rate === undefined) return null
  const kbps = (version === 3 ? bitrates1 : bitrates2)[layer - 1]?.[(word >>> 12) & 15]
  if (kbps === undefined || kbps === 0) return null
  const rateHz = version === 3 ? rate : version === 2 ? rate / 2 : rate / 4
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152
  const padding = (word >>> 9) & 1
  const bytes =
    layer === 1 ? (Math.floor((12_000 * kbps) / rateHz) + padding) * 4 : Math.floor(((samples / 8) * 1000 * kbps) / rateHz) + padding
  return { bytes, samples, rateHz, kind: (version << 8) | (layer << 4) | ((word >>> 10) & 3) }
}

export function parseAdtsHeader(head: Buffer): FrameHeader | null {
  if (head.length < 7 || head.readUInt16BE(0) >>> 4 !== 0xfff || ((head[1] ?? 0) & 6) !== 0) return null
  const rateIndex = ((head[2] ?? 0) >> 2) & 15
  const rateHz = aacRates[rateIndex]
  const bytes = (((head[3] ?? 0) & 3) << 11) | ((head[4] ?? 0) << 3) | ((head[5] ?? 0) >> 5)
  if (rateHz === undefined || bytes < 8) return null
  return { bytes, samples: 1024 * (((head[6] ?? 0) & 3) + 1), rateHz, kind: rateIndex }
}

export function checkFrames(file: FileWindow, format: 'mp3' | 'aac'): Inspection {
  const parse = format === 'mp3' ? parseMpegHeader : parseAdtsHeader
  const answer = (promisedMs: number | null, found: Inspection['fault']): Inspection => ({ format, promisedMs, fault: found })
  const start = skipTags(file, 0)
  if (start > maxTagBytes) return answer(null, fault('MEDIA_TOO_LARGE', `${start} bytes of tags and pictures`, null))
  // A recording of a stream begins in the middle of a frame.
  let offset = findSync(file, start, Math.min(file.size, start + 4096), parse, null)
  if (offset === null) return answer(null, fault('MEDIA_CORRUPT', 'no two frames in a row', 0))
  const first = parse(file.at(offset, 8))
  if (first === null) return answer(null, fault('MEDIA_CORRUPT', 'no frame', 0))
  const promisedFrames = format === 'mp3' ? readInfoFrame(file, offset, first) : null
  let samples = promisedFrames === null ? 0 : -first.samples
  const nowMs = () => Math.max(0, (samples / first.rateHz) * 1000)
  const promisedMs = promisedFrames === null ? null : (promisedFrames * first.samples * 1000) / first.rateHz
  while (offset < file.size) {
    const head = parse(file.at(offset, 8))
    if (head !== null && head.kind === first.kind) {
      if (offset + head.bytes > file.size) return answer(promisedMs, fault('MEDIA_TRUNCATED', 'the last frame is cut', nowMs()))
      samples += head.samples
      offset += head.bytes
      continue
    }
    const afterTags = skipTags(file, offset)
    if (afterTags > offset) {
      offset = afterTags
      continue
    }
    if (file.size - offset < 8 && file.at(offset, 1)[0] === 0xff)
      return answer(promisedMs, fault('MEDIA_TRUNCATED', 'the last frame is cut', nowMs()))
    const next = findSync(file, offset, file.size, parse, first.kind)
    if (next !== null) return answer(promisedMs, fault('MEDIA_CORRUPT', `${next - offset} bytes are not sound`, nowMs()))
    if (file.size - offset > 65_536)
      return answer(promisedMs, fault('MEDIA_CORRUPT', `${file.size - offset} bytes at the end are not sound`, nowMs()))
    break
  }
  if (promisedMs !== null && promisedMs - nowMs() > 2.5 * ((first.samples * 1000) / first.rateHz))
    return answer(promisedMs, fault('MEDIA_TRUNCATED', `${Math.round(promisedMs)} ms promised`, nowMs()))
  return answer(promisedMs, null)
}

/** Frames that the info frame at `offset` promises, or null where the first frame is sound. */
function readInfoFrame(file: FileWindow, offset: number, first: FrameHeader): number | null {
  const frame = file.at(offset, Math.min(first.bytes, 2000))
  const mpeg1 = first.kind >> 8 === 3
  const mono = (frame[3] ?? 0) >> 6 === 3
  const tagAt = 4 + (mpeg1 ? (mono ? 17 : 32) : mono ? 9 : 17)
  const name = frame.toString('latin1', tagAt, tagAt + 4)
  if ((name === 'Xing' || name === 'Info') && frame.length >= tagAt + 12) {
    return (frame.readUInt32BE(tagAt + 4) & 1) === 1 ? frame.readUInt32BE(tagAt + 8) : null
  }
  return frame.toString('latin1', 36, 40) === 'VBRI' && frame.length >= 54 ? frame.readUInt32BE(50) : null
}

/** Two headers in a row that agree, or one that ends the file. */
function findSync(file: FileWindow, from: number, to: number, parse: ParseHeader, kind: number | null): number | null {
  for (let offset = from; offset < to; offset++) {
    if (file.at(offset, 1)[0] !== 0xff) continue
    const head = parse(file.at(offset, 8))
    if (head === null || (kind !== null && head.kind !== kind)) continue
    const end = offset + head.bytes
    if (end === file.size) return offset
    const next = parse(file.at(end, 8))
    if (next !== null && next.kind === head.kind) return offset
    if (kind === null && end > file.size) return offset
  }
  return null
}

/** The first offset at or after `offset` that is not inside an ID3, APE or Lyrics tag or zero padding; may lie past the end. */
export function skipTags(file: FileWindow, offset: number): number {
  let at = offset
  while (at < file.size) {
    const next = skipOne(file, at)
    if (next === at) return at
    at = next
  }
  return at
}

function skipOne(file: FileWindow, offset: number): number {
  const head = file.at(offset, 4096)
  const name = head.toString('latin1', 0, 8)
  if (name.startsWith('ID3') && head.length >= 10) {
    const size = ((head[6] ?? 0) << 21) | ((head[7] ?? 0) << 14) | ((head[8] ?? 0) << 7) | (head[9] ?? 0)
    return offset + 10 + size + (((head[5] ?? 0) & 0x10) === 0 ? 0 : 10)
  }
  if (name === 'APETAGEX' && head.length >= 24) return offset + 32 + (head.readUInt32LE(20) >>> 31 === 1 ? head.readUInt32LE(12) : 0)
  if (name.startsWith('TAG')) return offset + (name.startsWith('TAG+') ? 227 : 128)
  if (name === 'LYRICSBE') return file.size
  const sound = head.findIndex((byte) => byte !== 0)
  return offset + (sound === -1 ? head.length : sound)
}
