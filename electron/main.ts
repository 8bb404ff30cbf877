// The desktop shell. Knows no radio: it starts and watches the station, shows its window, and gets out of the way.
// With TRUC_SONG_URL (from `npm start`) it only shows a station that somebody else keeps.
// This file only constructs and connects; decisions are in restart-policy, window-machine and guards.
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, dialog, ipcMain, Menu, powerSaveBlocker, protocol } from 'electron'
import { z } from 'zod'
import { systemClock } from '../shared/domain/clock.ts'
import { loopbackOrigin, safePageFile, safePagePolicy, safeScheme } from './guards.ts'
import { ipcHandlers } from './ipc.ts'
import { MainWindow, windowFiles } from './main-window.ts'
import type { RestartState } from './restart-policy.ts'
import { storedSettings } from './settings-store.ts'
import { shellPaths } from './shell-paths.ts'
import { type AuthorisedFetch, bearerFetch, type ReadyLine, signInUrl } from './station-door.ts'
import { StationWatch } from './station-watch.ts'
import { createTray, type ShellTray } from './tray.ts'
import { type AirWord, holdsAir, stopQuestion, trayTooltip } from './words.ts'

const givenUrl = process.env['TRUC_SONG_URL'] ?? null
const askAirEveryMs = 2000
const contentTypes = {
  'index.html': 'text/html; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
}
const Outputs = z.array(
  z.object({ onAir: z.enum(['measured', 'unconfirmed', 'off']), phase: z.string(), now: z.object({ title: z.string() }).nullable() }),
)

function log(message: string): void {
  process.stderr.write(`${JSON.stringify({ time: Date.now(), from: 'shell', message })}\n`)
}

protocol.registerSchemesAsPrivileged([{ scheme: safeScheme, privileges: { standard: true, secure: true } }])
app.enableSandbox()
Menu.setApplicationMenu(null)
// The control room is timed: a window that is covered by another must go on counting.
app.commandLine.appendSwitch('disable-renderer-backgrounding')

