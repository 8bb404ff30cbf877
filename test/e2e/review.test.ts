// The supervisor's day in a real browser: differences by filter and key, asked and answered, signed by PIN, the month, the search;
// and a click on the timeline that is heard.
import { expect, test } from 'vitest'
import { addDays, dayOf } from '../../shared/domain/time.ts'
import { fakePin } from '../support/fake-people.ts'
import type { FakeStation } from '../support/fake-station.ts'
import { openScreens } from './screens-harness.ts'
import { AxeBuilder } from '@axe-core/playwright'

const screens = openScreens()

async function openReview(before: (station: FakeStation) => void = () => undefined) {
  const opened = await screens.open('logbook')
  before(opened.station)
  await opened.page.getByLabel('Đối chiếu').check()
  await opened.page.getByRole('button', { name: 'Ngày trước' }).click()
  await opened.page.locator('.difference-row').first().waitFor()
  return opened
}

test('differences are counted, filtered, and gone through by key; nothing on the page is inaccessible or cut off', async () => {
  const { page } = await openReview()
  expect(await page.locator('.difference-row').count()).toBe(6)
  await page.keyboard.press('Alt+n')
  await page.keyboard.press('Alt+n')
  expect(await page.locator('.difference-row[aria-pressed="true"]:focus').innerText()).toContain('Bị cắt ngắn')
  await page.keyboard.press('ArrowDown')
  expect(await page.locator('.difference-row[aria-pressed="true"]:focus').innerText()).toContain('Không phát')
  // The list is one stop of the Tab key: what is done about the difference is beside it.
  await page.keyboard.press('Tab')
  await page.getByLabel('Người đăng nhập').and(page.locator(':focus')).waitFor()
  await page
    .getByRole('button', { name: /^Bị thay/ })
    .first()
    .click()
  expect(await page.locator('.difference-row').count()).toBe(1)
  const axe = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze()
  expect(axe.violations.map((each) => [each.id, each.nodes.map((node) => node.html).slice(0, 3)])).toEqual([])
  const scrolls = await page.evaluate(() => document.documentElement.scrollHeight > document.documentElement.clientHeight)
  expect(scrolls).toBe(false)
})

test('a supervisor signs in by PIN, asks, and signs; a wrong PIN is told; the month shows it', async () => {
  const { page, station } = await openReview()
  await page.getByLabel('Mã PIN').first().fill('000000')
  await page.getByRole('button', { name: 'Đăng nhập' }).click()
  await page.getByText('Sai mã PIN', { exact: false }).waitFor()
  await page.locator('.difference-row').first().click()
  await page.getByLabel('Mã PIN').first().fill(fakePin)
  await page.keyboard.press('Enter')
  await page.getByText('Lò Thị Mai').first().waitFor()
  // The form is gone with its PIN; the hand is at the difference.
  await page.locator('.difference-row:focus').waitFor()
  await page.getByLabel('Yêu cầu giải trình').fill('Vì sao phát muộn?')
  await page.getByRole('button', { name: 'Yêu cầu giải trình' }).click()
  expect((await station.order('ask')).input).toMatchObject({ differenceId: 'late/fm/Bản tin sáng', text: 'Vì sao phát muộn?' })
  await page.locator('.note-list').getByText('Vì sao phát muộn?').waitFor()
  // The list says it without opening one by one, and which output it was.
  expect(await page.locator('.difference-row').first().innerText()).toMatch(/FM[\s\S]*▲ chờ giải trình/)
  await page.getByText('1 yêu cầu chưa có giải trình').first().waitFor()
  await page.getByLabel('Mã PIN').last().fill(fakePin)
  await page.getByRole('button', { name: 'Ký ngày' }).click()
  await page.getByText('Lò Thị Mai đã ký').waitFor()
  await page.getByLabel('Tháng').check()
  await page.locator('.month-day', { hasText: '20/11' }).getByText('✓ Lò Thị Mai').waitFor()
  await page.locator('.month-day', { hasText: '18/11' }).getByText('chưa ký').waitFor()
  // Today cannot be signed yet; what is unsigned is counted from today, however the month was reached.
  await page.locator('.month-day', { hasText: '21/11' }).getByText('đang diễn ra').waitFor()
  await page.getByText('2 ngày chưa ký').waitFor()
  await page.getByRole('button', { name: 'Tháng trước' }).click()
  await page.getByRole('heading', { name: 'Tháng 10/2026' }).waitFor()
  await page.getByRole('button', { name: 'Tháng sau' }).click()
  await page.getByText('2 ngày chưa ký').waitFor()
})

test('a question of the supervisor is a key on every screen until it is answered there; it opens its difference', async () => {
  const { page, station } = await screens.open('desk')
  const key = page.getByRole('button', { name: /cần giải trình/ })
  expect(await key.count()).toBe(0)
  const day = addDays(dayOf(station.now()), -1)
  const differenceId = 'cutShort/fm/Thời sự huyện'
  station.review.write(day, { kind: 'asked', differenceId, text: 'Vì sao cắt?' })
  station.change({ questions: [{ day, differenceId, text: 'Vì sao cắt?', by: 'Lò Thị Mai', atMs: station.now() }] })
  expect((await key.innerText()).replace(/\s+/g, ' ')).toBe('▲ 1 cần giải trình')
  expect(await key.getAttribute('title')).toBe('Lò Thị Mai: Vì sao cắt?')
  // By keyboard, from the screens' own keys.
  await page.getByRole('button', { name: 'Cài đặt' }).focus()
  await page.keyboard.press('Tab')
  await key.and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Enter')
  const row = page.locator('.difference-row[aria-pressed="true"]:focus')
  await row.waitFor()
  expect(await row.innerText()).toContain('Thời sự huyện')
  await page.getByLabel('Trả lời giải trình').fill('Nhường tin lũ')
  await page.getByRole('button', { name: 'Trả lời giải trình' }).click()
  expect((await station.order('answer')).input).toMatchObject({ day, differenceId, text: 'Nhường tin lũ' })
  await key.waitFor({ state: 'detached' })
  await page.locator('.difference-row', { hasText: 'Thời sự huyện' }).getByText('✓ đã giải trình').waitFor()
})

