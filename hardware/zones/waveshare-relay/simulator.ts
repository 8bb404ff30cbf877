// Simulated Waveshare relay boards on one RTU bus: a slave of its own making (own CRC by table, own framing by function code),
// checked against foreign masters in the tests. Timed outputs lapse by themselves, as the board's do when the PC is dead.
import { type Clock, systemClock, type Timer } from '../../../shared/domain/clock.ts'
import type { DeviceSimulator } from '../../contract/driver.ts'
import { SimulatorLog } from '../../contract/simulator-log.ts'
import { type FarEndWire, openFarEnd } from '../../transport/far-end.ts'

export interface RelaySimulatorOptions {
  readonly wire: FarEndWire
  /** Addresses of the boards on this bus. */
  readonly slaves?: readonly number[]
  readonly clock?: Clock
  readonly replyDelayMs?: number
}

/** What can be wrong on the bus; counts run down by themselves. */
export interface RelayFaults {
  /** Boards that hear and do, and say nothing. */
  silent: Set<number>
  /** Boards without power: nothing is heard, nothing is done. */
  absent: Set<number>
  late: { count: number; byMs: number }
  corrupt: { count: number }
  /** Replies sent byte by byte. */
  split: { count: number }
  /** The reply is held back and sent together with the next one. */
  glue: { count: number }
  /** Coil writes are echoed and not done (H5). */
  ackOnly: boolean
}

export interface RelaySimulator extends DeviceSimulator {
  readonly faults: RelayFaults
  readonly requests: number
  coils(slave?: number): readonly boolean[]
  /** Told of every change of a relay, whatever caused it: wires other simulators to this one. */
  onCoil(listener: (coil: number, on: boolean, slave: number) => void): void
  unplug(): Promise<void>
  plug(): Promise<void>
}

interface Board {
  readonly slave: number
  readonly coils: boolean[]
  readonly timers: (Timer | null)[]
}

const relayCount = 8
/** Holding registers of the board: baud code, own address, version (200 = V2.00). */
const registers = new Map<number, (board: Board) => number>([
  [0x2000, () => 1],
  [0x4000, (board) => board.slave],
  [0x8000, () => 200],
])
const crcTable = Uint16Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let i = 0; i < 8; i++) value = value % 2 === 1 ? Math.floor(value / 2) ^ 40961 : Math.floor(value / 2)
  return value
})

