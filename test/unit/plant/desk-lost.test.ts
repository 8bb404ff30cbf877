// The desk is lost while an alert begins or ends, or the station is: what it had before is given back when both are there again, and
// what a hand moved meanwhile is the hand's. By the desk's own record.
import { afterEach, describe, expect, test } from 'vitest'
import { startX32Simulator } from '../../../hardware/desks/behringer-x32/simulator.ts'
import { startXairSimulator } from '../../../hardware/desks/behringer-xair/simulator.ts'
import { DeskHoldings } from '../../../station/plant/index.ts'
import { deskStudio, guest, mic, programme, unity } from '../../support/desk-studio.ts'
import { fm, type PlantRig } from '../../support/plant-rig.ts'

let rig: PlantRig | null = null
let closeDesk = () => Promise.resolve()
afterEach(async () => {
  await rig?.close()
  rig = null
  await closeDesk()
})

describe.each([
  ['behringer-x32', startX32Simulator],
  ['behringer-xair', startXairSimulator],
] as const)('%s', (driver, start) => {
  async function studio() {
    const made = await deskStudio(driver, start)
    rig = made.rig
    closeDesk = () => made.desk.close()
    const { desk, open } = made
    const given = [guest, programme].join()
    const taken = (by = made.rig) => by.until('taken', () => open().join() === programme, 8000)
    const back = (by = made.rig) => by.until('given back', () => open().join() === given, 8000)
    desk.moveByHand(programme, { fader: 0.6 })
    await made.clock.advance(1000)
    return { ...made, taken, back }
  }

  /** The station is killed; its successor finds what was left and is opened, but not told to go on yet. */
  async function killed({ rig: first, next }: Awaited<ReturnType<typeof studio>>, meanwhile: () => void = () => undefined) {
    const left = DeskHoldings.parse(JSON.parse(JSON.stringify(first.deskHeld)))
    await first.close()
    meanwhile()
    const successor = next()
    rig = successor
    successor.plant.deskLeft(left)
    await successor.opened()
    return successor
  }

  test('lost when the alert begins: taken as soon as it is there, and given back what it had then', async () => {
    const { desk, rig, plant, unplug, plug, taken } = await studio()
    await unplug()
    plant.takeDesk(fm, 'cut', 'off')
    desk.moveByHand(programme, { fader: 0.5, on: false })
    await plug()
    await taken()
    expect(desk.strip(programme).fader).toBeCloseTo(unity, 2)
    plant.restoreDesk(fm, 'cut')
    await rig.until('given back', () => desk.strip(guest).on && !desk.strip(programme).on, 5000)
    expect(desk.strip(programme).fader).toBeCloseTo(0.5, 2)
    expect(desk.strip(mic).on).toBe(false)
  })

  test('lost from before the alert until after it: nothing is ordered of it', async () => {
    const { clock, plant, unplug, plug, sets, open } = await studio()
    await unplug()
    plant.takeDesk(fm, 'cut', 'off')
    await clock.advance(20_000)
    plant.restoreDesk(fm, 'cut')
    const before = sets()
    await plug()
    await clock.advance(10_000)
    expect([sets(), open()]).toEqual([before, [mic, guest, programme]])
  })

  test('lost in the alert and back after it: given back then, but for what a hand moved while nobody saw it', async () => {
    const { clock, desk, rig, plant, unplug, plug, taken } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await taken()
    await clock.advance(1500)
    await unplug()
    plant.restoreDesk(fm, 'cut')
    desk.moveByHand(programme, { fader: 0.4 })
    await plug()
    await rig.until('given back', () => desk.strip(guest).on, 5000)
    await clock.advance(5000)
    expect(desk.strip(programme).fader, 'the hand`s').toBeCloseTo(0.4, 2)
    expect(desk.strip(mic).on).toBe(false)
    expect(rig.deskHeld).toBeNull()
  })

  test('lost in the very moment in which it is given back: given back when it is there again', async () => {
    const { desk, rig, plant, plug, taken, back } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await taken()
    desk.faults.silent = true
    plant.restoreDesk(fm, 'cut')
    await rig.until('lost', () => rig.told.includes('desk lost'), 8000)
    await plug()
    await back()
    expect(desk.strip(programme).fader).toBeCloseTo(0.6, 2)
  })

  test('an alert that follows before the desk was given back gives back what was before the first', async () => {
    const { clock, desk, plant, taken, back } = await studio()
    plant.takeDesk(fm, 'cut-1', 'off')
    await taken()
    await clock.advance(1500)
    plant.restoreDesk(fm, 'cut-1')
    plant.takeDesk(fm, 'cut-2', 'off')
    await clock.advance(3000)
    plant.restoreDesk(fm, 'cut-2')
    await back()
    expect(desk.strip(programme).fader).toBeCloseTo(0.6, 2)
  })

  test('the station is killed in the alert: its successor gives back what was before it, when the alert is over', async () => {
    const made = await studio()
    made.plant.takeDesk(fm, 'cut', 'off')
    await made.taken()
    await made.clock.advance(1500)
    const successor = await killed(made)
    successor.plant.takeDesk(fm, 'cut', 'off')
    successor.plant.unfreeze()
    await made.clock.advance(3000)
    expect(made.open()).toEqual([programme])
    successor.plant.restoreDesk(fm, 'cut')
    await made.back(successor)
    expect(made.desk.strip(programme).fader).toBeCloseTo(0.6, 2)
    await made.clock.advance(3000)
    expect(successor.deskHeld).toBeNull()
  })

  test('the alert is over before its successor is there: given back, but for what a hand moved meanwhile', async () => {
    const made = await studio()
    made.plant.takeDesk(fm, 'cut', 'off')
    await made.taken()
    await made.clock.advance(1500)
    const successor = await killed(made, () => made.desk.moveByHand(programme, { fader: 0.4 }))
    const before = made.sets()
    await made.clock.advance(3000)
    expect(made.sets(), 'nothing before it is known what still airs').toBe(before)
    successor.plant.unfreeze()
    await made.back(successor)
    await made.clock.advance(3000)
    expect(made.desk.strip(programme).fader).toBeCloseTo(0.4, 2)
  })

  test('what a hand opened under the alert while the station was dead is not closed again', async () => {
    const made = await studio()
    made.desk.moveByHand(guest, { on: false })
    await made.clock.advance(1000)
    made.plant.takeDesk(fm, 'cut', 'off')
    await made.clock.advance(3000)
    const successor = await killed(made, () => made.desk.moveByHand(guest, { on: true }))
    successor.plant.takeDesk(fm, 'cut', 'off')
    successor.plant.unfreeze()
    await made.clock.advance(3000)
    expect(made.open()).toEqual([guest, programme])
    successor.plant.restoreDesk(fm, 'cut')
    await made.clock.advance(3000)
    expect(made.open()).toEqual([guest, programme])
  })

  test('stopped in the alert, then killed: the desk stays as it is until a hand opens the output again', async () => {
    const made = await studio()
    made.plant.takeDesk(fm, 'cut', 'off')
    await made.taken()
    const successor = await killed(made)
    successor.plant.holdDesk(fm)
    successor.plant.unfreeze()
    await made.clock.advance(10_000)
    expect(made.open()).toEqual([programme])
    successor.plant.restoreDesk(fm, 'reopen')
    await made.back(successor)
  })

  test('given back at an ordered end: the station waits for the desk before it lets go of the wire', async () => {
    const { rig: mine, plant, taken, open, clock } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await taken()
    await clock.advance(1500)
    plant.restoreDesk(fm, 'stationStopped')
    await mine.close()
    rig = null
    expect([open(), mine.deskHeld]).toEqual([[guest, programme], null])
  })
})
