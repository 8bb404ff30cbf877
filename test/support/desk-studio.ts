// A studio on one mixing desk: announcer, guest and programme, all open at unity, under the plant in virtual time. What the desk
// recorded of itself is the oracle.
import type { DeskSimulator } from '../../hardware/desks/behringer-x32/simulator.ts'
import type { Clock } from '../../shared/domain/clock.ts'
import { DeviceId } from '../../shared/domain/ids.ts'
import { PlantRig } from './plant-rig.ts'
import { VirtualClock } from './virtual-clock.ts'

export const desk1 = DeviceId.parse('desk')
export const mic = 'ch/01'
export const guest = 'ch/05'
export const programme = 'ch/09'
export const unity = 0.75

export async function deskStudio(driver: 'behringer-x32' | 'behringer-xair', start: (clock: Clock) => Promise<DeskSimulator>) {
  const clock = new VirtualClock()
  const desk = await start(clock)
  for (const channel of [mic, guest, programme, 'main']) desk.moveByHand(channel, { fader: unity, on: true })
  const options = { programmeChannels: [programme], micChannels: [mic], otherChannels: [guest] }
  const config = { id: desk1, driver, transport: desk.address, options }
  const rig = new PlantRig(clock, [config])
  await rig.opened()
  rig.plant.unfreeze()
  const open = () => [mic, guest, programme].filter((channel) => desk.strip(channel).on)
  const sets = () => desk.record.filter(({ what }) => what === 'set').length
  const unplug = async (by = rig) => {
    desk.faults.silent = true
    await by.until('lost', () => by.told.at(-1) === 'desk lost', 5000)
  }
  const plug = async (by = rig) => {
    desk.faults.silent = false
    await by.until('back', () => by.told.at(-1) === 'desk online', 5000)
  }
  /** Another station on the same desk, which has not been told anything yet. */
  const next = () => new PlantRig(clock, [config])
  return { clock, desk, rig, plant: rig.plant, open, sets, unplug, plug, next }
}
