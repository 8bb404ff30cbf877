// Who signed in is who did it: each operation of the contract is given by a person who signed in at a window of a whole station, in an
// order in which it can be carried out, and leaves a row with that person's name, or is one that only asks. An operation that is
// added to the contract does not compile until it is here.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import type { PersonWithPin } from '../../../shared/domain/people.ts'
import type { ProvinceSlice } from '../../../shared/domain/province.ts'
import type { DayReview } from '../../../shared/domain/review.ts'
import type { DayPlan } from '../../../shared/domain/schedule.ts'
import { addDays, dayOf, epochMs } from '../../../shared/domain/time.ts'
import type { Operation } from '../../../shared/rpc/rights.ts'
import { rateHz, tones, toWav } from '../../support/signals.ts'
import { bulletinOf, manifestOf, signingKey, signManifest } from '../../support/signed-manifests.ts'
import { StationRig } from '../../support/station-rig.ts'
import { openWindow, type StationWindow } from '../../support/station-window.ts'

const key = signingKey()
const wav = (seconds: number, hz: number) => toWav(tones([hz], seconds * rateHz, 0.2), 2)
const recording = wav(2, 700)
const media = {
  sha256: createHash('sha256').update(recording).digest('hex'),
  bytes: recording.length,
  mimeType: 'audio/wav',
  name: 'a.wav',
}
const today = dayOf(epochMs(Date.now()))
const tomorrow = addDays(today, 1)

let stick = ''
let rig: StationRig
let mai: PersonWithPin
let hoa: PersonWithPin
let window: StationWindow

/** What the province says of its four items; `revision`: of the one that it changes after it was placed and moved. */
function publish(version: number, revision: number): void {
  const now = Date.now()
  const items = [
    bulletinOf('taken', now, { media }),
    bulletinOf('refused', now, { media }),
    bulletinOf('changed', now, { media, revision, text: `Bản ${revision}` }),
    bulletinOf('urgent', now, { class: 'emergency', media, text: '', riskLevel: 2 }),
  ]
  writeFileSync(join(stick, 'manifest.jws'), signManifest(key, manifestOf(now, { version, items })))
}

beforeAll(async () => {
  stick = mkdtempSync(join(tmpdir(), 'truc-song-stick-'))
  mkdirSync(join(stick, 'media'))
  writeFileSync(join(stick, 'media', media.sha256), recording)
  publish(1, 1)
  const trustedKeys = [{ kid: key.kid, publicKey: key.publicKey }]
  rig = await StationRig.open({ microphone: true, config: { province: { adapter: 'folder', folder: stick, trustedKeys } } })
  mai = await rig.station.api('POST', '/people', { name: 'Lò Thị Mai', role: 'administrator' })
  hoa = await rig.station.api('POST', '/people', { name: 'Giám sát Hoa', role: 'supervisor' })
  window = await openWindow(rig.station)
})
afterAll(async () => {
  window.close()
  await rig.close()
  rmSync(stick, { recursive: true, force: true })
})

const until = (what: string, holds: () => Promise<boolean>) => rig.until(what, 25_000, holds)
const onOutput = (phase: string) => () => until(`FM is ${phase}`, async () => (await rig.output('fm')).phase === phase)
const plan = (day = today) => rig.station.api<DayPlan>('GET', `/schedule/${day}`)
const itemCalled = async (title: string, day = today) => (await plan(day)).items.find((row) => row.item.title === title)!.item
const incoming = async (itemId: string) =>
  (await rig.station.api<ProvinceSlice>('GET', '/province')).incoming.find((one) => one.item.itemId === itemId)
const incomingIs = (itemId: string, state: string) => until(`${itemId} is ${state}`, async () => (await incoming(itemId))?.state === state)
const call = <T>(operation: Operation, input?: unknown) => window.call<T>(operation, input)

const carts: string[] = []
const people: string[] = []
let alert = ''
let cutIn = ''

