// Takes a picture of every screen in both sizes, themes and languages from the fake station, into docs/screens (or a folder
// given as the first argument). `node test/support/screenshots.ts [folder] [filter]`.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { CutInId } from '../../shared/domain/ids.ts'
import { addDays, dayOf, epochMs } from '../../shared/domain/time.ts'
import { openBrowser } from './browser.ts'
import { fakeProvince } from './fake-province.ts'
import { afterMidnightMs, eveningGoesOn } from './fake-midnight.ts'
import { FakeStation, type FakeOptions } from './fake-station.ts'

interface Scene {
  readonly name: string
  readonly screen: string
  readonly options?: FakeOptions
  prepare?(station: FakeStation, page: Page): Promise<void> | void
}

const cutOff = (station: FakeStation) => ({
  cutInId: 'cutin-shot' as CutInId,
  atMs: epochMs(station.now() - 95_000),
  positionMs: 41_000,
  continues: false,
})

const scenes: readonly Scene[] = [
  {
    name: 'schedule-province',
    screen: 'schedule',
    prepare: (station) => station.change({ province: fakeProvince(station.now()) }),
  },
  { name: 'desk', screen: 'desk' },
  { name: 'desk-after-midnight', screen: 'desk', options: { nowMs: afterMidnightMs }, prepare: eveningGoesOn },
  { name: 'schedule-after-midnight', screen: 'schedule', options: { nowMs: afterMidnightMs }, prepare: eveningGoesOn },
  { name: 'desk-cut-in', screen: 'desk', prepare: (station) => void station.air('alert-1', 'cutin-shot', 'screen', 21_000) },
  {
    name: 'desk-split',
    screen: 'desk',
    prepare: (station) => {
      station.change({
        onair: station.world.onair.map((output, index) => (index === 0 ? output : { ...output, phase: 'held', onAir: 'unconfirmed' })),
      })
    },
  },
  {
    name: 'desk-resume',
    screen: 'desk',
    prepare: (station) =>
      station.change({
        onair: station.world.onair.map((output) => ({
          ...output,
          phase: 'awaitingResume',
          onAir: 'off',
          awaiting: { itemId: output.now!.itemId, title: output.now!.title, positionMs: 162_000 },
          now: null,
        })),
      }),
  },
  {
    name: 'desk-stopped',
    screen: 'desk',
    prepare: (station) =>
      station.change({
        station: { ...station.world.station, mode: 'stopped' },
        onair: station.world.onair.map((output) => ({
          ...output,
          phase: 'stopped',
          onAir: 'off',
          now: null,
          stoppedSinceMs: station.now(),
        })),
      }),
  },
  { name: 'desk-empty', screen: 'desk', options: { empty: true } },
  {
    name: 'desk-question',
    screen: 'desk',
    prepare: (station) => {
      const asked = { day: dayOf(station.now()), differenceId: 'late/fm/a', text: 'Vì sao?', by: 'Lò Thị Mai', atMs: station.now() }
      station.change({ questions: [asked, { ...asked, differenceId: 'late/fm/b' }] })
    },
  },
  {
    name: 'desk-live',
    screen: 'desk',
    prepare: (station) => {
      station.change({
        station: { ...station.world.station, training: false, liveFiring: true },
        alarms: [
          {
            alarmId: 'p1',
            priority: 1,
            code: 'CARRIER_STUCK',
            params: { device: 'Máy phát FM 64,2 MHz' },
            raisedAtMs: station.now(),
            acknowledgedAtMs: null,
          },
          ...station.world.alarms,
        ],
      })
      station.setOutputs({ phase: 'liveInput', openInputs: ['mic-1' as never], soundingInputs: ['mic-1' as never] })
    },
  },
  { name: 'alerts', screen: 'alerts' },
  {
    name: 'alerts-preview',
    screen: 'alerts',
    prepare: async (station, page) => {
      station.setAlert('alert-1', { state: 'armed', previewedMs: 18_000 })
      await page.keyboard.press('F9')
      await station.order('preview')
      station.change({ cue: { ...station.world.cue!, offsetMs: 18_000 } })
    },
  },
  {
    name: 'alerts-armed',
    screen: 'alerts',
    prepare: (station) => void station.setAlert('alert-1', { state: 'armed', previewedMs: 18_000 }),
  },
  { name: 'alerts-unheard', screen: 'alerts', prepare: (station) => void station.setAlert('alert-1', { state: 'armed', previewedMs: 0 }) },
  {
    name: 'alerts-interrupted',
    screen: 'alerts',
    prepare: (station) => void station.setAlert('alert-1', { previewedMs: 18_000, interrupted: cutOff(station) }),
  },
  {
    name: 'alerts-interrupted-armed',
    screen: 'alerts',
    prepare: (station) =>
      void station.setAlert('alert-1', { state: 'armed', previewedMs: 18_000, interrupted: { ...cutOff(station), continues: true } }),
  },
  { name: 'alerts-airing', screen: 'alerts', prepare: (station) => void station.air('alert-1', 'cutin-shot', 'screen', 34_000) },
  { name: 'alerts-drill', screen: 'alerts', prepare: (_station, page) => page.getByText('Nậm Có').first().click() },
  { name: 'alerts-result', screen: 'alerts', prepare: (_station, page) => page.getByText('Púng Luông').first().click() },
  {
    name: 'alerts-compose',
    screen: 'alerts',
    prepare: async (_station, page) => {
      await page.keyboard.press('F7')
      await page.locator('.mode-key.live').click()
      await page.locator('.template-grid button').nth(1).click()
      await page.locator('.slot-grid input').first().fill('bản Háng Sung, bản Tà Ghênh')
    },
  },
  { name: 'schedule', screen: 'schedule' },
  { name: 'schedule-edit', screen: 'schedule', prepare: (_station, page) => page.locator('tr[data-index="9"]').dblclick() },
  {
    name: 'library',
    screen: 'library',
    prepare: (station) =>
      station.change({
        library: {
          ...station.world.library,
          imports: [
            { importId: 'i1', name: 'thoi-su-tinh-21-11.mp3', state: { kind: 'working', percent: 62 } },
            { importId: 'i2', name: 'ban-tin-cu.m4a', state: { kind: 'refused', code: 'MEDIA_TRUNCATED', detail: { at: '02:13' } } },
          ],
        },
      }),
  },
  { name: 'devices', screen: 'devices' },
  { name: 'logbook', screen: 'logbook' },
  { name: 'logbook-row', screen: 'logbook', prepare: (_station, page) => page.locator('.log-scroll .log-row').nth(3).click() },
  {
    name: 'review',
    screen: 'logbook',
    prepare: async (_station, page) => {
      await page.locator('input[value="review"]').check()
      await page.locator('.day-nav button').first().click()
      await page.locator('.difference-row').nth(1).click()
      await page.locator('.difference-card .card-head .btn').click()
      await page.locator('.air-check-wave .preview-wave').waitFor()
    },
  },
  {
    name: 'month',
    screen: 'logbook',
    prepare: async (_station, page) => {
      await page.locator('input[value="month"]').check()
      await page.locator('.month-day').first().waitFor()
    },
  },
  { name: 'settings', screen: 'settings' },
  {
    name: 'people',
    screen: 'settings',
    prepare: async (station, page) => {
      station.session = { role: 'administrator', person: station.people.list[3] ?? null, untilMs: epochMs(station.now() + 1_700_000) }
      await page.locator('.settings input[value="people"]').check()
      await page.locator('.person-row').nth(1).click()
      await page.locator('.person-form .acts .btn').nth(1).click()
      await page.getByTestId('new-pin').waitFor()
    },
  },
  {
    name: 'people-retire',
    screen: 'settings',
    prepare: async (station, page) => {
      station.session = { role: 'administrator', person: station.people.list[3] ?? null, untilMs: epochMs(station.now() + 1_700_000) }
      await page.locator('.settings input[value="people"]').check()
      await page.locator('.person-row').nth(2).click()
      await page.locator('.person-form .acts .btn').nth(2).click()
    },
  },
  {
    name: 'people-operator',
    screen: 'settings',
    prepare: (_station, page) => page.locator('.settings input[value="people"]').check(),
  },
  { name: 'logbook-empty', screen: 'logbook', options: { empty: true } },
  {
    name: 'logbook-heard',
    screen: 'logbook',
    prepare: async (_station, page) => {
      await page.locator('.log-scroll .log-row').nth(6).click()
      await page.locator('.air-check-wave .preview-wave').waitFor()
    },
  },
  {
    name: 'review-asked',
    screen: 'logbook',
    prepare: async (station, page) => {
      station.session = { role: 'supervisor', person: station.people.list[1] ?? null, untilMs: epochMs(station.now() + 1_700_000) }
      await page.locator('input[value="review"]').check()
      await page.locator('.day-nav button').first().click()
      await page.locator('.difference-row').nth(2).click()
      await page.locator('.difference-card textarea').fill('Vì sao không phát mục này? Tệp thiếu từ bao giờ, ai đã biết?')
      await page.locator('.difference-card .text-form .btn').click()
      await page.locator('.note-list li').first().waitFor()
    },
  },
  {
    name: 'review-answer',
    screen: 'logbook',
    prepare: async (station, page) => {
      const day = addDays(dayOf(station.now()), -1)
      const [first] = station.review.day(day).differences
      station.review.write(day, { kind: 'asked', differenceId: first?.differenceId ?? '', text: 'Vì sao phát muộn?' })
      await page.locator('input[value="review"]').check()
      await page.locator('.day-nav button').first().click()
      await page.locator('.difference-row').first().click()
    },
  },
  {
    name: 'review-signed',
    screen: 'logbook',
    prepare: async (station, page) => {
      station.review.sign(addDays(dayOf(station.now()), -1), 'Lò Thị Mai')
      await page.locator('input[value="review"]').check()
      await page.locator('.day-nav button').first().click()
      await page.locator('.sign-day .tick').waitFor()
      await page.locator('.review-side').evaluate((side) => side.scrollTo(0, side.scrollHeight))
    },
  },
  {
    name: 'review-none',
    screen: 'logbook',
    prepare: async (_station, page) => {
      await page.locator('input[value="review"]').check()
      await page.locator('.chip-key').first().waitFor()
      await page.locator('.log-search input').fill('ban tin')
      await page.locator('.log-hits li').first().waitFor()
    },
  },
  { name: 'schedule-empty', screen: 'schedule', options: { empty: true } },
  { name: 'library-empty', screen: 'library', options: { empty: true } },
  { name: 'devices-empty', screen: 'devices', options: { empty: true } },
  { name: 'alerts-empty', screen: 'alerts', options: { empty: true } },
  { name: 'alarms-open', screen: 'desk', prepare: (_station, page) => page.locator('.alarm-holder button').first().click() },
  {
    name: 'province-lost',
    screen: 'schedule',
    prepare: (station) => {
      const province = fakeProvince(station.now())
      const link = { state: 'unreachable', reason: 'timeout', lastContactAtMs: epochMs(station.now() - 26 * 3_600_000) } as const
      station.change({ province: { ...province, incoming: [], link: { ...province.link, ...link } } })
    },
  },
  { name: 'help', screen: 'desk', prepare: (_station, page) => page.keyboard.press('F1') },
  {
    name: 'finder',
    screen: 'desk',
    prepare: async (_station, page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('bao')
    },
  },
  {
    name: 'lost',
    screen: 'desk',
    prepare: async (station, page) => {
      await station.close()
      await page.getByTestId('lost').waitFor()
    },
  },
]

