// The district's mixing desk, a Behringer X32 over OSC, as an operator would have left it in the evening: programme returns and
// main open at 0 dB, announcer's microphone closed. The programme's level on its inputs is what the sound server measures.
import { z } from 'zod'
import { type DeskSimulator, startX32Simulator } from '../../hardware/desks/behringer-x32/simulator.ts'
import { systemClock } from '../../shared/domain/clock.ts'
import type { VirtualDevice } from './virtual-device.ts'

const Knobs = z.strictObject({
  silent: z.boolean().optional(),
  /** Every answer comes this much later, ms. */
  lateMs: z.number().int().min(0).max(60_000).optional(),
  /** Sets are understood and not carried out. */
  ignoreSets: z.boolean().optional(),
  /** So many of the next datagrams to the station are damaged. */
  garbleNext: z.number().int().min(0).max(10_000).optional(),
  /** A hand on the desk. `fader` 0..1 of its travel. */
  hand: z.strictObject({ channel: z.string(), fader: z.number().min(0).max(1).optional(), on: z.boolean().optional() }).optional(),
})

/** Fader position of 0 dB on this desk. */
const unity = 0.75
export const programmeChannels = ['ch/15', 'ch/16'] as const
const micChannels = ['ch/01', 'ch/02']
const otherChannels = ['ch/03', 'ch/04']

export interface Desk extends VirtualDevice {
  /** Level at the programme inputs, dBFS. */
  setProgrammeLevel(levelDb: number): void
}

/** `port` 0 = any. */
export async function startDesk(port: number): Promise<Desk> {
  const desk = await startX32Simulator(systemClock, port)
  for (const channel of [...programmeChannels, 'main']) desk.moveByHand(channel, { fader: unity, on: true })
  for (const channel of [...micChannels, ...otherChannels]) desk.moveByHand(channel, { fader: unity, on: false })
  return {
    id: 'desk-1',
    config: {
      driver: 'behringer-x32',
      transport: desk.address,
      label: 'Bàn trộn X32',
      simulated: true,
      outputs: [],
      options: { programmeChannels: [...programmeChannels], micChannels, otherChannels, main: 'main' },
    },
    record: desk.record,
    setProgrammeLevel(levelDb) {
      for (const channel of programmeChannels) desk.setLevel(channel, levelDb)
    },
    knobs: () => ({
      silent: desk.faults.silent,
      lateMs: desk.faults.lateMs,
      ignoreSets: desk.faults.ignoreSets,
      garbleNext: desk.faults.garbleOutgoing,
    }),
    turn: async (change) => turn(desk, Knobs.parse(change)),
    close: () => desk.close(),
  }
}

function turn(desk: DeskSimulator, wished: z.infer<typeof Knobs>): void {
  if (wished.silent !== undefined) desk.faults.silent = wished.silent
  if (wished.lateMs !== undefined) desk.faults.lateMs = wished.lateMs
  if (wished.ignoreSets !== undefined) desk.faults.ignoreSets = wished.ignoreSets
  if (wished.garbleNext !== undefined) desk.faults.garbleOutgoing = wished.garbleNext
  if (wished.hand === undefined) return
  const { channel, fader, on } = wished.hand
  desk.moveByHand(channel, { ...(fader === undefined ? {} : { fader }), ...(on === undefined ? {} : { on }) })
}