async function upload(title: string, seconds: number, hz: number): Promise<void> {
  const query = new URLSearchParams({ name: `${title}.wav`, title, contentType: 'speech' })
  const answer = await window.fetch(`/api/v1/library/files?${query}`, { method: 'POST', body: new Uint8Array(wav(seconds, hz)) })
  carts.push(((await answer.json()) as { cartId: string }).cartId)
}

const add = (title: string, cart: number, start: object) => {
  const source = { kind: 'file', cartId: carts[cart] }
  const draft = { title, contentType: 'speech', source, start, durationMs: 0, crossfadeMs: 0, resume: { kind: 'exact' }, outputIds: [] }
  return call('schedule.add', { day: today, draft })
}
const compose = async () => {
  const source = { kind: 'file', cartId: carts[1] }
  const words = { title: 'Tin thử', templateId: null, orderedBy: 'thử', issuedAtMs: null, expiresAtMs: null, outputIds: [] }
  const draft = { mode: 'live', source, riskLevel: 3, evacuation: false, readings: 1, attentionTone: false, ...words }
  const { alertId } = await call<AlertView>('alerts.compose', { draft })
  await until('it is ready', async () => (await rig.station.api<AlertView>('GET', `/alerts/${alertId}`)).state === 'ready')
  return alertId
}
const aDifference = async () => {
  const { differences } = await rig.station.api<DayReview>('GET', `/logbook/${today}/review`)
  return differences[0]!.differenceId
}
/** The order is a row, and so is what the device made of it. */
const device = async (operation: Operation, deviceId: string, input: object) => {
  const before = (await rig.rows()).length
  await call(operation, { deviceId, ...input })
  await until(`${deviceId} has confirmed`, async () =>
    (await rig.rows())
      .slice(before)
      .some((row) => row.kind === 'device.order' && row.subject === deviceId && row.actor === mai.person.name),
  )
}

type Act = () => Promise<unknown>
/**
 * In the order in which they are given; what must be done before one, by the same hand, comes first and proves nothing.
 * `asks`: nothing becomes different by it that a row would have to tell.
 */
