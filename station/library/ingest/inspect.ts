// Which of the accepted containers a file is, by its first bytes, and what its own structure promises. Names and
// extensions are never looked at, and nothing that could point elsewhere (playlists, references) is accepted.
import { checkFlac } from './check-flac.ts'
import { checkFrames, parseAdtsHeader, skipTags } from './check-frames.ts'
import { checkMp4 } from './check-mp4.ts'
import { checkOgg } from './check-ogg.ts'
import { checkRiff } from './check-riff.ts'
import type { FileWindow } from './file-window.ts'
import { type Inspection, maxTagBytes, refusal } from './inspection.ts'

export function inspect(file: FileWindow): Inspection {
  if (file.size === 0) throw refusal('MEDIA_NO_AUDIO', 'the file is empty')
  const head = Buffer.from(file.at(0, 16))
  const magic = head.toString('latin1', 0, 4)
  if ((magic === 'RIFF' || magic === 'RF64' || magic === 'BW64') && head.toString('latin1', 8, 12) === 'WAVE') return checkRiff(file)
  if (magic === 'OggS') return checkOgg(file)
  if (head.toString('latin1', 4, 8) === 'ftyp') return checkMp4(file)
  const start = skipTags(file, 0)
  if (start > maxTagBytes) throw refusal('MEDIA_TOO_LARGE', `${start} bytes of tags and pictures`)
  if (start >= file.size)
    throw refusal(
      head.subarray(0, 3).toString('latin1') === 'ID3' ? 'MEDIA_TRUNCATED' : 'MEDIA_UNKNOWN_FORMAT',
      'no sound after the tags',
      null,
    )
  if (file.at(start, 4).toString('latin1') === 'fLaC') return checkFlac(file)
  if (parseAdtsHeader(file.at(start, 8)) !== null) return checkFrames(file, 'aac')
  const frames = checkFrames(file, 'mp3')
  if (start > 0 || frames.fault === null || frames.fault.atMs !== 0) return frames
  throw refusal('MEDIA_UNKNOWN_FORMAT', 'not WAV, FLAC, MP3, M4A, AAC or Ogg')
}