class Shell {
  readonly #settings = storedSettings()
  readonly #paths = shellPaths({
    packaged: app.isPackaged,
    resourcesDir: process.resourcesPath,
    appDir: app.getAppPath(),
    userDataDir: app.getPath('userData'),
    platform: process.platform,
    arch: process.arch,
    dataDir: this.#settings.get('dataDir'),
  })
  readonly #window: MainWindow
  readonly #watch: StationWatch | null
  readonly #tray: ShellTray | null
  #leaving = false
  #station: ReadyLine | null = null
  #restart: RestartState | null = null
  #outputs: readonly AirWord[] = []
  /** A one-time code is used once; later loads go by the cookie. */
  #givenUrlUsed = false

  constructor() {
    const files = windowFiles(this.#paths.shellDir)
    this.#serveSafePage()
    this.#window = new MainWindow({
      clock: systemClock,
      settings: this.#settings,
      ...files,
      address: () => this.#address(),
      mayClose: () => this.#leaving || this.#watch === null || this.#tray === null,
      onState: () => this.#say(),
      onLog: log,
    })
    this.#watch = givenUrl === null ? this.#createWatch() : null
    this.#tray = createTray(
      files.icon,
      {
        show: () => this.show(),
        retry: () => (this.#watch === null ? this.#window.load() : this.#watch.retry()),
        leave: () => app.quit(),
        stopAndLeave: this.#watch === null ? null : () => void this.#stopAndLeave(),
      },
      log,
    )
    this.#handleIpc()
    systemClock.every(askAirEveryMs, () => void this.#askAir())
    powerSaveBlocker.start('prevent-app-suspension')
    powerSaveBlocker.start('prevent-display-sleep')
    if (this.#watch === null) this.#window.load()
    else this.#watch.start()
    this.#say()
  }

  show(): void {
    this.#window.show()
  }

  /** Somebody ends the program (menu, session end): the window may close. */
  leave(): void {
    this.#leaving = true
  }

  /** The shell goes; the station and what it airs stay. */
  release(): void {
    this.#watch?.release()
    this.#tray?.close()
  }

  #createWatch(): StationWatch {
    const { node, stationMain, dataDir } = this.#paths
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    return new StationWatch({
      clock: systemClock,
      dataDir,
      command: (port) => ({
        node,
        main: stationMain,
        args: ['--data', dataDir, ...(port === null ? [] : ['--port', String(port)])],
        logPath: join(dataDir, 'station.log'),
      }),
      onState: (state) => {
        this.#restart = state
        this.#say()
      },
      onReady: (station) => {
        const moved = this.#station?.url !== station.url
        this.#station = station
        // On its old address the page reconnects by itself; a new address must be loaded.
        if (moved || this.#window.state.state !== 'showing') this.#window.load()
      },
      onLog: log,
    })
  }

  async #address(): Promise<string | null> {
    if (givenUrl === null) return this.#station === null ? null : signInUrl(this.#station)
    const address = this.#givenUrlUsed ? (loopbackOrigin(givenUrl) ?? '') : givenUrl
    this.#givenUrlUsed = true
    return address
  }

  /** By token where the shell has one, else by the window's cookie. */
  #stationFetch(): AuthorisedFetch | null {
    if (this.#station !== null) return bearerFetch(this.#station)
    const origin = this.#window.origin
    if (origin === null) return null
    return (path, init) => this.#window.session.fetch(new URL(path, origin).href, { ...init, credentials: 'include' })
  }

  async #askAir(): Promise<void> {
    try {
      const answer = await this.#stationFetch()?.('/api/v1/onair')
      const parsed = Outputs.safeParse(await answer?.json())
      this.#outputs = parsed.success ? parsed.data.map(({ onAir, phase, now }) => ({ onAir, phase, title: now?.title ?? null })) : []
    } catch {
      // Silent is unknown, and the tray says so; the watch tells of a dead station by itself.
      this.#outputs = []
    }
    this.#say()
  }

  #say(): void {
    this.#tray?.say(trayTooltip(this.#watch === null ? null : this.#restart, this.#window.state, this.#outputs))
  }

  #handleIpc(): void {
    const handlers = ipcHandlers({
      stationOrigin: () => this.#window.origin,
      station: () => this.#stationFetch(),
      retryWindow: () => this.#window.load(),
      onRefused: (channel, frameUrl) => log(`message refused on ${channel} from ${frameUrl?.slice(0, 200) ?? 'a closed frame'}`),
    })
    for (const [channel, handle] of Object.entries(handlers)) {
      ipcMain.handle(channel, (event, argument: unknown) => {
        const frame = event.senderFrame
        const isOurWindow = event.sender === this.#window.window.webContents
        return handle(
          { frameUrl: frame?.url ?? null, isMainFrame: frame !== null && frame === event.sender.mainFrame, isOurWindow },
          argument,
        )
      })
    }
  }

  #serveSafePage(): void {
    protocol.handle(safeScheme, async (request) => {
      const file = safePageFile(request.url)
      if (file === null) return new Response('', { status: 403 })
      const body = await readFile(join(this.#paths.shellDir, 'safe-page', file))
      const headers = { 'content-type': contentTypes[file], 'content-security-policy': safePagePolicy, 'x-content-type-options': 'nosniff' }
      return new Response(new Uint8Array(body), { headers })
    })
  }

  /** Stopping cuts off whatever is on air; over an alert or a microphone a slip of the hand is asked about first. */
  async #stopAndLeave(): Promise<void> {
    await this.#askAir()
    if (holdsAir(this.#outputs)) {
      const { response } = await dialog.showMessageBox({ type: 'warning', ...stopQuestion })
      if (response !== stopQuestion.stopId) return
    }
    await this.#watch?.stop()
    app.quit()
  }
}

if (!app.requestSingleInstanceLock()) app.quit()
else {
  let shell: Shell | null = null
  app.on('second-instance', () => shell?.show())
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', () => shell?.leave())
  app.on('will-quit', () => shell?.release())
  // Any page the shell should ever show is behind the guards of its window; a second contents has no business here.
  app.on('web-contents-created', (_event, contents) => contents.setWindowOpenHandler(() => ({ action: 'deny' })))
  app
    .whenReady()
    .then(() => {
      shell = new Shell()
    })
    .catch((cause: unknown) => {
      log(`not started: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`)
      app.exit(1)
    })
}
