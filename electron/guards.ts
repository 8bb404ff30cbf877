// What a page may do: stay on its origin, and nothing else. Pure decisions, so that they are tested without Electron.

/** The scheme of the safe page; privileged as standard and secure, so it has an origin of its own. */
export const safeScheme = 'truc-song'
export const safePageUrl = `${safeScheme}://safe/`

/** `http://127.0.0.1:PORT` or `http://localhost:PORT` and nothing that only begins like it. */
export function loopbackOrigin(url: string): string | null {
  const parsed = parse(url)
  if (parsed === null || parsed.protocol !== 'http:' || parsed.username !== '' || parsed.password !== '') return null
  return parsed.hostname === '127.0.0.1' || parsed.hostname === 'localhost' ? parsed.origin : null
}

/** Whether the window may go to this address. */
export function mayNavigate(url: string, stationOrigin: string | null): boolean {
  const parsed = parse(url)
  if (parsed === null) return false
  if (parsed.protocol === `${safeScheme}:`) return parsed.host === 'safe'
  return stationOrigin !== null && loopbackOrigin(url) === stationOrigin
}

/** Permissions of the web platform. Fullscreen is harmless; the microphone is the station's, never the page's. */
export function mayHavePermission(permission: string, url: string, stationOrigin: string | null): boolean {
  return permission === 'fullscreen' && mayNavigate(url, stationOrigin)
}

export interface Sender {
  /** Address of the frame that sent the message. */
  readonly frameUrl: string | null
  /** Whether it is the page itself and not a frame inside it. */
  readonly isMainFrame: boolean
  /** Whether the message came from our window. */
  readonly isOurWindow: boolean
}

/** The sender of an IPC message is checked by window, by frame and by origin: a frame inside our page is nobody. */
export function isTrustedSender(sender: Sender, stationOrigin: string | null): boolean {
  return sender.isOurWindow && sender.isMainFrame && sender.frameUrl !== null && mayNavigate(sender.frameUrl, stationOrigin)
}

/** The file of the safe page behind an address, or null (403). Exact names only: no path is ever joined. */
export function safePageFile(url: string): 'index.html' | 'page.js' | 'page.css' | null {
  switch (url) {
    case safePageUrl:
    case `${safePageUrl}index.html`:
      return 'index.html'
    case `${safePageUrl}page.js`:
      return 'page.js'
    case `${safePageUrl}page.css`:
      return 'page.css'
    default:
      return null
  }
}

/** Nothing from anywhere but the three files; no inline script. */
export const safePagePolicy = `default-src 'none'; script-src ${safeScheme}:; style-src ${safeScheme}:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

function parse(url: string): URL | null {
  return URL.canParse(url) ? new URL(url) : null
}
