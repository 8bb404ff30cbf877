// The district's wired amplifier as the station sees it: a Waveshare relay board on an RTU bus. Relays 1–3 switch loudspeaker lines,
// 6 feeds the FM transmitter past the desk, 7 is the all-call, 8 closes the transmitter's interlock loop.
import { z } from 'zod'
import type { FarEndWire } from '../../hardware/transport/far-end.ts'
import { createRelaySimulator } from '../../hardware/zones/waveshare-relay/simulator.ts'
import type { VirtualDevice } from './virtual-device.ts'

const Knobs = z.strictObject({
  /** Hears and does, says nothing. */
  silent: z.boolean(),
  /** Without power. */
  absent: z.boolean(),
  /** Echoes writes and does nothing. */
  ackOnly: z.boolean(),
  /** So many of the next replies are damaged. */
  garbleNext: z.number().int().min(0).max(10_000),
  unplugged: z.boolean(),
})
type Knobs = z.infer<typeof Knobs>

/** Relay in the transmitter's interlock loop, 0 = the first. */
export const interlockRelay = 7
/** Relay that feeds the transmitter directly from the computer, past the desk. */
export const bypassRelay = 5
const slave = 1

export interface RelayBoard extends VirtualDevice {
  onRelay(listener: (relay: number, closed: boolean) => void): void
  readonly relays: readonly boolean[]
}

export async function startRelayBoard(wire: FarEndWire): Promise<RelayBoard> {
  const board = await createRelaySimulator({ wire, slaves: [slave] })
  const position: Knobs = { silent: false, absent: false, ackOnly: false, garbleNext: 0, unplugged: false }
  return {
    id: 'relay-1',
    config: {
      driver: 'waveshare-relay-8',
      transport: board.address,
      label: 'Hộp rơ-le hữu tuyến',
      simulated: true,
      outputs: [],
      options: {
        slave,
        // A busy training computer answers late without anything being wrong with the board.
        replyTimeoutMs: 800,
        worstReplyMs: 1000,
        zones: [
          { id: 'line-1', label: 'Tuyến trung tâm', coil: 0, warmUpMs: 1500, outputs: ['wired'] },
          { id: 'line-2', label: 'Tuyến Bản Lìm', coil: 1, warmUpMs: 1500, outputs: ['wired'] },
          { id: 'line-3', label: 'Tuyến Nậm Khắt', coil: 2, warmUpMs: 3000, outputs: ['wired'] },
          { id: 'all-call', label: 'Gọi toàn tuyến', coil: 6, outputs: ['wired'], allCallOnly: true },
          { id: 'fm-interlock', label: 'Khoá liên động máy phát FM', coil: interlockRelay, outputs: ['fm'] },
        ],
      },
    },
    record: board.record,
    get relays() {
      return board.coils(slave)
    },
    onRelay: (listener) => board.onCoil((coil, on) => listener(coil, on)),
    knobs: () => ({ ...position, garbleNext: board.faults.corrupt.count }),
    async turn(change) {
      const wished = Knobs.partial().parse(change)
      Object.assign(position, wished)
      for (const [name, boards] of [
        ['silent', board.faults.silent],
        ['absent', board.faults.absent],
      ] as const) {
        if (position[name]) boards.add(slave)
        else boards.delete(slave)
      }
      board.faults.ackOnly = position.ackOnly
      if (wished.garbleNext !== undefined) board.faults.corrupt.count = wished.garbleNext
      await (position.unplugged ? board.unplug() : board.plug())
    },
    close: () => board.close(),
  }
}
