// The people of the station and their PINs. No secret is built in: training makes a person of each role with a random PIN that
// is told once; elsewhere the owner of the data folder adds the first person. Guessing is slowed per person, never the air.
import { z } from 'zod'
import type { Clock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { newId } from '../../shared/domain/ids.ts'
import { Person, PersonId, type PersonWithPin, type Role, roles } from '../../shared/domain/people.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import { hashPin, newPin, pinMatches } from './pin.ts'

const StoredPerson = Person.extend({ pinHash: z.string() })
type StoredPerson = z.infer<typeof StoredPerson>

export interface PeopleStore {
  get(name: string): Promise<unknown>
  set(name: string, value: unknown): Promise<void>
}

export interface PeoplePorts {
  readonly store: PeopleStore
  readonly clock: Clock
  readonly training: boolean
  /** A change of who may do what, for the logbook. */
  onChanged(what: 'added' | 'changed' | 'pinRenewed' | 'removed', person: Person, by: string): void
}

const settingsName = 'people'
const freeTries = 3
const firstWaitMs = 5_000
const longestWaitMs = 15 * 60_000

const trainingNames: Readonly<Record<Role, string>> = {
  operator: 'Người trực tập huấn',
  supervisor: 'Người giám sát tập huấn',
  technician: 'Kỹ thuật viên tập huấn',
  administrator: 'Quản trị tập huấn',
}

/** How long after the n-th wrong PIN in a row the next may be tried, ms: doubling from the third on, at most 15 min. */
export function waitAfterMs(wrongInARow: number): number {
  return wrongInARow < freeTries ? 0 : Math.min(firstWaitMs * 2 ** (wrongInARow - freeTries), longestWaitMs)
}

export class PeopleService {
  readonly #ports: PeoplePorts
  #people: readonly StoredPerson[] = []
  /** Made at the first start of training; told once. */
  #firstPins: readonly PersonWithPin[] = []
  readonly #wrong = new Map<PersonId, { inARow: number; untilMs: MonotonicMs }>()

  constructor(ports: PeoplePorts) {
    this.#ports = ports
  }

  async load(): Promise<void> {
    const stored = await this.#ports.store.get(settingsName)
    this.#people = z.array(StoredPerson).parse(stored ?? [])
    if (stored !== undefined || !this.#ports.training) return
    const made: PersonWithPin[] = []
    for (const role of roles) made.push(await this.save({ personId: null, name: trainingNames[role], role }, 'station'))
    this.#firstPins = made
  }

  list(): readonly Person[] {
    return this.#people.map(({ personId, name, role }) => ({ personId, name, role }))
  }

  get(personId: PersonId): Person | null {
    return this.list().find((person) => person.personId === personId) ?? null
  }

  /** The PINs of training's first start; the second time nothing. */
  firstPins(): readonly PersonWithPin[] {
    const told = this.#firstPins
    this.#firstPins = []
    return told
  }

  /** Adds (`personId` null) or changes a person. A PIN is made for a new one only; it is in the answer and nowhere else. */
  async save(person: { personId: PersonId | null; name: string; role: Role }, by: string): Promise<PersonWithPin> {
    const { personId, name, role } = person
    const known = personId === null ? null : this.#stored(personId)
    if (known !== null && role !== 'administrator') this.#refuseLast(known)
    const pin = newPin()
    const stored: StoredPerson = {
      personId: personId ?? newId(PersonId, 'person'),
      name,
      role,
      pinHash: known?.pinHash ?? (await hashPin(pin)),
    }
    await this.#keep(known === null ? [...this.#people, stored] : this.#people.map((each) => (each === known ? stored : each)))
    const saved = { personId: stored.personId, name, role }
    this.#ports.onChanged(known === null ? 'added' : 'changed', saved, by)
    return { person: saved, pin: known === null ? pin : '' }
  }

  async renewPin(personId: PersonId, by: string): Promise<PersonWithPin> {
    const known = this.#stored(personId)
    const pin = newPin()
    const pinHash = await hashPin(pin)
    await this.#keep(this.#people.map((each) => (each.personId === personId ? { ...each, pinHash } : each)))
    this.#wrong.delete(personId)
    const person = { personId, name: known.name, role: known.role }
    this.#ports.onChanged('pinRenewed', person, by)
    return { person, pin }
  }

  async remove(personId: PersonId, by: string): Promise<void> {
    const known = this.#stored(personId)
    this.#refuseLast(known)
    const { name, role } = known
    await this.#keep(this.#people.filter((each) => each.personId !== personId))
    this.#ports.onChanged('removed', { personId, name, role }, by)
  }

  /** The person whose PIN this is. Refuses with PIN_WRONG, or PIN_WAIT while guesses are being slowed. */
  async prove(personId: PersonId, pin: string): Promise<Person> {
    const stored = this.#stored(personId)
    const now = this.#ports.clock.monotonic()
    const before = this.#wrong.get(personId) ?? { inARow: 0, untilMs: now }
    if (before.untilMs > now) throw new OperatorError('PIN_WAIT', { name: stored.name, seconds: Math.ceil((before.untilMs - now) / 1000) })
    // Counted before it is checked, so that a hundred guesses at once are not a hundred free ones.
    const inARow = before.inARow + 1
    this.#wrong.set(personId, { inARow, untilMs: (now + waitAfterMs(inARow)) as MonotonicMs })
    if (!(await pinMatches(pin, stored.pinHash))) throw new OperatorError('PIN_WRONG', { name: stored.name })
    this.#wrong.delete(personId)
    return { personId, name: stored.name, role: stored.role }
  }

  /** Without an administrator nobody could add one at the screen. */
  #refuseLast(known: StoredPerson): void {
    const others = this.#people.some((each) => each !== known && each.role === 'administrator')
    if (known.role === 'administrator' && !others) throw new OperatorError('LAST_ADMINISTRATOR', { name: known.name })
  }

  #stored(personId: PersonId): StoredPerson {
    const stored = this.#people.find((each) => each.personId === personId)
    if (stored === undefined) throw new OperatorError('NOT_FOUND', { personId })
    return stored
  }

  async #keep(people: readonly StoredPerson[]): Promise<void> {
    await this.#ports.store.set(settingsName, people)
    this.#people = people
  }
}
