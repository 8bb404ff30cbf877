// The desk under what takes the air, one thing after the other: given back once, at the end of all of it, and never with a microphone open.
import { expect, test } from 'vitest'
import type { DeskDesired } from '../../../hardware/contract/kinds.ts'
import { planDesk } from '../../../hardware/desks/desk-plan.ts'
import type { DeskObserved } from '../../../shared/domain/device.ts'
import { DeskRoles } from '../../../shared/domain/desk-roles.ts'
import type { DeviceId, OutputId } from '../../../shared/domain/ids.ts'
import { DeskTakes } from '../../../station/plant/desk-takes.ts'
import type { PlantDevices } from '../../../station/plant/plant-devices.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const fm = 'fm' as OutputId
const wired = 'wired' as OutputId

function desk() {
  const channel = (name: string, faderDb: number) => ({ channel: name, label: name, faderDb, muted: false })
  const observed = { channels: [channel('ch/01', -5), channel('ch/02', -3), channel('ch/03', -8), channel('main', -2)] }
  const roles = DeskRoles.parse({ programmeChannels: ['ch/01'], micChannels: ['ch/02'], otherChannels: ['ch/03'] })
  const wishes: DeskDesired[] = []
  const device = { id: 'desk' as DeviceId, reconciler: { want: (wish: DeskDesired) => void wishes.push(wish) } }
  const made = { kind: 'desk', roles, driver: { observed: observed as unknown as DeskObserved, plan: planDesk } }
  const devices = { ofKind: () => [{ device, made }] } as unknown as PlantDevices
  const takes = new DeskTakes(devices, new VirtualClock(), () => undefined)
  const last = (name: string) => wishes.at(-1)?.channels.find((each) => each.channel === name)
  return { takes, wishes, last }
}

test('an alert that takes over from a microphone mutes the desk’s microphones, and its end is the end of the holding', () => {
  const { takes, wishes, last } = desk()
  takes.take(fm, 'mic', 'live')
  expect(last('ch/02')).toBeUndefined()
  takes.take(fm, 'cut-1', 'off')
  expect(last('ch/02')).toMatchObject({ muted: true })
  takes.take(fm, 'cut-2', 'off')
  expect(wishes).toHaveLength(2)
  takes.restore(fm, 'cut-2')
  expect(last('ch/01')).toMatchObject({ faderDb: -5, muted: false })
  expect(last('ch/03')).toMatchObject({ faderDb: -8, muted: false })
  expect(last('ch/02')).toMatchObject({ muted: true })
  takes.restore(fm, 'cut-2')
  expect(wishes).toHaveLength(3)
})

test('two outputs share the desk: it is given back when both have let go, and one alert closes the microphones for both', () => {
  const { takes, wishes, last } = desk()
  takes.take(fm, 'mic', 'live')
  takes.take(wired, 'cut-1', 'off')
  expect(last('ch/02')).toMatchObject({ muted: true })
  takes.restore(wired, 'cut-1')
  expect(wishes).toHaveLength(2)
  takes.restore(fm, 'mic')
  expect(last('ch/01')).toMatchObject({ faderDb: -5 })
})
