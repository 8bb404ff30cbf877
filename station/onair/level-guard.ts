// Does the alert reach the transmitter? Two seconds after its start the level measured on the way (a desk channel) must be
// there; else the configured priority relay feeds the transmitter directly, with an alarm and a row (FAULTS H9, DESIGN 6).
import type { StationConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { OutputId } from '../../shared/domain/ids.ts'
import type { AlarmsService } from '../health/index.ts'
import type { PlantService } from '../plant/index.ts'
import type { LogPort } from './ports.ts'

/** Time the alert has to be measured at the transmitter's input, ms. */
const provenWithinMs = 2000

export interface LevelGuardPorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly plant: PlantService
  readonly alarms: AlarmsService
  readonly log: LogPort
}

export class LevelGuard {
  readonly #ports: LevelGuardPorts
  readonly #timers = new Map<OutputId, Timer>()

  constructor(ports: LevelGuardPorts) {
    this.#ports = ports
  }

  alertStarted(outputId: OutputId): void {
    const output = this.#ports.config.outputs.find((one) => one.id === outputId)
    if (!output?.levelProbe) return
    this.#timers.get(outputId)?.cancel()
    this.#timers.set(
      outputId,
      this.#ports.clock.after(provenWithinMs, () => this.#check(outputId)),
    )
  }

  alertEnded(outputId: OutputId): void {
    this.#timers.get(outputId)?.cancel()
    this.#timers.delete(outputId)
    this.#ports.plant.setBypass(outputId, false)
    this.#ports.alarms.clear('NO_LEVEL_AT_TRANSMITTER', outputId)
  }

  close(): void {
    for (const timer of this.#timers.values()) timer.cancel()
  }

  #check(outputId: OutputId): void {
    const output = this.#ports.config.outputs.find((one) => one.id === outputId)
    if (!output?.levelProbe) return
    const { deviceId, channel, minDb } = output.levelProbe
    const levelDb = this.#ports.plant.probeDb(deviceId, channel)
    if (levelDb !== null && levelDb >= minDb) return
    const bypass = output.bypass !== null
    if (bypass) this.#ports.plant.setBypass(outputId, true)
    this.#ports.alarms.raise('NO_LEVEL_AT_TRANSMITTER', outputId, { outputId, output: output.name, bypass: bypass ? 1 : 0 })
    this.#ports.log.note({
      kind: 'device.order',
      actor: 'station',
      outputId,
      subject: 'NO_LEVEL_AT_TRANSMITTER',
      sent: { bypass: output.bypass },
      measured: { levelDb, minDb, channel },
    })
  }
}
