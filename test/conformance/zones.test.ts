import { createRelaySimulator } from '../../hardware/zones/waveshare-relay/simulator.ts'
import { driverSuite } from './driver.suite.ts'

const wish = (...on: number[]) => ({
  coils: Array.from({ length: 8 }, (_, coil) => on.includes(coil)),
  leaseMs: 20_000,
  refresh: 1,
  causeId: 'conformance',
})

driverSuite({
  id: 'waveshare-relay-8',
  options: { pollMs: 200 },
  wishes: [wish(0, 3, 7), wish()],
  async start() {
    const sim = await createRelaySimulator({ wire: { kind: 'tcp' } })
    return {
      address: sim.address,
      silence: (on) => void (on ? sim.faults.silent.add(1) : sim.faults.silent.clear()),
      cable: sim,
      close: () => sim.close(),
    }
  },
})
