import { describe, expect, test } from 'vitest'
import { type PersonId, roles } from '../../../shared/domain/people.ts'
import { PeopleService, waitAfterMs } from '../../../station/people/people-service.ts'
import { hashPin, pinMatches } from '../../../station/people/pin.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

async function station(training: boolean, kept = new Map<string, unknown>()) {
  const clock = new VirtualClock()
  const changes: string[] = []
  const people = new PeopleService({
    store: { get: async (name) => kept.get(name), set: async (name, value) => void kept.set(name, structuredClone(value)) },
    clock,
    training,
    onChanged: (what, person, by) => changes.push(`${what} ${person.role} ${by}`),
  })
  await people.load()
  return { people, clock, kept, changes }
}

describe('PINs', () => {
  test('are kept as argon2id with a salt of their own, and only the right one matches', async () => {
    const [first, second] = await Promise.all([hashPin('123456'), hashPin('123456')])
    expect(first).toMatch(/^argon2id\$19456\$2\$1\$/)
    expect(first).not.toBe(second)
    expect(await pinMatches('123456', first)).toBe(true)
    expect(await pinMatches('123457', first)).toBe(false)
    expect(await pinMatches('123456', 'plain$123456')).toBe(false)
  })

  test('training makes one person of each role with a random PIN and tells them once; nothing on the disk holds a PIN', async () => {
    const { people, kept } = await station(true)
    const told = people.firstPins()
    expect(told.map(({ person }) => person.role)).toEqual([...roles])
    expect(new Set(told.map(({ pin }) => pin)).size).toBeGreaterThan(1)
    expect(people.firstPins()).toEqual([])
    for (const { person, pin } of told) {
      expect((await people.prove(person.personId, pin)).role).toBe(person.role)
      expect(JSON.stringify([...kept])).not.toContain(`"${pin}"`)
    }
    const again = await station(true, kept)
    expect(again.people.firstPins()).toEqual([])
    expect(again.people.list()).toHaveLength(4)
  })

  test('a station on duty begins without anybody: there is no secret to leave unchanged', async () => {
    const { people } = await station(false)
    expect(people.list()).toEqual([])
    expect(people.firstPins()).toEqual([])
  })

  test('wrong PINs are slowed per person, growing to 15 minutes, also when they come at once; a renewed PIN ends it', async () => {
    const { people, clock, changes } = await station(false)
    const { person, pin } = await people.save({ personId: null, name: 'Mai', role: 'supervisor' }, 'operator')
    const wrong = pin === '000000' ? '000001' : '000000'
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => people.prove(person.personId, wrong)))
    const codes = answers.map((answer) => (answer.status === 'rejected' ? (answer.reason as { code: string }).code : 'in'))
    expect(codes.slice(0, 3)).toEqual(['PIN_WRONG', 'PIN_WRONG', 'PIN_WRONG'])
    expect(codes.slice(3).every((code) => code === 'PIN_WAIT')).toBe(true)
    await expect(people.prove(person.personId, pin)).rejects.toMatchObject({ code: 'PIN_WAIT', detail: { seconds: 5 } })
    await clock.advance(5_001)
    expect((await people.prove(person.personId, pin)).name).toBe('Mai')
    expect([1, 2, 3, 4, 10, 1000].map(waitAfterMs)).toEqual([0, 0, 5_000, 10_000, 640_000, 900_000])
    const renewed = await people.renewPin(person.personId, 'Hà')
    await expect(people.prove(person.personId, pin)).rejects.toMatchObject({ code: 'PIN_WRONG' })
    expect((await people.prove(person.personId, renewed.pin)).role).toBe('supervisor')
    await people.remove(person.personId, 'Hà')
    await expect(people.prove('person-gone' as PersonId, pin)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(changes).toEqual(['added supervisor operator', 'pinRenewed supervisor Hà', 'removed supervisor Hà'])
  })

  test('the only administrator is neither retired nor given another role; a second one may take over', async () => {
    const { people, changes } = await station(false)
    const first = await people.save({ personId: null, name: 'Hà', role: 'administrator' }, 'station')
    const { personId } = first.person
    await expect(people.remove(personId, 'Hà')).rejects.toMatchObject({ code: 'LAST_ADMINISTRATOR', detail: { name: 'Hà' } })
    await expect(people.save({ personId, name: 'Hà', role: 'operator' }, 'Hà')).rejects.toMatchObject({ code: 'LAST_ADMINISTRATOR' })
    await people.save({ personId, name: 'Hoàng Thu Hà', role: 'administrator' }, 'Hà')
    await people.save({ personId: null, name: 'Sử', role: 'administrator' }, 'Hà')
    await people.remove(personId, 'Sử')
    expect(people.list().map(({ name }) => name)).toEqual(['Sử'])
    expect(changes).toEqual([
      'added administrator station',
      'changed administrator Hà',
      'added administrator Hà',
      'removed administrator Sử',
    ])
  })
})
