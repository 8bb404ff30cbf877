// The red key in a real browser: nothing but one unbroken hold airs an alert, and it airs when the hold is full.
import { describe, expect, test } from 'vitest'
import { quietFor, openScreens } from './screens-harness.ts'

const screens = openScreens()

async function armed(previewedMs: number) {
  const opened = await screens.open('alerts')
  opened.station.setAlert('alert-1', { state: 'armed', previewedMs })
  const key = opened.page.locator('.fire-key')
  await opened.page.locator('.fire-key:not(.locked)').waitFor()
  return { ...opened, key }
}

const fires = (station: { orders: readonly { name: string }[] }) => station.orders.filter((order) => order.name === 'fire')

describe('the red key', () => {
  test('held by hand it fires once, at 1,000 ms after the press, though the finger stays', async () => {
    const { page, station, key } = await armed(5_000)
    await page.evaluate(() => {
      const seen = window as unknown as { pressedAt: number; firedAt: number }
      addEventListener(
        'pointerdown',
        (event) => {
          seen.pressedAt = event.timeStamp
        },
        { capture: true },
      )
      const send = WebSocket.prototype.send
      WebSocket.prototype.send = function (data) {
        if (typeof data === 'string' && data.includes('heldMs')) seen.firedAt = performance.now()
        else if (typeof data !== 'string' && seen.firedAt === undefined) {
          const text = new TextDecoder().decode(data as ArrayBuffer)
          if (text.includes('heldMs')) seen.firedAt = performance.now()
        }
        send.call(this, data)
      }
    })
    await key.hover()
    await page.mouse.down()
    const order = await station.order('fire')
    await quietFor(page, 1_200)
    await page.mouse.up()
    expect(fires(station)).toHaveLength(1)
    expect(order.input).toMatchObject({ alertId: 'alert-1', via: 'screen' })
    expect(order.input.heldMs).toBeGreaterThanOrEqual(1_000)
    const { pressedAt, firedAt } = await page.evaluate(() => {
      const seen = window as unknown as { pressedAt: number; firedAt: number }
      return { pressedAt: seen.pressedAt, firedAt: seen.firedAt }
    })
    expect(firedAt - pressedAt).toBeGreaterThanOrEqual(1_000)
    // A loaded machine may be late; it must never be early. The figure itself is measured in bench/ui.ts.
    expect(firedAt - pressedAt).toBeLessThan(1_500)
    await page.getByText('ĐANG PHÁT TIN').waitFor()
  })

  test('let go early it does nothing', async () => {
    const { page, station, key } = await armed(5_000)
    await key.hover()
    await page.mouse.down()
    await quietFor(page, 800)
    await page.mouse.up()
    await quietFor(page, 700)
    expect(fires(station)).toHaveLength(0)
    expect(await key.getAttribute('data-hold')).toBe('idle')
  })

  test('leaving the key with the pointer cancels', async () => {
    const { page, station, key } = await armed(5_000)
    await key.hover()
    await page.mouse.down()
    await quietFor(page, 300)
    await page.mouse.move(300, 300)
    await quietFor(page, 1_000)
    await page.mouse.up()
    expect(fires(station)).toHaveLength(0)
  })

  test('F10 held fires; its repeats do not make a second one', async () => {
    const { page, station } = await armed(5_000)
    await page.keyboard.down('F10')
    for (let i = 0; i < 5; i += 1) await page.keyboard.down('F10')
    const order = await station.order('fire')
    for (let i = 0; i < 5; i += 1) await page.keyboard.down('F10')
    await page.keyboard.up('F10')
    expect(order.input).toMatchObject({ via: 'keyboard' })
    expect(fires(station)).toHaveLength(1)
  })

  test('F10 tapped does nothing; Enter, Space and clicks on the focused key do nothing', async () => {
    const { page, station, key } = await armed(5_000)
    await page.keyboard.press('F10')
    await key.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.down('Space')
    await quietFor(page, 1_300)
    await page.keyboard.up('Space')
    await key.click()
    await key.dblclick()
    await quietFor(page, 1_100)
    expect(fires(station)).toHaveLength(0)
  })

  test('not heard: amber, two seconds', async () => {
    const { page, station, key } = await armed(0)
    expect(await key.getAttribute('class')).toContain('unheard')
    await key.hover()
    await page.mouse.down()
    await quietFor(page, 1_400)
    expect(fires(station)).toHaveLength(0)
    const order = await station.order('fire')
    await page.mouse.up()
    expect(order.input.heldMs).toBeGreaterThanOrEqual(2_000)
  })

  test('not armed, expired or live firing off: locked', async () => {
    const { page, station, key } = await armed(5_000)
    station.change({ station: { ...station.world.station, training: false, liveFiring: false } })
    await page.locator('.fire-key.locked').waitFor()
    await page.keyboard.down('F10')
    await quietFor(page, 1_300)
    await page.keyboard.up('F10')
    await key.hover()
    await page.mouse.down()
    await quietFor(page, 1_300)
    await page.mouse.up()
    expect(fires(station)).toHaveLength(0)
    await page.locator('.fire-key', { hasText: 'phát thật đang tắt trong cấu hình' }).waitFor()
    await page.locator('.ribbon.live-off').waitFor()
    // Switched on, the warning stands on every screen.
    station.change({ station: { ...station.world.station, training: false, liveFiring: true } })
    for (const screen of ['1', '3', '5']) {
      await page.keyboard.press(`Control+${screen}`)
      await page.locator('.ribbon.live-on').getByText('PHÁT THẬT').waitFor()
    }
  })

  test('on another screen F10 only brings the armed alert into view', async () => {
    const { page, station } = await screens.open('desk')
    station.setAlert('alert-1', { state: 'armed', previewedMs: 5_000 })
    await page.keyboard.down('F10')
    await page.locator('.fire-key').waitFor()
    await quietFor(page, 1_300)
    await page.keyboard.down('F10')
    await page.keyboard.up('F10')
    expect(fires(station)).toHaveLength(0)
  })

  test('a short Esc disarms and silences nothing', async () => {
    const { page, station } = await armed(5_000)
    await page.keyboard.press('Escape')
    await station.order('disarm')
    await quietFor(page, 1_100)
    expect(station.orders.some((order) => order.name === 'stop')).toBe(false)
  })
})

