// A hand on the red key in Chromium → sound at the monitor: pressed with the mouse, held 1,000 ms, counted from the instant the hold
// is complete by the browser's own event time. An early release must cancel; the browser killed must not be heard.
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { findDiscontinuities } from '../test/support/discontinuity.ts'
import type { MonitorCapture } from '../test/support/monitor-capture.ts'
import { lfsrNoise, locate, rateHz } from '../test/support/signals.ts'
import { Bed, type ComposedAlert, fm, type Recording } from './bed.ts'
import { type Result, result, spread } from './report.ts'

export interface ClickOptions {
  /** Holds completed and measured. */
  readonly runs: number
  /** Holds released early, none of which may air. */
  readonly earlyReleases: number
}

export const clickFull: ClickOptions = { runs: 50, earlyReleases: 5 }

const holdMs = 1000
/** The red key wants 3 s of the alert to have been heard, so the alert is that long. */
const alertFrames = Math.round(3.2 * rateHz)
const soughtFrames = rateHz / 20
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome']
const fireKey = '.fire-key.heard'

export async function runClickToAir(options: ClickOptions): Promise<Result[]> {
  const bed = await Bed.open()
  let browser: Browser | null = null
  try {
    const ears = await bed.listen(fm.sink)
    const programme = await bed.programmeOnAir(Math.min(600, 60 + (options.runs + options.earlyReleases) * 7), ears)
    const alert = await bed.composeAlert('alert', lfsrNoise(0xa1e7, alertFrames, 0.25))
    await bed.station.api('POST', `/alerts/${alert.alertId}/previewed`, { ms: alert.totalMs })
    browser = await launch()
    const page = await openAlert(browser, bed)
    const latencies: number[] = []
    for (let run = 0; run < options.runs; run++) latencies.push(await holdOnce(bed, page, ears, alert))
    let airedEarly = 0
    for (let run = 0; run < options.earlyReleases; run++) if (await releaseEarly(bed, page, alert)) airedEarly++
    const breaks = await killWindow(browser, ears, programme)
    return [
      ...spread('hold complete in Chromium → sound', latencies, 'ms', { p99: 80 }),
      result('early releases that aired', airedEarly, 'airings', { max: 0 }),
      result('kill −9 window: discontinuities', breaks, 'breaks', { max: 0 }),
    ]
  } finally {
    await browser?.close()
    await bed.close()
  }
}

function launch(): Promise<Browser> {
  const executablePath = browsers.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error(`no Chromium found; looked for ${browsers.join(', ')}`)
  // As root Chromium refuses its sandbox.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
}

async function openAlert(browser: Browser, bed: Bed): Promise<Page> {
  const { code } = await bed.station.api<{ code: string }>('POST', '/session/codes', {})
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  await page.addInitScript(() => {
    window.addEventListener('pointerdown', (event) => Reflect.set(window, 'benchPressedMs', event.timeStamp), true)
  })
  await page.goto(`${bed.station.url.replace(/\/$/, '')}/#code=${encodeURIComponent(code)}`)
  await page.locator('nav.nav').waitFor()
  await page.evaluate(() => {
    window.location.hash = '#/alerts'
  })
  await page.reload()
  await page.locator('nav.nav').waitFor()
  return page
}

/** Arms, holds the key until the hold is complete, and answers from there to the sound, ms. */
async function holdOnce(bed: Bed, page: Page, ears: MonitorCapture, alert: ComposedAlert): Promise<number> {
  await bed.station.api('POST', `/alerts/${alert.alertId}/arm`, {})
  await page.locator(fireKey).waitFor()
  const offsetMs = await clockOffset(page)
  await press(page)
  const fromFrame = ears.frames
  const pressedMs = (await page.evaluate(() => Reflect.get(window, 'benchPressedMs') as number)) + offsetMs
  await ears.hear(Math.round((holdMs / 1000) * rateHz) + rateHz / 2)
  await page.mouse.up()
  const found = locate(alert.pcm.subarray(0, soughtFrames), ears.samples(fromFrame))
  if (found === null || found.score < 0.5) throw new Error('the alert was not heard within 0.5 s of the complete hold')
  const heardMs = ears.timeMs(fromFrame + found.frame)
  await bed.until('the alert has ended', 8000, async () => (await stateOf(bed, alert)) === 'aired')
  return heardMs - (pressedMs + holdMs)
}

/** True if the alert aired although the key was let go after 0.9 s. */
async function releaseEarly(bed: Bed, page: Page, alert: ComposedAlert): Promise<boolean> {
  await bed.station.api('POST', `/alerts/${alert.alertId}/arm`, {})
  await page.locator(fireKey).waitFor()
  await press(page)
  await page.waitForTimeout(holdMs * 0.9)
  await page.mouse.up()
  await page.waitForTimeout(holdMs / 2)
  const aired = (await stateOf(bed, alert)) !== 'armed'
  if (!aired) await bed.station.api('POST', `/alerts/${alert.alertId}/disarm`, {})
  return aired
}

async function press(page: Page): Promise<void> {
  const box = await page.locator(fireKey).boundingBox()
  if (box === null) throw new Error('the red key is not on the screen')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
}

/** The window and everything of the browser killed at once while programme plays. */
async function killWindow(browser: Browser, ears: MonitorCapture, programme: Recording): Promise<number> {
  const from = ears.frames
  await ears.hear(rateHz)
  const session = await browser.newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  for (const { id } of processInfo) process.kill(id, 'SIGKILL')
  await ears.hear(2 * rateHz)
  return findDiscontinuities(ears.samples(from), [programme]).discontinuities.length
}

async function stateOf(bed: Bed, alert: ComposedAlert): Promise<string> {
  return (await bed.station.api<{ state: string }>('GET', `/alerts/${alert.alertId}`)).state
}

/** What to add to the page's `performance.now()` to get ours: from the quickest of some round trips. */
async function clockOffset(page: Page): Promise<number> {
  let best = { tripMs: Number.POSITIVE_INFINITY, offsetMs: 0 }
  for (let trip = 0; trip < 15; trip++) {
    const beforeMs = performance.now()
    const thereMs = await page.evaluate(() => performance.now())
    const afterMs = performance.now()
    if (afterMs - beforeMs < best.tripMs) best = { tripMs: afterMs - beforeMs, offsetMs: (beforeMs + afterMs) / 2 - thereMs }
  }
  return best.offsetMs
}
