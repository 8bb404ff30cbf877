// The simulated devices of a bench in a process of their own: a bench that is busy judging sound must not look like a dead
// transmitter. Started by `startDevices`; answers on the IPC channel and ends with it.
import { startX32Simulator } from '../hardware/desks/behringer-x32/simulator.ts'
import { createTransmitterSimulator } from '../hardware/transmitters/ecreso-crown/simulator.ts'
import { createRelaySimulator } from '../hardware/zones/waveshare-relay/simulator.ts'
import { systemClock } from '../shared/domain/clock.ts'
import type { DevicesAsk, DevicesState } from './devices.ts'

const transmitter = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'helios', powerSetW: 100 })
const relay = await createRelaySimulator({ wire: { kind: 'tcp' } })
const desk = await startX32Simulator(systemClock)
desk.moveByHand('ch/01', { fader: 0.75, on: true })
desk.moveByHand('ch/02', { fader: 0.75, on: true })
desk.moveByHand('ch/03', { fader: 0.6, on: true })
desk.moveByHand('main', { fader: 0.75, on: true })

function state(): DevicesState {
  return {
    addresses: { transmitter: transmitter.address, relay: relay.address, desk: desk.address },
    radiating: transmitter.radiating,
    coils: relay.coils(),
    records: { transmitter: transmitter.record, relay: relay.record, desk: desk.record },
  }
}

process.on('message', (ask: DevicesAsk) => process.send?.({ id: ask.id, state: state() }))
process.on('disconnect', () => process.exit(0))
process.send?.({ id: 0, state: state() })
