import { createTransmitterSimulator } from '../../hardware/transmitters/ecreso-crown/simulator.ts'
import { driverSuite, type Subject } from './driver.suite.ts'

const wish = (carrier: 'on' | 'off', powerSetW: number) => ({ carrier, powerSetW, causeId: 'conformance', armedBy: 'conformance' })

for (const [id, model] of [
  ['ecreso-helios-fm', 'helios'],
  ['crown-fme', 'crown'],
] as const) {
  driverSuite({
    id,
    options: { onAirThresholdW: 50, pollMs: 200 },
    wishes: [wish('on', 80), wish('off', 80)],
    async start(): Promise<Subject> {
      const sim = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model, rampMs: 100 })
      return {
        address: sim.address,
        silence: (on) => {
          sim.faults.silent = on
        },
        cable: sim,
        close: () => sim.close(),
      }
    },
  })
}
