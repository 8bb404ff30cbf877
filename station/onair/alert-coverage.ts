// Whom an airing does not reach: named by an alarm while that is so, and no longer once it does.
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { OutputRuntime } from './output-runtime.ts'
import type { OnAirPorts } from './ports.ts'

export class AlertCoverage {
  readonly #ports: Pick<OnAirPorts, 'alarms' | 'plant'>

  constructor(ports: Pick<OnAirPorts, 'alarms' | 'plant'>) {
    this.#ports = ports
  }

  /** These carriers of a cold cut-in never came. */
  missing({ outputId }: OutputRuntime, deviceIds: readonly string[]): void {
    for (const { deviceId, label } of this.#ports.plant.carriers(outputId))
      if (deviceIds.includes(deviceId)) this.#ports.alarms.raise('ALERT_NOT_COVERED', deviceId, { device: label })
  }

  /** The output cannot sound at all. */
  silent({ outputId, name }: OutputRuntime): void {
    this.#ports.alarms.raise('ALERT_NOT_COVERED', outputId, { device: name })
  }

  /** It came up late, and gets a full reading of its own. */
  late(deviceId: DeviceId): void {
    this.#ports.alarms.clear('ALERT_NOT_COVERED', deviceId)
  }

  /** Another airing: judged anew. An output that refuses it says so a moment later. */
  anew(outputIds: readonly OutputId[]): void {
    for (const outputId of outputIds)
      for (const subject of [outputId, ...this.#ports.plant.carriers(outputId).map((carrier) => carrier.deviceId)])
        this.#ports.alarms.clear('ALERT_NOT_COVERED', subject)
  }
}
