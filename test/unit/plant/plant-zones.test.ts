// Zones from a wish to the relay, by the board's own record: adoption, leases, read-back, warm-up of each zone, all-call.
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { sealFrame } from '../../../hardware/framing/rtu-frame.ts'
import type { RelaySimulator } from '../../../hardware/zones/waveshare-relay/simulator.ts'
import { fm, plantDistrict, relayChanges, wired } from '../../support/plant-rig.ts'

/** Relays closed by somebody before us, for 20 s. */
async function closeFromOutside(relay: RelaySimulator, ...coils: number[]): Promise<void> {
  const [, , port = '0'] = relay.address.split(':')
  const socket = connect(Number(port), '127.0.0.1')
  for (const coil of coils) {
    const echoed = new Promise((resolve) => socket.once('data', resolve))
    socket.write(sealFrame(Uint8Array.from([1, 5, 2, coil, 0, 200])))
    await echoed
  }
  socket.destroy()
}

test('adopt, then reconcile: what is on is read and kept, nothing is written until then, and what nobody wishes is opened', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  const answering = closeFromOutside(relay, 0, 2)
  for (let turn = 0; turn < 200 && relay.coils()[2] !== true; turn++) await clock.advance(5)
  await clock.advance(5)
  await answering
  const writes = () => relay.record.filter(({ what }) => what === 'write').length
  await rig.opened()
  plant.demand(wired, true, false, 'adopted')
  await clock.advance(2000)
  expect(writes(), 'read only').toBe(2)
  expect(plant.views().find((view) => view.zones)?.zones?.coils).toEqual([true, false, true, false, false, false, false, false])
  plant.unfreeze()
  await clock.advance(1000)
  expect(relayChanges(relay.record)).toEqual(['0 on timed on', '2 on timed on', '2 off off', '1 on timed on'])
  expect(rig.told.filter((line) => line.startsWith('corrected'))).toEqual([expect.stringMatching(/^corrected relay .*is on, wished off/)])
})

test('a board that is not read yet is waited for: at rest nothing is written from ignorance', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  plant.open()
  plant.unfreeze()
  await rig.until('read', () => plant.views().every((view) => (view.zones ?? view.transmitter) !== null))
  await clock.advance(5000)
  expect(relay.record).toEqual([])
})

test('ended before anything was adopted, the relays open all the same', async () => {
  const { relay, rig: made, clock } = await plantDistrict()
  const answering = closeFromOutside(relay, 3)
  for (let turn = 0; turn < 200 && relay.coils()[3] !== true; turn++) await clock.advance(5)
  await clock.advance(5)
  await answering
  await made.opened()
  await made.close()
  expect(relayChanges(relay.record)).toEqual(['3 on timed on', '3 off off'])
})

test('every order is read back at once, not with the next poll', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  const shown = () => plant.views().find((view) => view.zones)?.zones?.coils[0]
  for (let round = 0; round < 5; round++) {
    await clock.advance(1130)
    const on = round % 2 === 0
    plant.demand(wired, on, false, 'programme')
    await rig.until('done', () => relay.coils()[0] === on, 500)
    await rig.until('shown', () => shown() === on, 120)
  }
})

test('H5: a board that echoes and does nothing is never up, and is faulted', async () => {
  const { relay, rig, clock, plant, carrier } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  relay.faults.ackOnly = true
  plant.demand(wired, true, false, 'programme')
  await rig.until('faulted', () => rig.told.includes('relay faulted'), 5000)
  await clock.advance(5000)
  expect(carrier(wired, 'relay')?.state).not.toBe('up')
  relay.faults.ackOnly = false
  await rig.until('up after all', () => carrier(wired, 'relay')?.state === 'up', 10_000)
})

test('a cable that is out for most of a lease is not heard: the lease is renewed as soon as the board answers again', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.demand(wired, true, false, 'programme')
  await clock.advance(6000)
  const renewals = () => relay.record.filter(({ what, detail }) => what === 'write' && detail['address'] === 0x0200).length
  const before = renewals()
  await rig.until('just renewed', () => renewals() > before, 6000)
  await clock.advance(200)
  await relay.unplug()
  await clock.advance(16_000)
  await relay.plug()
  await rig.until('renewed before the next turn of all leases', () => renewals() > before + 1, 2500)
  await clock.advance(10_000)
  expect(relayChanges(relay.record)).toEqual(['0 on timed on', '1 on timed on'])
})

test('a lease is renewed every 5 s and never seen to fall; when audio is no longer proved it runs out and the relays open', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.demand(wired, true, false, 'programme')
  await clock.advance(90_000)
  expect(relayChanges(relay.record)).toEqual(['0 on timed on', '1 on timed on'])
  const renewals = relay.record.filter(({ what, detail }) => what === 'write' && detail['address'] === 0x0200)
  expect(renewals[0]?.detail['value'], 'for 20 s').toBe(200)
  const gapsMs = renewals.slice(1).map(({ atMs }, index) => atMs - (renewals[index]?.atMs ?? 0))
  expect(Math.max(...gapsMs)).toBeLessThan(5500)
  expect(gapsMs.length).toBeGreaterThanOrEqual(17)
  rig.audioRuns = false
  await clock.advance(15_000)
  expect(relay.coils()[0], 'an adoption of the audio process is outlasted').toBe(true)
  await clock.advance(15_000)
  expect(rig.told).toContain('lapsed wired')
  expect(relay.coils()).not.toContain(true)
})

