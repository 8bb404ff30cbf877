// The whole mission in four pictures, for the README, from the running product: the province's process with its trainer's page, the
// station with its desk, transmitter and relays on real sockets, sound in a private server, and the screens in Chromium. Only the night
// is not waited for: the station is stopped and started again with its clock 21 hours on.
// `node test/support/mission-shots.ts [folder]` (default docs/screens).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { PersonWithPin } from '../../shared/domain/people.ts'
import type { DayPlan } from '../../shared/domain/schedule.ts'
import { dayOf, epochMs, startOfDay } from '../../shared/domain/time.ts'
import type { AirCheckDay } from '../../shared/domain/air-check.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import { openBrowser } from './browser.ts'
import { ProvinceServer } from './province-server.ts'
import { StationRig } from './station-rig.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/screens', import.meta.url))
const faketime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'
const bulletin = {
  title: 'Lịch tiêm chủng mở rộng tháng 11',
  text:
    'Trạm y tế xã tổ chức tiêm chủng mở rộng cho trẻ dưới hai tuổi vào sáng thứ Ba. Bà con các bản đưa trẻ đến điểm tiêm trước tám giờ, ' +
    'mang theo sổ tiêm chủng. Trẻ đang sốt thì hẹn lại đợt sau. Cán bộ y tế bản đến từng nhà nhắc những gia đình ở xa.',
}

