// The devices of a bench: a Helios transmitter over TCP, a relay board with two zones and an X32, each a simulator on a real
// socket whose own record is the oracle.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { SimulatorRecord } from '../hardware/contract/driver.ts'

export interface DevicesState {
  readonly addresses: Readonly<Record<'transmitter' | 'relay' | 'desk', string>>
  /** The transmitter's own word. */
  readonly radiating: boolean
  readonly coils: readonly boolean[]
  readonly records: Readonly<Record<'transmitter' | 'relay' | 'desk', readonly SimulatorRecord[]>>
}

export interface DevicesAsk {
  readonly id: number
}

export interface BenchDevices {
  /** What the devices themselves say now. */
  state(): Promise<DevicesState>
  /** `devices` of config.json. */
  readonly config: readonly Record<string, unknown>[]
  close(): Promise<void>
}

/** Programme comes in on channel 1 of the desk, a microphone on 2, a player on 3. */
export async function startDevices(fmOutput: string, wiredOutput: string): Promise<BenchDevices> {
  const child = fork(join(import.meta.dirname, 'devices-process.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const waiting = new Map<number, (state: DevicesState) => void>()
  child.on('message', (answer: { id: number; state: DevicesState }) => {
    waiting.get(answer.id)?.(answer.state)
    waiting.delete(answer.id)
  })
  let lastId = 0
  const { addresses } = await new Promise<DevicesState>((resolve, reject) => {
    waiting.set(0, resolve)
    child.once('exit', (code) => reject(new Error(`the devices ended with ${code}`)))
  })
  const options = { programmeChannels: ['ch/01'], micChannels: ['ch/02'], otherChannels: ['ch/03'], main: 'main' }
  const zones = [
    { id: 'z1', label: 'Cụm 1', coil: 0 },
    { id: 'z2', label: 'Cụm 2', coil: 1 },
  ]
  return {
    state: () =>
      new Promise((resolve) => {
        const id = ++lastId
        waiting.set(id, resolve)
        child.send({ id } satisfies DevicesAsk)
      }),
    config: [
      {
        id: 'tx1',
        driver: 'ecreso-helios-fm',
        label: 'Máy phát FM',
        transport: addresses.transmitter,
        outputs: [fmOutput],
        options: { powerSetW: 100, onAirThresholdW: 50 },
      },
      {
        id: 'relay1',
        driver: 'waveshare-relay-8',
        label: 'Tăng âm',
        transport: addresses.relay,
        outputs: [wiredOutput],
        options: { zones },
      },
      { id: 'desk1', driver: 'behringer-x32', label: 'Bàn trộn', transport: addresses.desk, options },
    ],
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    },
  }
}
