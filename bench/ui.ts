// The main thread of the screens with everything moving, at 1366×768 in Chromium against the real station: work per frame and
// long tasks by CDP trace, screen by screen, and the precision of a held key. Run it alone: a loaded machine slows any page.
import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type FrameTrace, traceFrames } from '../test/support/frame-trace.ts'
import { lfsrNoise, rateHz } from '../test/support/signals.ts'
import { Bed, fm } from './bed.ts'
import { percentile, type Result, result } from './report.ts'

export interface UiOptions {
  /** Seconds traced on each screen. */
  readonly seconds: number
}

export const uiFull: UiOptions = { seconds: 20 }

const screens = ['desk', 'alerts', 'schedule', 'library', 'devices', 'logbook', 'settings'] as const
const settleMs = 1_000
const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
]
const browsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/opt/google/chrome/chrome']

export async function runUi({ seconds }: UiOptions): Promise<Result[]> {
  const bed = await Bed.open()
  let browser: Browser | null = null
  try {
    const ears = await bed.listen(fm.sink)
    await bed.programmeOnAir(Math.min(600, 60 + (screens.length + 1) * (seconds + 10)), ears)
    await bed.composeAlert('alert', lfsrNoise(0xa1e7, Math.round(3.2 * rateHz), 0.25))
    browser = await launch()
    const page = await open(browser, bed)
    const traces: FrameTrace[] = []
    const results: Result[] = []
    for (const [index, screen] of screens.entries()) {
      await show(page, index)
      await page.waitForTimeout(settleMs)
      const trace = await traceFrames(page, () => page.waitForTimeout(seconds * 1000))
      traces.push(trace)
      results.push(result(`${screen}: work per frame p99`, percentile(trace.wallMs, 99), 'ms', { max: 8 }))
      results.push(result(`${screen}: longest task`, trace.longestTaskMs, 'ms', { max: 50 }))
    }
    const switching = await traceFrames(page, async () => {
      for (const index of screens.keys()) await show(page, index)
    })
    const wall = traces.flatMap((trace) => trace.wallMs)
    const waits = traces.flatMap((trace) => trace.wallMs.map((ms, frame) => ms - (trace.threadMs[frame] ?? 0)))
    return [
      result('work per frame p50', percentile(wall, 50), 'ms'),
      result('work per frame p99', percentile(wall, 99), 'ms', { max: 8 }),
      result(
        'work per frame p99, processor time',
        percentile(
          traces.flatMap((trace) => trace.threadMs),
          99,
        ),
        'ms',
      ),
      // What the page does not decide: how long its work lay ready and another process had the core.
      result('waiting for a core per frame p99', percentile(waits, 99), 'ms'),
      result('longest task, processor time', Math.max(...traces.map((trace) => trace.longestTaskThreadMs)), 'ms'),
      result(
        'long tasks over 50 ms',
        traces.reduce((sum, trace) => sum + trace.longTasks, 0),
        'tasks',
        { max: 0 },
      ),
      result('longest task while changing screens', switching.longestTaskMs, 'ms', { max: 50 }),
      result('frames traced', wall.length, 'frames'),
      ...results,
    ]
  } finally {
    await browser?.close()
    await bed.close()
  }
}

async function show(page: Page, index: number): Promise<void> {
  await page.keyboard.press(`Control+${index + 1}`)
  await page.locator(`.screen.${screens[index]}`).waitFor()
}

function launch(): Promise<Browser> {
  const executablePath = browsers.find((path) => existsSync(path))
  if (executablePath === undefined) throw new Error(`no Chromium found; looked for ${browsers.join(', ')}`)
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? [...flags, '--no-sandbox'] : flags })
}

async function open(browser: Browser, bed: Bed): Promise<Page> {
  const { code } = await bed.station.api<{ code: string }>('POST', '/session/codes', {})
  const page = await browser.newPage({ viewport: { width: 1366, height: 768 } })
  await page.goto(`${bed.station.url.replace(/\/$/, '')}/#code=${encodeURIComponent(code)}`)
  await page.locator('nav.nav').waitFor()
  return page
}
