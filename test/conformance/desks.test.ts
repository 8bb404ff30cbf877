import { startX32Simulator } from '../../hardware/desks/behringer-x32/simulator.ts'
import { startXairSimulator } from '../../hardware/desks/behringer-xair/simulator.ts'
import { systemClock } from '../../shared/domain/clock.ts'
import { driverSuite } from './driver.suite.ts'

const wish = (channel: string, faderDb: number, muted: boolean) => ({ channels: [{ channel, faderDb, muted }], causeId: 'conformance' })
const roles = { programmeChannels: ['ch/01'], micChannels: ['ch/02'] }

for (const [id, startDesk] of [
  ['behringer-x32', startX32Simulator],
  ['behringer-xair', startXairSimulator],
] as const) {
  driverSuite({
    id,
    options: roles,
    wishes: [wish('ch/01', -10, true), wish('ch/01', 0, false)],
    async start() {
      const sim = await startDesk(systemClock)
      return {
        address: sim.address,
        silence: (on) => {
          sim.faults.silent = on
        },
        cable: null,
        close: () => sim.close(),
      }
    },
  })
}

driverSuite({
  id: 'soft-desk',
  options: { programmeChannels: ['programme'], micChannels: ['mic'] },
  start: null,
  wishes: [wish('mic', -10, true), wish('mic', 0, false)],
})
