// No text that an operator decides by is cut off, in either language and either size; what a person wrote too long for a list is whole
// in its tip and where it is opened. And the finder of such text finds it.
import { describe, expect, test } from 'vitest'
import { cutTexts, glances, titles } from '../support/cut-text.ts'
import { scenes } from '../support/scenes.ts'
import { openScreens } from './screens-harness.ts'

const screens = openScreens()
const decisive = [
  'desk',
  'desk-cut-in',
  'desk-cut-in-fm',
  'desk-interrupted',
  'desk-live',
  'desk-stopped',
  'alerts-preview',
  'alerts-unheard',
  'alerts-interrupted-armed',
  'alerts-airing',
  'schedule-province',
  'devices',
  'logbook',
  'review',
] as const

/** Where the smaller screen has one line less for a title than it needs: what else stands there is decided by first. */
const shortened: Readonly<Record<string, readonly string[]>> = {
  'desk-interrupted': ['.emergency-title'],
  'desk-cut-in-fm': ['.tally-row[data-alert="false"] em'],
}
/** For what is being laid out just now. */
const patience = { timeout: 10_000 }
const large = { width: 1920, height: 1080 }

describe('nothing is cut off', () => {
  test.each(decisive.flatMap((name) => [{ name, language: 'vi' } as const, { name, language: 'en' } as const]))(
    '$name, $language',
    async ({ name, language }) => {
      const scene = scenes.find((each) => each.name === name)
      if (scene === undefined) throw new Error(`no scene ${name}`)
      const { page, station } = await screens.open(scene.screen, scene.options, { language })
      await page.evaluate(() => document.fonts.ready)
      await scene.prepare?.(station, page)
      if (scene.shows !== undefined) await page.locator(scene.shows).first().waitFor()
      const mayBeCut = [...glances, ...(shortened[name] ?? [])]
      await expect.poll(() => cutTexts(page, mayBeCut), patience).toEqual([])
      if (name.startsWith('alerts-') && name !== 'alerts-airing') {
        // What will happen is read without scrolling, beside the key that makes it happen.
        const inView = () =>
          page.locator('.alert-facts > .card:has(dl)').evaluate((card) => {
            const [one, box] = [card.getBoundingClientRect(), card.parentElement?.getBoundingClientRect()]
            return box !== undefined && one.bottom <= box.bottom + 1 && one.top >= box.top - 1
          })
        await expect.poll(inView, patience).toBe(true)
      }
      await page.setViewportSize(large)
      await expect.poll(() => cutTexts(page), patience).toEqual([])
    },
  )
})

describe('what a person wrote at length', () => {
  const title = `Sơ tán khẩn cấp toàn bộ các bản ven suối Nậm Kim từ cầu Ba Nhà đến ngã ba Kim, ${'bản Háng Sung, bản Tà Ghênh, '.repeat(3)}trước 04 giờ`

  test('a long title is in the tip of every place that shortens it, and whole where it is opened', async () => {
    const { page, station } = await screens.open('desk')
    station.air('alert-1', 'cutin-1', 'screen')
    station.setOutputs({ cutIn: { ...station.world.onair[0]!.cutIn!, title } })
    station.setAlert('alert-1', { title })
    await page.locator('.now-title', { hasText: title }).waitFor()
    await expect.poll(() => cutTexts(page, [...glances, ...titles]), patience).toEqual([])
    expect(await page.locator('.tally em').getAttribute('title')).toBe(title)
    await page.keyboard.press('Control+2')
    await page.locator('h1.alert-title', { hasText: title }).waitFor()
    await expect.poll(() => cutTexts(page, [...glances, ...titles]), patience).toEqual([])
  })

  test('a fault with long words takes two lines of the band', async () => {
    const { page, station } = await screens.open('desk')
    const alarm = { alarmId: 'p2', priority: 2, code: 'ALERT_INTERRUPTED', raisedAtMs: station.now(), acknowledgedAtMs: null } as const
    station.change({ alarms: [{ ...alarm, params: { title, time: '00:41' } }] })
    await page.locator('.ribbon.alarm', { hasText: 'Nậm Kim' }).waitFor()
    await expect.poll(() => cutTexts(page, [...glances, '.emergency-title']), patience).toEqual([])
  })
})

describe('the finder of cut-off text', () => {
  test.each([
    [
      'an ellipsis',
      '.now-title { display: block; width: 5rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }',
      'cut off by div.now-title',
    ],
    ['a clamp', '.now-title { width: 5rem; -webkit-line-clamp: 1 }', 'cut off by div.now-title'],
    ['a box that is too low', '.now-words { height: 2rem; overflow: hidden }', 'cut off by div.now-words'],
    ['words that leave their key', '.now .btn { width: 3rem }', 'outside button.btn'],
    ['a table that scrolls sideways', '.rundown-scroll table { width: 200% }', 'only by scrolling sideways by div.rundown-scroll'],
    ['a title in a line', '.next-line > b { width: 2rem }', 'cut off by b'],
  ])('finds %s', async (_what, css, expected) => {
    const { page } = await screens.open('desk')
    await page.addStyleTag({ content: css })
    await expect.poll(async () => (await cutTexts(page)).join('\n'), patience).toContain(expected)
  })

  test('a shortened title without its tip is found where shortening is allowed', async () => {
    const { page } = await screens.open('desk')
    await page.addStyleTag({ content: '.now-title { width: 5rem; -webkit-line-clamp: 1 }' })
    expect(await cutTexts(page, [...glances, ...titles])).toEqual([])
    await page.locator('.now-title').evaluate((one) => one.removeAttribute('title'))
    expect((await cutTexts(page, [...glances, ...titles])).join('\n')).toContain('not in its tip')
  })
})
