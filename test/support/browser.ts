// The system's Chromium for the screens' tests: headless, quiet on the network, a fresh profile each time.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

export const chromiumPath = '/usr/bin/chromium'
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--mute-audio',
]

export interface OpenBrowser {
  readonly context: BrowserContext
  /** @param preferences what this computer's user has chosen (language, theme, operator), by its name without the prefix */
  page(url: string, preferences?: Readonly<Record<string, string>>): Promise<Page>
  close(): Promise<void>
}

export async function openBrowser(width = 1366, height = 768): Promise<OpenBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'trucsong-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    headless: true,
    args: chromiumFlags,
    viewport: { width, height },
  })
  return {
    context,
    async page(url, preferences = {}) {
      const page = await context.newPage()
      if (Object.keys(preferences).length > 0) {
        await page.addInitScript((chosen) => {
          for (const [name, value] of Object.entries(chosen)) localStorage.setItem(`trucsong.${name}`, value)
        }, preferences)
      }
      page.on('pageerror', (error) => console.error('page error:', error.message))
      await page.goto(url)
      return page
    },
    async close() {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}
