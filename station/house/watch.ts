// Once a second: what only shows by looking. Programme silent, carriers stuck, orders unconfirmed, latch too long.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { DeviceId, OutputId } from '../../shared/domain/ids.ts'
import type { DriverStatus } from '../../shared/domain/device.ts'
import type { AlarmsService } from '../health/index.ts'
import type { LogPort, OnAirService } from '../onair/index.ts'
import type { PlantService } from '../plant/index.ts'

/** Programme that should sound and does not (FAULTS H11), ms. */
const silentAlarmMs = 10_000
/** An order the device acknowledged and does not show (FAULTS H5), ms. */
const unconfirmedAlarmMs = 5_000
/** STOP that nobody lifted is an alarm of its own, ms (DESIGN 6). */
const latchAlarmMs = 5 * 60_000

export interface WatchPorts {
  readonly clock: Clock
  readonly outputIds: readonly OutputId[]
  readonly onair: OnAirService
  readonly plant: PlantService
  readonly alarms: AlarmsService
  readonly log: LogPort
  /** What an output is measured to do is another than a second ago, by time alone. */
  readonly onTallied: () => void
}

export function watchStation(ports: WatchPorts): Timer {
  const { clock, onair, plant, alarms, log } = ports
  const stuckSince = new Map<DeviceId, number>()
  let tallied = ''
  return clock.every(1000, () => {
    const now = clock.monotonic()
    const views = onair.views()
    const tally = JSON.stringify(views.map((view) => [view.onAir, view.soundingInputs]))
    if (tally !== tallied) ports.onTallied()
    tallied = tally
    for (const view of views) {
      const sounding = view.phase === 'programme' || view.phase === 'cutIn' || view.phase === 'liveInput'
      const silentMs = onair.runtime(view.outputId).silentForMs(now)
      alarms.set(sounding && silentMs > silentAlarmMs, 'PROGRAMME_SILENT', view.outputId, {
        outputId: view.outputId,
        output: view.name,
      })
      alarms.set(view.stoppedSinceMs !== null && clock.now() - view.stoppedSinceMs > latchAlarmMs, 'STOP_LATCHED', view.outputId, {
        output: view.name,
      })
      alarms.set(view.audio.onBackup, 'ON_BACKUP_DEVICE', view.outputId, { output: view.name, device: view.audio.device ?? '' })
    }
    for (const device of plant.views()) {
      const oldest = device.unconfirmed.toSorted((a, b) => a.sentAtMs - b.sentAtMs)[0]
      const late = oldest !== undefined && device.status.state !== 'lost' && clock.now() - oldest.sentAtMs > unconfirmedAlarmMs
      alarms.set(late, 'DEVICE_UNCONFIRMED', device.deviceId, { device: device.label, order: oldest?.reason ?? '' })
    }
    const stuck = new Set(plant.radiatingUnasked())
    for (const deviceId of [...stuckSince.keys()]) {
      if (stuck.has(deviceId)) continue
      const overrunS = Math.round((now - (stuckSince.get(deviceId) ?? now)) / 1000)
      stuckSince.delete(deviceId)
      if (alarms.has('CARRIER_STUCK', deviceId))
        log.note({
          kind: 'device.order',
          actor: 'station',
          outputId: null,
          subject: deviceId,
          measured: { stuckCarrierEnded: true, overrunS },
        })
      alarms.clear('CARRIER_STUCK', deviceId)
    }
    for (const deviceId of stuck) {
      const since = stuckSince.get(deviceId) ?? now
      stuckSince.set(deviceId, since)
      if (now - since >= unconfirmedAlarmMs) alarms.raise('CARRIER_STUCK', deviceId, { device: plant.label(deviceId) })
    }
  })
}

/** Alarms of a device by its status. */
export function alarmByStatus(alarms: AlarmsService, deviceId: DeviceId, label: string, status: DriverStatus): void {
  const reason = 'reason' in status ? status.reason : ''
  alarms.set(status.state === 'lost', 'DEVICE_LOST', deviceId, { device: label, reason })
  alarms.set(status.state === 'faulted', 'DEVICE_FAULTED', deviceId, { device: label, reason })
}
