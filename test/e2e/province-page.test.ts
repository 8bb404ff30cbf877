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

test('a knob is turned, and turned back', async () => {
  const knob = page.locator('#knobs input[name="portal"]')
  await knob.check()
  await untilAsked('turned', async () => ((await province.turn({})).portal ? true : null), withinMs)
  await knob.uncheck()
  await untilAsked('turned back', async () => ((await province.turn({})).portal ? null : true), withinMs)
})
