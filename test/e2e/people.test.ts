// The people of the station in a real browser: an administrator adds, changes, renews and retires by keyboard alone; a PIN is shown
// once; everybody else sees the list, and is told which role it takes.
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { fakeNewPin, fakePin } from '../support/fake-people.ts'
import { openScreens } from './screens-harness.ts'

const screens = openScreens()

async function openPeople() {
  const opened = await screens.open('settings')
  await opened.page.getByLabel('Người, mã PIN').check()
  await opened.page.locator('.person-row').first().waitFor()
  return opened
}

async function signIn(page: Page) {
  await page.getByLabel('Mã PIN', { exact: true }).fill(fakePin)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Thêm người' }).waitFor()
}

const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '')

test('a person is added by keyboard; the PIN is shown once and is gone when it was written down', async () => {
  const { page, station } = await openPeople()
  await signIn(page)
  await page.getByRole('button', { name: 'Thêm người' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('Sùng Thị Dua')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  expect((await station.order('people.save')).input).toEqual({ personId: null, name: 'Sùng Thị Dua', role: 'supervisor' })
  const pin = page.getByTestId('new-pin')
  await pin.waitFor()
  expect((await pin.innerText()).replace(/\s/g, '')).toBe(fakeNewPin)
  expect(await focused(page)).toBe('Đã ghi lại')
  await page.keyboard.press('Enter')
  await pin.waitFor({ state: 'detached' })
  expect(await page.content()).not.toContain(fakeNewPin)
  expect(await focused(page)).toContain('Sùng Thị Dua')
})

test('role, new PIN and retirement, which is asked twice; the only administrator stays', async () => {
  const { page, station } = await openPeople()
  await signIn(page)
  await page.locator('.person-row').first().focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  expect(await focused(page)).toContain('Vàng A Chu')
  await page.keyboard.press('Enter')
  await page.getByRole('radio', { name: 'giám sát' }).check()
  await page.getByRole('button', { name: 'Lưu' }).click()
  expect((await station.order('people.save')).input).toEqual({ personId: 'p-3', name: 'Vàng A Chu', role: 'supervisor' })
  await page.locator('.person-row', { hasText: 'Vàng A Chu' }).getByText('giám sát').waitFor()
  expect(await page.getByTestId('new-pin').count()).toBe(0)

  await page.getByRole('button', { name: 'Cấp PIN mới' }).click()
  await page.getByText('Mã PIN mới của Vàng A Chu').waitFor()
  await page.getByRole('button', { name: 'Đã ghi lại' }).click()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Cho nghỉ…' }).click()
  expect(station.orders.some((order) => order.name === 'people.remove')).toBe(false)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Cho nghỉ…' }).click()
  expect(await focused(page)).toBe('Cho Vàng A Chu nghỉ')
  await page.keyboard.press('Enter')
  expect((await station.order('people.remove')).input).toEqual({ personId: 'p-3' })
  await page.locator('.person-row', { hasText: 'Vàng A Chu' }).waitFor({ state: 'detached' })
  expect(await page.getByTestId('new-pin').count()).toBe(0)

  await page.locator('.person-row', { hasText: 'Hoàng Thu Hà' }).click()
  await page.getByRole('button', { name: 'Cho nghỉ…' }).click()
  await page.getByRole('button', { name: 'Cho Hoàng Thu Hà nghỉ' }).click()
  await page.getByText('Hoàng Thu Hà là quản trị duy nhất').waitFor()
  await page.locator('.person-row', { hasText: 'Hoàng Thu Hà' }).waitFor()
})

test('another role sees the list and which role it takes; a right that ended meanwhile is refused in words', async () => {
  const { page, station } = await openPeople()
  expect(await page.locator('.person-row').count()).toBe(4)
  expect(await page.locator('.person-row:enabled').count()).toBe(0)
  expect(await page.getByRole('button', { name: 'Thêm người' }).count()).toBe(0)
  await page.getByText('Chỉ quản trị thêm người', { exact: false }).waitFor()
  await signIn(page)
  await page.locator('.person-row').first().click()
  // Half an hour later, without anybody telling this screen.
  station.session = { role: 'operator', person: null, untilMs: null }
  await page.getByRole('button', { name: 'Cấp PIN mới' }).click()
  await page.getByText('Việc này cần vai trò quản trị').waitFor()
  await page.getByRole('button', { name: 'Thêm người' }).waitFor({ state: 'detached' })
  expect(await page.getByTestId('new-pin').count()).toBe(0)
})

test('nothing on the page is inaccessible or cut off, with a PIN on it too', async () => {
  const { page } = await openPeople()
  await signIn(page)
  await page.locator('.person-row').nth(1).click()
  await page.getByRole('button', { name: 'Cấp PIN mới' }).click()
  await page.getByTestId('new-pin').waitFor()
  const axe = await new AxeBuilder({ page: page as never }).withTags(['wcag2a', 'wcag2aa', 'wcag22aa']).analyze()
  expect(axe.violations.map((each) => [each.id, each.nodes.map((node) => node.html).slice(0, 3)])).toEqual([])
  const scrolls = await page.evaluate(() => document.documentElement.scrollHeight > document.documentElement.clientHeight)
  expect(scrolls).toBe(false)
})