const acts: Readonly<Record<Operation, 'asks' | Act | readonly [before: Act, order: Act]>> = {
  'session.signIn': () => window.signIn(mai),
  'session.view': 'asks',
  'session.people': 'asks',
  // What the code is exchanged for is a window, nobody's yet.
  'session.createCode': 'asks',
  'station.info': 'asks',
  'station.subscribe': 'asks',
  'station.meters': 'asks',
  'people.save': async () => people.push((await call<PersonWithPin>('people.save', { name: 'Tạm', role: 'technician' })).person.personId),
  'people.renewPin': () => call('people.renewPin', { personId: people[0] }),
  'people.remove': () => call('people.remove', { personId: people[0] }),
  'people.firstPins': 'asks',
  'devices.list': 'asks',
  'devices.setCarrier': async () => {
    await device('devices.setCarrier', 'tx', { on: true })
    await until('it radiates', () => Promise.resolve(rig.transmitter.record.length > 0))
  },
  'devices.setPower': () => device('devices.setPower', 'tx', { powerW: 80 }),
  'devices.setDeskChannel': () => device('devices.setDeskChannel', 'desk', { channel: 'main', faderDb: -12, muted: null }),
  'door.upload': async () => {
    await upload('Bài dài', 90, 440)
    await upload('Bài ngắn', 3, 880)
    await upload('Bài thừa', 1, 500)
  },
  'door.audio': 'asks',
  'door.description': 'asks',
  'library.list': 'asks',
  'library.peaks': 'asks',
  'library.preview': 'asks',
  // The refusal is a row already; this clears it from the screen.
  'library.dismissImport': 'asks',
  'library.update': () => call('library.update', { cartId: carts[2], title: 'Tên mới', contentType: 'music' }),
  'library.remove': () => call('library.remove', { cartId: carts[2] }),
  'schedule.day': 'asks',
  'schedule.add': async () => {
    await add('Một', 0, { kind: 'hard', atMs: Date.now() + 1_500 })
    await add('Hai', 0, { kind: 'follow' })
    await add('Ba', 0, { kind: 'follow' })
  },
  'schedule.update': async () => {
    const { itemId, day: _day, position: _position, ...draft } = await itemCalled('Ba')
    await call('schedule.update', { day: today, itemId, draft: { ...draft, title: 'Bốn' } })
  },
  'schedule.move': async () => call('schedule.move', { day: today, itemId: (await itemCalled('Bốn')).itemId, position: 1 }),
  'schedule.undo': () => call('schedule.undo', { day: today }),
  'schedule.copyDay': () => call('schedule.copyDay', { day: today, to: tomorrow }),
  'schedule.remove': async () => call('schedule.remove', { day: tomorrow, itemId: (await itemCalled('Bốn', tomorrow)).itemId }),
  'province.state': 'asks',
  'province.pull': 'asks',
  'province.place': async () => {
    for (const itemId of ['taken', 'changed']) {
      await incomingIs(itemId, 'offered')
      await call('province.place', { itemId, day: tomorrow, start: { kind: 'follow' } })
    }
  },
  'province.decline': () => call('province.decline', { itemId: 'refused', reason: 'trùng' }),
  'province.resolve': [
    async () => {
      await call('schedule.move', { day: tomorrow, itemId: (await itemCalled('Bản tin changed', tomorrow)).itemId, position: 0 })
      publish(2, 2)
      await call('province.pull')
      await incomingIs('changed', 'conflict')
    },
    () => call('province.resolve', { itemId: 'changed', side: 'mine' }),
  ],
  'province.card': [
    async () => {
      await incomingIs('urgent', 'alert')
      await until('its card is ready', async () => (await incoming('urgent'))?.alertId !== null)
      await call('alerts.cancel', { alertId: (await incoming('urgent'))?.alertId })
    },
    () => call('province.card', { itemId: 'urgent', source: 'recording' }),
  ],
  'onair.outputs': 'asks',
  'onair.hold': [onOutput('programme'), () => call('onair.hold', { outputId: 'fm' })],
  'onair.release': [onOutput('held'), () => call('onair.release', { outputId: 'fm' })],
  'onair.openInput': [onOutput('programme'), () => call('onair.openInput', { inputId: 'mic', via: 'screen' })],
  'onair.closeInput': [onOutput('liveInput'), () => call('onair.closeInput', { inputId: 'mic', via: 'keyboard' })],
  'onair.assignHotKey': () => call('onair.assignHotKey', { slot: 1, cartId: carts[0], loop: false }),
  'onair.hotKey': () => call('onair.hotKey', { slot: 1, via: 'keyboard' }),
  'onair.stopHotKey': [
    () => until('it sounds', async () => (await rig.output('fm')).hotKeysPlaying.includes(1)),
    () => call('onair.stopHotKey', { slot: 1 }),
  ],
  'alerts.list': 'asks',
  'alerts.get': 'asks',
  'alerts.cutIn': 'asks',
  'alerts.compose': async () => {
    alert = await compose()
  },
  'alerts.previewed': () => call('alerts.previewed', { alertId: alert, ms: 1_000 }),
  // Its end is the row: how much was heard, and by whom.
  'alerts.preview': async () => {
    await call('alerts.preview', { alertId: alert })
    await call('alerts.stopPreview')
  },
  'alerts.stopPreview': 'asks',
  'alerts.arm': () => call('alerts.arm', { alertId: alert }),
  'alerts.disarm': () => call('alerts.disarm', { alertId: alert }),
  'alerts.fire': [
    () => call('alerts.arm', { alertId: alert }),
    async () => {
      cutIn = (await call<{ cutInId: string }>('alerts.fire', { alertId: alert, via: 'screen', heldMs: 1_000 })).cutInId
    },
  ],
  'alerts.stop': [onOutput('cutIn'), () => call('alerts.stop', { cutInId: cutIn })],
  'alerts.cancel': [
    async () => {
      alert = await compose()
    },
    () => call('alerts.cancel', { alertId: alert }),
  ],
  'onair.resume': [onOutput('awaitingResume'), () => call('onair.resume', { outputId: 'fm', policy: { kind: 'exact' } })],
  'onair.next': [
    onOutput('programme'),
    async () => call('onair.next', { outputId: 'fm', expectItemId: (await rig.output('fm')).now?.itemId }),
  ],
  'onair.stop': () => call('onair.stop', { via: 'keyboard' }),
  'onair.reopen': () => call('onair.reopen', {}),
  'logbook.day': 'asks',
  'logbook.verify': 'asks',
  'logbook.search': 'asks',
  'logbook.review': 'asks',
  'logbook.month': 'asks',
  'recordings.day': 'asks',
  'recordings.peaks': 'asks',
  'door.recording': 'asks',
  'logbook.annotate': () => call('logbook.annotate', { day: today, text: 'đã gọi' }),
  'door.sheet': async () => {
    for (const format of ['csv', 'xlsx', 'pdf']) {
      const { status } = await window.fetch(`/api/v1/logbook/${today}/sheet.${format}`)
      expect([format, status]).toEqual([format, 200])
    }
  },
  'alarms.list': 'asks',
  'alarms.acknowledge': [
    async () => {
      await rig.desk.close()
      await until('it is an alarm', async () => (await rig.alarms()).some((alarm) => alarm.alarmId === 'DEVICE_LOST:desk'))
    },
    () => call('alarms.acknowledge', { alarmId: 'DEVICE_LOST:desk' }),
  ],
  'logbook.ask': [
    () => window.signIn(hoa),
    async () => call('logbook.ask', { day: today, differenceId: await aDifference(), text: 'Vì sao?' }),
  ],
  'logbook.sign': () => call('logbook.sign', { day: addDays(today, -1), pin: hoa.pin }),
  'logbook.answer': [
    () => window.signIn(mai),
    async () => call('logbook.answer', { day: today, differenceId: await aDifference(), text: 'Vì thế.' }),
  ],
  'session.signOut': () => call('session.signOut'),
}