export async function createRelaySimulator(options: RelaySimulatorOptions): Promise<RelaySimulator> {
  const clock = options.clock ?? systemClock
  const log = new SimulatorLog(clock)
  const faults: RelayFaults = {
    silent: new Set(),
    absent: new Set(),
    late: { count: 0, byMs: 0 },
    corrupt: { count: 0 },
    split: { count: 0 },
    glue: { count: 0 },
    ackOnly: false,
  }
  const boards = new Map<number, Board>(
    (options.slaves ?? [1]).map((slave) => [
      slave,
      { slave, coils: Array<boolean>(relayCount).fill(false), timers: Array<Timer | null>(relayCount).fill(null) },
    ]),
  )
  const listeners: ((coil: number, on: boolean, slave: number) => void)[] = []
  let requests = 0
  let held: Buffer | null = null
  let input = Buffer.alloc(0)
  let gap: Timer | null = null

  const switchCoil = (board: Board, coil: number, on: boolean, cause: string) => {
    if (board.coils[coil] === on) return
    board.coils[coil] = on
    log.add('coil', { slave: board.slave, coil, on, cause })
    for (const listener of listeners) listener(coil, on, board.slave)
  }
  const order = (board: Board, coil: number, on: boolean, cause: string, backAfterMs: number | null = null) => {
    board.timers[coil]?.cancel()
    board.timers[coil] = null
    switchCoil(board, coil, on, cause)
    if (backAfterMs === null) return
    board.timers[coil] = clock.after(backAfterMs, () => {
      board.timers[coil] = null
      switchCoil(board, coil, !on, 'lapsed')
    })
  }

  /** Function 05: returns an exception code, or 0. */
  const writeCoil = (board: Board, address: number, value: number): number => {
    const all = address === 0x00ff
    const channel = address & 0xff
    const bank = address >>> 8
    if (!all && channel >= relayCount) return 2
    log.add('write', { slave: board.slave, address, value })
    if (faults.ackOnly) return 0
    const targets = all ? board.coils.map((_, coil) => coil) : [channel]
    for (const coil of targets) {
      if (bank === 0x02) order(board, coil, true, 'timed on', value * 100)
      else if (bank === 0x04) order(board, coil, false, 'timed off', value * 100)
      else if (bank !== 0) return 2
      else if (value === 0xff00) order(board, coil, true, 'on')
      else if (value === 0x0000) order(board, coil, false, 'off')
      else if (value === 0x5500) order(board, coil, !board.coils[coil], 'toggle')
      else return 3
    }
    return 0
  }

  const answer = (board: Board, frame: Buffer): number[] => {
    const code = frame[1] ?? 0
    const first = frame.readUInt16BE(2)
    const second = frame.readUInt16BE(4)
    const refuse = (exception: number) => [board.slave, code + 128, exception]
    const echo = [...frame.subarray(0, 6)]
    switch (code) {
      case 1: {
        if (second < 1 || first + second > relayCount) return refuse(2)
        let bits = 0
        for (let i = 0; i < second; i++) if (board.coils[first + i]) bits += 2 ** i
        return [board.slave, 1, 1, bits]
      }
      case 3: {
        const value = registers.get(first)?.(board)
        return value === undefined || second !== 1 ? refuse(2) : [board.slave, 3, 2, Math.floor(value / 256), value % 256]
      }
      case 5: {
        const exception = writeCoil(board, first, second)
        return exception === 0 ? echo : refuse(exception)
      }
      case 15: {
        if (second < 1 || first + second > relayCount) return refuse(2)
        const bits = frame[7] ?? 0
        log.add('write', { slave: board.slave, address: first, value: bits })
        if (!faults.ackOnly) for (let i = 0; i < second; i++) order(board, first + i, Math.floor(bits / 2 ** i) % 2 === 1, 'multiple')
        return echo
      }
      default:
        return refuse(1)
    }
  }

  const send = (body: number[]) => {
    const crc = body.reduce((sum, byte) => Math.floor(sum / 256) ^ (crcTable[(sum ^ byte) % 256] ?? 0), 65535)
    let bytes = Buffer.from([...body, crc % 256, Math.floor(crc / 256)])
    if (takeOne(faults.corrupt)) bytes[2] = (bytes[2] ?? 0) ^ 0x10
    if (takeOne(faults.glue)) {
      held = bytes
      return
    }
    if (held !== null) bytes = Buffer.concat([held, bytes])
    held = null
    const split = takeOne(faults.split)
    const delayMs = (options.replyDelayMs ?? 3) + (takeOne(faults.late) ? faults.late.byMs : 0)
    const pieces = split ? [...bytes].map((byte) => Buffer.from([byte])) : [bytes]
    pieces.forEach((piece, i) => void clock.after(delayMs + i * 2, () => farEnd.send(piece)))
  }

  const hear = (frame: Buffer) => {
    const board = boards.get(frame[0] ?? 0)
    if (board === undefined || faults.absent.has(board.slave)) return
    requests += 1
    const reply = answer(board, frame)
    if (!faults.silent.has(board.slave)) send(reply)
  }

  const farEnd = await openFarEnd(options.wire, (bytes) => {
    gap?.cancel()
    // A pause inside a frame means that its rest will not come.
    gap = clock.after(100, () => {
      input = Buffer.alloc(0)
    })
    input = Buffer.concat([input, bytes]).subarray(-512)
    for (let length = frameLength(input); length > 0 && input.length >= length; length = frameLength(input)) {
      const frame = Buffer.from(input.subarray(0, length))
      input = input.subarray(length)
      const crc = frame.subarray(0, -2).reduce((sum, byte) => Math.floor(sum / 256) ^ (crcTable[(sum ^ byte) % 256] ?? 0), 65535)
      if (crc === frame.readUInt16LE(length - 2)) hear(frame)
      else log.add('bad frame', { bytes: frame.toString('hex') })
    }
  })

  return {
    address: farEnd.address,
    record: log.records,
    faults,
    get requests() {
      return requests
    },
    coils: (slave = boards.keys().next().value ?? 1) => boards.get(slave)?.coils.slice() ?? [],
    onCoil: (listener) => void listeners.push(listener),
    unplug: () => farEnd.unplug(),
    plug: () => farEnd.plug(),
    async close() {
      gap?.cancel()
      for (const board of boards.values()) for (const timer of board.timers) timer?.cancel()
      await farEnd.close()
    },
  }
}

/** Length of the request that begins here, or 0 while it cannot be told. */
function frameLength(input: Buffer): number {
  const code = input[1]
  if (code === undefined) return 0
  if (code !== 15 && code !== 16) return 8
  const byteCount = input[6]
  return byteCount === undefined ? 0 : 9 + byteCount
}

function takeOne(fault: { count: number }): boolean {
  if (fault.count <= 0) return false
  fault.count -= 1
  return true
}