test('what ran over midnight is drawn on the day it ran into, planned and sent', async () => {
  const { page } = await openReview()
  const night = page.locator('.review-lanes .track i[title="Ca nhạc khuya"]')
  expect(await night.count()).toBe(2)
  const styles = await night.evaluateAll((bars) => bars.map((bar) => [bar.style.left, Number.parseFloat(bar.style.width).toFixed(2)]))
  expect(styles).toEqual([
    ['0%', '2.78'],
    ['0%', '2.78'],
  ])
})

test('words are found without marks and open their day', async () => {
  const { page } = await openReview()
  await page.getByLabel('Tìm trong toàn bộ nhật ký, không cần dấu').fill('ban tin')
  await page.locator('.log-hit').first().click()
  await page.locator('.review').waitFor()
})

test('a click on the timeline is heard from there, a difference from its own second, and rows are marked in the waveform', async () => {
  const { page, station } = await openReview()
  const track = page.locator('.review-lanes .track').last()
  const box = (await track.boundingBox())!
  await track.click({ position: { x: box.width / 2, y: 5 } })
  expect((await station.order('heard')).input).toBe('/api/v1/recordings/fm_144/audio')
  await page.waitForFunction(() => /^12:0\d:\d\d$/.test(document.querySelector('.air-check-time span:last-child')?.textContent ?? ''))
  await page.locator('.air-check-wave .preview-wave').waitFor()
  const before = station.orders.length
  await page.locator('.difference-row').nth(1).click()
  await page.getByRole('button', { name: 'Nghe từ 05:41:00' }).click()
  expect((await station.order('heard', before)).input).toBe('/api/v1/recordings/fm_68/audio')
  await page.waitForFunction(() => /^05:41:\d\d$/.test(document.querySelector('.air-check-time span:last-child')?.textContent ?? ''))
  // In its waveform a mark stands where the logbook has a row: none in these five minutes, the alert twelve seconds into those.
  const marks = page.locator('.air-check-mark')
  expect(await marks.count()).toBe(0)
  await page.locator('.difference-row', { hasText: 'Ngoài lịch' }).click()
  await page.getByRole('button', { name: 'Nghe từ 11:00:12' }).click()
  await marks.waitFor({ state: 'attached' })
  const shown = await marks.evaluateAll((all) =>
    all.map((each) => [each.getAttribute('title'), Number.parseFloat(each.style.left)] as const),
  )
  expect(shown).toEqual([['Lũ khẩn cấp', expect.closeTo(4, 0)]])
})

test('a click before the recording is known is heard once it is, and is never called unrecorded', async () => {
  const known = Promise.withResolvers<void>()
  const { page, station } = await openReview((each) => {
    each.holdRecordings = known.promise
  })
  const track = page.locator('.review-lanes .track').last()
  const box = (await track.boundingBox())!
  await track.click({ position: { x: box.width / 2, y: 5 } })
  expect(await page.getByText('Lúc đó không có bản thu').count()).toBe(0)
  known.resolve()
  expect((await station.order('heard')).input).toBe('/api/v1/recordings/fm_144/audio')
})

test('a row is heard from its own second: by a click, by Enter, and by its button', async () => {
  const { page } = await screens.open('logbook')
  const heardAt = (time: string) =>
    page.waitForFunction(
      (from) => (document.querySelector('.air-check-time span:last-child')?.textContent ?? '').startsWith(from),
      time.slice(0, 5),
    )
  const row = page.locator('.log-scroll .log-row').nth(3)
  await row.click()
  await heardAt(await row.locator('.num').first().innerText())
  await page.locator('.air-check-wave .preview-wave').waitFor()
  await page.getByRole('listbox').focus()
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('PageDown')
  const other = page.locator('.log-row[aria-selected="true"]')
  const time = await other.locator('.num').first().innerText()
  await page.keyboard.press('Enter')
  await heardAt(time)
  await page.getByRole('button', { name: 'Dừng nghe' }).click()
  await page
    .locator('.log-detail')
    .getByRole('button', { name: `Nghe từ ${time}` })
    .click()
  await page.getByRole('button', { name: 'Dừng nghe' }).waitFor()
})

test('what is still being recorded is heard and has its waveform; where nothing is recorded, that is said', async () => {
  const { page, station } = await screens.open('logbook')
  await page.getByLabel('Đối chiếu').check()
  const track = page.locator('.review-lanes .track').last()
  const box = (await track.boundingBox())!
  // 11:07:42 at the fake station: the segment that began at 11:05 is open.
  await track.click({ position: { x: ((box.width - 2) * (11 * 60 + 6)) / 1440, y: 5 } })
  expect((await station.order('heard')).input).toBe('/api/v1/recordings/fm_133/audio')
  await page.locator('.air-check-wave .preview-wave').waitFor()
  await track.click({ position: { x: (box.width * 20) / 24, y: 5 } })
  await page.getByText('Lúc đó không có bản thu').waitFor()
})
