// What a page may do (part of X9): addresses that only look like ours, frames inside our page, messages from elsewhere.
import { expect, test } from 'vitest'
import { isTrustedSender, loopbackOrigin, mayHavePermission, mayNavigate, safePageFile, type Sender } from '../../../electron/guards.ts'
import { channels, ipcHandlers, UntrustedSenderError } from '../../../electron/ipc.ts'

const station = 'http://127.0.0.1:41234'
const foreign = [
  'http://127.0.0.1:41235/',
  'http://127.0.0.1.evil.example:41234/',
  'http://127.0.0.1:41234@evil.example/',
  'http://user:pass@127.0.0.1:41234/',
  'http://localhost:41234/',
  'https://127.0.0.1:41234/',
  'http://evil.example/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'about:blank',
  'truc-song://safe.evil/',
  'truc-song://other/',
  'not an address',
  '',
]

test('the window stays on the station’s origin or the safe page', () => {
  expect(mayNavigate(`${station}/#/alerts`, station)).toBe(true)
  expect(mayNavigate('truc-song://safe/', station)).toBe(true)
  for (const url of foreign) expect(mayNavigate(url, station), url).toBe(false)
  expect(mayNavigate(`${station}/`, null), 'before a station is known nothing is its').toBe(false)
})

test('only loopback addresses over http are ever a station', () => {
  expect(loopbackOrigin('http://127.0.0.1:8080/#code=x')).toBe('http://127.0.0.1:8080')
  for (const url of ['http://10.0.0.5:8080/', 'http://127.0.0.2:8080/', 'http://0.0.0.0:1/', 'ws://127.0.0.1:1/', 'x']) {
    expect(loopbackOrigin(url), url).toBeNull()
  }
})

test('no permission but full screen, and that only to our own page', () => {
  for (const permission of ['media', 'geolocation', 'notifications', 'midi', 'hid', 'serial', 'usb', 'clipboard-read', 'openExternal']) {
    expect(mayHavePermission(permission, `${station}/`, station), permission).toBe(false)
  }
  expect(mayHavePermission('fullscreen', `${station}/`, station)).toBe(true)
  expect(mayHavePermission('fullscreen', 'http://evil.example/', station)).toBe(false)
})

const good: Sender = { frameUrl: `${station}/`, isMainFrame: true, isOurWindow: true }
const bad: readonly Sender[] = [
  { ...good, isMainFrame: false },
  { ...good, isOurWindow: false },
  { ...good, frameUrl: null },
  ...foreign.map((frameUrl) => ({ ...good, frameUrl })),
]

test('a message is taken from our page only: not from a frame in it, not from another window, not from another origin', () => {
  expect(isTrustedSender(good, station)).toBe(true)
  expect(isTrustedSender({ ...good, frameUrl: 'truc-song://safe/' }, null)).toBe(true)
  for (const sender of bad) expect(isTrustedSender(sender, station), JSON.stringify(sender)).toBe(false)
})

test('every channel checks its sender before anything else, and its argument after that', async () => {
  const refused: string[] = []
  let orders = 0
  const handlers = ipcHandlers({
    stationOrigin: () => station,
    station: () => {
      orders += 1
      return null
    },
    retryWindow: () => {
      orders += 1
    },
    onRefused: (channel) => void refused.push(channel),
  })
  expect(Object.keys(handlers).sort()).toEqual(Object.values(channels).sort())
  for (const handle of Object.values(handlers)) {
    for (const sender of bad) await expect(handle(sender, true)).rejects.toThrow(UntrustedSenderError)
  }
  expect(orders).toBe(0)
  expect(refused).toHaveLength(Object.keys(handlers).length * bad.length)
  for (const argument of ['true', 1, null, undefined, {}, { __proto__: { open: true } }]) {
    await expect(handlers[channels.microphone]!(good, argument)).rejects.toThrow(TypeError)
  }
  expect(orders).toBe(0)
  expect(await handlers[channels.stop]!(good, undefined)).toMatchObject({ done: false })
})

test('the safe page is three files by exact name', () => {
  expect(safePageFile('truc-song://safe/')).toBe('index.html')
  expect(safePageFile('truc-song://safe/page.js')).toBe('page.js')
  for (const url of [
    'truc-song://safe/..%2fmain.cjs',
    'truc-song://safe/../main.cjs',
    'truc-song://safe/page.js?x',
    'truc-song://safe/%70age.js',
    'truc-song://safex/',
  ]) {
    expect(safePageFile(url), url).toBeNull()
  }
})
