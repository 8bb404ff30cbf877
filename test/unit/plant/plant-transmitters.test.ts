// Transmitters from a wish to the carrier, by the unit's own record: what refuses, what blocks, what a hand does, what stays keyed.
import { expect, test } from 'vitest'
import { handTestMs } from '../../../shared/domain/device.ts'
import type { PlantService } from '../../../station/plant/index.ts'
import { fm, plantDistrict } from '../../support/plant-rig.ts'

test('by hand: a transmitter with its interlock, all zones of a board, a set point, and the priority relay', async () => {
  const { relay, tx, rig: made, clock, plant, carrier } = await plantDistrict()
  made.bypass = { deviceId: 'relay' as never, coil: 6 }
  await made.opened()
  plant.unfreeze()
  await clock.advance(500)
  expect(carrier(fm, 'tx'), 'our own open interlock at rest').toMatchObject({ state: 'down', reason: null })
  plant.setManual('tx' as never, true, 'Sử')
  await made.until('radiates', () => tx.radiating, 3000)
  plant.setPower('tx' as never, 55, 'Sử')
  await made.until('set', () => tx.powerSetW === 55, 3000)
  plant.setManual('tx' as never, false, 'Sử')
  await made.until('down', () => !tx.radiating && relay.coils()[7] === false, 3000)
  const on = () => relay.coils().flatMap((closed, coil) => (closed ? [coil] : []))
  plant.setManual('relay' as never, true, 'Sử')
  await clock.advance(1000)
  expect(on()).toEqual([0, 1, 5, 7])
  plant.setManual('relay' as never, false, 'Sử')
  plant.setBypass(fm, true)
  await clock.advance(1000)
  expect(on()).toEqual([6])
  plant.setBypass(fm, false)
  await relay.unplug()
  await made.until('lost', () => made.told.includes('relay lost'), 4000)
  expect(() => plant.setManual('relay' as never, true, 'Sử')).toThrow(/DEVICE_UNREACHABLE/)
  expect(() => plant.setPower('relay' as never, 1, 'Sử')).toThrow(/DEVICE_UNKNOWN/)
})

test.each([
  ['keyed this very moment, and not read since', 0],
  ['keyed long ago', 3000],
])('at an ordered end a carrier %s is ordered off before its wire is let go of, by the unit`s own record', async (_when, ms) => {
  const { tx, rig: made, plant, clock } = await plantDistrict()
  await made.opened()
  plant.unfreeze()
  plant.demand(fm, true, true, 'programme')
  await made.until('radiates', () => tx.radiating, 5000)
  await clock.advance(ms)
  const before = tx.record.length
  await made.close()
  const ordered = tx.record.slice(before).filter(({ what }) => what === 'write')
  expect(ordered.map(({ detail }) => detail)).toContainEqual({ name: 'TX.OPMODE', value: 'OFF' })
})