const home = mkdtempSync(join(tmpdir(), 'truc-song-mission-'))
const clockFile = join(home, 'clock')
writeFileSync(clockFile, '+0')
const province = await ProvinceServer.start(join(home, 'tinh'), { doorbell: true })
const rig = await StationRig.open({
  config: {
    station: { id: 'rig', name: 'Đài Truyền thanh – Truyền hình Mù Cang Chải', place: ['Lào Cai', 'Mù Cang Chải'] },
    alerts: { liveFiring: false },
    province: province.config(),
  },
  outputs: { fm: { name: 'FM 64,2 MHz' }, wired: { name: 'Hữu tuyến' } },
  env: { LD_PRELOAD: faketime, FAKETIME_TIMESTAMP_FILE: clockFile, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' },
})
const browser = await openBrowser(1366, 768)

async function openStation(screen: string): Promise<Page> {
  const { code } = await rig.station.api<{ code: string }>('POST', '/session/codes', {})
  const page = await browser.page(`${rig.station.url.replace(/\/$/, '')}/#code=${encodeURIComponent(code)}`)
  await page.locator('nav.nav').waitFor()
  await page.evaluate((to) => {
    localStorage.setItem('trucsong.operator', 'Giàng A Sử')
    window.location.hash = `#/${to}`
    window.location.reload()
  }, screen)
  await page.locator(`.screen.${screen === 'desk' ? 'desk' : screen}`).waitFor()
  await page.evaluate(() => document.fonts.ready)
  return page
}

const shoot = (page: Page, name: string) => page.screenshot({ path: join(folder, `${name}.png`) })

try {
  await rig.until(
    'the doorbell is heard',
    20_000,
    async () => (await rig.station.api<{ doorbell: { state: string } }>('GET', '/province')).doorbell.state === 'listening',
  )
  const noon = await rig.importTone('Bản tin trưa', 50)
  const weather = await rig.importTone('Thời tiết các xã vùng cao', 45, 520)
  const evening = await rig.importTone('Dân ca Mông', 60, 620, 'music')
  await rig.schedule('Bản tin trưa', noon.cartId, { kind: 'hard', atMs: Date.now() + 1500 })
  await rig.schedule('Thời tiết các xã vùng cao', weather.cartId, { kind: 'follow' })
  await rig.schedule('Dân ca Mông', evening.cartId, { kind: 'hard', atMs: Date.now() + 3_600_000 })
  await rig.until('it is on air', 25_000, async () => (await rig.outputs()).every((output) => output.onAir === 'measured'))

  const trainer = await browser.page(`${province.ready.page.url}/#${province.ready.page.token}`)
  await trainer.getByText('Đài thử (rig)').waitFor()
  await trainer.getByLabel('Tiêu đề').fill(bulletin.title)
  await trainer.getByLabel('Nội dung').fill(bulletin.text)
  await trainer.getByLabel('Loại').selectOption('priority')
  await shoot(trainer, 'mission-1-province')
  await trainer.getByRole('button', { name: 'Gửi xuống các đài' }).click()
  await trainer.getByText('đã gửi', { exact: true }).waitFor()

  const day = dayOf(epochMs(Date.now()))
  await rig.until('it is on the schedule', 20_000, async () =>
    (await rig.station.api<DayPlan>('GET', `/schedule/${day}`)).items.some(
      (row) => row.item.title === bulletin.title && row.state === 'proven',
    ),
  )
  const schedule = await openStation('schedule')
  await schedule.getByText(bulletin.title).first().waitFor()
  await shoot(schedule, 'mission-2-schedule')
  await schedule.close()

  await rig.until('the bulletin is on air, measured', 120_000, async () =>
    (await rig.outputs()).every((output) => output.now?.title === bulletin.title && output.onAir === 'measured'),
  )
  const desk = await openStation('desk')
  await desk.getByText(bulletin.title).first().waitFor()
  await desk.getByText(/thực phát 00:0[4-9]/).waitFor()
  await shoot(desk, 'mission-3-on-air')
  await desk.close()
  await rig.until('it was heard to its end', 120_000, async () =>
    (await rig.outputs()).every((output) => output.now?.title !== bulletin.title),
  )

  await rig.station.stop()
  writeFileSync(clockFile, `+${21 * 3600}`)
  await rig.restart()
  const { person, pin } = await rig.station.api<PersonWithPin>('POST', '/people', { name: 'Lò Thị Mai', role: 'supervisor' })
  const review = await openStation('logbook')
  await review.getByLabel('Đối chiếu').check()
  if ((await review.locator('.day-nav h1').innerText()).includes(day.split('-').reverse().join('/')) === false)
    await review.getByRole('button', { name: 'Ngày trước' }).click()
  await review.locator('.difference-row').first().waitFor()
  await review.getByLabel('Người đăng nhập').selectOption(person.personId)
  await review.getByLabel('Mã PIN').first().fill(pin)
  await review.getByRole('button', { name: 'Đăng nhập' }).click()
  await review.getByText(person.name).first().waitFor()
  // The recording is opened on the timeline, and the bulletin heard again in its waveform, 8 s after it began.
  const rows = await rig.station.api<LogRow[]>('GET', `/logbook/${day}?limit=5000`)
  const aired = rows.find((row) => row.kind === 'item.aired' && row.phase === 'open' && row.subject === bulletin.title)
  const { segments } = await rig.station.api<AirCheckDay>('GET', `/recordings/${day}?outputId=fm`)
  const segment = segments.find((each) => each.toMs > (aired?.atMs ?? 0))
  if (aired === undefined || segment === undefined) throw new Error('the bulletin was not recorded')
  const midnight = startOfDay(day)
  const track = review.locator('.review-lanes .track').last()
  const width = (await track.boundingBox())?.width ?? 0
  await track.click({ position: { x: Math.floor((width * (segment.fromMs - midnight)) / 86_400_000) - 1, y: 5 } })
  const wave = review.locator('.air-check-wave .preview-wave')
  await wave.waitFor()
  const waveBox = await wave.boundingBox()
  const into = (aired.atMs + 8_000 - segment.fromMs) / (segment.toMs - segment.fromMs)
  await wave.click({ position: { x: (waveBox?.width ?? 0) * into, y: 20 } })
  await review.locator('.difference-row').first().click()
  await review.getByLabel('Mã PIN').last().fill(pin)
  await review.getByRole('button', { name: 'Ký ngày' }).click()
  await review.getByText(`${person.name} đã ký`).waitFor()
  await review.locator('.sign-day').scrollIntoViewIfNeeded()
  await review.getByRole('button', { name: 'Dừng nghe' }).waitFor()
  await shoot(review, 'mission-4-review')
} catch (error) {
  for (const [index, page] of browser.context.pages().entries()) await shoot(page, `mission-failed-${index}`)
  throw error
} finally {
  await browser.close()
  await rig.close()
  await province.stop()
  rmSync(home, { recursive: true, force: true })
}
