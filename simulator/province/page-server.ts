// The province's own page over loopback HTTP, for a trainer, and the same doors for tests: write a bulletin, a session or a relay, send
// an emergency, see the stations and their rows, turn the knobs. A bearer token keeps pages of other origins out; only JSON is taken.
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { ZodError, z } from 'zod'
import { readBody } from './api.ts'
import type { ProvinceDesk } from './province.ts'
import { checkedDraft, publishBulletin, publishRelay, publishSession } from './publishing.ts'

const ItemForm = z.array(z.record(z.string(), z.unknown()))
const Replacement = z.object({ by: z.string().nullable() })

const bodyCeilingBytes = 64 * 1024 * 1024
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/compose.js': { file: 'compose.js', type: 'text/javascript; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
}

export function createPage(desk: ProvinceDesk, token: string): Server {
  return createServer((request, response) => {
    answer(desk, token, request, response).catch((cause: unknown) =>
      send(response, cause instanceof ZodError || cause instanceof SyntaxError ? 400 : 500, { error: String(cause) }),
    )
  })
}

async function answer(desk: ProvinceDesk, token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const page = request.method === 'GET' ? files[url.pathname] : undefined
  if (page !== undefined) {
    response.writeHead(200, { 'content-type': page.type, 'cache-control': 'no-store' })
    createReadStream(fileURLToPath(new URL(`./page/${page.file}`, import.meta.url))).pipe(response)
    return
  }
  if (request.headers.authorization !== `Bearer ${token}`) return send(response, 401, { error: 'token' })
  const [, root, what, id, act] = url.pathname.split('/')
  if (root !== 'admin') return send(response, 404, { error: 'unknown path' })
  if (request.method === 'GET') return look(desk, what ?? '', id ?? null, url, response)
  const body = await readBody(request, bodyCeilingBytes)
  if (body === null) return send(response, 413, { error: 'too long' })
  return send(response, 200, (await carryOut(desk, { what: what ?? '', id: id ?? null, act: act ?? null }, body)) ?? { done: true })
}

function look(desk: ProvinceDesk, what: string, id: string | null, url: URL, response: ServerResponse): void {
  if (what === 'stations' && id !== null) {
    const after = Number(url.searchParams.get('after') ?? -1)
    const limit = Number(url.searchParams.get('limit') ?? 1000)
    return send(response, 200, { rows: desk.store.records(decodeURIComponent(id), after, limit) })
  }
  if (what !== 'state') return send(response, 404, { error: 'unknown path' })
  send(response, 200, {
    name: desk.name,
    url: desk.url,
    mqttUrl: desk.mqttUrl,
    version: desk.version(),
    nowMs: Date.now(),
    knobs: desk.knobs(),
    stations: desk.store.stations(),
    items: desk.store.items().slice(-200).reverse(),
  })
}

interface Order {
  readonly what: string
  readonly id: string | null
  readonly act: string | null
}

async function carryOut(desk: ProvinceDesk, { what, id, act }: Order, body: string): Promise<unknown> {
  const json = (): unknown => JSON.parse(body === '' ? '{}' : body)
  switch (what) {
    case 'bulletins':
      return publishBulletin(desk, json())
    case 'sessions':
      return publishSession(desk, json())
    case 'relays':
      return publishRelay(desk, json())
    case 'items':
      if (id !== null && act === 'withdraw') return desk.withdraw(decodeURIComponent(id))
      return desk.publish(ItemForm.parse(json()).map((draft) => checkedDraft(draft)))
    case 'media':
      if (id !== null && act === 'replace') return desk.replace(id, Replacement.parse(json()).by)
      return desk.store.addMedia(Buffer.from(z.object({ base64: z.string() }).parse(json()).base64, 'base64'), id ?? 'file', 'audio/wav')
    case 'knobs':
      return desk.turn(z.record(z.string(), z.unknown()).parse(json()))
    case 'ring':
      return desk.ring()
    default:
      throw new SyntaxError('unknown path')
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
