// People of the fake station, one of each role, all with the same PIN.
import { PersonId, type Person } from '../../shared/domain/people.ts'

export const fakePin = '246810'

export const fakePeople: readonly Person[] = [
  { personId: PersonId.parse('p-1'), name: 'Giàng A Sử', role: 'operator' },
  { personId: PersonId.parse('p-2'), name: 'Lò Thị Mai', role: 'supervisor' },
  { personId: PersonId.parse('p-3'), name: 'Vàng A Chu', role: 'technician' },
  { personId: PersonId.parse('p-4'), name: 'Hoàng Thu Hà', role: 'administrator' },
]