test('carriers that fell with their lease are keyed again when it sounds again, and not after a STOP or an end', async () => {
  const { tx, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  const silence = async () => {
    plant.demand(fm, true, false, 'programme')
    await rig.until('up', () => tx.radiating, 5000)
    rig.audioRuns = false
    await rig.until('it falls', () => !tx.radiating, 40_000)
    expect(rig.told.at(-1)).toBe('lapsed fm')
  }
  await silence()
  rig.audioRuns = true
  await rig.until('keyed again', () => tx.radiating, 8000)
  expect(rig.told.slice(-2)).toEqual(['lapse over fm', 'sounds again fm'])
  for (const end of [() => plant.drop([fm], 'STOP'), () => plant.demand(fm, false, false, 'idle')]) {
    await silence()
    end()
    rig.audioRuns = true
    await clock.advance(12_000)
    expect(tx.radiating).toBe(false)
  }
})

test('what is on air is not unkeyed by hand: the order is refused and told to nobody; a test on the same board can be let go of', async () => {
  const { relay, tx, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.demand(fm, true, false, 'programme')
  await rig.until('radiates', () => tx.radiating, 5000)
  const on = () => relay.coils().flatMap((closed, coil) => (closed ? [coil] : []))
  const refused = () => {
    expect(() => plant.setManual('tx' as never, false, 'Sử')).toThrow(/DEVICE_ON_AIR/)
    expect(() => plant.setManual('relay' as never, false, 'Sử'), 'its interlock').toThrow(/DEVICE_ON_AIR/)
  }
  refused()
  expect(rig.told.filter((line) => line.startsWith('order by hand'))).toEqual([])
  plant.setManual('relay' as never, true, 'Sử')
  await rig.until('all lines', () => on().join() === '0,1,5,7')
  plant.setManual('relay' as never, false, 'Sử')
  await rig.until('those of the test are open again', () => on().join() === '7')
  refused()
  await clock.advance(3000)
  expect(tx.radiating).toBe(true)
  plant.drop([fm], 'STOP')
  await rig.until('down', () => !tx.radiating, 3000)
  plant.setManual('tx' as never, false, 'Sử')
})

test('a device keyed by hand goes down by itself, and is told of', async () => {
  const { relay, tx, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.setManual('tx' as never, true, 'Sử')
  await rig.until('radiates', () => tx.radiating, 3000)
  await clock.advance(handTestMs - 10_000)
  expect(tx.radiating).toBe(true)
  await clock.advance(20_000)
  expect(tx.radiating).toBe(false)
  expect(relay.coils()[7], 'its interlock').toBe(false)
  expect(rig.told.filter((line) => line === 'test over tx')).toHaveLength(1)
  expect(plant.radiatingUnasked()).toEqual([])
})

test.each<[string, (plant: PlantService) => void]>([
  ['keyed before it', (plant) => (plant.setManual('tx' as never, true, 'Sử'), plant.demand(fm, true, false, 'programme'))],
  ['keyed in it', (plant) => (plant.demand(fm, true, false, 'programme'), plant.setManual('tx' as never, true, 'Sử'))],
])('a device %s by hand does not outlive the programme, nor the lease of one without sound', async (_when, key) => {
  const { tx, rig, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  key(plant)
  await rig.until('radiates', () => tx.radiating, 5000)
  plant.demand(fm, false, false, 'idle')
  await rig.until('down with the programme', () => !tx.radiating, 3000)
  key(plant)
  await rig.until('radiates again', () => tx.radiating, 5000)
  rig.audioRuns = false
  await rig.until('down with the lease', () => !tx.radiating, 40_000)
})

test('a station at rest that is brought in line again and again cuts no test short', async () => {
  const { tx, rig, clock, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  plant.setManual('tx' as never, true, 'Sử')
  await rig.until('radiates', () => tx.radiating, 3000)
  for (let turn = 0; turn < 3; turn++) {
    plant.demand(fm, false, false, 'idle')
    await clock.advance(3000)
  }
  expect(tx.radiating).toBe(true)
})

test.each<[string, (plant: PlantService) => void, boolean]>([
  ['wanted anew before the next turn of the leases', (plant) => plant.demand(fm, true, false, 'next item'), true],
  ['dropped by a STOP', (plant) => plant.drop([fm], 'STOP'), false],
  ['not wanted any more', (plant) => plant.demand(fm, false, false, 'idle'), false],
])('a lapse is over when its carriers are %s, and the next one is told again', async (_how, end, keyed) => {
  const { tx, rig, plant } = await plantDistrict()
  await rig.opened()
  plant.unfreeze()
  const silence = async () => {
    plant.demand(fm, true, false, 'programme')
    await rig.until('up', () => tx.radiating, 5000)
    rig.audioRuns = false
    await rig.until('it falls', () => !tx.radiating, 40_000)
  }
  await silence()
  rig.audioRuns = true
  end(plant)
  expect(rig.told.slice(-2)).toEqual(['lapsed fm', 'lapse over fm'])
  if (keyed) await rig.until('up', () => tx.radiating, 3000)
  await silence()
  expect(rig.told.filter((line) => line === 'lapsed fm')).toHaveLength(2)
  expect(rig.told.filter((line) => line === 'lapse over fm')).toHaveLength(1)
})

test('a set point that the transmitter refuses does not keep its carrier down', async () => {
  const { tx, rig, plant, carrier } = await plantDistrict({ powerCapW: 50, powerSetW: 40 })
  await rig.opened()
  plant.unfreeze()
  plant.demand(fm, true, false, 'alert')
  await rig.until('up', () => carrier(fm, 'tx')?.state === 'up', 3000)
  expect(tx.radiating).toBe(true)
  expect(tx.powerSetW).toBe(40)
  expect(rig.told).toContain('failed tx set point is 40 W')
  expect(carrier(fm, 'tx')).toMatchObject({ measured: 40, setPoint: 40 })
})

test('an order that never took effect is not called confirmed when its programme ends', async () => {
  const { rig, plant, tx, clock, carrier } = await plantDistrict({ powerCapW: 50, powerSetW: 40 })
  const ofUnit = () => rig.orders.filter((line) => line.includes(' tx '))
  await rig.opened()
  plant.unfreeze()
  plant.demand(fm, true, false, 'programme')
  await rig.until('up', () => carrier(fm, 'tx')?.state === 'up', 3000)
  await rig.until('confirmed', () => ofUnit().length > 0, 1000)
  expect(ofUnit()).toEqual(['confirmed tx is off, wished on'])
  await clock.advance(60_000)
  plant.demand(fm, false, false, 'idle')
  await rig.until('down', () => !tx.radiating, 3000)
  await clock.advance(2000)
  expect(ofUnit()).toEqual(['confirmed tx is off, wished on', 'confirmed tx is on, wished off', 'superseded tx set point is 40 W'])
})

test('a unit that goes LOCAL after it was keyed confirms nothing, and its order is over with its programme', async () => {
  const { rig, plant, tx, clock } = await plantDistrict({ powerSetW: 80 })
  const ofUnit = () => rig.orders.filter((line) => line.includes(' tx ') && !line.includes('set point'))
  await rig.opened()
  plant.unfreeze()
  await clock.advance(1000)
  const keyed = () => tx.record.filter(({ what, detail }) => what === 'write' && detail['value'] === 'ON').length
  plant.demand(fm, true, false, 'programme')
  await rig.until('keyed', () => keyed() > 0, 1000)
  tx.setLocal(true)
  tx.switchByHand(false)
  await clock.advance(10_000)
  expect(ofUnit()).toEqual([])
  plant.demand(fm, false, false, 'idle')
  await clock.advance(1000)
  expect(ofUnit()).toEqual(['superseded tx is off, wished on'])
})

test('STOP before a carrier showed: its order is not called confirmed, and the order off is only by a later reading', async () => {
  const { rig, plant, tx, clock } = await plantDistrict({ powerSetW: 80 })
  await rig.opened()
  plant.unfreeze()
  await clock.advance(1000)
  plant.demand(fm, true, false, 'programme')
  await rig.until('keyed', () => tx.record.some(({ what, detail }) => what === 'write' && detail['value'] === 'ON'), 1000)
  plant.drop([fm], 'STOP')
  const ofUnit = () => rig.orders.filter((line) => line.includes(' tx '))
  expect(ofUnit()).toEqual(['superseded tx is off, wished on'])
  await rig.until('off', () => ofUnit().length > 1, 2000)
  expect(ofUnit()[1]).toBe('confirmed tx state unknown, wished off')
  expect(tx.radiating).toBe(false)
})

test('LOCAL and an open interlock are named, nothing is ordered in LOCAL, and a hand cannot key it from here', async () => {
  const { tx, rig, clock, plant, carrier } = await plantDistrict({ powerSetW: 40 })
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
  const { tx, rig, clock, plant } = await plantDistrict()
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
