// What came from the province, beside the schedule: decided by hand, both sides in view, every age told.
import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from 'vitest'
import type { AlertDraft } from '../../shared/domain/alert.ts'
import { epochMs } from '../../shared/domain/time.ts'
import { fakeProvince } from '../support/fake-province.ts'
import { openScreens } from './screens-harness.ts'

const screens = openScreens()

const withProvince = async () => {
  const { page, station } = await screens.open('schedule')
  station.change({ province: fakeProvince(station.now()) })
  const panel = page.locator('.province-panel')
  await panel.waitFor()
  return { page, station, panel }
}

test('an offer is placed after the chosen row, or declined with a reason', async () => {
  const { station, panel } = await withProvince()
  const offer = panel.locator('li', { hasText: 'Phòng trừ sâu cuốn lá' })
  const placed = station.order('province.place')
  await offer.getByRole('button', { name: 'Đưa vào lịch' }).click()
  expect((await placed).input).toMatchObject({ itemId: 'nong', start: { kind: 'follow' } })
  await offer.getByRole('button', { name: 'Không dùng…' }).click()
  const decline = offer.getByRole('button', { name: 'Không dùng…' })
  expect(await decline.isDisabled()).toBe(true)
  await offer.getByLabel('Lý do, tỉnh sẽ thấy').fill('Đã có bản tin của đài')
  const declined = station.order('province.decline')
  await decline.click()
  expect((await declined).input).toEqual({ itemId: 'nong', reason: 'Đã có bản tin của đài' })
})

test('a change to what the operator moved stands beside it; a clash says what it would cut', async () => {
  const { station, panel } = await withProvince()
  const conflict = panel.locator('li[data-state="conflict"]')
  expect(await conflict.locator('.both-sides section').allInnerTexts()).toEqual([
    expect.stringContaining('bảy nghìn đồng'),
    expect.stringContaining('bảy nghìn hai trăm đồng'),
  ])
  expect(await panel.locator('li[data-state="clash"]').innerText()).toContain('Thời sự 17 giờ')
  const resolved = station.order('province.resolve')
  await conflict.getByRole('button', { name: 'Giữ bản của đài' }).click()
  expect((await resolved).input).toEqual({ itemId: 'gia-lua', side: 'mine' })
})

test('what a person placed and is now past its date is put to a person: here it stands, there it is over', async () => {
  const { station, panel } = await withProvince()
  const province = fakeProvince(station.now())
  const incoming = province.incoming.map((one) =>
    one.taken === null ? one : { ...one, reason: 'expiredAbove', item: { ...one.taken, expiresAtMs: epochMs(station.now()) } },
  )
  station.change({ province: { ...province, incoming } })
  const ended = panel.locator('li[data-state="conflict"]')
  await ended.getByText('mục đài đã xếp nay quá hạn của tỉnh, cần quyết định').waitFor()
  expect(await ended.locator('.both-sides section').allInnerTexts()).toEqual([
    expect.stringContaining('bảy nghìn đồng'),
    expect.stringMatching(/^Tỉnh: hết hạn lúc \d\d\/\d\d \d\d:\d\d\s+Giá lúa gạo tuần này$/i),
  ])
  const resolved = station.order('province.resolve')
  await ended.getByRole('button', { name: 'Bỏ khỏi lịch' }).click()
  expect((await resolved).input).toEqual({ itemId: 'gia-lua', side: 'theirs' })
})

test('an alarm says its reason in words, the file to mend as it is', async () => {
  const { page, station } = await screens.open('schedule')
  const params = { reason: 'caUnreadable', what: 'province.caFile = /x/tinh.pem' }
  const alarm = {
    alarmId: 'a',
    code: 'PROVINCE_NOT_STARTED',
    params,
    priority: 2 as const,
    raisedAtMs: epochMs(station.now()),
    acknowledgedAtMs: null,
  }
  station.change({ alarms: [alarm] })
  await page.getByText('Chưa nối được với tỉnh: không đọc được tệp chứng thư (province.caFile = /x/tinh.pem)').first().waitFor()
})

