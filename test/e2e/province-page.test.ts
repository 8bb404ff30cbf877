// The trainer's page of the province, in a browser: a bulletin written there is spoken and published, a knob is turned, and what came
// from outside is shown as text.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ProvinceItem } from '../../shared/domain/province.ts'
import { type OpenBrowser, openBrowser } from '../support/browser.ts'
import { ProvinceServer } from '../support/province-server.ts'
import { untilAsked } from '../support/until-asked.ts'

const withinMs = 15_000
const home = mkdtempSync(join(tmpdir(), 'truc-song-province-'))
let province: ProvinceServer
let browser: OpenBrowser
let page: Page
beforeAll(async () => {
  province = await ProvinceServer.start(home)
  browser = await openBrowser(1366, 768)
  page = await browser.page(`${province.ready.page.url}/#${province.ready.page.token}`)
}, 60_000)
afterAll(async () => {
  await browser.close()
  await province.stop()
  rmSync(home, { recursive: true, force: true })
})

const items = async () => (await province.admin<{ items: ProvinceItem[] }>('GET', 'state')).items

test('a bulletin is written, spoken and published, and can be taken back', async () => {
  await page.getByText('Đài thử (rig)').waitFor()
  await page.getByLabel('Tiêu đề').fill('<img src=x onerror=alert(1)>')
  await page.getByLabel('Nội dung').fill('Sáng mai cắt nước từ bảy giờ đến chín giờ.')
  await page.getByLabel('Loại').selectOption('priority')
  await page.getByRole('button', { name: 'Gửi xuống các đài' }).click()
  await page.getByText('đã gửi', { exact: true }).waitFor()
  const [sent] = await items()
  expect(sent).toMatchObject({ kind: 'bulletin', class: 'priority', revision: 1, media: { mimeType: 'audio/wav' } })
  await page.locator('#items').getByText('<img src=x onerror=alert(1)>').waitFor()
  expect(await page.locator('#items img').count()).toBe(0)
  await page.locator('#items').getByRole('button', { name: 'Rút lại' }).click()
  await untilAsked('withdrawn', async () => ((await items())[0]?.withdrawn === true ? true : null), withinMs)
})

test('a session of two spoken parts and a relay with a fixed end are published', async () => {
  const form = (id: string) => page.locator(`#${id}`)
  await page.getByRole('button', { name: 'Phiên phát' }).click()
  await form('session').getByLabel('Tên phiên phát').fill('Phiên trưa')
  await form('session').getByLabel('Bắt đầu').fill('11:00:00')
  await form('session').getByRole('button', { name: 'Thêm phần' }).click()
  await form('session').getByLabel('Tên phần 1').fill('Nông nghiệp')
  await form('session').getByLabel('Lời phần 1').fill('Bà con chú ý sâu cuốn lá.')
  await form('session').getByLabel('Tên phần 2').fill('Y tế')
  await form('session').getByLabel('Lời phần 2').fill('Mai tiêm chủng.')
  await form('session').getByRole('button', { name: 'Gửi xuống các đài' }).click()
  await page.getByText('đã gửi', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Tiếp âm' }).click()
  await form('relay').getByLabel('Tên buổi tiếp âm').fill('Thời sự tỉnh')
  await form('relay').getByLabel('Địa chỉ luồng').fill('https://stream.example/live')
  await form('relay').getByLabel('Bắt đầu').fill('23:50:00')
  await form('relay').getByLabel('Kết thúc').fill('00:20:00')
  await form('relay').getByRole('button', { name: 'Gửi xuống các đài' }).click()
  await page.locator('#items').getByText('Thời sự tỉnh').waitFor()
  const [relay, session] = await items()
  expect(session).toMatchObject({ kind: 'session', title: 'Phiên trưa', hard: false, parts: [{ title: 'Nông nghiệp' }, { title: 'Y tế' }] })
  expect(relay).toMatchObject({ kind: 'relay', durationMs: 30 * 60_000, url: 'https://stream.example/live' })
  if (relay?.kind !== 'relay' || session?.kind !== 'session') throw new Error('not what was written')
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit' })
  expect([clock.format(session.startMs), clock.format(relay.startMs)]).toEqual(['11:00', '23:50'])
  for (const { startMs } of [session, relay]) expect(Math.abs(startMs - Date.now())).toBeLessThan(86_400_000)
  await page.locator('#items').getByText('11:00:00 · 2 phần').waitFor()
})

test('a knob is turned, and turned back', async () => {
  const knob = page.locator('#knobs input[name="portal"]')
  await knob.check()
  await untilAsked('turned', async () => ((await province.turn({})).portal ? true : null), withinMs)
  await knob.uncheck()
  await untilAsked('turned back', async () => ((await province.turn({})).portal ? null : true), withinMs)
})
