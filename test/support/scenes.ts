// Every screen in every state worth looking at, on the fake station: what pictures are taken of, and where cut-off text is looked for.
import { addDays, dayOf, epochMs } from '../../shared/domain/time.ts'
import { afterMidnightMs, eveningGoesOn } from './fake-midnight.ts'
import { fakeProvince } from './fake-province.ts'
import { airScenes, type Scene } from './scenes-air.ts'

export const scenes: readonly Scene[] = [
  ...airScenes,
  {
    name: 'schedule-province',
    screen: 'schedule',
    shows: '.province-items li',
    prepare: (station) => station.change({ province: fakeProvince(station.now()) }),
  },
  { name: 'schedule', screen: 'schedule' },
  { name: 'desk-after-midnight', screen: 'desk', options: { nowMs: afterMidnightMs }, prepare: eveningGoesOn },
  { name: 'schedule-after-midnight', screen: 'schedule', options: { nowMs: afterMidnightMs }, prepare: eveningGoesOn },
  { name: 'schedule-edit', screen: 'schedule', prepare: (_station, page) => page.locator('tr[data-index="9"]').dblclick() },
  {
    name: 'library',
    screen: 'library',
    shows: '.imports li',
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
  { name: 'logbook', screen: 'logbook', shows: '.log-row[id]' },
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
  { name: 'alarms-open', screen: 'desk', prepare: (_station, page) => page.locator('.alarm-holder button').first().click() },
  {
    name: 'province-lost',
    screen: 'schedule',
    shows: '.province-panel',
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
