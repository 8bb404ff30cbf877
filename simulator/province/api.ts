// The contract's server side over HTTPS (docs/province), and every way in which its knobs let it go wrong. It is what stations are tested
// against, so it keeps to the contract wherever no knob is turned.
import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { ZodError } from 'zod'
import { RecordBatch } from '../../shared/domain/province.ts'
import { manifestMediaType, maxBatchBytes, mediaEtag } from '../../shared/province-contract.ts'
import type { Certificate } from './identity.ts'
import type { Knobs } from './knobs.ts'
import type { Manifests } from './manifests.ts'
import type { ProvinceStore } from './province-store.ts'

export interface ApiPorts {
  readonly store: ProvinceStore
  readonly manifests: Manifests
  readonly tls: Certificate
  /** Token of each station. */
  readonly tokens: ReadonlyMap<string, string>
  /** Files that were put in the place of others, by the hash they are asked for under. */
  readonly replaced: ReadonlyMap<string, string>
  knobs(): Knobs
  turn(change: Readonly<Record<string, unknown>>): void
}

const portalPage = '<!doctype html><html><title>Wi-Fi</title><body>Đăng nhập để dùng mạng</body></html>'
/** A station asks once a minute on a connection that is kept. */
const keepAliveMs = 180_000

export function createApi(ports: ApiPorts): Server {
  const server = createServer({ key: ports.tls.key, cert: ports.tls.cert, minVersion: 'TLSv1.2' }, (request, response) => {
    answer(ports, request, response).catch((cause: unknown) => {
      if (response.headersSent) response.destroy()
      else plain(response, cause instanceof SyntaxError || cause instanceof RangeError || cause instanceof ZodError ? 400 : 500)
    })
  })
  server.keepAliveTimeout = keepAliveMs
  server.requestTimeout = 0
  return server
}

async function answer(ports: ApiPorts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const knobs = ports.knobs()
  if (knobs.latencyMs > 0) await pause(knobs.latencyMs)
  if (knobs.portal) {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    response.end(portalPage)
    return
  }
  const path = new URL(request.url ?? '/', 'https://localhost').pathname
  const station = /^\/v1\/stations\/([^/]+)\/(manifest|records|heads)$/.exec(path)
  const media = /^\/v1\/media\/([0-9a-f]{64})$/.exec(path)
  const caller = callerOf(ports, request)
  if (caller === null) return plain(response, 401)
  if (station !== null && decodeURIComponent(station[1] ?? '') !== caller) return plain(response, 404)
  ports.store.seen(caller, Date.now())
  if (station?.[2] === 'manifest' && request.method === 'GET') return sendManifest(ports, caller, request, response)
  if (station?.[2] === 'records' && request.method === 'POST') return takeRecords(ports, caller, request, response)
  if (station?.[2] === 'heads' && request.method === 'GET') return sendJson(response, { heads: ports.store.heads(caller) })
  if (media !== null && request.method === 'GET') return sendMedia(ports, media[1] ?? '', request, response)
  plain(response, 404)
}

function callerOf({ tokens }: ApiPorts, request: IncomingMessage): string | null {
  for (const [stationId, token] of tokens) if (request.headers.authorization === `Bearer ${token}`) return stationId
  return null
}

async function sendManifest(ports: ApiPorts, stationId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { jws, etag } = ports.manifests.of(stationId, ports.knobs(), Date.now())
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag })
    response.end()
    return
  }
  const bytes = Buffer.from(jws)
  response.writeHead(200, { 'content-type': manifestMediaType, 'content-length': bytes.length, etag })
  await send(response, [bytes], ports.knobs().cutEveryBytes)
}

async function sendMedia(ports: ApiPorts, sha256: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { wrongRange, longerBody, cutEveryBytes } = ports.knobs()
  const shown = ports.replaced.get(sha256) ?? sha256
  if (!ports.store.hasMedia(shown)) return plain(response, 404)
  const path = ports.store.mediaPath(shown)
  const { size } = statSync(path)
  const etag = mediaEtag(shown)
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
  const inPart = asked !== null && request.headers['if-range'] === etag
  const wanted = inPart ? Number(asked[1]) : 0
  if (inPart && wanted >= size) {
    response.writeHead(416, { 'content-range': `bytes */${size}` })
    response.end()
    return
  }
  const from = inPart && wrongRange ? Math.min(size - 1, wanted + 1) : wanted
  response.writeHead(inPart ? 206 : 200, {
    'content-type': 'application/octet-stream',
    'accept-ranges': 'bytes',
    etag,
    ...(longerBody ? {} : { 'content-length': size - from }),
    ...(inPart ? { 'content-range': `bytes ${from}-${size - 1}/${size}` } : {}),
  })
  const parts = async function* (): AsyncGenerator<Buffer> {
    yield* createReadStream(path, { start: from, highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>
    if (longerBody) yield Buffer.alloc(1000)
  }
  await send(response, parts(), cutEveryBytes)
}

/** 200 is said when the rows are on the disk, and not before. */
async function takeRecords(ports: ApiPorts, stationId: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const text = await readBody(request, maxBatchBytes)
  if (text === null) return plain(response, 413)
  const { records } = RecordBatch.parse(JSON.parse(text))
  const knobs = ports.knobs()
  const refuse = knobs.refuseSubject
  if (refuse !== null && records.some((record) => record.subject.includes(refuse))) return plain(response, 400)
  ports.store.commit(stationId, records, Date.now())
  if (knobs.dieAfterCommit) process.kill(process.pid, 'SIGKILL')
  if (knobs.loseAnswers > 0) {
    ports.turn({ loseAnswers: knobs.loseAnswers - 1 })
    request.socket.destroy()
    return
  }
  sendJson(response, { committed: records.length })
}

/** Sends, and cuts the line where the knob says. */
async function send(
  response: ServerResponse,
  parts: AsyncIterable<Buffer> | Iterable<Buffer>,
  cutAfterBytes: number | null,
): Promise<void> {
  let left = cutAfterBytes ?? Number.POSITIVE_INFINITY
  for await (const part of parts) {
    const now = part.length > left ? part.subarray(0, left) : part
    left -= now.length
    const room = response.write(now)
    if (left <= 0) {
      // What was written goes out; then the line is dead.
      await new Promise<void>((resolve) => response.write('', () => resolve()))
      response.destroy()
      return
    }
    if (!room && !(await drained(response))) return
  }
  response.end()
}

/** false = the other end is gone. */
function drained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle)
      response.off('close', settle)
      resolve(!response.destroyed)
    }
    response.once('drain', settle)
    response.once('close', settle)
  })
}

/** null = too long. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<string | null> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > limitBytes) return null
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

function sendJson(response: ServerResponse, value: object): void {
  const body = JSON.stringify(value)
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
}

function plain(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 })
  response.end()
}
