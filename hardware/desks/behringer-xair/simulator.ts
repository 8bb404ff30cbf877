// A simulated X-Air (XR18): the simulated desk of `behringer-x32` with this model's differences: eight clients, the setter
// hears its own set, main under `/lr`, int16 meters in 1/256 dB.
import type { Clock } from '../../../shared/domain/clock.ts'
import { type DeskSimulator, startDeskSimulator } from '../behringer-x32/simulator.ts'
import { type DeskTraits, numbered } from '../behringer-x32/simulator-traits.ts'

const meterOrder = [
  ...Array.from({ length: 16 }, (_, index) => `ch/${String(index + 1).padStart(2, '0')}`),
  ...['rtn/aux', 'rtn/aux', 'rtn/1', 'rtn/1', 'rtn/2', 'rtn/2', 'rtn/3', 'rtn/3', 'rtn/4', 'rtn/4'],
  ...['bus/1', 'bus/2', 'bus/3', 'bus/4', 'bus/5', 'bus/6', 'send', 'send', 'send', 'send', 'main', 'main', 'monitor', 'monitor'],
]

const xairTraits: DeskTraits = {
  info: ['V0.04', 'XR18-1A-2B-3C', 'XR18', '1.22'],
  clients: 8,
  echoesOwnSets: true,
  strips: Object.fromEntries([
    ...numbered('ch', 16, 2, '/mix'),
    ...numbered('rtn', 4, 1, '/mix'),
    ['rtn/aux', '/rtn/aux/mix'],
    ...numbered('bus', 6, 1, '/mix'),
    ...numbered('dca', 4, 1, ''),
    ['main', '/lr/mix'],
  ]),
  meterPage: '/meters/1',
  buildMeters(levelsDb) {
    const blob = Buffer.alloc(4 + 2 * meterOrder.length)
    blob.writeInt32LE(meterOrder.length, 0)
    for (const [index, channel] of meterOrder.entries()) blob.writeInt16LE(Math.round((levelsDb[channel] ?? -96) * 256), 4 + 2 * index)
    return blob
  },
}

/** Starts a simulated X-Air. */
export function startXairSimulator(clock: Clock, port = 0): Promise<DeskSimulator> {
  return startDeskSimulator(xairTraits, clock, port)
}