test('the wire is cut: the board opens its relays by itself between 15 and 20 s later', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.demand(wired, true, false, 'programme')
  await clock.advance(12_000)
  await relay.unplug()
  const cutMs = clock.now()
  await clock.advance(25_000)
  const fallen = relay.record.filter(({ what, detail }) => what === 'coil' && detail['cause'] === 'lapsed')
  expect(fallen.map(({ detail }) => detail['coil'])).toEqual([0, 1])
  for (const { atMs } of fallen) {
    expect(atMs - cutMs).toBeGreaterThanOrEqual(14_500)
    expect(atMs - cutMs).toBeLessThanOrEqual(20_000)
  }
  expect(plant.temperature(wired)).toBe('cold')
  expect(plant.carriers(wired)[0]).toMatchObject({ state: 'unknown', deviceId: 'relay' })
  // An alert that waits for its carriers begins with the first `up`: what was read before the loss must not be that.
  const states: string[] = []
  rig.onCarriers = (outputId) => {
    const state = outputId === wired ? plant.carriers(wired)[0]?.state : undefined
    if (state !== undefined && state !== 'unknown' && state !== states.at(-1)) states.push(state)
  }
  await relay.plug()
  await rig.until('wanted, so closed again', () => relay.coils()[1] === true, 5000)
  const closedMs = clock.now()
  await rig.until('up', () => states.includes('up'), 10_000)
  expect(clock.now() - closedMs, 'the far zone is warm').toBeGreaterThanOrEqual(4000)
  expect(states).toEqual(['down', 'rising', 'up'])
  const reread = relay.record.filter(({ what, atMs }) => what === 'write' && atMs > cutMs)
  expect(
    reread.every(({ detail }) => detail['address'] !== 0xff && detail['value'] !== 0),
    'nothing is written from ignorance',
  ).toBe(true)
})

test('a wire that is back before the leases ended: what amplifiers did meanwhile is not known, they count as cold', async () => {
  const { relay, rig, plant, carrier } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.demand(wired, true, false, 'programme')
  await rig.until('up', () => carrier(wired, 'relay')?.state === 'up', 10_000)
  await relay.unplug()
  await rig.until('lost', () => rig.told.includes('relay lost'), 4000)
  expect(plant.views().find((view) => view.deviceId === 'relay')?.zones).toBe(null)
  await relay.plug()
  await rig.until('back', () => rig.told.at(-1) === 'relay online', 4000)
  expect(carrier(wired, 'relay')).toMatchObject({ state: 'rising', measured: 2 })
  await rig.until('up', () => carrier(wired, 'relay')?.state === 'up', 6000)
  expect(relayChanges(relay.record)).toEqual(['0 on timed on', '1 on timed on'])
})

test('each zone warms up for its own time, counted from the relay that was read closed', async () => {
  const { relay, rig, clock, plant, carrier } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  await clock.advance(500)
  expect(carrier(wired, 'relay')).toMatchObject({ state: 'down', measured: 0, setPoint: 2 })
  plant.demand(wired, true, false, 'programme')
  await rig.until('closed', () => relay.coils()[1] === true)
  await clock.advance(1700)
  expect(carrier(wired, 'relay'), 'the near zone is warm, the far one is not').toMatchObject({ state: 'rising', measured: 2 })
  await clock.advance(2000)
  expect(carrier(wired, 'relay')?.state).toBe('rising')
  expect(plant.temperature(wired)).toBe('cold')
  await rig.until('warm', () => carrier(wired, 'relay')?.state === 'up', 1500)
  expect(plant.temperature(wired)).toBe('hot')
  plant.demand(wired, false, false, 'idle')
  await rig.until('open', () => relay.coils()[0] === false)
  await clock.advance(1000)
  plant.demand(wired, true, false, 'programme')
  await rig.until('closed again', () => relay.coils()[1] === true)
  await clock.advance(1000)
  expect(carrier(wired, 'relay')?.state, 'it cooled').toBe('rising')
})

test('all-call closes the zone that only an alert closes, and lets it go with it; the interlock is the transmitter`s', async () => {
  const { relay, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.demand(wired, true, true, 'alert')
  await clock.advance(1000)
  const on = () => relay.coils().flatMap((closed, coil) => (closed ? [coil] : []))
  expect(on()).toEqual([0, 1, 5])
  plant.demand(wired, true, false, 'all-call over')
  await clock.advance(1000)
  expect(on()).toEqual([0, 1])
  plant.demand(fm, true, true, 'alert')
  await clock.advance(1000)
  expect(on()).toEqual([0, 1, 7])
  plant.drop([fm, wired], 'STOP')
  await clock.advance(500)
  expect(on()).toEqual([])
})

test('a board that only an alert closes is no carrier of the programme: with the transmitter up the output is hot', async () => {
  const horn = { id: 'horn', label: 'horn', coil: 0, outputs: ['fm'], allCallOnly: true }
  const { relay, tx, rig, plant, carrier } = await plantDistrict({ interlockClosed: true }, [horn])
  await rig.opened()
  plant.unfreeze()
  expect(plant.temperature(fm), 'its transmitter is down').toBe('cold')
  plant.demand(fm, true, false, 'programme')
  await rig.until('up', () => tx.radiating && carrier(fm, 'tx')?.state === 'up', 5000)
  expect(plant.carriers(fm).map(({ deviceId }) => deviceId)).toEqual(['tx'])
  expect(plant.temperature(fm)).toBe('hot')
  plant.demand(fm, true, true, 'alert')
  await rig.until('the horn is called', () => relay.coils()[0] === true)
  expect(plant.temperature(fm)).toBe('hot')
})
