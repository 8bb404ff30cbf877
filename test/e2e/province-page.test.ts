// The trainer's page of the province, in a browser: a bulletin written there is spoken and published, a knob is turned, and what came
// from outside is shown as text; in both languages, and what is refused is said beside its field and stays as it was typed.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ProvinceItem } from '../../shared/domain/province.ts'
import { sealRow } from '../../station/logbook/index.ts'
import { type OpenBrowser, openBrowser } from '../support/browser.ts'
import { sealedRows } from '../support/log-entries.ts'
import { ProvinceServer } from '../support/province-server.ts'
import { linkSettings, openTestLink } from '../support/province-station.ts'
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

test('rows of a station are said in words of either language; one that is newer than the province says so', async () => {
  const link = openTestLink(linkSettings(province, join(home, 'station')))
  const [first, second] = sealedRows(2)
  if (first === undefined || second === undefined) throw new Error('no rows')
  const adopted = sealRow({ ...second, kind: 'station.adopted', subject: 'Đài thử' })
  const newer = { ...sealedRows(1, { fromSeq: 3, prevHash: adopted.hash })[0], kind: 'moon.landed' } as unknown as LogRow
  expect(await link.deliver([first, adopted, newer])).toBe('committed')
  const rows = page.locator('#rows td:nth-child(3)')
  await page.locator('#rows').getByText('nhận lại tiếng đang phát').waitFor()
  expect(await rows.allTextContents()).toEqual(['việc lạ (moon.landed)', 'nhận lại tiếng đang phát', 'lệnh người trực'])
  await page.getByRole('button', { name: 'English' }).click()
  expect(await rows.allTextContents()).toEqual(['unknown kind (moon.landed)', 'running audio adopted', 'operator’s order'])
  await page.getByRole('button', { name: 'Tiếng Việt' }).click()
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

test('what is refused is named with its field, value and remedy in either language, and nothing typed is lost', async () => {
  const before = (await items()).length
  const form = page.locator('#bulletin')
  await page.getByRole('button', { name: 'Bản tin' }).click()
  const long = 'Sạt lở '.repeat(40)
  await form.getByLabel('Tiêu đề').fill(long)
  await form.getByLabel('Nội dung').fill(' ')
  await form.getByLabel('Cấp độ rủi ro').fill('bảy')
  await form.getByLabel('Hiệu lực').fill('0')
  await form.getByRole('button', { name: 'Gửi xuống các đài' }).click()
  await page.getByText('Số ô cần sửa: 4.').waitFor()
  expect(await form.locator('.problem').allTextContents()).toEqual([
    `Tiêu đề: “${long.slice(0, 80)}…” chưa dùng được. Rút ngắn còn tối đa 200 ký tự.`,
    'Nội dung: chưa điền. Điền ô này.',
    'Cấp độ rủi ro thiên tai (1–5): “bảy” chưa dùng được. Viết bằng chữ số.',
    'Hiệu lực (phút): “0” chưa dùng được. Phải lớn hơn 0.',
  ])
  expect(await page.evaluate(() => document.activeElement?.getAttribute('name'))).toBe('title')
  expect(await form.locator('[aria-invalid]').count()).toBe(4)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByText('Fields to mend: 4.').waitFor()
  expect((await form.locator('.problem').allTextContents())[2]).toBe(
    'Disaster risk level (1–5): “bảy” cannot be used. Write it in figures.',
  )
  // Remembered, with what was typed, over a reload.
  await page.reload()
  await form.getByRole('button', { name: 'Send to the stations' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('en')
  expect(await form.getByLabel('Title').inputValue()).toBe(long)
  expect(await form.getByLabel('Disaster risk').inputValue()).toBe('bảy')
  await form.getByLabel('Title').fill('Sạt lở')
  await form.getByLabel('Disaster risk').fill('3')
  await form.getByLabel('Text').fill('Bà con tránh xa taluy.')
  await form.getByLabel('Valid for').fill('90')
  await form.getByRole('button', { name: 'Send to the stations' }).click()
  await page.getByText('sent', { exact: true }).waitFor()
  expect(await form.locator('.problem').count()).toBe(0)
  expect((await items()).slice(0, -before)).toMatchObject([{ title: 'Sạt lở', riskLevel: 3 }])
})

test('no word of one language is left on the page of the other', async () => {
  for (const name of ['Session', 'Relay', 'Bulletin']) {
    await page.getByRole('button', { name, exact: true }).click()
    await page.locator('main form:not([hidden]):not(#knobs)').getByRole('button', { name: 'Send to the stations' }).click()
    await page
      .locator('#said')
      .getByText(/Fields to mend: \d/)
      .waitFor()
    const left = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const theirs = '#items td:nth-child(2), #rows td:nth-child(4), #stations, #about, #language, script'
      const texts: string[] = []
      while (walker.nextNode())
        if (walker.currentNode.parentElement?.closest(theirs) === null) texts.push(walker.currentNode.textContent ?? '')
      return texts.filter((text) => /[À-ỹđĐ]/.test(text.normalize('NFC')))
    })
    expect([name, left]).toEqual([name, []])
  }
})

test('a knob is refused beside itself and keeps what was typed; a province that is gone is said, and found again by its new address', async () => {
  const knob = page.locator('#knobs input[name="latencyMs"]')
  await knob.fill('70000')
  await knob.press('Tab')
  await page.getByText('Answers come late (ms): “70000” cannot be used. It must be 60000 or less.').waitFor()
  await page.locator('#knobs select[name="signing"]').selectOption('frozen')
  await page.getByText('changed: Signature of the manifest').waitFor()
  expect([await knob.inputValue(), (await province.turn({})).signing]).toEqual(['70000', 'frozen'])
  const form = page.locator('#bulletin')
  await form.getByLabel('Title').fill('Chưa gửi được')
  await province.stop()
  await form.getByRole('button', { name: 'Send to the stations' }).click()
  await page.locator('#said').getByText('The province cannot be reached.').waitFor()
  province = await ProvinceServer.start(home)
  await page.locator('#about').getByText('no longer knows this page').waitFor({ timeout: withinMs })
  await page.goto(`${province.ready.page.url}/?again#${province.ready.page.token}`)
  await page.locator('#about').getByText('version').waitFor()
  expect(await form.getByLabel('Title').inputValue()).toBe('Chưa gửi được')
})
