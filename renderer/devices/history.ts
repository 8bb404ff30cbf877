// What devices measured in the last minutes, kept by this screen for its sparklines: one sample per reading of the device.
import type { DeviceView } from '../../shared/domain/device.ts'

export interface Sample {
  readonly atMs: number
  readonly value: number
}

const keepMs = 5 * 60_000

export interface DeviceHistory {
  observe(devices: readonly DeviceView[]): void
  forwardPower(deviceId: string): readonly Sample[]
}

export function createDeviceHistory(): DeviceHistory {
  const power = new Map<string, Sample[]>()
  return {
    observe(devices) {
      for (const device of devices) {
        if (device.transmitter === null) continue
        const { atMs, forwardPowerW } = device.transmitter
        const samples = power.get(device.deviceId) ?? []
        if (samples.at(-1)?.atMs === atMs) continue
        power.set(
          device.deviceId,
          [...samples, { atMs, value: forwardPowerW }].filter((sample) => sample.atMs > atMs - keepMs),
        )
      }
    },
    forwardPower: (deviceId) => power.get(deviceId) ?? [],
  }
}
