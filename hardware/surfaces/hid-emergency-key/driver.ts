// The emergency key: press and release of a plain USB HID key, and its tally. It talks to the station process, not to the
// window, so it works with the window dead. It decides nothing: holding is the station's to judge.
import type { SurfaceObserved } from '../../../shared/domain/device.ts'
import { DriverError } from '../../../shared/domain/errors.ts'
import type { Ack, Driver, DriverContext, DriverEntry, Planned } from '../../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../../contract/kinds.ts'
import { Flasher } from '../flasher.ts'
import { HidLink } from '../hid-link.ts'
import { PanelState, planSurface, type SurfaceCommand } from '../panel-state.ts'
import { WriteQueue } from '../write-queue.ts'
import { EmergencyKeyConfig, lampReport, readKeys } from './protocol.ts'

export class EmergencyKey implements Driver<SurfaceDesired, SurfaceObserved, SurfaceCommand> {
  readonly #context: DriverContext<SurfaceObserved, SurfaceEvent>
  readonly #config: EmergencyKeyConfig
  readonly #link: HidLink
  readonly #panel: PanelState
  readonly #queue: WriteQueue
  readonly #flasher: Flasher
  readonly #dark = new Set<number>()
  /** Keys down in the first report of a continuous panel; null before that report. */
  #stuck: Set<number> | null = null

  constructor(context: DriverContext<SurfaceObserved, SurfaceEvent>, config: EmergencyKeyConfig) {
    this.#context = context
    this.#config = config
    this.#panel = new PanelState(context)
    this.#queue = new WriteQueue(context.deviceId)
    this.#flasher = new Flasher(context.clock, (key, lit) => this.#flash(key, lit))
    this.#link = new HidLink(context, {
      onUp: () => this.#panel.connected(config.keys.length),
      onDown: () => this.#gone(),
      onReport: (report) => this.#take(report),
    })
  }

  get status() {
    return this.#link.status
  }

  get observed(): SurfaceObserved | null {
    return this.#panel.observed
  }

  open(): void {
    this.#queue.begin()
    this.#link.open()
  }

  async close(): Promise<void> {
    this.#queue.end()
    await this.#link.close()
  }

  plan(observed: SurfaceObserved | null, desired: SurfaceDesired): readonly Planned<SurfaceCommand>[] {
    return planSurface(observed, desired)
  }

  /** Settles when the report was handed to the system: no panel of this kind reads its lamps back. */
  send(command: SurfaceCommand, signal: AbortSignal): Promise<Ack> {
    return this.#queue.run(async () => {
      const { deviceId, clock } = this.#context
      if (this.#panel.observed === null) throw new DriverError('lost', deviceId, 'the panel is not connected')
      const sentAtMs = clock.now()
      const others = this.#panel.lamps.filter((lamp) => lamp.key !== command.key)
      this.#dark.delete(command.key)
      await this.#show([...others, command])
      this.#panel.lampSent(command)
      this.#flasher.set(command.key, command.flash)
      return { sentAtMs, answeredAtMs: clock.now() }
    }, signal)
  }

  async #show(lamps: SurfaceDesired['keys']): Promise<void> {
    const report = lampReport(lamps, this.#dark, this.#config)
    if (report !== null) await this.#link.write(report)
  }

  #flash(key: number, lit: boolean): void {
    if (lit) this.#dark.delete(key)
    else this.#dark.add(key)
    this.#queue
      .run(() => this.#show(this.#panel.lamps))
      .catch((cause: unknown) => {
        this.#context.log.info('lamp not written', {
          deviceId: this.#context.deviceId,
          cause: cause instanceof Error ? cause.message : String(cause),
        })
      })
  }

  #take(report: Uint8Array): void {
    const read = readKeys(report, this.#config)
    switch (read.kind) {
      case 'notOurs':
        return
      case 'malformed':
        this.#link.misheard(read.reason)
        return
      case 'keys': {
        this.#link.heard()
        this.#stuck ??= this.#config.reports === 'continuous' ? new Set(read.down) : new Set()
        for (const key of [...this.#stuck]) if (!read.down.has(key)) this.#stuck.delete(key)
        const stuck = this.#stuck
        this.#panel.setAllPressed(new Set([...read.down].filter((key) => !stuck.has(key))))
      }
    }
  }

  #gone(): void {
    this.#flasher.stop()
    this.#dark.clear()
    this.#stuck = null
    this.#panel.disconnected()
  }
}

export const hidEmergencyKey: DriverEntry<EmergencyKeyConfig, SurfaceDesired, SurfaceObserved, SurfaceCommand, SurfaceEvent> = {
  id: 'hid-emergency-key',
  kind: 'surface',
  label: 'Phím khẩn cấp USB (HID)',
  protocolRef: 'USB HID 1.11, section 8 and appendix B (boot keyboard); the panel itself is described by options',
  capabilities: { timedOutputs: false, readsBack: false, meters: false, keyCount: 64 },
  configSchema: EmergencyKeyConfig,
  create: (context, config) => new EmergencyKey(context, config),
}
