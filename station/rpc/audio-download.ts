// Answers `GET …/audio.wav`: one or more PCM files behind one WAV header, whole or the part that was asked for (RFC 9110, 14).
// A player asks for parts to seek; several parts in one answer nobody needs, and who asks for them gets the whole.
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { wavHeader } from './wav-header.ts'

/** 48 kHz signed 16 bit PCM without headers, in the order in which it is played. */
export interface PcmAudio {
  readonly files: readonly { readonly path: string; readonly bytes: number }[]
  readonly channels: 1 | 2
}

interface ByteRange {
  readonly first: number
  /** Inclusive. */
  readonly last: number
}

/** null: the whole is sent. `unsatisfiable`: begins behind the end, or asks for nothing. */
export function rangeOf(header: string | undefined, totalBytes: number): ByteRange | 'unsatisfiable' | null {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(header?.replaceAll(' ', '') ?? '')
  const [, from = '', to = ''] = asked ?? []
  if (from === '' && to === '') return null
  if (from === '') {
    const tailBytes = Math.min(Number(to), totalBytes)
    return tailBytes === 0 ? 'unsatisfiable' : { first: totalBytes - tailBytes, last: totalBytes - 1 }
  }
  const first = Number(from)
  if (to !== '' && Number(to) < first) return null
  if (first >= totalBytes) return 'unsatisfiable'
  return { first, last: to === '' ? totalBytes - 1 : Math.min(Number(to), totalBytes - 1) }
}

export async function sendAudio(request: IncomingMessage, response: ServerResponse, audio: PcmAudio): Promise<void> {
  const header = wavHeader(
    audio.files.reduce((sum, file) => sum + file.bytes, 0),
    audio.channels,
  )
  const totalBytes = audio.files.reduce((sum, file) => sum + file.bytes, header.length)
  // There is no validator by which a client could tell that its first part is still of the same sound: with If-Range it gets the whole.
  const range = rangeOf(request.headers['if-range'] === undefined ? request.headers.range : undefined, totalBytes)
  const common = { 'accept-ranges': 'bytes', 'cache-control': 'no-store' }
  if (range === 'unsatisfiable') {
    response.writeHead(416, { ...common, 'content-range': `bytes */${totalBytes}`, 'content-length': 0 }).end()
    return
  }
  const { first, last } = range ?? { first: 0, last: totalBytes - 1 }
  response.writeHead(range === null ? 200 : 206, {
    ...common,
    'content-type': 'audio/wav',
    'content-length': last - first + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${first}-${last}/${totalBytes}` }),
  })
  if (first < header.length) response.write(header.subarray(first, last + 1))
  let beginsAt = header.length
  for (const { path, bytes } of audio.files) {
    const [start, end] = [Math.max(0, first - beginsAt), Math.min(bytes - 1, last - beginsAt)]
    beginsAt += bytes
    if (start > end) continue
    for await (const chunk of createReadStream(path, { start, end })) {
      if (response.destroyed) return
      if (!response.write(chunk)) await drained(response)
    }
  }
  response.end()
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle)
      response.off('close', settle)
      resolve()
    }
    response.once('drain', settle)
    response.once('close', settle)
  })
}
