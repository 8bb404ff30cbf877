// Who may speak to the station: a bearer token for programs, a cookie for browsers. A browser cannot send the token on a
// WebSocket, so the printed address carries a one-time code in its fragment, exchanged for an HttpOnly SameSite cookie.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../shared/domain/clock.ts'
import { type EpochMs, epochMs, type MonotonicMs } from '../../shared/domain/time.ts'

const codeLifeMs = 10 * 60_000
export const cookieName = 'truc_song_session'

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export class Sessions {
  readonly #clock: Clock
  readonly #tokenDigest: Buffer
  readonly #codes = new Map<string, MonotonicMs>()
  readonly #secret: Buffer

  /** Cookies are derived from the token, so a window stays signed in across a restart that keeps the token. */
  constructor(clock: Clock, token: string) {
    this.#clock = clock
    this.#tokenDigest = digest(token)
    this.#secret = digest(`cookie:${token}`)
  }

  createCode(): { code: string; expiresAtMs: EpochMs } {
    const now = this.#clock.monotonic()
    for (const [code, until] of this.#codes) if (until < now) this.#codes.delete(code)
    const code = randomBytes(16).toString('base64url')
    this.#codes.set(code, (now + codeLifeMs) as MonotonicMs)
    return { code, expiresAtMs: epochMs(this.#clock.now() + codeLifeMs) }
  }

  /** The cookie value for a code that is good, once; null otherwise. */
  exchange(code: string): string | null {
    const until = this.#codes.get(code)
    this.#codes.delete(code)
    if (until === undefined || until < this.#clock.monotonic()) return null
    const id = randomBytes(16).toString('base64url')
    return `${id}.${this.#sign(id)}`
  }

  /** True for a valid bearer token or cookie. */
  authorised(request: IncomingMessage): boolean {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) return timingSafeEqual(digest(bearer), this.#tokenDigest)
    const cookie = new RegExp(`(?:^|; )${cookieName}=([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)`).exec(request.headers.cookie ?? '')
    if (!cookie?.[1] || !cookie[2]) return false
    return timingSafeEqual(digest(cookie[2]), digest(this.#sign(cookie[1])))
  }

  #sign(id: string): string {
    return createHash('sha256').update(this.#secret).update(id).digest('base64url')
  }
}

/** Requests of browsers must come from our own page: Host and, where sent, Origin name this loopback server. */
export function fromOwnPage(request: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!hosts.includes(request.headers.host ?? '')) return false
  const { origin } = request.headers
  return origin === undefined || hosts.some((host) => origin === `http://${host}`)
}
