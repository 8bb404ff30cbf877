// The shell in Electron itself. Runs by itself where the binary is present (its package downloads it on first use) and there is a
// display; elsewhere each test is reported as skipped, with the reason in its name. The same main file is run against a stand-in in
// test/integration/electron, everywhere.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '../support/until.ts'

const root = join(import.meta.dirname, '../..')

function electronBinary(): string | null {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

const binary = electronBinary()
const hasDisplay = process.platform !== 'linux' || (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== ''
const reason = binary === null ? 'node_modules/electron/dist is absent' : hasDisplay ? null : 'no display'

describe.skipIf(reason !== null)(`the shell in Electron${reason === null ? '' : ` (skipped: ${reason})`}`, () => {
  let app: ElectronApplication
  let page: Page
  let server: Server
  let origin = ''
  let folder = ''

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'truc-song-electron-'))
    execFileSync(process.execPath, [join(root, 'electron/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] })
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>station</title><p>control room</p>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    app = await _electron.launch({
      executablePath: binary!,
      args: [root, `--user-data-dir=${folder}`, ...asRoot],
      env: { ...process.env, TRUC_SONG_URL: `${origin}/#code=once` } as Record<string, string>,
    })
    page = await app.firstWindow()
    await page.waitForSelector('text=control room')
  }, 90_000)

  afterAll(async () => {
    await app.close()
    await new Promise<void>((resolve) => server.close(() => resolve()))
    rmSync(folder, { recursive: true, force: true })
  })

  test('a page has no Node and no channel but three calls, frozen', async () => {
    const seen = await page.evaluate(() => {
      const world = globalThis as any
      return {
        node: [typeof world.require, typeof world.process, typeof world.module],
        api: Object.keys(world.trucSongShell).sort(),
        frozen: Object.isFrozen(world.trucSongShell),
      }
    })
    expect(seen).toEqual({ node: ['undefined', 'undefined', 'undefined'], api: ['microphone', 'retry', 'stop'], frozen: true })
  })

  test('a page cannot leave, open a window or get a permission', async () => {
    expect(await page.evaluate(() => globalThis.open('https://example.org') === null)).toBe(true)
    await page.evaluate(() => {
      globalThis.location.href = 'https://example.org'
    })
    expect(
      await page.evaluate(() =>
        navigator.mediaDevices.getUserMedia({ audio: true }).then(
          () => 'granted',
          (error: Error) => error.name,
        ),
      ),
    ).toBe('NotAllowedError')
    expect(page.url().startsWith(origin)).toBe(true)
    expect(app.windows()).toHaveLength(1)
  })

  test('P4: a crashed renderer is back within 3 s', async () => {
    const from = performance.now()
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer())
    let back = false
    await until(
      'the page is back',
      () => {
        void app
          .evaluate(({ BrowserWindow }) => {
            const { webContents } = BrowserWindow.getAllWindows()[0]!
            return !webContents.isCrashed() && !webContents.isLoading()
          })
          .then((is) => {
            back = is
          })
        return back
      },
      10_000,
    )
    expect(performance.now() - from).toBeLessThan(3000)
  })
})
