// The emergency key: press and release of a plain USB HID key, and its tally. It talks to the station process, not to the
// window, so it works with the window dead. It decides nothing: holding is the station's to judge.
import type { SurfaceObserved } from '../../../shared/domain/device.ts'
import type { DriverEntry } from '../../contract/driver.ts'
import type { SurfaceDesired, SurfaceEvent } from '../../contract/kinds.ts'
import { Flasher } from '../flasher.ts'
import { PanelDriver, type PanelModel, type PanelParts } from '../panel-driver.ts'
import type { SurfaceCommand } from '../panel-state.ts'
import { EmergencyKeyConfig, lampReport, readKeys } from './protocol.ts'

class EmergencyKey implements PanelModel {
  readonly #parts: PanelParts
  readonly #config: EmergencyKeyConfig
  readonly #flasher: Flasher
  readonly #dark = new Set<number>()
  /** Keys down in the first report of a continuous panel; null before that report. */
  #stuck: Set<number> | null = null

  constructor(parts: PanelParts, config: EmergencyKeyConfig) {
    this.#parts = parts
    this.#config = config
    this.#flasher = new Flasher(parts.context.clock, (key, lit) => this.#flash(key, lit))
  }

  onUp(): void {
    this.#parts.panel.connected(this.#config.keys.length)
  }

  async show(command: SurfaceCommand): Promise<void> {
    const { panel, gone } = this.#parts
    if (panel.observed === null) throw gone()
    const others = panel.lamps.filter((lamp) => lamp.key !== command.key)
    this.#dark.delete(command.key)
    await this.#write([...others, command])
  }

  shown(command: SurfaceCommand): void {
    this.#flasher.set(command.key, command.flash)
  }

  async #write(lamps: SurfaceDesired['keys']): Promise<void> {
    const report = lampReport(lamps, this.#dark, this.#config)
    if (report !== null) await this.#parts.link().write(report)
  }

  #flash(key: number, lit: boolean): void {
    if (lit) this.#dark.delete(key)
    else this.#dark.add(key)
    const { panel, queue, note } = this.#parts
    queue.run(() => this.#write(panel.lamps)).catch((cause: unknown) => note('lamp not written', cause))
  }

  onReport(report: Uint8Array): void {
    const read = readKeys(report, this.#config)
    switch (read.kind) {
      case 'notOurs':
        return
      case 'malformed':
        this.#parts.link().misheard(read.reason)
        return
      case 'keys': {
        this.#parts.link().heard()
        this.#stuck ??= this.#config.reports === 'continuous' ? new Set(read.down) : new Set()
        for (const key of [...this.#stuck]) if (!read.down.has(key)) this.#stuck.delete(key)
        const stuck = this.#stuck
        this.#parts.panel.setAllPressed(new Set([...read.down].filter((key) => !stuck.has(key))))
      }
    }
  }

  onDown(): void {
    this.#flasher.stop()
    this.#dark.clear()
    this.#stuck = null
  }
}

export const hidEmergencyKey: DriverEntry<EmergencyKeyConfig, SurfaceDesired, SurfaceObserved, SurfaceCommand, SurfaceEvent> = {
  id: 'hid-emergency-key',
  kind: 'surface',
  label: 'Phím khẩn cấp USB (HID)',
  protocolRef: 'USB HID 1.11, section 8 and appendix B (boot keyboard); the panel itself is described by options',
  capabilities: { timedOutputs: false, readsBack: false, meters: false, keyCount: 64 },
  configSchema: EmergencyKeyConfig,
  create: (context, config) => new PanelDriver(context, (parts) => new EmergencyKey(parts, config)),
}
