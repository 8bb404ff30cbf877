// C2: every role × every operation straight to the station, over the door a window uses. The table here is written by hand
// from the rules (who may see, speak, warn, edit, sign), not read from the code that enforces them.
import { ORPCError } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LogRow } from '../../../shared/domain/logbook.ts'
import { type PersonWithPin, type Role, roles } from '../../../shared/domain/people.ts'
import { addDays, dayOf, epochMs } from '../../../shared/domain/time.ts'
import { type Operation, rights } from '../../../shared/rpc/rights.ts'
import { StationRig } from '../../support/station-rig.ts'
import { openWindow, type StationWindow } from '../../support/station-window.ts'

let rig: StationRig
const people = new Map<Role, PersonWithPin>()
beforeAll(async () => {
  rig = await StationRig.open()
  for (const role of roles) people.set(role, await rig.station.api('POST', '/people', { name: `Người ${role}`, role }))
})
afterAll(() => rig.close())

/** o = operator, s = supervisor, t = technician, a = administrator. */
const allowed: Readonly<Record<Operation, string>> = {
  'station.info': 'osta',
  'station.subscribe': 'osta',
  'station.meters': 'osta',
  'session.createCode': 'a',
  'session.view': 'osta',
  'session.people': 'osta',
  'session.signIn': 'osta',
  'session.signOut': 'osta',
  'people.save': 'a',
  'people.renewPin': 'a',
  'people.remove': 'a',
  'people.firstPins': 'a',
  'onair.outputs': 'osta',
  'onair.next': 'osta',
  'onair.hold': 'osta',
  'onair.release': 'osta',
  'onair.resume': 'osta',
  'onair.openInput': 'osta',
  'onair.closeInput': 'osta',
  'onair.stop': 'osta',
  'onair.reopen': 'osta',
  'onair.hotKey': 'osta',
  'onair.stopHotKey': 'osta',
  'onair.assignHotKey': 'oa',
  'alerts.list': 'osta',
  'alerts.get': 'osta',
  'alerts.compose': 'osta',
  'alerts.preview': 'osta',
  'alerts.stopPreview': 'osta',
  'alerts.previewed': 'osta',
  'alerts.arm': 'osta',
  'alerts.disarm': 'osta',
  'alerts.fire': 'osta',
  'alerts.stop': 'osta',
  'alerts.cutIn': 'osta',
  'alerts.cancel': 'osta',
  'schedule.day': 'osta',
  'schedule.add': 'oa',
  'schedule.update': 'oa',
  'schedule.move': 'oa',
  'schedule.remove': 'oa',
  'schedule.undo': 'oa',
  'schedule.copyDay': 'oa',
  'library.list': 'osta',
  'library.peaks': 'osta',
  'library.update': 'oa',
  'library.remove': 'oa',
  'library.preview': 'osta',
  'library.dismissImport': 'oa',
  'province.state': 'osta',
  'province.pull': 'osta',
  'province.place': 'oa',
  'province.decline': 'oa',
  'province.resolve': 'oa',
  'province.card': 'osta',
  'devices.list': 'osta',
  'devices.setCarrier': 'ota',
  'devices.setPower': 'ta',
  'devices.setDeskChannel': 'ota',
  'alarms.list': 'osta',
  'alarms.acknowledge': 'osta',
  'logbook.day': 'osta',
  'logbook.verify': 'osta',
  'logbook.search': 'osta',
  'logbook.review': 'osta',
  'logbook.month': 'osta',
  'logbook.annotate': 'osta',
  'logbook.ask': 's',
  'logbook.answer': 'oa',
  'logbook.sign': 's',
  'recordings.day': 'osa',
  'recordings.peaks': 'osa',
  'door.recording': 'osa',
  'door.sheet': 'osa',
  'door.upload': 'oa',
  'door.audio': 'osta',
  'door.description': 'osta',
}

async function isRefused(run: Promise<unknown>): Promise<boolean> {
  try {
    await run
    return false
  } catch (error) {
    if (!(error instanceof ORPCError)) throw error
    return (error.data as { code?: string } | undefined)?.code === 'ROLE_NEEDED'
  }
}

const doors: Readonly<Record<string, readonly [method: string, path: string]>> = {
  'door.upload': ['POST', '/api/v1/library/files?name='],
  'door.description': ['GET', '/api/v1/openapi.json'],
  'door.audio': ['GET', '/api/v1/library/none/audio.wav'],
  'door.recording': ['GET', '/api/v1/recordings/none/audio'],
  'door.sheet': ['GET', '/api/v1/logbook/2026-08-01/sheet.csv'],
}

