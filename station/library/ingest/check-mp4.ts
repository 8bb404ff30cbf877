// M4A and MP4: the index (`moov`) tells where the sound lies; a recording cut before it was written cannot be read at all,
// and a box that reaches past the end of the file was cut. ISO 14496-12 section 4.2.
import type { FileWindow } from './file-window.ts'
import { fault, type Inspection, maxTagBytes } from './inspection.ts'

export function checkMp4(file: FileWindow): Inspection {
  const answer = (found: Inspection['fault']): Inspection => ({ format: 'm4a', promisedMs: null, fault: found })
  let offset = 0
  let indexed = false
  let cut = false
  while (offset + 8 <= file.size && !cut) {
    const head = file.at(offset, 16)
    const name = head.toString('latin1', 4, 8)
    const short = head.readUInt32BE(0)
    const bytes = short === 0 ? file.size - offset : short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short
    if (!/^[ -~©]{4}$/.test(name)) return answer(fault('MEDIA_CORRUPT', 'a box without a name', null))
    if (bytes < 8) return answer(fault('MEDIA_CORRUPT', `a box of ${bytes} bytes`, null))
    if (name === 'moov' && bytes > maxTagBytes) return answer(fault('MEDIA_TOO_LARGE', `${bytes} bytes of index, tags and pictures`, null))
    if (offset + bytes > file.size) cut = true
    else if (name === 'moov' || name === 'moof') indexed = true
    offset += bytes
  }
  if (!indexed) return answer(fault('MEDIA_TRUNCATED', 'the index (moov) is missing', 0))
  return answer(cut ? fault('MEDIA_TRUNCATED', 'the last box is cut', null) : null)
}
