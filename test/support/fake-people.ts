// People of the fake station, one of each role, all with the same PIN; changed as the station changes them.
import { PersonId, type Person, type PersonWithPin, type Role } from '../../shared/domain/people.ts'
import { refuse } from './fake-refusal.ts'

export const fakePin = '246810'
/** The PIN of whoever is added or gets a new one. */
export const fakeNewPin = '135790'

const person = (id: string, name: string, role: Role): Person => ({ personId: PersonId.parse(id), name, role })

export class FakePeople {
  list: readonly Person[] = [
    person('p-1', 'Giàng A Sử', 'operator'),
    person('p-2', 'Lò Thị Mai', 'supervisor'),
    person('p-3', 'Vàng A Chu', 'technician'),
    person('p-4', 'Hoàng Thu Hà', 'administrator'),
  ]

  save({ personId, name, role }: { personId: PersonId | null; name: string; role: Role }): { person: Person; pin: string } {
    if (personId === null) {
      const added = person(`p-${this.list.length + 1}`, name, role)
      this.list = [...this.list, added]
      return { person: added, pin: fakeNewPin }
    }
    if (role !== 'administrator') this.#refuseLast(personId)
    const saved = { personId, name, role }
    this.list = this.list.map((each) => (each.personId === personId ? saved : each))
    return { person: saved, pin: '' }
  }

  renewPin(personId: PersonId): PersonWithPin {
    return { person: this.#find(personId), pin: fakeNewPin }
  }

  remove(personId: PersonId): void {
    this.#refuseLast(personId)
    this.list = this.list.filter((each) => each.personId !== personId)
  }

  #find(personId: PersonId): Person {
    const found = this.list.find((each) => each.personId === personId)
    if (found === undefined) throw refuse('NOT_FOUND')
    return found
  }

  #refuseLast(personId: PersonId): void {
    const known = this.#find(personId)
    const administrators = this.list.filter((each) => each.role === 'administrator')
    if (known.role === 'administrator' && administrators.length === 1) throw refuse('LAST_ADMINISTRATOR', { name: known.name })
  }
}