describe('STOP', () => {
  test('Esc held one second silences all; a tap does not', async () => {
    const { page, station } = await screens.open('desk')
    await page.keyboard.press('Escape')
    await quietFor(page, 1_100)
    expect(station.orders.some((order) => order.name === 'stop')).toBe(false)
    await page.keyboard.down('Escape')
    const order = await station.order('stop')
    await page.keyboard.up('Escape')
    expect(order.input).toMatchObject({ outputIds: [], via: 'keyboard' })
    await page.locator('.tally-row[data-kind="stopped"]').waitFor()
    const reopen = page.locator('.reopen-key')
    await reopen.hover()
    await page.mouse.down()
    await station.order('reopen')
    await page.mouse.up()
  })
  test('without a mouse the loudspeakers open again: Enter held on the key that has the focus; a tap does not', async () => {
    const { page, station } = await screens.open('desk')
    station.setOutputs({ phase: 'stopped', onAir: 'off', now: null, stoppedSinceMs: station.now() })
    await page.locator('.reopen-key').focus()
    await page.keyboard.press('Enter')
    await quietFor(page, 1_100)
    expect(station.orders.some((order) => order.name === 'reopen')).toBe(false)
    await page.keyboard.down('Enter')
    await station.order('reopen')
    await page.keyboard.up('Enter')
  })
})

describe('an alert that a restart cut off', () => {
  test('P2: the desk points at it, the card says where, each choice is one order, and the red key alone airs it', async () => {
    const { page, station } = await screens.open('desk')
    const positionMs = 41_400
    const interrupted = { cutInId: 'cutin-dead' as never, atMs: station.now(), positionMs, continues: false }
    station.setAlert('alert-1', { state: 'ready', previewedMs: 5_000, interrupted })
    const pointer = page.locator('.emergency-row').first()
    await pointer.getByText('bị gián đoạn tại 00:41').waitFor()
    await pointer.getByRole('button').press('Enter')
    const card = page.locator('.card.interrupted')
    await card.getByText('Tin khẩn cấp bị gián đoạn tại 00:41').waitFor()
    await card.getByRole('button', { name: /Phát tiếp/ }).press('Enter')
    const arms = () => station.orders.filter((order) => order.name === 'arm').map((order) => order.input)
    await card.getByText('Đã nạp để phát tiếp từ 00:41').waitFor()
    expect(arms()).toMatchObject([{ alertId: 'alert-1', from: 'interruption' }])
    expect(fires(station)).toHaveLength(0)
    await card.getByRole('button', { name: /Phát lại/ }).press('Enter')
    await card.getByText('Đã nạp để phát lại từ đầu').waitFor()
    expect(arms()).toMatchObject([{ from: 'interruption' }, { alertId: 'alert-1', from: 'start' }])
    await page.keyboard.down('F10')
    await station.order('fire')
    await page.keyboard.up('F10')
    await card.waitFor({ state: 'detached' })
    station.setAlert('alert-2', { interrupted })
    await page.locator('.alert-row', { hasText: 'bị gián đoạn tại 00:41' }).click()
    await card.getByRole('button', { name: /Huỷ/ }).press('Enter')
    expect((await station.order('cancel')).input).toMatchObject({ alertId: 'alert-2' })
  })
})
