// The metrics text: readings of the services, nothing more.
import type { DeviceView } from '../../shared/domain/device.ts'
import type { AlarmView, OnAirOutputView } from '../../shared/domain/onair.ts'

export interface MetricsInput {
  readonly onair: readonly OnAirOutputView[]
  readonly devices: readonly DeviceView[]
  readonly alarms: readonly AlarmView[]
  readonly logSeq: number
  readonly uptimeS: number
}

/** Prometheus text format 0.0.4. */
export function metricsText({ onair, devices, alarms, logSeq, uptimeS }: MetricsInput): string {
  const lines = [
    '# TYPE truc_song_uptime_seconds counter',
    `truc_song_uptime_seconds ${uptimeS.toFixed(3)}`,
    '# TYPE truc_song_logbook_seq counter',
    `truc_song_logbook_seq ${logSeq}`,
    '# TYPE truc_song_on_air gauge',
    ...onair.map(
      (view) => `truc_song_on_air{output="${view.outputId}",proof="${view.onAir}",phase="${view.phase}"} ${view.onAir === 'off' ? 0 : 1}`,
    ),
    '# TYPE truc_song_device_up gauge',
    ...devices.map(
      (device) =>
        `truc_song_device_up{device="${device.deviceId}",state="${device.status.state}"} ${device.status.state === 'online' ? 1 : 0}`,
    ),
    '# TYPE truc_song_forward_power_watts gauge',
    ...devices.flatMap((device) =>
      device.transmitter ? [`truc_song_forward_power_watts{device="${device.deviceId}"} ${device.transmitter.forwardPowerW}`] : [],
    ),
    '# TYPE truc_song_alarms gauge',
    ...[1, 2, 3].map(
      (priority) => `truc_song_alarms{priority="${priority}"} ${alarms.filter((alarm) => alarm.priority === priority).length}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
