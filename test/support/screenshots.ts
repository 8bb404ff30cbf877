// Takes a picture of every scene in both sizes, themes and languages, into docs/screens (or a folder given as the first argument), and
// says of each what text on it is cut off. `node test/support/screenshots.ts [folder] [filter]`.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './browser.ts'
import { cutTexts } from './cut-text.ts'
import { FakeStation } from './fake-station.ts'
import { scenes } from './scenes.ts'

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
          const page = await browser.page(`${url}/#/${scene.screen}`, { theme, language, operator: 'Giàng A Sử' })
          page.setDefaultTimeout(120_000)
          page.on('console', (message) => message.type() === 'error' && console.error(name, message.text()))
          await page.locator('.screen').waitFor()
          await page.evaluate(() => document.fonts.ready)
          await scene.prepare?.(station, page)
          if (scene.shows !== undefined) await page.locator(scene.shows).first().waitFor()
          await page.waitForFunction(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => resolve(true), 250)))),
          )
          for (const cut of await cutTexts(page)) console.error(name, cut)
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
