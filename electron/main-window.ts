// The window, hardened, and its life by `window-machine.ts`. Everything a page could use to get out of its origin is refused.
import { BrowserWindow, screen, type Session } from 'electron'
import { join } from 'node:path'
import type { Clock, Timer } from '../shared/domain/clock.ts'
import { loopbackOrigin, mayHavePermission, mayNavigate, safePageUrl } from './guards.ts'
import { fittingBounds, type SettingsPort } from './settings.ts'
import { initialWindow, transition, type WindowEffect, type WindowEvent, type WindowState } from './window-machine.ts'

export interface MainWindowOptions {
  readonly clock: Clock
  readonly settings: SettingsPort
  readonly preload: string
  readonly icon: string
  /** Address to load, with a fresh sign-in code where the shell can make one; null = no station yet. */
  address(): Promise<string | null>
  /** Whether closing ends the window; else it is hidden, and the shell goes on keeping the station. */
  mayClose(): boolean
  onState(state: WindowState): void
  onLog(message: string): void
}

/** Chromium's word for "another load replaced this one": no failure. */
const loadAborted = -3

export class MainWindow {
  readonly #options: MainWindowOptions
  readonly window: BrowserWindow
  #state: WindowState = initialWindow
  #wake: Timer | null = null
  #origin: string | null = null
  readonly #waiting: WindowEvent['kind'][] = []

  constructor(options: MainWindowOptions) {
    this.#options = options
    const bounds = fittingBounds(
      options.settings.get('bounds'),
      screen.getAllDisplays().map((display) => display.workArea),
    )
    this.window = new BrowserWindow({
      ...bounds,
      show: false,
      backgroundColor: '#e4e6e8',
      autoHideMenuBar: true,
      icon: options.icon,
      webPreferences: {
        preload: options.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        navigateOnDragDrop: false,
        spellcheck: false,
        devTools: false,
      },
    })
    this.#harden()
    this.#listen()
  }

  get state(): WindowState {
    return this.#state
  }

  /** Origin of the station now shown. */
  get origin(): string | null {
    return this.#origin
  }

  get session(): Session {
    return this.window.webContents.session
  }

  show(): void {
    if (this.window.isMinimized()) this.window.restore()
    this.window.show()
    this.window.focus()
  }

  /** Loads the control room (again): at the start, when a new station is there, when a person asks. */
  load(): void {
    this.#apply('retry')
  }

  #harden(): void {
    const { webContents } = this.window
    webContents.setWindowOpenHandler(() => ({ action: 'deny' }))
    const stay = (event: { preventDefault(): void; readonly url: string }) => {
      if (mayNavigate(event.url, this.#origin)) return
      event.preventDefault()
      this.#options.onLog(`navigation refused: ${event.url.slice(0, 200)}`)
    }
    webContents.on('will-navigate', stay)
    webContents.on('will-redirect', stay)
    webContents.on('will-frame-navigate', stay)
    webContents.on('will-attach-webview', (event) => event.preventDefault())
    const { session } = webContents
    session.setPermissionRequestHandler((_contents, permission, callback, details) =>
      callback(mayHavePermission(permission, details.requestingUrl, this.#origin)),
    )
    session.setPermissionCheckHandler((_contents, permission, origin) => mayHavePermission(permission, origin, this.#origin))
    session.setDevicePermissionHandler(() => false)
    session.on('will-download', (event, item) => {
      if (!mayNavigate(item.getURL(), this.#origin)) event.preventDefault()
    })
  }

  #listen(): void {
    const { webContents } = this.window
    webContents.on('did-finish-load', () => this.#apply('loaded'))
    webContents.on('did-fail-load', (_event, code, words, _url, isMainFrame) => {
      if (!isMainFrame || code === loadAborted) return
      this.#options.onLog(`load failed: ${words}`)
      this.#apply('failedToLoad')
    })
    webContents.on('render-process-gone', (_event, details) => {
      this.#options.onLog(`renderer gone: ${details.reason}`)
      this.#apply('crashed')
    })
    this.window.on('unresponsive', () => this.#apply('unresponsive'))
    this.window.on('responsive', () => this.#apply('responsive'))
    this.window.once('ready-to-show', () => this.window.show())
    this.window.on('close', (event) => {
      if (!this.window.isMinimized()) this.#options.settings.set('bounds', this.window.getBounds())
      if (this.#options.mayClose()) return
      event.preventDefault()
      this.window.hide()
    })
    this.window.on('closed', () => this.#wake?.cancel())
  }

  /** An effect may bring the next event at once; it is taken when the effects before it are done. */
  #apply(kind: WindowEvent['kind']): void {
    this.#waiting.push(kind)
    if (this.#waiting.length > 1) return
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      this.#take(next)
      this.#waiting.shift()
    }
  }

  #take(kind: WindowEvent['kind']): void {
    if (this.window.isDestroyed()) return
    const step = transition(this.#state, { kind, atMs: this.#options.clock.monotonic() })
    if ('refused' in step) return
    this.#state = step.state
    for (const effect of step.effects) this.#run(effect)
    this.#options.onState(this.#state)
  }

  #run(effect: WindowEffect): void {
    switch (effect.kind) {
      case 'load':
        void this.#load()
        return
      case 'showSafePage':
        void this.#open(safePageUrl)
        return
      case 'killRenderer':
        this.window.webContents.forcefullyCrashRenderer()
        return
      case 'wakeAfter':
        this.#wake?.cancel()
        this.#wake = effect.ms === null ? null : this.#options.clock.after(effect.ms, () => this.#apply('wake'))
        return
    }
  }

  async #load(): Promise<void> {
    try {
      const address = await this.#options.address()
      const origin = address === null ? null : loopbackOrigin(address)
      if (address === null || origin === null) {
        this.#apply('failedToLoad')
        return
      }
      this.#origin = origin
      await this.#open(address)
    } catch (cause) {
      this.#options.onLog(`no address: ${cause instanceof Error ? cause.message : String(cause)}`)
      this.#apply('failedToLoad')
    }
  }

  async #open(address: string): Promise<void> {
    try {
      await this.window.loadURL(address)
    } catch (cause) {
      // `did-fail-load` has told the machine; this is the same failure as a rejected promise.
      this.#options.onLog(`not loaded: ${cause instanceof Error ? cause.message : String(cause)}`)
    }
  }
}

/** Preload and icon beside the built main file. */
export function windowFiles(shellDir: string): { readonly preload: string; readonly icon: string } {
  return { preload: join(shellDir, 'preload.cjs'), icon: join(shellDir, 'icon.png') }
}
