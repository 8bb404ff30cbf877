// Whose desk it is: an alert takes it, gives it back, and afterwards every fader and every microphone is the hands' again. By the
// desk's own record, on both families.
import { afterEach, describe, expect, test } from 'vitest'
import { startX32Simulator } from '../../../hardware/desks/behringer-x32/simulator.ts'
import { startXairSimulator } from '../../../hardware/desks/behringer-xair/simulator.ts'
import { desk1, deskStudio, guest, mic, programme } from '../../support/desk-studio.ts'
import { fm, wired } from '../../support/plant-rig.ts'

let made: Awaited<ReturnType<typeof deskStudio>> | null = null
afterEach(async () => {
  await made?.rig.close()
  await made?.desk.close()
  made = null
})

describe.each([
  ['behringer-x32', startX32Simulator],
  ['behringer-xair', startXairSimulator],
] as const)('%s', (driver, start) => {
  async function studio() {
    made = await deskStudio(driver, start)
    return made
  }

  test('after an alert the microphone is muted once; the hand that opens it, and moves a fader, is left alone', async () => {
    const { clock, desk, rig, plant, open, sets } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await rig.until('taken', () => open().join() === programme, 3000)
    await clock.advance(1500)
    plant.restoreDesk(fm, 'cut')
    await rig.until('given back', () => open().join() === `${guest},${programme}`, 3000)
    await clock.advance(3000)
    const before = sets()
    desk.moveByHand(mic, { on: true, fader: 0.6 })
    desk.moveByHand(programme, { fader: 0.5 })
    await clock.advance(30_000)
    expect(sets(), 'nothing is set against the hand').toBe(before)
    expect(desk.strip(mic).on).toBe(true)
    expect(desk.strip(programme).fader).toBeCloseTo(0.5, 2)
  })

  test('during an alert a hand on the desk wins for its own channel; the others stay taken, and the restore leaves it', async () => {
    const { clock, desk, rig, plant, open } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await rig.until('taken', () => open().join() === programme, 3000)
    await clock.advance(1500)
    desk.moveByHand(guest, { on: true, fader: 0.3 })
    await clock.advance(10_000)
    expect(open()).toEqual([guest, programme])
    plant.restoreDesk(fm, 'cut')
    await clock.advance(5000)
    expect(desk.strip(guest)).toMatchObject({ on: true, fader: expect.closeTo(0.3, 2) })
    expect(desk.strip(mic).on).toBe(false)
  })

  test('a fader moved on the screen in an alert takes nothing of the alert away, and is that hand`s after it', async () => {
    const { clock, desk, rig, plant, open } = await studio()
    desk.moveByHand(programme, { on: false })
    await clock.advance(1000)
    plant.takeDesk(fm, 'cut', 'off')
    plant.setDeskChannel(desk1, { channel: guest, faderDb: -30, muted: null }, 'Sử')
    await rig.until('taken all the same', () => open().join() === programme, 5000)
    await rig.until('and moved', () => Math.abs(desk.strip(guest).fader - 0.25) < 0.01, 3000)
    plant.restoreDesk(fm, 'cut')
    await clock.advance(5000)
    expect(desk.strip(guest).fader, 'as the screen left it').toBeCloseTo(0.25, 2)
    expect(desk.strip(programme).on, 'as it was before the alert').toBe(false)
  })

  test('a channel that will not be muted does not keep the programme closed', async () => {
    const { clock, desk, rig, plant, open } = await studio()
    desk.moveByHand(programme, { on: false })
    await clock.advance(1000)
    desk.faults.ignoreSetsOf = mic
    plant.takeDesk(fm, 'cut', 'off')
    await rig.until('the programme is open', () => open().includes(programme), 4000)
    expect(desk.strip(guest).on).toBe(false)
    await rig.until('and it is said', () => rig.told.includes('desk faulted'), 3000)
    desk.faults.ignoreSetsOf = null
    await rig.until('and still tried', () => !desk.strip(mic).on, 5000)
  })

  test('the level at the probe is the desk`s, and of a lost desk there is none', async () => {
    const { desk, rig, plant } = await studio()
    desk.setLevel(programme, -24)
    await rig.until('a level', () => Math.abs((plant.probeDb(desk1, programme) ?? 0) + 24) < 0.1)
    expect(plant.probeDb(desk1, 'ch/32')).toBeNull()
    desk.faults.silent = true
    await rig.until('lost', () => rig.told.at(-1) === 'desk lost', 5000)
    expect(plant.probeDb(desk1, programme)).toBeNull()
  })

  test('two takers: the desk is given back when the last lets go', async () => {
    const { clock, rig, plant, open } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    plant.takeDesk(wired, 'cut', 'off')
    await rig.until('taken', () => open().join() === programme, 3000)
    plant.restoreDesk(fm, 'cut')
    await clock.advance(3000)
    expect(open()).toEqual([programme])
    plant.restoreDesk(wired, 'cut')
    await rig.until('given back', () => open().join() === `${guest},${programme}`, 3000)
  })

  test('a desk that was off the network after an alert is not put back to what it was hours ago', async () => {
    const { clock, desk, rig, plant, open } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await rig.until('taken', () => open().join() === programme, 3000)
    plant.restoreDesk(fm, 'cut')
    await rig.until('given back', () => open().join() === `${guest},${programme}`, 3000)
    await clock.advance(3000)
    desk.faults.silent = true
    await rig.until('lost', () => rig.told.at(-1) === 'desk lost', 5000)
    desk.moveByHand(guest, { on: false })
    desk.moveByHand(mic, { on: true })
    desk.faults.silent = false
    await rig.until('back', () => rig.told.at(-1) === 'desk online', 5000)
    await clock.advance(5000)
    expect(open()).toEqual([mic, programme])
  })

  test('a desk that was switched off and on again in an alert is taken again', async () => {
    const { clock, desk, rig, plant, open } = await studio()
    plant.takeDesk(fm, 'cut', 'off')
    await rig.until('taken', () => open().join() === programme, 3000)
    desk.faults.silent = true
    await rig.until('lost', () => rig.told.at(-1) === 'desk lost', 5000)
    for (const channel of [mic, guest]) desk.moveByHand(channel, { on: true })
    desk.moveByHand(programme, { on: false })
    desk.faults.silent = false
    await rig.until('taken again', () => open().join() === programme, 8000)
    await clock.advance(1000)
    expect(plant.obstacles()).toEqual([])
  })
})
