// One browser and one station in memory for a file of screen tests; every test gets a fresh page.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { type OpenBrowser, openBrowser } from '../support/browser.ts'
import { type FakeOptions, FakeStation } from '../support/fake-station.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Builds the screens once if nobody has yet. */
export function buildScreens(): void {
  if (existsSync(`${root}/dist/renderer/index.html`)) return
  execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--config', 'renderer/vite.config.ts'], {
    cwd: root,
    stdio: 'ignore',
  })
}

export interface Screens {
  open(
    screen: string,
    options?: FakeOptions,
    preferences?: Readonly<Record<string, string>>,
  ): Promise<{ readonly page: Page; readonly station: FakeStation; readonly url: string }>
}

export function openScreens(width = 1366, height = 768): Screens {
  let browser: OpenBrowser
  const open: { page: Page; station: FakeStation }[] = []
  beforeAll(async () => {
    buildScreens()
    browser = await openBrowser(width, height)
  }, 120_000)
  afterEach(async () => {
    for (const { page, station } of open.splice(0)) {
      await page.close()
      await station.close()
    }
  })
  afterAll(() => browser.close())
  return {
    async open(screen, options, preferences) {
      const station = new FakeStation(options)
      const url = await station.listen()
      const page = await browser.page(`${url}/#/${screen}`, preferences)
      page.setDefaultTimeout(60_000)
      open.push({ page, station })
      await page.locator('.screen').waitFor()
      return { page, station, url }
    },
  }
}

/** How long no order of this name came: waits on the page's own clock, so that what was due has had its time. */
export async function quietFor(page: Page, ms: number): Promise<void> {
  await page.evaluate((wait) => new Promise((resolve) => setTimeout(resolve, wait)), ms)
}
