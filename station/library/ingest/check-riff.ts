// WAV, RF64 and BW64: the data chunk says how many bytes it holds. A recorder that lost power, a cut copy and a header
// that says 4 GB all promise more than there is. EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64).
import type { FileWindow } from './file-window.ts'
import { type Fault, fault, type Inspection } from './inspection.ts'

interface Format {
  readonly channels: number
  readonly rateHz: number
  readonly bytesPerSecond: number
}

export function checkRiff(file: FileWindow): Inspection {
  const wide = file.at(0, 4).toString('latin1') !== 'RIFF'
  let format: Format | null = null
  let wideDataBytes: number | null = null
  let offset = 12
  for (let chunks = 0; chunks < 10_000; chunks++) {
    const head = file.at(offset, 8)
    if (head.length < 8) break
    const id = head.toString('latin1', 0, 4)
    const bytes = head.readUInt32LE(4)
    if (id === 'data')
      return found(file, offset + 8, wide && bytes === 0xffff_ffff && wideDataBytes !== null ? wideDataBytes : bytes, format)
    const body = file.at(offset + 8, Math.min(bytes, 40))
    if (id === 'ds64' && body.length >= 16) wideDataBytes = Number(body.readBigUInt64LE(8))
    if (id === 'fmt ' && body.length >= 16) format = readFormat(body)
    offset += 8 + bytes + (bytes % 2)
  }
  return answer(null, fault('MEDIA_TRUNCATED', 'the data chunk is missing', 0))
}

function readFormat(body: Buffer): Format {
  return { channels: body.readUInt16LE(2), rateHz: body.readUInt32LE(4), bytesPerSecond: body.readUInt32LE(8) }
}

function found(file: FileWindow, dataOffset: number, promisedBytes: number, format: Format | null): Inspection {
  if (format === null) return answer(null, fault('MEDIA_CORRUPT', 'the format chunk is missing', 0))
  const { channels, rateHz, bytesPerSecond } = format
  if (rateHz < 4000 || rateHz > 384_000 || channels < 1 || channels > 8 || bytesPerSecond < 400)
    return answer(null, fault('MEDIA_CORRUPT', `impossible format: ${channels} channels, ${rateHz} Hz`, 0))
  const held = Math.max(0, file.size - dataOffset)
  const msOf = (bytes: number) => (bytes / bytesPerSecond) * 1000
  if (promisedBytes === 0 && held > 0) return answer(null, fault('MEDIA_TRUNCATED', 'the recording was never closed', msOf(held)))
  if (promisedBytes > held)
    return answer(msOf(promisedBytes), fault('MEDIA_TRUNCATED', `${promisedBytes} bytes promised, ${held} held`, msOf(held)))
  return answer(msOf(promisedBytes), null)
}

function answer(promisedMs: number | null, found: Fault | null): Inspection {
  // Compressed sound in a WAV has an average byte rate only: its promise is good for finding a cut, not for a comparison.
  return { format: 'wav', promisedMs: found === null ? null : promisedMs, fault: found }
}
