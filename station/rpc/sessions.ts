// Who may speak to the station: a bearer token for programs, a cookie for browsers. A browser cannot send the token on a
// WebSocket, so the printed address carries a one-time code in its fragment, exchanged for an HttpOnly SameSite cookie.
// What a caller may do is asked at each call: a window is the operator's until a PIN gives it a person's role, for a while.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../shared/domain/clock.ts'
import type { Person, PersonId, Role, SessionView } from '../../shared/domain/people.ts'
import { type EpochMs, epochMs, type MonotonicMs } from '../../shared/domain/time.ts'
import { apiTokenActor, apiTokenRole, windowActor, windowRole } from '../../shared/rpc/rights.ts'

const codeLifeMs = 10 * 60_000
/** After this long without a call that needed it, a window is the operator's again. */
const personLifeMs = 30 * 60_000
export const cookieName = 'truc_song_session'

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** What opened the door: the token of the data folder, or a window's cookie. */
export type Caller = { readonly kind: 'token' } | { readonly kind: 'window'; readonly sessionId: string }

/** The caller at this moment. */
export interface Principal {
  readonly role: Role
  /** null = the role it has without anybody's PIN. */
  readonly person: Person | null
  /** For the logbook. */
  readonly actor: string
}

export class Sessions {
  readonly #clock: Clock
  readonly #person: (personId: PersonId) => Person | null
  readonly #signedIn = new Map<string, { readonly personId: PersonId; untilMs: MonotonicMs }>()
  readonly #tokenDigest: Buffer
  readonly #codes = new Map<string, MonotonicMs>()
  readonly #secret: Buffer

  /** Cookies are derived from the token, so a window stays signed in across a restart that keeps the token. */
  constructor(clock: Clock, token: string, person: (personId: PersonId) => Person | null) {
    this.#clock = clock
    this.#person = person
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

  /** Who holds this valid bearer token or cookie; null for anybody else. */
  caller(request: IncomingMessage): Caller | null {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (bearer !== undefined) return timingSafeEqual(digest(bearer), this.#tokenDigest) ? { kind: 'token' } : null
    const cookie = new RegExp(`(?:^|; )${cookieName}=([A-Za-z0-9_-]+)\\.([A-Za-z0-9_-]+)`).exec(request.headers.cookie ?? '')
    if (!cookie?.[1] || !cookie[2]) return null
    const good = timingSafeEqual(digest(cookie[2]), digest(this.#sign(cookie[1])))
    return good ? { kind: 'window', sessionId: cookie[1] } : null
  }

  principal(caller: Caller): Principal {
    if (caller.kind === 'token') return { role: apiTokenRole, person: null, actor: apiTokenActor }
    const signedIn = this.#signedIn.get(caller.sessionId)
    const live = signedIn !== undefined && signedIn.untilMs > this.#clock.monotonic()
    const person = live ? this.#person(signedIn.personId) : null
    if (signedIn !== undefined && person === null) this.#signedIn.delete(caller.sessionId)
    return person === null ? { role: windowRole, person: null, actor: windowActor } : { role: person.role, person, actor: person.name }
  }

  view(caller: Caller): SessionView {
    const { role, person } = this.principal(caller)
    const untilMs = caller.kind === 'window' && person !== null ? this.#signedIn.get(caller.sessionId)?.untilMs : undefined
    return { role, person, untilMs: untilMs === undefined ? null : epochMs(this.#clock.now() + untilMs - this.#clock.monotonic()) }
  }

  /** Gives the window this person's role, or keeps it when it is asked for again. */
  signIn(sessionId: string, personId: PersonId): void {
    this.#signedIn.set(sessionId, { personId, untilMs: (this.#clock.monotonic() + personLifeMs) as MonotonicMs })
  }

  /** A call that the window's own role could not have made: its person is still there. */
  used(caller: Caller): void {
    const signedIn = caller.kind === 'window' ? this.#signedIn.get(caller.sessionId) : undefined
    if (signedIn !== undefined) signedIn.untilMs = (this.#clock.monotonic() + personLifeMs) as MonotonicMs
  }

  signOut(sessionId: string): void {
    this.#signedIn.delete(sessionId)
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
