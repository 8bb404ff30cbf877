// The devices of a bench: a Helios transmitter over TCP, a relay board with two zones and an X32, each a simulator on a real
// socket whose own record is the oracle.
import { startX32Simulator } from '../hardware/desks/behringer-x32/simulator.ts'
import type { DeskSimulator } from '../hardware/desks/behringer-x32/simulator.ts'
import { createTransmitterSimulator, type TransmitterSimulator } from '../hardware/transmitters/ecreso-crown/simulator.ts'
import { createRelaySimulator, type RelaySimulator } from '../hardware/zones/waveshare-relay/simulator.ts'
import { systemClock } from '../shared/domain/clock.ts'

export interface BenchDevices {
  readonly transmitter: TransmitterSimulator
  readonly relay: RelaySimulator
  readonly desk: DeskSimulator
  /** `devices` of config.json. */
  readonly config: readonly Record<string, unknown>[]
  close(): Promise<void>
}

/** Programme comes in on channel 1 of the desk, a microphone on 2, a player on 3. */
export async function startDevices(fmOutput: string, wiredOutput: string): Promise<BenchDevices> {
  const transmitter = await createTransmitterSimulator({ wire: { kind: 'tcp' }, model: 'helios', powerSetW: 100 })
  const relay = await createRelaySimulator({ wire: { kind: 'tcp' } })
  const desk = await startX32Simulator(systemClock)
  desk.moveByHand('ch/01', { fader: 0.75, on: true })
  desk.moveByHand('ch/02', { fader: 0.75, on: true })
  desk.moveByHand('ch/03', { fader: 0.6, on: true })
  desk.moveByHand('main', { fader: 0.75, on: true })
  const options = { programmeChannels: ['ch/01'], micChannels: ['ch/02'], otherChannels: ['ch/03'], main: 'main' }
  return {
    transmitter,
    relay,
    desk,
    config: [
      {
        id: 'tx1',
        driver: 'ecreso-helios-fm',
        label: 'Máy phát FM',
        transport: transmitter.address,
        outputs: [fmOutput],
        options: { powerSetW: 100, onAirThresholdW: 50 },
      },
      {
        id: 'relay1',
        driver: 'waveshare-relay-8',
        label: 'Tăng âm',
        transport: relay.address,
        outputs: [wiredOutput],
        options: {
          zones: [
            { id: 'z1', label: 'Cụm 1', coil: 0 },
            { id: 'z2', label: 'Cụm 2', coil: 1 },
          ],
        },
      },
      { id: 'desk1', driver: 'behringer-x32', label: 'Bàn trộn', transport: desk.address, options },
    ],
    async close() {
      await Promise.all([transmitter.close(), relay.close(), desk.close()])
    },
  }
}
