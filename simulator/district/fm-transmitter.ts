// The district's FM transmitter, 64.2 MHz: an Ecreso Helios on a pseudo-terminal or TCP. Its interlock loop runs through relay 8
// of the relay board, whose outputs lapse when nobody renews them, so that a dead computer drops the carrier.
import { z } from 'zod'
import { createTransmitterSimulator } from '../../hardware/transmitters/ecreso-crown/simulator.ts'
import type { FarEndWire } from '../../hardware/transport/far-end.ts'
import type { DistrictState } from './state.ts'
import type { VirtualDevice } from './virtual-device.ts'

/** What can be made wrong; everything off or in order at the start. */
const Knobs = z.strictObject({
  /** Hears and does, says nothing. */
  silent: z.boolean(),
  garbled: z.boolean(),
  /** Refuses every write. */
  refusing: z.boolean(),
  /** Acknowledges writes and does nothing. */
  ackOnly: z.boolean(),
  /** Switched to LOCAL at the front panel. */
  local: z.boolean(),
  /** The loop is opened by hand (cabinet door), whatever the relay does. */
  interlockOpen: z.boolean(),
  fault: z.boolean(),
  /** The output stage stays on when ordered off. */
  stuckKeyed: z.boolean(),
  antennaVswr: z.number().min(1).max(20),
  /** Share of the forward power that is lost, 0..1. */
  powerLoss: z.number().min(0).max(1),
  unplugged: z.boolean(),
})
type Knobs = z.infer<typeof Knobs>

export interface FmTransmitter extends VirtualDevice {
  /** The relay's contact in the interlock loop. */
  setInterlockRelay(closed: boolean): void
  readonly radiating: boolean
  readonly powerSetW: number
}

export async function startFmTransmitter(wire: FarEndWire, state: DistrictState['fm']): Promise<FmTransmitter> {
  const unit = await createTransmitterSimulator({ wire, model: 'helios', ...state, rampMs: 1500, interlockClosed: false })
  const position: Knobs = {
    silent: false,
    garbled: false,
    refusing: false,
    ackOnly: false,
    local: false,
    interlockOpen: false,
    fault: false,
    stuckKeyed: false,
    antennaVswr: 1.3,
    powerLoss: 0,
    unplugged: false,
  }
  let relayClosed = false
  const closeLoop = () => unit.setInterlock(relayClosed && !position.interlockOpen)
  return {
    id: 'tx-fm',
    config: {
      driver: 'ecreso-helios-fm',
      transport: unit.address,
      label: 'Máy phát FM 64,2 MHz',
      simulated: true,
      outputs: ['fm'],
      // A busy training computer answers late without anything being wrong with the unit.
      options: { powerSetW: state.powerSetW, onAirThresholdW: state.powerSetW / 5, replyTimeoutMs: 800, worstReplyMs: 1000 },
    },
    record: unit.record,
    get radiating() {
      return unit.radiating
    },
    get powerSetW() {
      return unit.powerSetW
    },
    setInterlockRelay(closed) {
      relayClosed = closed
      closeLoop()
    },
    knobs: () => ({ ...position }),
    async turn(change) {
      Object.assign(position, Knobs.partial().parse(change))
      const { silent, garbled, refusing, ackOnly } = position
      Object.assign(unit.faults, { silent, garbled, refusing, ackOnly })
      unit.setLocal(position.local)
      unit.setFault(position.fault)
      unit.setStuckKeyed(position.stuckKeyed)
      unit.setAntennaVswr(position.antennaVswr)
      unit.setPowerLoss(position.powerLoss)
      closeLoop()
      await (position.unplugged ? unit.unplug() : unit.plug())
    },
    close: () => unit.close(),
  }
}
