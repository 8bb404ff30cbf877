// The matrix at the door, and signing in and out by PIN. A refused right is told with the roles that have it; a wrong PIN is a
// row of the logbook.
import { BugError, OperatorError } from '../../shared/domain/errors.ts'
import type { Person, PersonId, SessionView } from '../../shared/domain/people.ts'
import { mayDo, type Operation, rights, windowRole } from '../../shared/rpc/rights.ts'
import type { LogbookService } from '../logbook/index.ts'
import type { PeopleService } from '../people/index.ts'
import type { Caller, Principal, Sessions } from './sessions.ts'

function isOperation(name: string): name is Operation {
  return Object.hasOwn(rights, name)
}

/** The caller at this moment; refuses with ROLE_NEEDED where that is not enough for the operation. */
export function authorise(sessions: Sessions, caller: Caller, operation: string): Principal {
  if (!isOperation(operation)) throw new BugError(`no right is written down for ${operation}`)
  const principal = sessions.principal(caller)
  if (!mayDo(principal.role, operation)) throw new OperatorError('ROLE_NEEDED', { operation, roles: rights[operation].join(', ') })
  if (principal.person !== null && !mayDo(windowRole, operation)) sessions.used(caller)
  return principal
}

export class SessionDoor {
  readonly #sessions: Sessions
  readonly #people: PeopleService
  readonly #logbook: LogbookService

  constructor(sessions: Sessions, people: PeopleService, logbook: LogbookService) {
    this.#sessions = sessions
    this.#people = people
    this.#logbook = logbook
  }

  async signIn(caller: Caller, personId: PersonId, pin: string): Promise<SessionView> {
    if (caller.kind !== 'window') throw new OperatorError('INVALID_INPUT', { field: 'session' })
    const name = this.#people.get(personId)?.name ?? personId
    try {
      const person = await this.#people.prove(personId, pin)
      this.#sessions.signIn(caller.sessionId, personId)
      this.#note('session.signedIn', person.name, { role: person.role })
    } catch (error) {
      if (error instanceof OperatorError) this.#note('session.refused', name, { reason: error.code })
      throw error
    }
    return this.#sessions.view(caller)
  }

  /** The person who is signed in, proved once more before something is signed. */
  async prove(principal: Principal, pin: string): Promise<Person> {
    if (principal.person === null) throw new OperatorError('ROLE_NEEDED', { operation: 'sign', roles: 'supervisor' })
    try {
      return await this.#people.prove(principal.person.personId, pin)
    } catch (error) {
      if (error instanceof OperatorError) this.#note('session.refused', principal.person.name, { reason: error.code })
      throw error
    }
  }

  signOut(caller: Caller): SessionView {
    const { person } = this.#sessions.principal(caller)
    if (caller.kind === 'window' && person !== null) {
      this.#sessions.signOut(caller.sessionId)
      this.#note('session.signedOut', person.name, null)
    }
    return this.#sessions.view(caller)
  }

  #note(kind: 'session.signedIn' | 'session.signedOut' | 'session.refused', name: string, measured: Record<string, string> | null): void {
    void this.#logbook.note({ kind, actor: name, outputId: null, subject: name, measured })
  }
}
