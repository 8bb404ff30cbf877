// Keys with an input method at work, the microphone on one key, remapping, and what happens when the line breaks.
import { describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { quietFor, openScreens } from './screens-harness.ts'

const screens = openScreens()

/** Starts a word in an input method, as ibus does: the letters are on the screen but not yet in the text. */
async function compose(page: Page, text: string) {
  const session = await page.context().newCDPSession(page)
  await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
  return session
}

describe('mid-word', () => {
  test('the microphone key works, the screen keys work, and the word is not lost', async () => {
    const { page, station } = await screens.open('library')
    await page.locator('input[type=search]').focus()
    await compose(page, 'tiê')
    await page.keyboard.press('F8')
    const order = await station.order('openInput')
    expect(order.input).toMatchObject({ inputId: 'mic-1', via: 'keyboard' })
    expect(await page.locator('input[type=search]').inputValue()).toContain('tiê')
    await page.keyboard.press('Control+1')
    await page.locator('.desk').waitFor()
  })

  test('Esc taken by the input method is no STOP; held on, its repeats are', async () => {
    const { page, station } = await screens.open('library')
    await page.locator('input[type=search]').focus()
    const session = await compose(page, 'tiê')
    await page.evaluate(() => {
      const press = new KeyboardEvent('keydown', { key: 'Process', code: 'Escape', bubbles: true })
      Object.defineProperty(press, 'keyCode', { value: 229 })
      document.activeElement?.dispatchEvent(press)
    })
    await quietFor(page, 1_200)
    expect(station.orders.some((order) => order.name === 'stop')).toBe(false)
    await session.send('Input.insertText', { text: 'tiếng' })
    await page.evaluate(() =>
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', repeat: true, bubbles: true })),
    )
    await station.order('stop')
  })

  test('letters are only letters', async () => {
    const { page, station } = await screens.open('schedule')
    await page.getByRole('button', { name: 'Thêm mục' }).click()
    const title = page.getByLabel('Tên mục')
    await title.fill('')
    await title.pressSequentially('Tin sa1m và 2 bản')
    await page.keyboard.press('Control+z')
    expect(station.orders.filter((order) => order.name !== 'verify')).toHaveLength(0)
  })
})

describe('microphone', () => {
  test('press opens, press again closes; a stuck key gives one order; the band tells sent from open', async () => {
    const { page, station } = await screens.open('alerts')
    station.answerAfterMs = 400
    await page.keyboard.down('F8')
    await page.getByText('Đã gửi lệnh mở micro').waitFor()
    await page.keyboard.down('F8')
    await page.keyboard.down('F8')
    await page.keyboard.up('F8')
    await page.getByText('MICRO ĐANG MỞ').waitFor()
    expect(station.orders.filter((order) => order.name === 'openInput')).toHaveLength(1)
    await page.keyboard.press('F8')
    await station.order('closeInput')
    await page.getByText('MICRO ĐANG MỞ').waitFor({ state: 'hidden' })
  })

  test('open and silent is said in words, and nothing of it is red', async () => {
    const { page, station } = await screens.open('desk')
    station.setOutputs({ phase: 'liveInput', onAir: 'unconfirmed', openInputs: ['mic-1' as never], soundingInputs: [] })
    await page.getByText('im lặng: chưa nghe thấy tiếng nào từ micro').waitFor()
    expect(await page.locator('.ribbon.mic').getAttribute('data-open')).toBe('false')
    expect(await page.locator('.tally-row[data-red="true"]').count()).toBe(0)
    station.setOutputs({ onAir: 'measured', soundingInputs: ['mic-1' as never] })
    await page.getByText('đang ra loa').waitFor()
  })
})

describe('Tab', () => {
  test.each(['desk', 'alerts'])('on %s: what has the focus is in view, with its ring, and nothing else goes out of it', async (screen) => {
    const { page } = await screens.open(screen)
    const unseen: string[] = []
    let stops = 0
    for (let name = await nextStop(page); name !== null && stops < 60; name = await nextStop(page)) {
      stops += 1
      if (name !== '') unseen.push(name)
    }
    expect(unseen).toEqual([])
    expect(stops).toBeGreaterThan(10)
    expect(stops).toBeLessThan(60)
    if (screen !== 'desk') return
    // The most urgent alert is where it was.
    const first = await page.locator('.emergency-row').first().boundingBox()
    const queue = await page.locator('.emergency-queue').boundingBox()
    expect([first?.x, first?.y]).toEqual([queue?.x, queue?.y])
  })

  /** The next element that takes the focus, by its words if it cannot be seen; null after the last one. */
  async function nextStop(page: Page): Promise<string | null> {
    await page.keyboard.press('Tab')
    return page.evaluate(() => {
      const one = document.activeElement
      if (one === null || one === document.body) return null
      const box = one.getBoundingClientRect()
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
      const ring = Number.parseFloat(getComputedStyle(one).outlineWidth) >= 2
      return ring && hit !== null && one.contains(hit) ? '' : `${one.className}: ${one.textContent}`
    })
  }
})

describe('settings', () => {
  test('a key is changed, a taken one is refused with the name, and it is kept over a reload', async () => {
    const { page, station, url } = await screens.open('settings')
    const row = (name: string) => page.locator('.key-list li', { hasText: name }).getByRole('button')
    await row('Mở / đóng micro trực tiếp').click()
    await page.keyboard.press('F9')
    await page.getByText('đang dùng cho “Nghe thử”').waitFor()
    await row('Mở / đóng micro trực tiếp').click()
    await page.keyboard.press('F6')
    await page.getByText('F6').first().waitFor()
    await page.goto(`${url}/#/desk`)
    await page.reload()
    await page.locator('.desk').waitFor()
    await page.keyboard.press('F6')
    await station.order('openInput')
    await page.evaluate(() => localStorage.clear())
  })

  test('English from top to bottom, and back', async () => {
    const { page } = await screens.open('settings')
    await page.getByLabel('English').check()
    await page.getByRole('button', { name: 'On air', exact: true }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    expect(await page.locator('.frame').innerText()).not.toMatch(/[ăâđêôơưĂÂĐÊÔƠƯ](?!.*Cang)/u)
    await page.getByLabel('Tiếng Việt').check()
    await page.getByRole('button', { name: 'Phát sóng', exact: true }).waitFor()
  })
})

describe('the line', () => {
  test('lost: said in words with the age, nothing is red, orders fail at once; it comes back by itself', async () => {
    const { page, station } = await screens.open('desk')
    await page.locator('.tally-row[data-red="true"]').waitFor()
    const port = Number(new URL(page.url()).port)
    await station.close()
    await page.getByText('MẤT KẾT NỐI VỚI MÁY PHÁT SÓNG').waitFor()
    expect(await page.locator('.tally-row[data-red="true"]').count()).toBe(0)
    await page.getByText('CHƯA BIẾT', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Giữ lại' }).click()
    await page.getByText('Lệnh chưa gửi được: mất kết nối').waitFor()
    expect(station.orders.some((order) => order.name === 'hold')).toBe(false)
    const { FakeStation } = await import('../support/fake-station.ts')
    const next = new FakeStation()
    await next.listen(port)
    try {
      await page.locator('.tally-row[data-red="true"]').waitFor()
      await page.getByText('MẤT KẾT NỐI VỚI MÁY PHÁT SÓNG').waitFor({ state: 'hidden' })
      expect(next.orders).toHaveLength(0)
    } finally {
      next.dropConnections()
      await next.close()
    }
  })

  test('a missing number makes it subscribe again', async () => {
    const { page, station } = await screens.open('desk')
    station.skipNumber()
    station.change({ station: { ...station.world.station, training: false } })
    await page.getByText('PHÁT THẬT ĐANG BẬT').waitFor()
  })

  test('not known to the station: asks for the one-time code and goes on', async () => {
    const { page, station, url } = await screens.open('desk')
    station.authorised = false
    await page.goto(`${url}/?again#/desk`)
    await page.getByLabel('Mã một lần').fill('sai')
    await page.keyboard.press('Enter')
    await page.getByText('Mã không đúng').waitFor()
    await page.getByLabel('Mã một lần').fill('fake')
    await page.keyboard.press('Enter')
    await page.locator('.desk').waitFor()
  })

  test('the code leaves the address at once', async () => {
    const { page, url } = await screens.open('desk')
    await page.goto(`${url}/?2#code=fake`)
    await page.locator('.screen').waitFor()
    expect(page.url()).not.toContain('fake')
  })
})
