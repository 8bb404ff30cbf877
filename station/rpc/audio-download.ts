// Answers `GET …/audio.wav` and `GET …/audio`: files behind one header, whole or the part that was asked for (RFC 9110, 14).
// A player asks for parts to seek; several parts in one answer nobody needs, and who asks for them gets the whole.
import { createReadStream } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { SegmentFile } from '../logbook/index.ts'
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

/** Bytes sent as they lie in files, after a head that is made here. */
interface Download {
  readonly contentType: string
  readonly head: Uint8Array
  /** `skipBytes`: of each file, before what is sent. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly skipBytes?: number }[]
}

export function sendAudio(request: IncomingMessage, response: ServerResponse, audio: PcmAudio): Promise<void> {
  const head = wavHeader(
    audio.files.reduce((sum, file) => sum + file.bytes, 0),
    audio.channels,
  )
  return sendFiles(request, response, { contentType: 'audio/wav', head, files: audio.files })
}

/** A segment of the air-check: Opus as it is, or what the recorder has written so far under a header that says how much. */
export function sendSegment(request: IncomingMessage, response: ServerResponse, segment: SegmentFile): Promise<void> {
  const { path, bytes } = segment
  return segment.kind === 'opus'
    ? sendFiles(request, response, { contentType: 'audio/ogg', head: new Uint8Array(), files: [{ path, bytes }] })
    : sendFiles(request, response, { contentType: 'audio/wav', head: wavHeader(bytes, 2), files: [segment] })
}

async function sendFiles(request: IncomingMessage, response: ServerResponse, { contentType, head, files }: Download): Promise<void> {
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, head.length)
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
    'content-type': contentType,
    'content-length': last - first + 1,
    ...(range === null ? {} : { 'content-range': `bytes ${first}-${last}/${totalBytes}` }),
  })
  if (first < head.length) response.write(head.subarray(first, last + 1))
  let beginsAt = head.length
  for (const { path, bytes, skipBytes = 0 } of files) {
    const [start, end] = [Math.max(0, first - beginsAt), Math.min(bytes - 1, last - beginsAt)]
    beginsAt += bytes
    if (start > end) continue
    for await (const chunk of createReadStream(path, { start: skipBytes + start, end: skipBytes + end })) {
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
