// The station's only door to the network: loopback HTTP. REST and WebSocket are both derived from the contract.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { OpenAPIHandler } from '@orpc/openapi/node'
import { ORPCError, onError } from '@orpc/server'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocketServer } from 'ws'
import { SegmentId } from '../../shared/domain/air-check.ts'
import { AlertId, CartId } from '../../shared/domain/ids.ts'
import { ContentType } from '../../shared/domain/library.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { BroadcastDay } from '../../shared/domain/time.ts'
import { contract } from '../../shared/rpc/contract.ts'
import type { SheetFormat } from '../logbook/index.ts'
import { sendAudio, sendSegment } from './audio-download.ts'
import { createRouter, type StationServices } from './handlers.ts'
import { authorise } from './session-door.ts'
import { type Caller, cookieName, fromOwnPage, type Sessions } from './sessions.ts'
import type { StaticFiles } from './static-files.ts'

export interface ServerPorts {
  readonly services: StationServices
  readonly sessions: Sessions
  readonly files: StaticFiles
  readonly port: number
  readonly version: string
  metrics(): string
  health(): { ok: boolean; detail: Record<string, unknown> }
  onError(error: unknown): void
}

export interface StationServer {
  readonly port: number
  close(): Promise<void>
}

const sheetTypes: Readonly<Record<SheetFormat, string>> = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
}

const largestBodyBytes = 2 * 1024 ** 3

