// The safe page in Chromium with its own files and policy: holding orders, letting go early does not, and what is shown is what
// the shell answered. (P4: the page that is left after four crashes.)
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { safePageFile, safePagePolicy } from '../../../electron/guards.ts'

const folder = join(import.meta.dirname, '../../../electron/safe-page')
const origin = 'http://safe.test/'
const types = { 'index.html': 'text/html; charset=utf-8', 'page.js': 'text/javascript', 'page.css': 'text/css' }
let browser: Browser
let page: Page
const orders: string[] = []
const refusals: string[] = []

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
})
afterAll(() => browser.close())

beforeEach(async () => {
  orders.length = 0
  refusals.length = 0
  page = await browser.newPage()
  page.on('console', (message) => {
    if (message.type() === 'error') refusals.push(message.text())
  })
  await page.route('**/*', (route) => {
    const file = safePageFile(route.request().url().replace(origin, 'truc-song://safe/'))
    if (file === null) return route.fulfill({ status: 403, body: '' })
    const policy = safePagePolicy.replaceAll('truc-song:', origin)
    return route.fulfill({
      body: readFileSync(join(folder, file)),
      contentType: types[file],
      headers: { 'content-security-policy': policy },
    })
  })
  await page.exposeFunction('order', (what: string) => {
    orders.push(what)
    if (what === 'microphone true') return { done: false, words: 'Đài chưa cấu hình micrô nào' }
    return { done: true, words: 'Đã ngắt tiếng toàn bộ loa' }
  })
  await page.addInitScript(() => {
    const send = (window as any).order
    ;(window as any).trucSongShell = {
      stop: () => send('stop'),
      microphone: (open: boolean) => send(`microphone ${open}`),
      retry: () => send('retry'),
    }
  })
  await page.clock.install()
  await page.goto(origin)
})
afterEach(() => page.close())

test('holding STOP for 1 s orders it once and shows the station’s answer', async () => {
  await page.hover('#stop')
  await page.mouse.down()
  await page.clock.runFor(999)
  expect(orders).toEqual([])
  await page.clock.runFor(1)
  await page.waitForFunction(() => document.getElementById('answer')?.textContent?.startsWith('✓'))
  expect(await page.textContent('#answer')).toBe('✓ Đã ngắt tiếng toàn bộ loa')
  await page.clock.runFor(5000)
  await page.mouse.up()
  expect(orders).toEqual(['stop'])
})

test('letting go early, or sliding off the key, orders nothing', async () => {
  await page.hover('#stop')
  await page.mouse.down()
  await page.clock.runFor(900)
  await page.mouse.up()
  await page.clock.runFor(2000)
  await page.hover('#open')
  await page.mouse.down()
  await page.clock.runFor(500)
  await page.hover('h1')
  await page.clock.runFor(2000)
  await page.mouse.up()
  expect(orders).toEqual([])
})

test('by keyboard; and a refusal is shown as one', async () => {
  await page.focus('#open')
  await page.keyboard.down('Space')
  await page.clock.runFor(1000)
  await page.keyboard.up('Space')
  await page.waitForFunction(() => document.getElementById('answer')?.textContent?.startsWith('✗'))
  expect(orders).toEqual(['microphone true'])
  expect(await page.textContent('#answer')).toContain('chưa cấu hình micrô')
})

test('closing the microphone needs no hold, and the way back is there', async () => {
  await page.click('#close')
  await page.click('#retry')
  await page.waitForFunction(() => document.getElementById('answer')?.textContent?.startsWith('✓'))
  expect(orders).toEqual(['microphone false', 'retry'])
})

test('its own policy lets its own files through and nothing inline', async () => {
  expect(refusals).toEqual([])
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'window.intruder = true'
    document.body.append(script)
    return (window as any).intruder === true
  })
  expect(ran).toBe(false)
})
