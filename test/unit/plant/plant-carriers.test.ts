// Carriers and zones from a wish to the relay: adoption, leases, warm-up of each zone, all-call, and a transmitter that refuses.
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { sealFrame } from '../../../hardware/framing/rtu-frame.ts'
import { createTransmitterSimulator, type TransmitterSimulatorOptions } from '../../../hardware/transmitters/ecreso-crown/simulator.ts'
import { createRelaySimulator, type RelaySimulator } from '../../../hardware/zones/waveshare-relay/simulator.ts'
import { fm, PlantRig, relayChanges, wired } from '../../support/plant-rig.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const zone = (id: string, coil: number, outputs: string[], more: Record<string, unknown> = {}) => ({
  id,
  label: id,
  coil,
  outputs,
  ...more,
})
const zones = [
  zone('near', 0, ['wired'], { warmUpMs: 1500 }),
  zone('far', 1, ['wired'], { warmUpMs: 4000 }),
  zone('siren', 5, ['wired'], { allCallOnly: true }),
  zone('interlock', 7, ['fm']),
]

let rig: PlantRig | null = null
afterEach(async () => {
  await rig?.close()
  rig = null
})

async function district(unit: Partial<TransmitterSimulatorOptions> = {}) {
  const clock = new VirtualClock()
  const relay = await createRelaySimulator({ wire: { kind: 'tcp' }, clock })
  const tx = await createTransmitterSimulator({
    wire: { kind: 'tcp' },
    model: 'crown',
    clock,
    interlockClosed: false,
    rampMs: 200,
    ...unit,
  })
  relay.onCoil((coil, on) => {
    if (coil === 7) tx.setInterlock(on)
  })
  const devices = [
    { id: 'relay', driver: 'waveshare-relay-8', transport: relay.address, options: { zones } },
    { id: 'tx', driver: 'crown-fme', transport: tx.address, outputs: ['fm'], options: { onAirThresholdW: 30, powerSetW: 80 } },
  ]
  const made = new PlantRig(clock, devices, [() => relay.close(), () => tx.close()])
  rig = made
  const carrier = (outputId: typeof fm, deviceId: string) => made.plant.carriers(outputId).find((one) => one.deviceId === deviceId)
  return { relay, tx, rig: made, clock, plant: made.plant, carrier }
}

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
  const { relay, rig, clock, plant } = await district()
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

test('a lease is renewed every 5 s and never seen to fall; when audio is no longer proved it runs out and the relays open', async () => {
  const { relay, rig, clock, plant } = await district()
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
  const { relay, rig, clock, plant } = await district()
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
  await relay.plug()
  await rig.until('wanted, so closed again', () => relay.coils()[0] === true, 5000)
})

test('each zone warms up for its own time, counted from the relay that was read closed', async () => {
  const { relay, rig, clock, plant, carrier } = await district()
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
})

test('all-call closes the zone that only an alert closes, and lets it go with it; the interlock is the transmitter`s', async () => {
  const { relay, rig, clock, plant } = await district()
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

test('a set point that the transmitter refuses does not keep its carrier down', async () => {
  const { tx, rig, plant, carrier } = await district({ powerCapW: 50, powerSetW: 40 })
  await rig.opened()
  plant.unfreeze()
  plant.demand(fm, true, false, 'alert')
  await rig.until('up', () => carrier(fm, 'tx')?.state === 'up', 3000)
  expect(tx.radiating).toBe(true)
  expect(tx.powerSetW).toBe(40)
  expect(rig.told).toContain('failed tx set point is 40 W')
  expect(carrier(fm, 'tx')).toMatchObject({ measured: 40, setPoint: 40 })
})

test('LOCAL and an open interlock are named, nothing is ordered in LOCAL, and a hand cannot key it from here', async () => {
  const { tx, rig, clock, plant, carrier } = await district({ powerSetW: 40 })
  await rig.opened()
  plant.unfreeze()
  tx.setLocal(true)
  await clock.advance(1000)
  const before = tx.record.length
  plant.demand(fm, true, false, 'alert')
  await clock.advance(10_000)
  expect(tx.record.slice(before).filter(({ what }) => what !== 'carrier')).toEqual([])
  expect(carrier(fm, 'tx')).toMatchObject({ state: 'blocked', reason: 'LOCAL' })
  expect(() => plant.setManual('tx' as never, true, 'Sử')).toThrow(/DEVICE_LOCAL_MODE/)
  tx.setLocal(false)
  await rig.until('up', () => carrier(fm, 'tx')?.state === 'up', 3000)
  tx.setInterlock(false)
  await rig.until('blocked', () => carrier(fm, 'tx')?.state === 'blocked', 2000)
  expect(carrier(fm, 'tx')?.reason).toBe('INTERLOCK')
})

test('a carrier that nobody asked for is named for as long as it radiates, and ordered off', async () => {
  const { tx, rig, clock, plant } = await district()
  await rig.opened()
  expect(plant.radiatingUnasked()).toEqual([])
  plant.unfreeze()
  await clock.advance(1000)
  tx.setInterlock(true)
  tx.switchByHand(true)
  tx.setStuckKeyed(true)
  await rig.until('named', () => plant.radiatingUnasked().length > 0, 3000)
  await clock.advance(10_000)
  const offs = tx.record.filter(({ what, detail }) => what === 'write' && detail['value'] === 'OFF').length
  expect(offs, 'again and again').toBeGreaterThanOrEqual(4)
  tx.setStuckKeyed(false)
  await rig.until('over', () => plant.radiatingUnasked().length === 0, 3000)
})
