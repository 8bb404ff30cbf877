// The plant in virtual time against simulated devices on real sockets: everything between a wish and a relay, without the audio.
// What devices did is read from their own records.
import type { SimulatorRecord } from '../../hardware/contract/driver.ts'
import { createDriver } from '../../hardware/registry.ts'
import { createWireHub } from '../../hardware/transport/wire-hub.ts'
import { createTransmitterSimulator, type TransmitterSimulatorOptions } from '../../hardware/transmitters/ecreso-crown/simulator.ts'
import { createRelaySimulator } from '../../hardware/zones/waveshare-relay/simulator.ts'
import { onTestFinished } from 'vitest'
import { DeviceConfig } from '../../shared/config.ts'
import { OutputId } from '../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../shared/domain/time.ts'
import { type DeskHoldings, type PlantPorts, PlantService } from '../../station/plant/index.ts'
import { VirtualClock } from './virtual-clock.ts'

export const fm = OutputId.parse('fm')
export const wired = OutputId.parse('wired')

export class PlantRig {
  readonly clock: VirtualClock
  readonly plant: PlantService
  /** What the plant told the station, in order. */
  readonly told: string[] = []
  /** What became of the orders that were given, in order. */
  readonly orders: string[] = []
  /** What the next station would find of the desks. */
  deskHeld: DeskHoldings | null = null
  /** Whether the audio process is proved to play. */
  audioRuns = true
  /** Called with each change of the carriers of an output. */
  onCarriers: (outputId: OutputId) => void = () => undefined
  /** The relay that feeds the transmitter of `fm` directly. */
  bypass: ReturnType<PlantPorts['bypassOf']> = null
  readonly #closers: (() => Promise<void>)[]
  #closing: Promise<void> | null = null

  /** @param clock the simulators run by it too. */
  constructor(clock: VirtualClock, devices: readonly Record<string, unknown>[], closers: (() => Promise<void>)[] = []) {
    this.clock = clock
    this.#closers = closers
    const tell = (...words: unknown[]) => void this.told.push(words.join(' '))
    const quiet = () => undefined
    const wires = createWireHub(clock)
    const log = { info: quiet, warn: quiet, error: quiet }
    const ports: PlantPorts = {
      clock,
      outputIds: [fm, wired],
      createDriver: (config, sink) => createDriver(config, { clock, log, wires, sink }),
      bypassOf: (outputId) => (outputId === fm ? this.bypass : null),
      audioProof: () => ({ clockAdvances: this.audioRuns, lastLevelMs: clock.monotonic() as MonotonicMs }),
      onChanged: quiet,
      onCarriers: (outputId) => this.onCarriers(outputId),
      onOrder: (deviceId, phase, { reason }) => {
        if (phase === 'failed') tell('failed', deviceId, reason)
        else if (phase !== 'sent') this.orders.push(`${phase} ${deviceId} ${reason}`)
      },
      onCorrected: (deviceId, orders) => tell('corrected', deviceId, orders.map(({ reason }) => reason).join()),
      onHand: (deviceId, command) => tell('order by hand', deviceId, command),
      onStatus: (deviceId, _, status) => tell(deviceId, status.state),
      onLapsed: (outputId) => tell('lapsed', outputId),
      onLapseOver: (outputId) => tell('lapse over', outputId),
      onTestOver: (deviceId) => tell('test over', deviceId),
      onSoundsAgain: (outputId) => tell('sounds again', outputId),
      onSurface: quiet,
      onDeskMoved: (deviceId, event) => tell('hand', deviceId, event.channel),
      onDeskHeld: (held) => {
        this.deskHeld = held
      },
    }
    this.plant = new PlantService(
      devices.map((device) => DeviceConfig.parse({ simulated: true, ...device })),
      ports,
    )
  }

  /** Virtual time passes until it is so; throws with what it waited for. */
  async until(what: string, isSo: () => boolean, withinMs = 5000): Promise<void> {
    for (let ms = 0; ms < withinMs; ms += 20) {
      if (isSo()) return
      await this.clock.advance(20)
    }
    if (!isSo()) throw new Error(`not within ${withinMs} ms of virtual time: ${what}`)
  }

  /** Every device is heard, and nothing was forced on any. */
  async opened(): Promise<void> {
    this.plant.open()
    await this.until('every device is read', () =>
      this.plant.views().every((view) => (view.transmitter ?? view.zones ?? view.desk ?? view.surface) !== null),
    )
  }

  /** Once, however often it is asked. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    let closed = false
    const closing = this.plant.close().then(() => {
      closed = true
    })
    await this.until('the plant is closed', () => closed, 20_000)
    await closing
    for (const close of this.#closers) await close()
  }
}

/** The relays' own record: `3 on timed on` and so on. */
export function relayChanges(record: readonly SimulatorRecord[]): string[] {
  return record
    .filter(({ what }) => what === 'coil')
    .map(({ detail }) => `${detail['coil']} ${detail['on'] ? 'on' : 'off'} ${detail['cause']}`)
}

const zone = (id: string, coil: number, outputs: string[], more: Record<string, unknown> = {}) => ({
  id,
  label: id,
  coil,
  outputs,
  ...more,
})
const zones = [
  zone('near', 0, ['wired'], { warmUpMs: 1500 }),
  zone('far', 1, ['wired'], { warmUpMs: 4000 }),
  zone('siren', 5, ['wired'], { allCallOnly: true }),
  zone('interlock', 7, ['fm']),
]

/** A relay board with two zones, a siren and the interlock of a Crown transmitter; closed at the end of the test. */
export async function plantDistrict(unit: Partial<TransmitterSimulatorOptions> = {}, board: readonly object[] = zones) {
  const clock = new VirtualClock()
  const relay = await createRelaySimulator({ wire: { kind: 'tcp' }, clock })
  const tx = await createTransmitterSimulator({
    wire: { kind: 'tcp' },
    model: 'crown',
    clock,
    interlockClosed: false,
    rampMs: 200,
    ...unit,
  })
  relay.onCoil((coil, on) => {
    if (coil === 7) tx.setInterlock(on)
  })
  const devices = [
    { id: 'relay', driver: 'waveshare-relay-8', transport: relay.address, options: { zones: board } },
    { id: 'tx', driver: 'crown-fme', transport: tx.address, outputs: ['fm'], options: { onAirThresholdW: 30, powerSetW: 80 } },
  ]
  const rig = new PlantRig(clock, devices, [() => relay.close(), () => tx.close()])
  onTestFinished(() => rig.close())
  const carrier = (outputId: OutputId, deviceId: string) => rig.plant.carriers(outputId).find((one) => one.deviceId === deviceId)
  return { relay, tx, rig, clock, plant: rig.plant, carrier }
}
