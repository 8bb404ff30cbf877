// The outside doors of a real station: who may come in, what is refused and how, and what the descriptions say.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { StationRig } from '../../support/station-rig.ts'

let rig: StationRig
beforeAll(async () => {
  rig = await StationRig.open({ config: { alerts: { liveFiring: false } } })
})
afterAll(() => rig.close())

/** One request as a stranger would send it; `fetch` does not let Host or Origin be forged. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const order = request(new URL(path, rig.station.url), { method, headers }, (answer) => {
      let text = ''
      answer.on('data', (part) => {
        text += String(part)
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
    })
    order.on('error', reject)
    order.end(body)
  })
}
const bearer = () => ({ authorization: `Bearer ${rig.station.token}` })
const json = { 'content-type': 'application/json' }

describe('who may come in', () => {
  test('no token, a wrong token, a foreign Host or Origin are refused; nothing is said about why', async () => {
    expect((await ask('GET', '/api/v1/onair')).status).toBe(401)
    expect((await ask('GET', '/api/v1/onair', { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await ask('POST', '/api/v1/onair/stop', { ...bearer(), host: 'evil.example' })).status).toBe(403)
    expect((await ask('POST', '/api/v1/onair/stop', { ...bearer(), origin: 'http://evil.example' })).status).toBe(403)
    expect((await ask('GET', '/api/v1/onair', bearer())).status).toBe(200)
  })

  test('a code is good once and gives an HttpOnly SameSite=Strict cookie that opens REST and WebSocket', async () => {
    const { code } = await rig.station.api<{ code: string }>('POST', '/session/codes', {})
    const first = await ask('POST', '/api/v1/session/exchange', json, JSON.stringify({ code }))
    const cookie = String(first.headers['set-cookie'])
    expect(first.status).toBe(200)
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect((await ask('POST', '/api/v1/session/exchange', json, JSON.stringify({ code }))).status).toBe(401)
    const value = cookie.split(';')[0] ?? ''
    expect((await ask('GET', '/api/v1/onair', { cookie: value })).status).toBe(200)
    expect((await ask('GET', '/api/v1/onair', { cookie: `${value}x` })).status).toBe(401)
    const socket = new WebSocket(`${rig.station.url.replace('http', 'ws')}/rpc`, { headers: { cookie: value } })
    await once(socket, 'open')
    socket.close()
  })

  test('a WebSocket without cookie or from a foreign page is refused', async () => {
    const url = `${rig.station.url.replace('http', 'ws')}/rpc`
    for (const headers of [{}, { ...bearer(), origin: 'http://evil.example' }]) {
      const socket = new WebSocket(url, { headers })
      const [error] = (await once(socket, 'error').catch((cause: unknown) => [cause])) as [Error]
      expect(String(error)).toMatch(/401/)
    }
  })

  test('X9: nonsense over the door changes nothing and ends nothing', async () => {
    const socket = new WebSocket(`${rig.station.url.replace('http', 'ws')}/rpc`, { headers: bearer() })
    await once(socket, 'open')
    for (const message of [
      '',
      '{}',
      'null',
      '{"i":1}',
      `{"i":1,"p":{"u":"/${'a'.repeat(5000)}","b":{"__proto__":{"polluted":1}}}}`,
      '\u0000\u0001',
    ])
      socket.send(message)
    const wrong = await ask('POST', '/api/v1/alerts', { ...bearer(), ...json }, '{"draft":{"__proto__":{"mode":"live"}}}')
    expect(wrong.status).toBe(400)
    expect((await ask('GET', '/api/v1/..%2f..%2fetc/passwd', bearer())).status).toBe(404)
    expect((await ask('GET', '/..%2f..%2fetc%2fpasswd')).status).toBe(404)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect((await rig.outputs()).map((output) => output.phase)).toEqual(['silent', 'silent'])
    socket.terminate()
  })
})

describe('X9: what is no WebSocket at all ends its own connection, and nothing of the station', () => {
  /** A raw connection that asks to become one. */
  async function upgrade(headers: Record<string, string>) {
    const { host, port } = new URL(rig.station.url)
    const socket = connect(Number(port), '127.0.0.1')
    await once(socket, 'connect')
    const asked = { Host: host, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', ...headers }
    const lines = Object.entries({ ...asked, 'Sec-WebSocket-Key': randomBytes(16).toString('base64') })
    socket.write(`GET /rpc HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    return socket
  }
  const health = async () => JSON.parse((await ask('GET', '/healthz')).text) as unknown

  test.each([
    ['an unknown opcode', Buffer.from([0x83, 0x80, 0, 0, 0, 0])],
    ['text that is no UTF-8', Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff])],
    ['a frame that is not masked', Buffer.from([0x81, 0x01, 0x41])],
    ['more than anybody may send', Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
  ])('%s', async (_, frame) => {
    const before = await health()
    const socket = await upgrade(bearer())
    await once(socket, 'data')
    socket.write(frame)
    await once(socket.resume(), 'close')
    expect(await health()).toMatchObject({ bootId: (before as { bootId: string }).bootId })
  })

  test('refused, and reset before it has read so', async () => {
    const before = await health()
    for (let times = 0; times < 20; times++) {
      const socket = await upgrade({ Origin: 'http://elsewhere.example' })
      await once(socket, 'readable')
      socket.resetAndDestroy()
    }
    expect(await health()).toMatchObject({ bootId: (before as { bootId: string }).bootId })
  })
})

describe('what the doors say', () => {
  test('OpenAPI describes every REST path of the contract', async () => {
    const description = await rig.station.api<{ openapi: string; paths: Record<string, unknown> }>('GET', '/openapi.json')
    expect(description.openapi).toMatch(/^3\.1/)
    expect(Object.keys(description.paths)).toEqual(
      expect.arrayContaining(['/onair', '/onair/stop', '/alerts/{alertId}/fire', '/schedule/{day}/items', '/logbook/verify']),
    )
  })

  test('health and metrics need no token and tell no secret', async () => {
    expect((await ask('GET', '/healthz')).status).toBe(200)
    const metrics = (await ask('GET', '/metrics')).text
    expect(metrics).toMatch(/^truc_song_device_up\{device="tx",state="\w+"\} [01]$/m)
    expect(metrics).not.toContain(rig.station.token)
  })

  test('outside training an alert is not fired until the switch is on; the refusal names the remedy', async () => {
    const alertId = await rig.armedAlert(2)
    const refused = await ask('POST', `/api/v1/alerts/${alertId}/fire`, { ...bearer(), ...json }, '{}')
    expect(refused.status).toBe(409)
    expect(JSON.parse(refused.text)).toMatchObject({
      code: 'REFUSED',
      data: { code: 'LIVE_FIRING_OFF', detail: { remedy: 'alerts.liveFiring' } },
    })
    expect((await rig.station.api<{ liveFiring: boolean }>('GET', '/station')).liveFiring).toBe(false)
    expect((await rig.rows()).filter((row) => row.kind === 'config.liveFiring')).toEqual([])
  })

  test('an alert is heard from anywhere: parts of its audio are the parts of the whole', async () => {
    const alertId = await rig.armedAlert(2, { attentionTone: true })
    const part = async (range: string, more: Record<string, string> = {}) => {
      const answer = await fetch(new URL(`/api/v1/alerts/${alertId}/audio.wav`, rig.station.url), {
        headers: { ...bearer(), ...(range === '' ? {} : { range }), ...more },
      })
      return { status: answer.status, says: answer.headers.get('content-range'), bytes: Buffer.from(await answer.arrayBuffer()) }
    }
    const whole = await part('')
    expect(whole).toMatchObject({ status: 200, says: null })
    const total = whole.bytes.length
    expect(whole.bytes.subarray(0, 4).toString()).toBe('RIFF')
    // The header alone, a part over header and sound, a part over both files, the tail, and more than there is.
    for (const [first, last] of [
      [0, 43],
      [40, 9999],
      [1000, total - 1000],
      [total - 500, total - 1],
    ] as const) {
      const { status, says, bytes } = await part(`bytes=${first}-${last}`)
      expect([status, says]).toEqual([206, `bytes ${first}-${last}/${total}`])
      expect(bytes.equals(whole.bytes.subarray(first, last + 1))).toBe(true)
    }
    expect((await part('bytes=-500')).bytes.equals(whole.bytes.subarray(-500))).toBe(true)
    expect((await part(`bytes=${total - 10}-`)).says).toBe(`bytes ${total - 10}-${total - 1}/${total}`)
    expect((await part(`bytes=0-${total * 2}`)).bytes.length).toBe(total)
    expect(await part(`bytes=${total}-`)).toMatchObject({ status: 416, says: `bytes */${total}` })
    for (const [range, more] of [
      ['bytes=5-1', {}],
      ['bytes=0-1,4-5', {}],
      ['lines=1-2', {}],
      ['bytes=0-9', { 'if-range': '"x"' }],
    ] as const)
      expect((await part(range, more)).status).toBe(200)
  })

  test('bad input names the field', async () => {
    const upload = await ask('POST', '/api/v1/library/files?contentType=speech', bearer(), 'x')
    expect(JSON.parse(upload.text)).toMatchObject({ data: { code: 'INVALID_INPUT', detail: { field: 'name' } } })
    const media = await ask('POST', '/api/v1/library/files?name=x.mp3', bearer(), 'not a sound')
    expect(media.status).toBe(409)
    expect(JSON.parse(media.text).data.code).toMatch(/^MEDIA_/)
    const power = await ask('POST', '/api/v1/devices/tx/power', { ...bearer(), ...json }, '{"powerW":-1}')
    expect(power.status).toBe(400)
    expect(power.text).toContain('powerW')
  })
})

test('SIGTERM ends a station on air within 5 s: audio silent, relays open, carrier down, rows closed', async () => {
  const other = await StationRig.open()
  try {
    await other.programmeOnAir(60)
    // Live firing on, outside training, is a row of the logbook.
    expect((await other.rows()).filter((row) => row.kind === 'config.liveFiring')).toMatchObject([
      { actor: 'config', measured: { on: true } },
    ])
    const { socketPath } = JSON.parse(await readFile(join(other.dir, 'audio.json'), 'utf8')) as { socketPath: string }
    expect(existsSync(socketPath)).toBe(true)
    expect(await other.station.stop()).toBeLessThan(5000)
    expect(other.transmitter.radiating).toBe(false)
    expect(existsSync(dirname(socketPath))).toBe(false)
    expect(other.relay.coils().some(Boolean)).toBe(false)
  } finally {
    await other.close()
  }
})