test('N7: an emergency that came too late is refused and can be composed anew, as a card of the station’s own', async () => {
  const { station, panel } = await withProvince()
  const province = fakeProvince(station.now())
  const incoming = province.incoming.map((one) =>
    one.item.itemId === 'lu' ? { ...one, state: 'expired' as const, reason: 'expired', alertId: null } : one,
  )
  station.change({ province: { ...province, incoming } })
  const late = panel.locator('li[data-state="expired"]')
  const composed = station.order('compose')
  await late.getByRole('button', { name: 'Soạn lại từ bản này' }).click()
  const { draft } = (await composed).input as { draft: AlertDraft }
  expect(draft).toMatchObject({ title: 'Lũ quét khẩn cấp trên suối Nậm Kim', riskLevel: 4, source: { kind: 'text' } })
  expect(draft.expiresAtMs ?? 0).toBeGreaterThan(station.now())
})

test('an emergency whose recording is not here says so and by how much, says why where it is refused, and can be declined', async () => {
  const { station, panel } = await withProvince()
  const province = fakeProvince(station.now())
  const as = (state: 'waitingMedia' | 'mediaRefused', reason: string | null) =>
    station.change({
      province: {
        ...province,
        incoming: province.incoming.map((one) => {
          if (one.item.itemId !== 'lu' || one.item.kind !== 'bulletin') return one
          const ref = { sha256: 'a'.repeat(64), bytes: 1000, mimeType: 'audio/wav', name: 'lu.wav' }
          const media = [{ ref, haveBytes: 430, cartId: null, refused: reason }]
          return { ...one, item: { ...one.item, text: '', media: ref }, media, state, reason, alertId: null }
        }),
      },
    })
  as('waitingMedia', null)
  await panel
    .locator('li[data-state="waitingMedia"]')
    .getByText(/▲ chờ tệp tiếng .* tệp 43 %/)
    .waitFor()
  as('mediaRefused', 'MEDIA_CORRUPT')
  const refused = panel.locator('li[data-state="mediaRefused"]').filter({ hasText: 'khẩn cấp' })
  await refused.getByText('▲ tệp tiếng không dùng được: tệp tiếng bị hỏng').waitFor()
  await refused.getByRole('button', { name: 'Không dùng…' }).click()
  await refused.getByLabel('Lý do, tỉnh sẽ thấy').fill('đã đọc trực tiếp')
  const declined = station.order('province.decline')
  await refused.getByRole('button', { name: 'Không dùng…' }).click()
  expect((await declined).input).toEqual({ itemId: 'lu', reason: 'đã đọc trực tiếp' })
})

test('a session says when it begins and of what it is, a relay when it is cut', async () => {
  const { panel } = await withProvince()
  expect(await panel.locator('li', { hasText: 'Phiên trưa của tỉnh' }).locator('.province-plan').innerText()).toMatch(
    /^Từ \d\d\/\d\d \d\d:00, 2 phần: Nông nghiệp, Y tế cơ sở$/,
  )
  expect(await panel.locator('li', { hasText: 'Tiếp âm thời sự tỉnh' }).locator('.province-plan').innerText()).toMatch(
    /^\d\d\/\d\d \d\d:00–\d\d:30, hết giờ là cắt: https:\/\/phat\.laocai\.example\/thoi-su$/,
  )
})

test('the panel tells its age, reads well and hides nothing from a screen reader', async () => {
  const { page, panel } = await withProvince()
  await panel.getByText('đang liên lạc với tỉnh · mất chuông báo, tự hỏi mỗi phút · 2 phút trước').waitFor()
  const found = await new AxeBuilder({ page }).include('.province-panel').analyze()
  expect(found.violations.map((violation) => violation.id)).toEqual([])
})