async function doorRefused(client: StationWindow, operation: Operation): Promise<boolean> {
  const [method, path] = doors[operation] ?? ['', '']
  const answer = await client.fetch(path, { method })
  return (await answer.text()).includes('ROLE_NEEDED')
}

describe('C2 every role × every operation', () => {
  test('the matrix names each operation of the contract once', () => {
    expect(Object.keys(allowed).sort()).toEqual(Object.keys(rights).sort())
  })

  for (const role of roles) {
    test(`${role}: exactly the operations of the matrix, cell by cell`, async () => {
      const client = await openWindow(rig.station)
      if (role !== 'operator') await client.signIn(people.get(role)!)
      const wrong: string[] = []
      const operations = Object.keys(allowed) as Operation[]
      // Last, because it would change who is asking.
      for (const operation of [...operations.filter((each) => each !== 'session.signOut'), 'session.signOut' as const]) {
        const input = operation === 'session.createCode' || operation === 'people.firstPins' ? undefined : { day: '?', outputId: '?' }
        const refused = operation.startsWith('door.')
          ? await doorRefused(client, operation)
          : await isRefused(client.call(operation, input))
        const expected = !allowed[operation].includes(role[0] ?? '?')
        if (refused !== expected) wrong.push(`${operation}: ${refused ? 'refused' : 'allowed'}`)
      }
      client.close()
      expect(wrong).toEqual([])
    })
  }

  test('a window is the operator’s before and after a PIN; STOP, an emergency microphone and an alert never ask for one', async () => {
    const client = await openWindow(rig.station)
    expect(await client.call('session.view', undefined)).toMatchObject({ role: 'operator', person: null })
    const { person, pin } = people.get('supervisor')!
    const wrong = pin === '111111' ? '222222' : '111111'
    await expect(client.call('session.signIn', { personId: person.personId, pin: wrong })).rejects.toMatchObject({
      data: { code: 'PIN_WRONG' },
    })
    expect(await client.call('session.signIn', { personId: person.personId, pin })).toMatchObject({ role: 'supervisor' })
    expect(await client.call('onair.stop', {})).toEqual({ done: true })
    expect(await client.call('session.signOut', undefined)).toMatchObject({ role: 'operator', person: null })
    expect(await client.call('onair.reopen', {})).toEqual({ done: true })
    client.close()
  })

  test('who signed in is who did it: edits and alerts bear the name, and a wrong PIN under a signature is a row', async () => {
    const client = await openWindow(rig.station)
    await client.signIn(people.get('administrator')!)
    const day = dayOf(epochMs(Date.now()))
    const draft = {
      title: 'Nền',
      contentType: 'fill',
      source: { kind: 'fill', cartId: null },
      start: { kind: 'follow' },
      durationMs: 60_000,
      crossfadeMs: null,
      resume: null,
      outputIds: [],
    }
    await client.call('schedule.add', { day, draft })
    await client.call('schedule.undo', { day })
    const { pin } = people.get('supervisor')!
    await client.signIn(people.get('supervisor')!)
    const wrong = pin === '111111' ? '222222' : '111111'
    await expect(client.call('logbook.sign', { day: addDays(day, -1), pin: wrong })).rejects.toMatchObject({ data: { code: 'PIN_WRONG' } })
    const rows = await rig.station.api<LogRow[]>('GET', `/logbook/${day}?limit=5000`)
    const actors = (kind: LogRow['kind']) => rows.filter((row) => row.kind === kind).map((row) => row.actor)
    expect(actors('schedule.changed').slice(-2)).toEqual(['Người administrator', 'Người administrator'])
    expect(rows.filter((row) => row.kind === 'session.refused').at(-1)).toMatchObject({
      actor: 'Người supervisor',
      measured: { reason: 'PIN_WRONG' },
    })
    client.close()
  })

  test('the token has a role of its own and cannot be given another; a removed person is nobody at once', async () => {
    const { person, pin } = await rig.station.api<PersonWithPin>('POST', '/people', { name: 'Tạm', role: 'administrator' })
    await expect(rig.station.api('POST', '/session/sign-in', { personId: person.personId, pin })).rejects.toThrow(/INVALID_INPUT/)
    const client = await openWindow(rig.station)
    await client.call('session.signIn', { personId: person.personId, pin })
    await rig.station.api('DELETE', `/people/${person.personId}`)
    expect(await client.call('session.view', undefined)).toMatchObject({ role: 'operator', person: null })
    client.close()
  })
})