const sizes = [
  [1366, 768],
  [1920, 1080],
] as const

async function shoot(folder: string, filter: RegExp): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [width, height] of sizes) {
    const browser = await openBrowser(width, height)
    for (const theme of ['day', 'night'] as const) {
      for (const language of ['vi', 'en'] as const) {
        for (const scene of scenes) {
          const name = `${scene.name}-${width}-${theme}-${language}`
          if (!filter.test(name)) continue
          const station = new FakeStation(scene.options)
          const url = await station.listen()
          const page = await browser.context.newPage()
          page.setDefaultTimeout(120_000)
          page.on('pageerror', (error) => console.error(name, error.message))
          page.on('console', (message) => message.type() === 'error' && console.error(name, message.text()))
          await page.addInitScript(
            ([chosenTheme, chosenLanguage]) => {
              localStorage.setItem('trucsong.theme', chosenTheme ?? '')
              localStorage.setItem('trucsong.language', chosenLanguage ?? '')
              localStorage.setItem('trucsong.operator', 'Giàng A Sử')
            },
            [theme, language],
          )
          await page.goto(`${url}/#/${scene.screen}`)
          await page.locator('.screen').waitFor()
          await page.evaluate(() => document.fonts.ready)
          await scene.prepare?.(station, page)
          await page.waitForFunction(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(true), 250)))),
          )
          await page.screenshot({ path: join(folder, `${name}.png`) })
          await page.close()
          await station.close()
        }
      }
    }
    await browser.close()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? fileURLToPath(new URL('../../docs/screens', import.meta.url))
  await shoot(folder, new RegExp(process.argv[3] ?? '.'))
}
