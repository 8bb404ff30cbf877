// What a province's answer is taken for, byte for byte: rows leave the outbox for one answer only, whatever else says 200 in its place;
// and a file is gone on from only where it is the same.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { mediaEtag } from '../../../shared/province-contract.ts'
import { HttpAdapter } from '../../../station/province/http-adapter.ts'
import { fetchMedia } from '../../../station/province/media-fetch.ts'
import { answeringServer } from '../../support/answering-server.ts'
import { media } from '../../support/stub-province.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

const server = answeringServer()
const soon = () => AbortSignal.timeout(10_000)
const adapter = () => {
  const made = new HttpAdapter({ stationId: 'rig', url: server.url, ca: server.ca, token: 'x', mqttUrl: null })
  onTestFinished(() => made.close())
  return made
}
const say = (status: string, type: string, body: string, ...more: readonly string[]) =>
  [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, `Content-Length: ${Buffer.byteLength(body)}`, ...more, '', body].join('\r\n')

describe('N9: 200 from the province itself is committed, and nothing else is', () => {
  const json = 'application/json'
  it.each([
    ['200, and how many', say('200 OK', json, '{"committed":1}'), 'committed'],
    ['400: not this batch', say('400 Bad Request', 'text/plain', ''), 'unacceptable'],
    ['413: not so many', say('413 Content Too Large', 'text/plain', ''), 'unacceptable'],
    ['200 of a portal', say('200 OK', 'text/html', '{"committed":1}'), 'portal'],
    ['200 of something that speaks JSON', say('200 OK', json, '{"ok":true}'), 'portal'],
    ['200 with words round it', say('200 OK', json, '{"committed":1,"error":"later"}'), 'portal'],
    ['200 without a word', say('200 OK', json, ''), 'portal'],
    ['another 2xx', say('202 Accepted', json, '{"committed":1}'), 'status'],
    ['somewhere else', say('302 Found', 'text/html', '', 'Location: /login'), 'portal'],
    ['who are you', say('401 Unauthorized', 'text/plain', ''), 'refused'],
    ['not now', say('503 Service Unavailable', 'text/plain', ''), 'status'],
  ])('%s', async (_what, answer, outcome) => {
    server.answer(answer)
    const told = await adapter()
      .deliver('key-1', '{"records":[]}', soon())
      .catch((error: { code: string }) => error.code)
    expect(told).toBe(outcome)
    expect(server.asked.at(-1)).toMatch(/^POST \/v1\/stations\/rig\/records .*\r\nidempotency-key: key-1\r\n.*\{"records":\[\]\}$/is)
  })
})

describe('N4: a file that is gone on from', () => {
  const ref = media('0123456789')
  const etag = `ETag: ${mediaEtag(ref.sha256)}`
  const bringing = async () => {
    const folder = temporaryFolder('media')
    const path = await fetchMedia(ref, { folder, adapter: adapter(), onProgress: () => undefined }, soon())
    return readFileSync(path, 'utf8')
  }
  const whole = say('200 OK', 'application/octet-stream', ref.name, etag)
  const cut = { cut: whole.slice(0, -6) }

  it('says what it has and which file it is of; a part is taken behind what is here, the whole in its place', async () => {
    const rest = say('206 Partial Content', 'application/octet-stream', ref.name.slice(4), etag, 'Content-Range: bytes 4-9/10')
    for (const answer of [rest, whole]) {
      server.asked.length = 0
      server.answer(cut, answer)
      expect(await bringing()).toBe(ref.name)
      expect(server.asked).toHaveLength(2)
      expect(server.asked[1]).toMatch(/^range: bytes=4-\r$/im)
      expect(server.asked[1]).toContain(`If-Range: ${mediaEtag(ref.sha256)}\r\n`)
    }
  })

  it('found whole from an earlier boot it is proven again: a power cut may have left its name and not its bytes', async () => {
    const folder = temporaryFolder('media')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, ref.sha256), Buffer.alloc(ref.bytes))
    server.answer(whole)
    expect(readFileSync(await fetchMedia(ref, { folder, adapter: adapter(), onProgress: () => undefined }, soon()), 'utf8')).toBe(ref.name)
  })
})
