// The screens in a real browser: editing, importing, accessibility, and that nothing scrolls or is cut off.
import { AxeBuilder } from '@axe-core/playwright'
import { describe, expect, test } from 'vitest'
import { afterMidnightMs, eveningGoesOn } from '../support/fake-midnight.ts'
import { quietFor, openScreens } from './screens-harness.ts'

const screens = openScreens()
const all = ['desk', 'alerts', 'schedule', 'library', 'devices', 'logbook', 'settings'] as const

describe('schedule', () => {
  test('Alt+arrows and drag move a row, Delete takes it out, Ctrl+Z brings it back', async () => {
    const { page, station } = await screens.open('schedule')
    const row = (title: string) => page.locator('tr[data-index]', { hasText: title })
    await row('chăm sóc sơn tra').click()
    await page.keyboard.press('Alt+ArrowUp')
    expect((await station.order('move')).input).toMatchObject({ itemId: 'item-10', position: 8 })
    await page.locator('tr[data-index="8"]', { hasText: 'chăm sóc sơn tra' }).waitFor()
    await page.keyboard.press('Alt+ArrowDown')
    await page.locator('tr[data-index="9"]', { hasText: 'chăm sóc sơn tra' }).waitFor()

    const before = station.orders.length
    await row('chăm sóc sơn tra').locator('.grip').hover()
    await page.mouse.down()
    const target = await row('Thời tiết các xã').boundingBox()
    await page.mouse.move(400, (target?.y ?? 0) + 20, { steps: 6 })
    await page.mouse.up()
    expect((await station.order('move', before)).input).toMatchObject({ itemId: 'item-10', position: 7 })
    await page.locator('tr[data-index="7"]', { hasText: 'chăm sóc sơn tra' }).waitFor()

    await row('chăm sóc sơn tra').focus()
    await page.keyboard.press('Delete')
    await row('chăm sóc sơn tra').waitFor({ state: 'detached' })
    // The row that follows has the focus: the arrows go on from there.
    await page.locator('tr[data-index="7"]:focus').waitFor()
    await page.keyboard.press('Control+z')
    await page.locator('tr[data-index="7"]', { hasText: 'chăm sóc sơn tra' }).waitFor()
  })

  test('a drag that is abandoned with Esc moves nothing', async () => {
    const { page, station } = await screens.open('schedule')
    await page.locator('tr[data-index="9"] .grip').hover()
    await page.mouse.down()
    await page.mouse.move(400, 350, { steps: 4 })
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await quietFor(page, 200)
    expect(station.orders.some((order) => order.name === 'move')).toBe(false)
  })

  test('a row is added with its fields checked', async () => {
    const { page, station } = await screens.open('schedule')
    await page.getByRole('button', { name: 'Thêm mục' }).click()
    await page.getByRole('button', { name: 'Lưu' }).click()
    await page.getByText('Chọn bài', { exact: true }).waitFor()
    await page.getByPlaceholder('Gõ để tìm bài').fill('hoa tau')
    await page.getByRole('option', { name: 'Hòa tấu sáo Mông', exact: true }).click()
    await page.getByLabel('Đúng giờ').check()
    await page.getByLabel('Giờ bắt đầu').fill('19:30')
    await page.getByRole('button', { name: 'Lưu' }).click()
    expect((await station.order('add')).input.draft).toMatchObject({
      title: 'Hòa tấu sáo Mông',
      source: { kind: 'file', cartId: 'cart-9' },
      start: { kind: 'hard' },
      contentType: 'music',
    })
  })

  test('without a mouse: the editor takes the focus, and gives it back to the row', async () => {
    const { page } = await screens.open('schedule')
    await page.locator('tr[data-index="9"]').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Nguồn').and(page.locator(':focus')).waitFor()
    await page.getByRole('button', { name: 'Thôi', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.locator('tr[data-index="9"]:focus').waitFor()
  })

  test('the day is copied', async () => {
    const { page, station } = await screens.open('schedule')
    await page.keyboard.press('Control+d')
    await page.getByRole('button', { name: 'Chép ngày', exact: true }).click()
    expect((await station.order('copyDay')).input).toEqual({ day: '2026-11-21', to: '2026-11-22' })
  })
})

describe('library', () => {
  test('search without marks, Space previews here and is text in the field', async () => {
    const { page, station } = await screens.open('library')
    await page.keyboard.press('Control+f')
    await page.keyboard.type('duong dat')
    await page.getByText('Không có bài nào khớp').waitFor()
    await page.locator('input[type=search]').fill('dat dai o ban')
    await page.getByRole('option').first().click()
    expect(station.orders).toHaveLength(0)
    await page.locator('.cart-scroll').focus()
    await page.keyboard.press('Space')
    await station.order('previewCart')
  })

  test('a refused file says why and what to do, and stays until it is read', async () => {
    const { page, station } = await screens.open('library')
    station.refuseUpload = { code: 'MEDIA_TRUNCATED', detail: { at: '02:13' } }
    await page.locator('input[type=file]').setInputFiles({ name: 'ban-tin.mp3', mimeType: 'audio/mpeg', buffer: Buffer.alloc(5_000, 7) })
    const refused = page.getByTestId('refused')
    await refused.waitFor()
    expect(await refused.innerText()).toContain('Tệp bị cụt ở 02:13')
    expect(await refused.innerText()).toContain('Chép lại tệp từ nguồn')
    expect(station.orders.find((order) => order.name === 'upload')?.input).toMatchObject({ name: 'ban-tin.mp3', bytes: 5_000 })
    await refused.getByRole('button').click()
    await refused.waitFor({ state: 'detached' })
  })
})

describe('desk', () => {
  test('next waits one second and can be taken back; then it names what it saw on air', async () => {
    const { page, station } = await screens.open('desk')
    await page.keyboard.press('Control+ArrowRight')
    await page.keyboard.press('Control+ArrowRight')
    await quietFor(page, 1_200)
    expect(station.orders).toHaveLength(0)
    await page.keyboard.press('Control+ArrowRight')
    const order = await station.order('next')
    expect(order.input).toMatchObject({ expectItemId: 'item-7' })
  })

  test('next goes out although the desk is left within its second, and says so there; the key takes it back from everywhere', async () => {
    const { page, station } = await screens.open('desk')
    await page.keyboard.press('Control+ArrowRight')
    await page.keyboard.press('Control+3')
    await page.locator('[data-screen="schedule"]').waitFor()
    expect(station.orders).toHaveLength(0)
    expect((await station.order('next')).input).toMatchObject({ expectItemId: 'item-7' })
    await page.locator('.notice', { hasText: 'Chuyển tiếp' }).waitFor()
    const sent = station.orders.length
    await page.keyboard.press('Control+1')
    await page.locator('[data-screen="desk"]').waitFor()
    await page.keyboard.press('Control+ArrowRight')
    await page.keyboard.press('Control+3')
    await page.keyboard.press('Control+ArrowRight')
    await quietFor(page, 1_200)
    expect(station.orders).toHaveLength(sent)
  })

  test('next into an alert that cut in meanwhile, or has the air, is refused in words; in a text field the key moves a word', async () => {
    const { page, station } = await screens.open('desk')
    const refusal = page.locator('.notice.refused', { hasText: 'Chuyển tiếp' })
    await page.keyboard.press('Control+ArrowRight')
    station.air('alert-1', 'cutin-1', 'surface')
    await refusal.waitFor()
    await refusal.getByRole('button').click()
    await refusal.waitFor({ state: 'detached' })
    await page.keyboard.press('Control+ArrowRight')
    await refusal.waitFor()
    const sent = station.orders.length
    await page.keyboard.press('Control+k')
    await page.keyboard.type('tin khan')
    await page.keyboard.press('Control+ArrowRight')
    await quietFor(page, 1_200)
    expect(station.orders).toHaveLength(sent)
  })

  test('Space airs nothing; a hot key plays and stops; the newest fault is acknowledged', async () => {
    const { page, station } = await screens.open('desk')
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    expect(station.orders).toHaveLength(0)
    await page.keyboard.press('Control+F1')
    expect((await station.order('hotKey')).input).toMatchObject({ slot: 1, via: 'keyboard' })
    await page.locator('.hot-key.playing').waitFor()
    await page.keyboard.press('Control+F1')
    await station.order('stopHotKey')
    await page.keyboard.press('Alt+a')
    expect((await station.order('acknowledge')).input).toEqual({ alarmId: 'a1' })
  })
})

describe('after midnight', () => {
  test('what is left of the evening stands before the new day, is what is listened to, and is found', async () => {
    const { page, station } = await screens.open('desk', { nowMs: afterMidnightMs })
    eveningGoesOn(station)
    const rundown = page.locator('.rundown')
    await rundown.locator('tr[data-state="onAir"]', { hasText: 'Hướng dẫn sơ tán' }).waitFor()
    expect(
      (await rundown.locator('tr').allInnerTexts()).slice(0, 6).map((text) =>
        text
          .split(/[\t\n]/)
          .filter(Boolean)
          .slice(0, 2),
      ),
    ).toEqual([
      ['Từ hôm trước'],
      ['23:55:00', expect.stringContaining('Hướng dẫn sơ tán')],
      ['00:15:00', 'Lịch trực hồ chứa và ngầm tràn trong đêm'],
      ['00:25:00', 'Tin bão số 13 lúc 0 giờ 25'],
      ['Hôm nay'],
      ['05:00:00', expect.stringContaining('Nhạc hiệu đài')],
    ])
    // What is on is a row of the rundown, and what comes next has its recording.
    await page.locator('.now .meta', { hasText: 'tệp' }).waitFor()
    await page.keyboard.press('F9')
    await station.order('previewCart')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('ngam tran')
    await page.getByRole('option', { name: 'ngầm tràn' }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('Từ hôm trước còn 3 mục').waitFor()
  })
})

describe('alerts', () => {
  test('composed from a template: mode first, every slot, then it is shown with its words', async () => {
    const { page, station } = await screens.open('alerts')
    await page.keyboard.press('F7')
    await page.getByText('Chọn THẬT hay DIỄN TẬP', { exact: true }).waitFor()
    await page.locator('.mode-key.drill').click()
    await page.getByRole('button', { name: 'Hết nguy hiểm', exact: true }).click()
    for (const field of await page.locator('.slot-grid input').all()) await field.fill('xã Lao Chải')
    await page.getByRole('button', { name: 'Soạn và tạo tiếng' }).click()
    const order = await station.order('compose')
    expect(order.input.draft).toMatchObject({ mode: 'drill', templateId: 'het', readings: 2 })
    expect(order.input.draft.source.text).not.toContain('{')
    await page.locator('.mode-band.drill').waitFor()
    await page.getByRole('heading', { name: 'Hết nguy hiểm: xã Lao Chải' }).waitFor()
    // The hand is at the alert, not at the top of the window: Tab goes on from there.
    await page.locator('.alert-one:focus').waitFor()
  })

  test('preview on the cue device marks the words as they are read', async () => {
    const { page, station } = await screens.open('alerts')
    await page.keyboard.press('F9')
    await station.order('preview')
    station.change({ cue: { ...station.world.cue!, offsetMs: 14_000 } })
    await page.locator('.spoken .heard').nth(5).waitFor()
    await page.keyboard.press('F9')
    await station.order('stopPreview')
    await page.locator('.spoken .heard').first().waitFor({ state: 'detached' })
  })

  test('without a cue device the browser plays and tells how much was heard', async () => {
    const { page, station } = await screens.open('alerts', { cue: 'browser' })
    await page.keyboard.press('F9')
    let after = 0
    for (let heardMs = 0; heardMs < 1_500; after += 1) heardMs = (await station.order('previewed', after)).input.ms
    await page.getByText('qua loa máy tính này').first().waitFor()
  })

  test('on air: stop and correction side by side; the correction is held, armed and fired', async () => {
    const { page, station } = await screens.open('alerts')
    station.air('alert-1', 'cutin-1', 'screen')
    const correct = page.locator('.end-correct')
    await correct.hover()
    await page.mouse.down()
    const fire = await station.order('fire')
    await page.mouse.up()
    expect(station.orders.map((order) => order.name)).toEqual(['arm', 'stopAlert', 'fire'])
    expect(fire.input).toMatchObject({ alertId: 'alert-correction' })
  })

  test('the preview ends when the alert airs; what was stopped before its end has no tick', async () => {
    const { page, station } = await screens.open('alerts')
    await page.keyboard.press('F9')
    await station.order('preview')
    station.air('alert-1', 'cutin-1', 'keyboard', 4_000)
    await station.order('stopPreview')
    station.endAir('cutin-1')
    await page.getByText('bị dừng giữa chừng').first().waitFor()
    await page.getByText('00:04 / 01:02').waitFor()
    expect(await page.locator('.facts .tick').count()).toBe(0)
  })
})

describe('every screen', () => {
  test.each(all)('%s: axe finds nothing, in both themes', async (screen) => {
    const { page } = await screens.open(screen)
    for (const theme of ['day', 'night']) {
      await page.evaluate((chosen) => localStorage.setItem('trucsong.theme', chosen), theme)
      await page.reload()
      await page.locator('.screen').waitFor()
      const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(
        result.violations.map(
          (violation) =>
            `${violation.id}: ${violation.nodes
              .map((node) => node.target.join(' '))
              .slice(0, 4)
              .join(' | ')}`,
        ),
      ).toEqual([])
    }
    await page.evaluate(() => localStorage.clear())
  })

  test.each(all)('%s: nothing scrolls the page, targets are 44 px, nothing leaves its card', async (screen) => {
    const { page } = await screens.open(screen)
    const found = await page.evaluate(() => {
      const root = document.documentElement
      const small = [
        ...document.querySelectorAll<HTMLElement>(
          'button, [role="button"], input:not([type="radio"]):not([type="file"]):not([type="checkbox"]), .choice label',
        ),
      ]
        .filter((element) => element.checkVisibility() && element.closest('.skip') === null)
        .map((element) => ({
          element,
          box: element.getBoundingClientRect(),
          reach: element.matches('.small-target, .output-tabs button') ? 16 : 0,
        }))
        .filter(({ box, reach }) => box.height + reach < 41.9 || box.width < 43.9)
        .map(
          ({ element, box }) =>
            `${element.className} ${element.textContent?.slice(0, 20)} ${Math.round(box.width)}×${Math.round(box.height)}`,
        )
      const outside = [...document.querySelectorAll<HTMLElement>('.card, .frame, .ribbon')]
        .filter(
          (element) =>
            element.closest('.devices') === null &&
            (element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().bottom > innerHeight + 1),
        )
        .map((element) => element.className)
      return { scrolls: root.scrollHeight > innerHeight || root.scrollWidth > innerWidth, small, outside }
    })
    expect(found).toEqual({ scrolls: false, small: [], outside: [] })
  })

  test('nothing is asked of another host, no script is inline', async () => {
    const { page, url } = await screens.open('desk')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.reload()
    await page.locator('.screen').waitFor()
    expect(asked.filter((each) => !each.startsWith(url) && !each.startsWith('data:'))).toEqual([])
    expect(await page.locator('script:not([src])').count()).toBe(0)
  })

  test('while an alert airs no dialog covers the screen and the frame stays', async () => {
    const { page, station } = await screens.open('desk')
    // What aired last is told with its day when that is not today.
    await page.locator('.emergency').getByText('gần nhất 20/11 09:07').waitFor()
    station.air('alert-1', 'cutin-1', 'screen')
    await page.keyboard.press('F1')
    expect(await page.locator('[role="dialog"][aria-modal="true"]').count()).toBe(0)
    expect(await page.locator('.frame').isVisible()).toBe(true)
    await page.getByText('TIN KHẨN CẤP · ĐANG PHÁT').waitFor()
    // The times under the alert's waveform are the alert's: the item that it cut off began at 11:05:00.
    expect(await page.locator('.now-foot').innerText()).toMatch(/^11:07:4\d → 11:08:4\d/)
    await page.locator('.emergency').getByText('gần nhất 11:07').waitFor()
  })
})
