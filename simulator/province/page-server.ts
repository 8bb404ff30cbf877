// The province's own page over loopback HTTP, for a trainer, and the same doors for tests: write a bulletin, a session or a relay, send
// an emergency, see the stations and their rows, turn the knobs. A bearer token keeps pages of other origins out; only JSON is taken.
// A refusal is a code and the fields it is about; the page has the words.
import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { readBody } from './api.ts'
import { knobChoices } from './knobs.ts'
import { filledIn, PageRefusal, refusalOf } from './page-refusal.ts'
import type { ProvinceDesk } from './province.ts'
import { checkedDraft, publishBulletin, publishRelay, publishSession } from './publishing.ts'

const ItemForm = z.array(z.record(z.string(), z.unknown()))
const Replacement = z.object({ by: z.string().nullable() })
const Upload = z.object({ base64: z.string() })
const Turn = z.record(z.string(), z.unknown())
const Rows = z.object({ after: z.coerce.number().int().default(-1), limit: z.coerce.number().int().min(0).default(1000) })

const bodyCeilingBytes = 64 * 1024 * 1024
const files: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.js': { file: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/compose.js': { file: 'compose.js', type: 'text/javascript; charset=utf-8' },
  '/knobs.js': { file: 'knobs.js', type: 'text/javascript; charset=utf-8' },
  '/problems.js': { file: 'problems.js', type: 'text/javascript; charset=utf-8' },
  '/words.js': { file: 'words.js', type: 'text/javascript; charset=utf-8' },
  '/words.json': { file: 'words.json', type: 'application/json; charset=utf-8' },
  '/page.css': { file: 'page.css', type: 'text/css; charset=utf-8' },
}

export function createPage(desk: ProvinceDesk, token: string): Server {
  return createServer((request, response) => {
    answer(desk, token, request, response).catch((cause: unknown) => {
      const refusal = refusalOf(cause)
      send(response, refusal.status, refusal.body)
    })
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
  if (request.headers.authorization !== `Bearer ${token}`) throw new PageRefusal('TOKEN')
  const [, root, what, id, act] = url.pathname.split('/')
  if (root !== 'admin') throw new PageRefusal('UNKNOWN_PATH')
  if (request.method === 'GET') return look(desk, what ?? '', id ?? null, url, response)
  const body = await readBody(request, bodyCeilingBytes)
  if (body === null) throw new PageRefusal('TOO_LARGE')
  return send(response, 200, (await carryOut(desk, { what: what ?? '', id: id ?? null, act: act ?? null }, body)) ?? { done: true })
}

function look(desk: ProvinceDesk, what: string, id: string | null, url: URL, response: ServerResponse): void {
  if (what === 'stations' && id !== null) {
    const { after, limit } = filledIn(Rows, Object.fromEntries(url.searchParams))
    return send(response, 200, { rows: desk.store.records(decodeURIComponent(id), after, limit) })
  }
  if (what !== 'state') throw new PageRefusal('UNKNOWN_PATH')
  send(response, 200, {
    name: desk.name,
    url: desk.url,
    mqttUrl: desk.mqttUrl,
    version: desk.version(),
    nowMs: Date.now(),
    knobs: desk.knobs(),
    choices: knobChoices,
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
  const json = () => parsed(body)
  switch (what) {
    case 'bulletins':
      return publishBulletin(desk, json())
    case 'sessions':
      return publishSession(desk, json())
    case 'relays':
      return publishRelay(desk, json())
    case 'items':
      if (id !== null && act === 'withdraw') return withdraw(desk, decodeURIComponent(id))
      return desk.publish(filledIn(ItemForm, json()).map((draft) => checkedDraft(draft)))
    case 'media':
      if (id !== null && act === 'replace') return desk.replace(id, filledIn(Replacement, json()).by)
      return desk.store.addMedia(Buffer.from(filledIn(Upload, json()).base64, 'base64'), id ?? 'file', 'audio/wav')
    case 'knobs':
      return desk.turn(filledIn(Turn, json()))
    case 'ring':
      return desk.ring()
    default:
      throw new PageRefusal('UNKNOWN_PATH')
  }
}

async function withdraw(desk: ProvinceDesk, itemId: string): Promise<unknown> {
  const item = await desk.withdraw(itemId)
  if (item === null) throw new PageRefusal('UNKNOWN_ITEM', itemId)
  return item
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body)
  } catch (cause) {
    throw new PageRefusal('NOT_JSON', String(cause))
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
