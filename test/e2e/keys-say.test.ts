// No key of the map does nothing and says nothing: pressed where there is nothing for it, it says why or where it works.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { openScreens } from './screens-harness.ts'

const screens = openScreens()

/** A screen whose every notice is written down as it comes: one that goes by itself is not missed by a test that is late. */
async function listen(screen: string) {
  const opened = await screens.open(screen)
  await opened.page.evaluate(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    new MutationObserver((changes) => {
      for (const node of changes.flatMap((change) => [...change.addedNodes]))
        if (node instanceof HTMLElement && node.matches('.notice')) heard.push(node.innerText)
    }).observe(document.body, { subtree: true, childList: true })
  })
  return opened
}

/** Waits until all these words came in one notice since the last call. */
async function said(page: Page, ...words: readonly string[]) {
  await page.waitForFunction((all) => {
    const { heard } = window as unknown as { readonly heard: string[] }
    const at = heard.findIndex((text) => all.every((word) => text.includes(word)))
    if (at >= 0) heard.length = 0
    return at >= 0
  }, words)
}

describe('preview', () => {
  test('on the desk: of what has no recording, of nothing, of another day; and while the loudspeakers are silenced it plays', async () => {
    const { page, station } = await listen('desk')
    const rows = station.world.schedule.items
    const first = station.world.onair[0]!.next!
    const follow = (row: { item: { itemId: string; title: string } } | null) =>
      station.setOutputs({ next: row && { ...first, itemId: row.item.itemId as never, title: row.item.title } })
    const stream = rows.find((row) => row.item.source.kind === 'relayStream')!
    follow(stream)
    await page.locator('.next-line', { hasText: stream.item.title }).waitFor()
    await page.keyboard.press('F9')
    await said(page, 'không có bản thu để nghe thử: nguồn là luồng mạng')
    follow({ item: { itemId: 'item-of-tomorrow', title: 'Chào ngày mới' } })
    await page.locator('.next-line', { hasText: 'Chào ngày mới' }).waitFor()
    await page.keyboard.press('F9')
    await said(page, '“Chào ngày mới” nằm ngoài lịch hôm nay')
    follow(null)
    await page.getByText('không có mục tiếp theo').waitFor()
    await page.keyboard.press('F9')
    await said(page, 'Thêm mục ở màn Lịch (Ctrl+3)')
    expect(station.orders.some((order) => order.name === 'previewCart')).toBe(false)
    const file = rows.find((row) => row.state === 'proven' && row.item.source.kind === 'file')!
    station.setOutputs({ phase: 'stopped', onAir: 'off', now: null })
    follow(file)
    await page.getByText('Loa đang ngắt').waitFor()
    await page.locator('.next-line', { hasText: file.item.title }).waitFor()
    await page.keyboard.press('F9')
    await station.order('previewCart')
  })

  test('of an alert without sound, and on the screens that play nothing', async () => {
    const { page } = await listen('alerts')
    await page.getByText('Xả lũ hồ Nậm Mu').first().click()
    await page.keyboard.press('F9')
    await said(page, 'Chưa có tiếng')
    await page.keyboard.press('Control+5')
    await page.locator('.devices').waitFor()
    await page.keyboard.press('F9')
    await said(page, 'màn Phát sóng (Ctrl+1), Khẩn cấp (Ctrl+2) hoặc Thư viện (Ctrl+4)')
  })
})

test('the red key: locked says why, and where nothing is armed says what to do', async () => {
  const { page, station } = await listen('alerts')
  await page.locator('.fire-key.locked').waitFor()
  await page.keyboard.press('F10')
  await said(page, 'bấm “Nạp tin” trước')
  const cutOff = { cutInId: 'cutin-1' as never, atMs: station.now(), positionMs: 41_000, continues: false }
  station.setAlert('alert-1', { interrupted: cutOff })
  await page.locator('.fire-key.locked', { hasText: 'chọn “Phát tiếp” hoặc “Phát lại” trước' }).waitFor()
  await page.keyboard.press('Control+1')
  await page.locator('.desk').waitFor()
  await page.keyboard.press('F10')
  await page.locator('.fire-key').waitFor()
  await said(page, 'Chưa có tin nào được nạp')
  expect(station.orders.some((order) => order.name === 'fire')).toBe(false)
})

test('keys of one screen say on another where they work; Ctrl+F finds everywhere', async () => {
  const { page, station } = await listen('settings')
  for (const [key, ...words] of [
    ['Control+ArrowRight', 'Chuyển tiếp', 'màn Phát sóng (Ctrl+1)'],
    ['Control+z', 'Hoàn tác', 'màn Lịch (Ctrl+3)'],
    ['Control+d', 'Chép ngày', 'màn Lịch (Ctrl+3)'],
    ['Alt+ArrowUp', 'Chuyển mục lên', 'màn Lịch (Ctrl+3)'],
    ['Alt+ArrowDown', 'Chuyển mục xuống', 'màn Lịch (Ctrl+3)'],
    ['Alt+n', 'Sai khác tiếp theo', 'chế độ Đối chiếu'],
  ] as const) {
    await page.keyboard.press(key)
    await said(page, ...words)
  }
  station.change({ alarms: [] })
  await page.getByTestId('alarm').waitFor({ state: 'detached' })
  await page.keyboard.press('Alt+a')
  await said(page, 'Không có sự cố nào chờ ghi nhận')
  await page.keyboard.press('Control+f')
  await page.locator('.finder input:focus').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+6')
  await page.locator('input[value="review"]').check()
  await page.keyboard.press('Control+f')
  await page.locator('.log-search input:focus').waitFor()
  expect(station.orders.filter((order) => order.name !== 'verify')).toHaveLength(0)
})

test('a row that has aired is not moved, changed or taken out, and says so; a row must be chosen to be moved', async () => {
  const { page, station } = await listen('schedule')
  await page.locator('tr[data-index]').first().waitFor()
  await page.keyboard.press('Alt+ArrowUp')
  await said(page, 'Chưa chọn mục nào')
  const aired = page.locator('tr[data-state="onAir"]')
  await aired.focus()
  for (const key of ['Alt+ArrowDown', 'Enter', 'Delete']) {
    await page.keyboard.press(key)
    await said(page, 'đã phát hoặc đang phát: không đổi trong lịch được nữa')
    await aired.focus()
  }
  await page.keyboard.press('End')
  await page.keyboard.press('Alt+ArrowDown')
  await said(page, 'đã ở đầu hoặc cuối lịch')
  expect(station.orders.filter((order) => order.name !== 'verify')).toHaveLength(0)
})
