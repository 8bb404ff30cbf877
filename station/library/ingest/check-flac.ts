// FLAC says in STREAMINFO how many samples it holds (0 = unknown). RFC 9639 section 8. Frames carry checksums, which the
// decoder is told to check.
import type { FileWindow } from './file-window.ts'
import { skipTags } from './check-frames.ts'
import { fault, type Inspection, maxTagBytes } from './inspection.ts'

export function checkFlac(file: FileWindow): Inspection {
  const answer = (promisedMs: number | null, found: Inspection['fault']): Inspection => ({ format: 'flac', promisedMs, fault: found })
  const start = skipTags(file, 0)
  let offset = start + 4
  let promisedMs: number | null = null
  for (let last = false; !last; ) {
    const head = file.at(offset, 4)
    if (head.length < 4) return answer(promisedMs, fault('MEDIA_TRUNCATED', 'the headers are cut', 0))
    last = (head[0] ?? 0) >> 7 === 1
    const kind = (head[0] ?? 0) & 127
    const bytes = head.readUIntBE(1, 3)
    if (kind === 0) promisedMs = readStreamInfo(file.at(offset + 4, 34))
    offset += 4 + bytes
    if (offset - start > maxTagBytes) return answer(null, fault('MEDIA_TOO_LARGE', 'more than 32 MB of tags and pictures', null))
  }
  if (offset >= file.size) return answer(promisedMs, fault('MEDIA_TRUNCATED', 'there is no sound after the headers', 0))
  return answer(promisedMs, null)
}

function readStreamInfo(info: Buffer): number | null {
  if (info.length < 18) return null
  const rateHz = info.readUIntBE(10, 3) >> 4
  const samples = ((info[13] ?? 0) & 15) * 2 ** 32 + info.readUInt32BE(14)
  return samples === 0 || rateHz === 0 ? null : (samples / rateHz) * 1000
}
