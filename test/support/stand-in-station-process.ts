// Stands for the station where only its outside doors matter (start, ready line, health, sign-in, orders): a real process on a
// real port, with a record of the orders it got. `--die CODE` makes it end at once, `--mute` makes it never ready.
import { appendFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    die: { type: 'string' },
    mute: { type: 'boolean', default: false },
  },
})
if (values.die !== undefined) process.exit(Number(values.die))
const folder = values.data
if (folder === undefined) throw new Error('--data')
const token = 'fake-token-of-more-than-32-characters-in-all'
const inputs = [
  { inputId: 'mic1', kind: 'microphone' },
  { inputId: 'line1', kind: 'line' },
]

const server = createServer((request, response) => {
  const path = request.url ?? ''
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  if (path === '/healthz') return answer(200, { ok: true })
  if (path === '/')
    return void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>station</title><p>control room')
  if (request.headers.authorization !== `Bearer ${token}`) return answer(401, { data: { code: 'UNAUTHORIZED' } })
  let text = ''
  request.on('data', (bytes) => {
    text += String(bytes)
  })
  request.on('end', () => {
    appendFileSync(join(folder, 'orders.ndjson'), `${JSON.stringify({ path, body: text === '' ? null : JSON.parse(text) })}\n`)
    if (path === '/api/v1/session/codes') return answer(200, { code: 'one-time/code', expiresAtMs: 0 })
    if (path === '/api/v1/station') return answer(200, { inputs })
    if (path === '/api/v1/onair') return answer(200, [{ onAir: 'measured', phase: 'cutIn', now: null }])
    if (path === '/api/v1/onair/inputs/mic1/close') return answer(409, { data: { code: 'INPUT_NOT_OPEN', detail: {} } })
    return answer(200, { done: true })
  })
})
server.listen(Number(values.port), '127.0.0.1', () => {
  const bound = server.address()
  if (bound === null || typeof bound === 'string' || values.mute) return
  const ready = { event: 'ready', url: `http://127.0.0.1:${bound.port}`, token, pid: process.pid }
  writeFileSync(join(folder, 'station.json'), JSON.stringify(ready), { mode: 0o600 })
  process.stdout.write(`${JSON.stringify(ready)}\n`)
})
process.on('SIGTERM', () => process.exit(0))