/** Starts listening on 127.0.0.1. `port` 0 chooses a free one. */
export async function startServer(ports: ServerPorts): Promise<StationServer> {
  const router = createRouter(ports.services, ports.sessions)
  // A refusal is an answer; everything else that is thrown is a bug and is logged.
  const report = (error: unknown) => {
    if (!(error instanceof ORPCError) || !error.defined) ports.onError(error)
  }
  const rest = new OpenAPIHandler(router, { interceptors: [onError(report)] })
  const rpc = new RPCHandler(router, { interceptors: [onError(report)] })
  let description: Promise<unknown> | null = null
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      ports.onError(error)
      if (!response.headersSent) sendJson(response, 500, { error: 'internal' })
      else response.destroy()
    })
  })
  server.requestTimeout = 0
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 8 * 1024 * 1024 })

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const port = (server.address() as AddressInfo).port
    const url = new URL(request.url ?? '/', `http://127.0.0.1:${port}`)
    if (!fromOwnPage(request, port)) return sendJson(response, 403, { error: 'wrong host or origin' })
    if (url.pathname === '/healthz') {
      const { ok, detail } = ports.health()
      return sendJson(response, ok ? 200 : 503, { ok, ...detail })
    }
    if (url.pathname === '/metrics') {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' })
      response.end(ports.metrics())
      return
    }
    if (url.pathname === '/api/v1/session/exchange' && request.method === 'POST') return exchange(request, response)
    if (!url.pathname.startsWith('/api/')) {
      if (request.method === 'GET' && ports.files.serve(url.pathname, response)) return
      return sendJson(response, 404, { error: 'not found' })
    }
    const caller = ports.sessions.caller(request)
    if (caller === null) return sendJson(response, 401, { code: 'REFUSED', data: { code: 'UNAUTHORIZED', detail: {} } })
    try {
      await inside(request, response, url, caller)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      request.resume()
      refuse(response, error)
    }
  }

  /** The doors behind the door: each asks the matrix, procedures by themselves. */
  const inside = async (request: IncomingMessage, response: ServerResponse, url: URL, caller: Caller): Promise<void> => {
    if (url.pathname === '/api/v1/openapi.json') {
      authorise(ports.sessions, caller, 'door.description')
      description ??= describe(ports.version)
      return sendJson(response, 200, await description)
    }
    if (url.pathname === '/api/v1/library/files' && request.method === 'POST') {
      const { actor } = authorise(ports.sessions, caller, 'door.upload')
      return upload(request, response, url, actor)
    }
    const sheet = /^\/api\/v1\/logbook\/(\d{4}-\d{2}-\d{2})\/sheet\.(pdf|xlsx|csv)$/.exec(url.pathname)
    if (sheet && request.method === 'GET') {
      const { actor } = authorise(ports.sessions, caller, 'door.sheet')
      return sendSheet(response, BroadcastDay.parse(sheet[1]), sheet[2] as SheetFormat, actor)
    }
    const segment = /^\/api\/v1\/recordings\/([^/]+)\/audio$/.exec(url.pathname)
    if (segment && request.method === 'GET') {
      authorise(ports.sessions, caller, 'door.recording')
      return sendSegment(request, response, await ports.services.airCheck.file(SegmentId.parse(segment[1])))
    }
    const audio = /^\/api\/v1\/(library|alerts)\/([^/]+)\/audio\.wav$/.exec(url.pathname)
    if (audio && request.method === 'GET') {
      authorise(ports.sessions, caller, 'door.audio')
      return download(request, response, audio[1] ?? '', audio[2] ?? '')
    }
    const { matched } = await rest.handle(request, response, { prefix: '/api/v1', context: { caller } })
    if (!matched) sendJson(response, 404, { error: 'not found' })
  }

  const sendSheet = async (response: ServerResponse, day: BroadcastDay, format: SheetFormat, by: string): Promise<void> => {
    const bytes = await ports.services.sheets.make(day, format, by)
    response.writeHead(200, {
      'content-type': sheetTypes[format],
      'content-length': bytes.length,
      'content-disposition': `attachment; filename="truc-song-${day}.${format}"`,
      'cache-control': 'no-store',
    })
    response.end(bytes)
  }

  const exchange = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request, 10_000)
    const code: unknown = (JSON.parse(body || '{}') as { code?: unknown }).code
    const cookie = typeof code === 'string' ? ports.sessions.exchange(code) : null
    if (cookie === null) return sendJson(response, 401, { code: 'REFUSED', data: { code: 'UNAUTHORIZED', detail: {} } })
    response.setHeader('set-cookie', `${cookieName}=${cookie}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`)
    sendJson(response, 200, { done: true })
  }

  const upload = async (request: IncomingMessage, response: ServerResponse, url: URL, by: string): Promise<void> => {
    const name = url.searchParams.get('name') ?? ''
    const contentType = ContentType.safeParse(url.searchParams.get('contentType') ?? 'speech')
    if (name === '' || !contentType.success) {
      request.resume()
      return refuse(response, new OperatorError('INVALID_INPUT', { field: name === '' ? 'name' : 'contentType' }))
    }
    if (ports.services.diskLevel() !== 'ok') {
      request.resume()
      return refuse(response, new OperatorError('DISK_LOW'))
    }
    if (Number(request.headers['content-length'] ?? 0) > largestBodyBytes) {
      request.resume()
      return refuse(response, new OperatorError('MEDIA_TOO_LARGE', { maxBytes: largestBodyBytes }))
    }
    try {
      const title = url.searchParams.get('title') || name.replace(/\.[^.]+$/, '')
      const cart = await ports.services.library.importFile(request, name, { title, contentType: contentType.data, by })
      // Whoever was told that it is imported may use it with the next order.
      await ports.services.catalog.refresh()
      sendJson(response, 200, cart)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      refuse(response, error)
    }
  }

  const download = async (request: IncomingMessage, response: ServerResponse, kind: string, id: string): Promise<void> => {
    const { catalog, alerts } = ports.services
    try {
      const audio = kind === 'library' ? catalog.audio(CartId.parse(id)) : await alerts.audioFor(AlertId.parse(id))
      await sendAudio(request, response, audio)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      refuse(response, error)
    }
  }

  server.on('upgrade', (request, socket, head) => {
    // Nobody else listens any more: without this a stranger's reset ends the station.
    socket.on('error', () => socket.destroy())
    const port = (server.address() as AddressInfo).port
    const caller = request.url === '/rpc' && fromOwnPage(request, port) ? ports.sessions.caller(request) : null
    if (caller === null) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      // A frame that is none closes its own connection, and nothing else.
      ws.on('error', ports.onError)
      void rpc.upgrade(ws, { context: { caller } }).catch(ports.onError)
    })
  })

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(ports.port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      for (const ws of sockets.clients) ws.terminate()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** The contract as OpenAPI 3.1. Its tools are loaded when somebody asks: most stations are never asked, and they weigh 20 MB. */
async function describe(version: string): Promise<unknown> {
  const [{ OpenAPIGenerator }, { ZodToJsonSchemaConverter }] = await Promise.all([import('@orpc/openapi'), import('@orpc/zod/zod4')])
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  return generator.generate(contract, { info: { title: 'Trực Sóng', version }, servers: [{ url: '/api/v1' }] })
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' })
  response.end(text)
}

function refuse(response: ServerResponse, error: OperatorError): void {
  sendJson(response, 409, {
    defined: true,
    code: 'REFUSED',
    status: 409,
    message: error.message,
    data: { code: error.code, detail: error.detail },
  })
}

async function readText(request: IncomingMessage, limit: number): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > limit) throw new OperatorError('INVALID_INPUT', { field: 'body', limit })
  }
  return text
}
