// The line that files come over, against a TLS server that answers byte for byte as the test says: what is not the one kind of answer it
// knows is left to others, and nothing of one answer is ever taken for a part of the next.
import { expect, it, onTestFinished } from 'vitest'
import { FileLine } from '../../../station/province/file-line.ts'
import type { HttpAnswer } from '../../../station/province/http-answer.ts'
import { answeringServer } from '../../support/answering-server.ts'

const server = answeringServer()
const line = () => {
  const made = new FileLine({ url: server.url, ca: server.ca, silenceMs: 5000, codeOf: () => 'unreachable' })
  onTestFinished(() => made.close())
  return made
}
const ask = (one: FileLine, ...texts: string[]) => {
  server.answer(...texts)
  return one.ask('/v1/media/x', { Authorization: 'Bearer x' }, AbortSignal.timeout(5000))
}
/** What was poured into a small room, so that it is asked for again and again. */
const poured = async (answer: HttpAnswer | null): Promise<string> => {
  let text = ''
  const room = Buffer.alloc(7)
  await answer?.pour({
    room: () => room,
    filled(count) {
      text += room.toString('latin1', 0, count)
      return text.length % 3 === 0 ? Promise.resolve() : null
    },
  })
  return text
}
const head = (bytes: number, more = '') => `HTTP/1.1 200 OK\r\nETag: "e"\r\nContent-Length: ${bytes}\r\n${more}\r\n`
const body = 'abcdefghijklmnopqrstuvwxyz'

it('files come one after the other over one connection, each its own bytes; a closed one is opened again', async () => {
  const one = line()
  const before = server.connections
  const first = await ask(one, head(26) + body)
  expect([first?.statusCode, first?.headers.get('etag')]).toEqual([200, '"e"'])
  expect(await poured(first)).toBe(body)
  expect(await poured(await ask(one, head(5) + body.slice(0, 5)))).toBe('abcde')
  expect(server.connections).toBe(before + 1)
  expect(await poured(await ask(one, `${head(3, 'Connection: close\r\n')}xyz`))).toBe('xyz')
  expect(await poured(await ask(one, head(0)))).toBe('')
  expect(server.connections).toBe(before + 2)
})

it.each([
  ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'],
  ['without a length', 'HTTP/1.1 200 OK\r\n\r\nabc'],
  ['with two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'],
  ['of another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['an endless head', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}`],
])('an answer %s is left to others', async (_what, text) => {
  const one = line()
  expect(await ask(one, text)).toBeNull()
  expect(await poured(await ask(one, `${head(3)}abc`))).toBe('abc')
})

it('a body that goes on after its end is refused, and a header cannot carry another', async () => {
  const one = line()
  const answer = await ask(one, head(3) + body)
  await expect(poured(answer)).rejects.toMatchObject({ code: 'changed' })
  expect(await one.ask('/x', { Authorization: 'Bearer x\r\nX: y' }, AbortSignal.timeout(1000))).toBeNull()
})

it('what the sink throws, what is not wanted, and an order to stop end it; it is whole again after each', async () => {
  const one = line()
  const full = new Error('full')
  const refusing = await ask(one, head(26) + body)
  await expect(refusing?.pour({ room: () => Buffer.alloc(9), filled: () => Promise.reject(full) })).rejects.toBe(full)
  ;(await ask(one, head(26)))?.drop()
  const stop = new AbortController()
  server.answer(head(26))
  const waiting = await one.ask('/x', {}, stop.signal)
  const end = poured(waiting)
  stop.abort(full)
  await expect(end).rejects.toBe(full)
  expect(await poured(await ask(one, head(26) + body))).toBe(body)
})
