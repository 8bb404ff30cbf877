// Stands for Electron where the shell's built main file is run by plain Node: records what the shell asks of it, and lets a test
// bring events (crash, hang, close). `node --require fake-electron.cjs dist/main.cjs`; speaks over the IPC channel of fork().
const { EventEmitter } = require('node:events')
const Module = require('node:module')
const { join } = require('node:path')

const userData = process.env.FAKE_USER_DATA
const say = (what, detail = {}) => process.send?.({ what, ...detail })
const handlers = new Map()
const schemes = new Map()

class FakeSession extends EventEmitter {
  setPermissionRequestHandler(handler) {
    this.permissionRequest = handler
  }
  setPermissionCheckHandler(handler) {
    this.permissionCheck = handler
  }
  setDevicePermissionHandler(handler) {
    this.devicePermission = handler
  }
  fetch(url, init) {
    say('sessionFetch', { url, method: init?.method ?? 'GET' })
    return Promise.resolve(new Response('{"done":true}', { status: 200 }))
  }
}

class FakeContents extends EventEmitter {
  session = new FakeSession()
  mainFrame = { url: 'about:blank' }
  setWindowOpenHandler(handler) {
    this.windowOpen = handler
  }
  forcefullyCrashRenderer() {
    say('killRenderer')
    queueMicrotask(() => this.emit('render-process-gone', {}, { reason: 'killed' }))
  }
}

let window = null
let tray = []
let choice = 0
class BrowserWindow extends EventEmitter {
  webContents = new FakeContents()
  constructor(options) {
    super()
    window = this
    say('window', { options })
  }
  async loadURL(url) {
    this.webContents.mainFrame.url = url
    say('load', { url, atMs: performance.now() })
    queueMicrotask(() => {
      this.emit('ready-to-show')
      this.webContents.emit('did-finish-load')
    })
  }
  isDestroyed() {
    return false
  }
  isMinimized() {
    return false
  }
  getBounds() {
    return { x: 0, y: 0, width: 1366, height: 768 }
  }
  show() {
    say('show')
  }
  focus() {
    say('focus')
  }
  restore() {
    say('restore')
  }
  hide() {
    say('hide')
  }
}

class Tray extends EventEmitter {
  setContextMenu(menu) {
    tray = menu
    say('menu', { labels: menu.map((item) => item.label ?? item.type) })
  }
  setToolTip(words) {
    say('tooltip', { words })
  }
  destroy() {
    say('trayGone')
  }
}

const app = Object.assign(new EventEmitter(), {
  isPackaged: false,
  commandLine: { appendSwitch: () => undefined },
  enableSandbox: () => say('sandboxed'),
  getAppPath: () => process.env.FAKE_APP_PATH,
  getPath: (name) => join(userData, name),
  getVersion: () => '0.0.0',
  getName: () => 'truc-song',
  requestSingleInstanceLock: () => process.env.FAKE_SECOND !== '1',
  whenReady: () => Promise.resolve(),
  quit() {
    this.emit('before-quit', { preventDefault: () => undefined })
    this.emit('will-quit', {})
    say('quit')
    setImmediate(() => process.exit(0))
  },
  exit: (code) => process.exit(code),
})

const electron = {
  app,
  BrowserWindow,
  Tray,
  dialog: {
    showMessageBox(question) {
      say('question', question)
      return Promise.resolve({ response: choice })
    },
  },
  Menu: { setApplicationMenu: () => undefined, buildFromTemplate: (template) => template },
  nativeImage: { createFromPath: () => ({ resize: () => ({}) }) },
  ipcMain: Object.assign(new EventEmitter(), { handle: (channel, handler) => handlers.set(channel, handler) }),
  powerSaveBlocker: { start: (kind) => say('powerSave', { kind }) },
  protocol: {
    registerSchemesAsPrivileged: (list) => say('schemes', { list }),
    handle: (scheme, handler) => schemes.set(scheme, handler),
  },
  screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
  shell: {},
  ipcRenderer: {},
}

const load = Module._load
Module._load = (request, ...rest) => (request === 'electron' ? electron : load(request, ...rest))

const commands = {
  crash: () => window.webContents.emit('render-process-gone', {}, { reason: 'crashed' }),
  hang: () => window.emit('unresponsive'),
  second: () => app.emit('second-instance'),
  close: () => window.emit('close', { preventDefault: () => say('closePrevented') }),
  quit: () => app.quit(),
  /** Somebody takes an item of the tray's menu; `answer` is the button of whatever is asked then. */
  tray({ label, answer }) {
    choice = answer
    tray.find((item) => item.label === label).click()
  },
  /** Asks every guard of the window about an address. */
  guard({ url, permission }) {
    const { webContents } = window
    const refused = []
    for (const name of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      webContents.emit(name, { url, preventDefault: () => refused.push(name) })
    }
    let allowed = null
    webContents.session.permissionRequest(webContents, permission, (answer) => (allowed = answer), { requestingUrl: url })
    return { refused, allowed, windowOpen: webContents.windowOpen({ url }).action, device: webContents.session.devicePermission() }
  },
  async invoke({ channel, argument, frameUrl, foreign }) {
    const { webContents } = window
    const frame = frameUrl === undefined ? webContents.mainFrame : { url: frameUrl }
    try {
      return { answer: await handlers.get(channel)({ sender: foreign ? {} : webContents, senderFrame: frame }, argument) }
    } catch (error) {
      return { error: error.message }
    }
  },
  async page({ url }) {
    const response = await schemes.get('truc-song')({ url })
    return { status: response.status, policy: response.headers.get('content-security-policy'), text: (await response.text()).slice(0, 200) }
  },
}
process.on('message', async ({ command, id, ...detail }) => say('answer', { id, result: (await commands[command](detail)) ?? null }))
