// The fake station's plain doors: the built screens, the session code, uploads, and silence for whatever would be heard.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImportView } from '../../shared/domain/library.ts'
import type { FakeStation } from './fake-station.ts'

const built = fileURLToPath(new URL('../../dist/renderer', import.meta.url))
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
}

export async function answerHttp(station: FakeStation, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const json = (status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  if (url.pathname === '/api/v1/session/exchange') {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    if ((JSON.parse(text) as { code?: string }).code !== 'fake')
      return void json(401, { code: 'REFUSED', data: { code: 'UNAUTHORIZED', detail: {} } })
    station.authorised = true
    response.setHeader('set-cookie', 'session=fake; Path=/; HttpOnly; SameSite=Strict')
    return void json(200, { done: true })
  }
  if (url.pathname === '/api/v1/station') return void json(station.authorised ? 200 : 401, station.world.station)
  if (url.pathname === '/api/v1/library/files') return void (await upload(station, request, url, json))
  if (/^\/api\/v1\/recordings\/[^/]+\/audio$/.test(url.pathname)) {
    await station.take('heard', url.pathname)
    return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(silentWav(300))
  }
  if (url.pathname.endsWith('/audio.wav')) return void response.writeHead(200, { 'content-type': 'audio/wav' }).end(silentWav(8))
  const path = normalize(join(built, url.pathname === '/' ? 'index.html' : url.pathname))
  if (!path.startsWith(built)) return void json(403, {})
  try {
    const body = await readFile(path)
    response.writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' }).end(body)
  } catch {
    json(404, {})
  }
}

async function upload(
  station: FakeStation,
  request: IncomingMessage,
  url: URL,
  json: (status: number, body: unknown) => unknown,
): Promise<void> {
  let bytes = 0
  for await (const chunk of request) bytes += (chunk as Buffer).length
  const name = url.searchParams.get('name') ?? ''
  await station.take('upload', { name, bytes, contentType: url.searchParams.get('contentType') })
  if (station.refuseUpload !== null) {
    const view: ImportView = { importId: `import-${bytes}`, name, state: { kind: 'refused', ...station.refuseUpload } }
    station.change({ library: { ...station.world.library, imports: [...station.world.library.imports, view] } })
    json(409, { defined: true, code: 'REFUSED', status: 409, data: station.refuseUpload })
    return
  }
  json(200, station.world.library.carts[0])
}

/** A WAV of silence, mono 8 kHz. */
function silentWav(seconds: number): Buffer {
  const bytes = seconds * 16_000
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + bytes, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(bytes, 40)
  return Buffer.concat([head, Buffer.alloc(bytes)])
}
