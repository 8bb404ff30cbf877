// The knobs of the district over loopback HTTP, for the training screen and the tests: what each device is, what it has done,
// what is wrong with it. A bearer token keeps pages of other origins out; only JSON is taken.
//   GET /devices · GET /devices/ID/record?after=N · POST /devices/ID/knobs {…}
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { ZodError, z } from 'zod'
import type { VirtualDevice } from './virtual-device.ts'

const bodyCeilingBytes = 10_000

export interface FaultServer {
  readonly url: string
  readonly port: number
  close(): Promise<void>
}

export async function startFaultServer(devices: readonly VirtualDevice[], token: string, port: number): Promise<FaultServer> {
  const server = createServer((request, response) => {
    answer(devices, token, request).then(
      ({ status, body }) => send(response, status, body),
      (cause: unknown) => send(response, cause instanceof ZodError || cause instanceof SyntaxError ? 400 : 500, { error: String(cause) }),
    )
  })
  const bound = await listen(server, port)
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    async close() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

/** Listens on the port, or on any free one when it is taken. */
async function listen(server: Server, port: number): Promise<number> {
  const attempt = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await attempt(port).catch((cause: unknown) => {
    if (port === 0) throw cause
    return attempt(0)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the fault server has no port')
  return address.port
}

async function answer(
  devices: readonly VirtualDevice[],
  token: string,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: { error: 'token' } }
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const [, root, id, what] = url.pathname.split('/')
  if (root !== 'devices') return { status: 404, body: { error: 'unknown path' } }
  if (id === undefined && request.method === 'GET') return { status: 200, body: devices.map(describe) }
  const device = devices.find((one) => one.id === id)
  if (device === undefined) return { status: 404, body: { error: `no device ${id}` } }
  if (what === 'record' && request.method === 'GET') {
    const after = z.coerce
      .number()
      .int()
      .min(0)
      .parse(url.searchParams.get('after') ?? 0)
    return { status: 200, body: { next: device.record.length, rows: device.record.slice(after, after + 1000) } }
  }
  if (what === 'knobs' && request.method === 'POST') {
    await device.turn(JSON.parse(await readBody(request)))
    return { status: 200, body: describe(device) }
  }
  return { status: 404, body: { error: 'unknown path' } }
}

function describe(device: VirtualDevice): unknown {
  return {
    id: device.id,
    driver: device.config.driver,
    transport: device.config.transport,
    knobs: device.knobs(),
    recorded: device.record.length,
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) {
    text += String(chunk)
    if (text.length > bodyCeilingBytes) throw new SyntaxError('the body is too long')
  }
  return text
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
