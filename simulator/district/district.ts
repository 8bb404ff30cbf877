// Puts the virtual devices on their wires and joins them: relay 8 closes the transmitter's interlock loop, the sound server's FM
// programme feeds the desk's meters. What the station is told about them is written into its configuration.
import { readFileSync } from 'node:fs'
import type { FarEndWire } from '../../hardware/transport/far-end.ts'
import { startDesk } from './desk.ts'
import { startFaultServer } from './fault-server.ts'
import { startFmTransmitter } from './fm-transmitter.ts'
import { tapLevel } from './level-tap.ts'
import { interlockRelay, startRelayBoard } from './relay-board.ts'
import { hasSocat, openSerialPair, type SerialPair } from './serial-pair.ts'
import { fmSink } from './sound-devices.ts'
import { type DistrictState, loadState, type PortName, saveState } from './state.ts'
import { ProvinceAddress, writeTrainingConfig } from './training-config.ts'

export interface DistrictOptions {
  readonly statePath: string
  readonly configPath: string
  /** Folder for the links to the pseudo-terminals. */
  readonly wiresDir: string
  readonly sound: boolean
  /** Pseudo-terminals where socat is; TCP otherwise. */
  readonly serial: boolean
  readonly token: string
  /** File with the province's ready line; null = none runs. */
  readonly provincePath: string | null
}

export interface District {
  /** What is printed: addresses of the devices, address and token of the knobs. */
  readonly ready: {
    readonly devices: readonly { readonly id: string; readonly driver: string; readonly transport: string }[]
    readonly faults: { readonly url: string; readonly token: string }
  }
  close(): Promise<void>
}

export async function startDistrict(options: DistrictOptions): Promise<District> {
  const state = loadState(options.statePath)
  const pairs: SerialPair[] = []
  const serial = options.serial && hasSocat()
  const wire = async (name: string, port: PortName): Promise<FarEndWire> => {
    if (!serial) return { kind: 'tcp', port: state.ports[port] ?? 0 }
    const pair = await openSerialPair(options.wiresDir, name)
    pairs.push(pair)
    return { kind: 'serial', path: pair.devicePath, driverPath: pair.driverPath }
  }
  const fm = await onWire(await wire('tx-fm', 'fm'), (end) => startFmTransmitter(end, state.fm))
  const relay = await onWire(await wire('relay-1', 'relay'), startRelayBoard)
  const desk = await startDesk(state.ports.desk ?? 0).catch((cause: unknown) => anyPort(cause, () => startDesk(0)))
  relay.onRelay((number, closed) => {
    if (number === interlockRelay) fm.setInterlockRelay(closed)
  })
  const devices = [fm, relay, desk]
  const tap = tapLevel(`${fmSink.name}.monitor`, (levelDb) => desk.setProgrammeLevel(levelDb))
  const faults = await startFaultServer(devices, options.token, state.ports.faults ?? 0)
  const province = options.provincePath === null ? null : ProvinceAddress.parse(JSON.parse(readFileSync(options.provincePath, 'utf8')))
  writeTrainingConfig(options.configPath, devices, options.sound, province)
  const remember = () =>
    saveState(
      options.statePath,
      stateOf(state, fm.powerSetW, [fm.config.transport, relay.config.transport, desk.config.transport], faults.port),
    )
  remember()
  return {
    ready: {
      devices: devices.map(({ id, config }) => ({ id, driver: config.driver, transport: config.transport })),
      faults: { url: faults.url, token: options.token },
    },
    async close() {
      remember()
      tap.close()
      await faults.close()
      for (const device of devices) await device.close()
      for (const pair of pairs) await pair.close()
    },
  }
}

/** Starts a device at its remembered address, or at any when that is taken. */
function onWire<T>(wire: FarEndWire, start: (wire: FarEndWire) => Promise<T>): Promise<T> {
  return start(wire).catch((cause: unknown) =>
    wire.kind === 'tcp' ? anyPort(cause, () => start({ kind: 'tcp', port: 0 })) : Promise.reject(cause),
  )
}

function anyPort<T>(cause: unknown, again: () => Promise<T>): Promise<T> {
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') return again()
  return Promise.reject(cause)
}

function stateOf(
  before: DistrictState,
  powerSetW: number,
  transports: readonly [string, string, string],
  faultsPort: number,
): DistrictState {
  const [fm, relay, desk] = transports.map((transport) => Number(/:(\d+)$/.exec(transport)?.[1]) || undefined)
  return {
    ...before,
    ports: { fm: fm ?? before.ports.fm, relay: relay ?? before.ports.relay, desk, faults: faultsPort },
    fm: { ...before.fm, powerSetW },
  }
}