test('each operation of the contract leaves a row with the name of who signed in, or only asks', async () => {
  const nobody = new Set(['operator', 'screen', 'keyboard', 'api', 'manual'])
  // Who was made known before anybody signed in is on the disk before this is.
  await rig.station.api('POST', `/logbook/${today}/notes`, { text: 'bắt đầu' })
  const signedIn = (await rig.rows()).length
  const silent: string[] = []
  for (const [operation, act] of Object.entries(acts)) {
    if (act === 'asks') continue
    const by = ['logbook.ask', 'logbook.sign'].includes(operation) ? hoa : mai
    const [prepare, order] = typeof act === 'function' ? [() => Promise.resolve(), act] : act
    const done = (step: Act) =>
      step().catch((error: unknown) => {
        throw new Error(`${operation}: ${String(error)}`, { cause: error })
      })
    await done(prepare)
    // What was ordered before is on the disk before this is.
    await rig.station.api('POST', `/logbook/${today}/notes`, { text: operation })
    const before = (await rig.rows()).length
    await done(order)
    const named = async () => (await rig.rows()).slice(before).some((row) => row.actor === by.person.name)
    await rig.until(`${operation} is a row by ${by.person.name}`, 10_000, named).catch(() => silent.push(operation))
  }
  expect(silent).toEqual([])
  const unnamed = (await rig.rows()).slice(signedIn).filter((row) => nobody.has(row.actor) && row.kind !== 'review.note')
  expect(unnamed.map(({ kind, phase, actor, subject }) => [kind, phase, actor, subject])).toEqual([])
}, 240_000)
