// Who is at a window: its own role before and after a person's PIN, for a while; and the one-time code that a browser comes in with.
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Person, PersonId } from '../../../shared/domain/people.ts'
import { authorise } from '../../../station/rpc/session-door.ts'
import { cookieName, Sessions } from '../../../station/rpc/sessions.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const minute = 60_000
const mai: Person = { personId: 'p-1' as PersonId, name: 'Lò Thị Mai', role: 'supervisor' }
const asking = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage

function open(token = 'secret') {
  const clock = new VirtualClock()
  const people = new Map([[mai.personId, mai]])
  const sessions = new Sessions(clock, token, (personId) => people.get(personId) ?? null)
  const cookie = sessions.exchange(sessions.createCode().code) ?? ''
  const caller = sessions.caller(asking({ cookie: `${cookieName}=${cookie}` }))
  if (caller?.kind !== 'window') throw new Error('no window was opened')
  return { clock, people, sessions, cookie, caller }
}

describe('a window', () => {
  test('is the operator’s; a PIN gives it a name and a role, until nobody needed them for 30 minutes', async () => {
    const { clock, sessions, caller } = open()
    const nobody = { role: 'operator', person: null, actor: 'operator' }
    expect(sessions.principal(caller)).toEqual(nobody)
    sessions.signIn(caller.sessionId, mai.personId)
    expect(sessions.principal(caller)).toEqual({ role: 'supervisor', person: mai, actor: 'Lò Thị Mai' })
    await clock.advance(29 * minute)
    // What a window may do by itself says nothing about who is there; what it may not, does.
    authorise(sessions, caller, 'logbook.review')
    await clock.advance(1 * minute)
    expect(sessions.principal(caller)).toEqual(nobody)
    sessions.signIn(caller.sessionId, mai.personId)
    await clock.advance(29 * minute)
    expect(authorise(sessions, caller, 'logbook.sign').actor).toBe('Lò Thị Mai')
    await clock.advance(29 * minute)
    expect(sessions.view(caller)).toMatchObject({ role: 'supervisor', person: mai, untilMs: clock.now() + minute })
    await clock.advance(1 * minute)
    expect(() => authorise(sessions, caller, 'logbook.sign')).toThrow(expect.objectContaining({ code: 'ROLE_NEEDED' }))
  })

  test('signed out, and a person who was retired, is nobody at once; another window knows nothing of it', () => {
    const { sessions, caller, people } = open()
    const other = sessions.caller(asking({ cookie: `${cookieName}=${sessions.exchange(sessions.createCode().code)}` }))
    sessions.signIn(caller.sessionId, mai.personId)
    expect(sessions.principal(other!).person).toBeNull()
    sessions.signOut(caller.sessionId)
    expect(sessions.principal(caller).person).toBeNull()
    sessions.signIn(caller.sessionId, mai.personId)
    people.delete(mai.personId)
    expect(sessions.principal(caller)).toMatchObject({ role: 'operator', person: null })
  })
})

describe('the door', () => {
  test('a code is good once and for ten minutes', async () => {
    const { clock, sessions } = open()
    const { code } = sessions.createCode()
    expect(sessions.exchange(code)).not.toBeNull()
    expect(sessions.exchange(code)).toBeNull()
    const late = sessions.createCode().code
    await clock.advance(10 * minute + 1)
    expect(sessions.exchange(late)).toBeNull()
    expect(sessions.exchange('never made')).toBeNull()
  })

  test('the token is a program with a role of its own; a forged cookie and a wrong token are nobody', () => {
    const { sessions, cookie } = open()
    const token = sessions.caller(asking({ authorization: 'Bearer secret' }))
    expect(sessions.principal(token!)).toEqual({ role: 'administrator', person: null, actor: 'api' })
    expect(sessions.caller(asking({ authorization: 'Bearer secre' }))).toBeNull()
    const [id = '', signature = ''] = cookie.split('.')
    expect(sessions.caller(asking({ cookie: `${cookieName}=${id}x.${signature}` }))).toBeNull()
    expect(sessions.caller(asking({}))).toBeNull()
    // Another token signs other cookies.
    expect(open('another').sessions.caller(asking({ cookie: `${cookieName}=${cookie}` }))).toBeNull()
  })
})
