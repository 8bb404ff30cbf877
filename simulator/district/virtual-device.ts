// One virtual device of the district as the rest of it sees it: how the station reaches it, what it has done, and the knobs
// that make it fail. The device itself is the driver's own simulator in hardware/.
import type { DeviceConfig } from '../../shared/config.ts'
import type { SimulatorRecord } from '../../hardware/contract/driver.ts'

export interface VirtualDevice {
  readonly id: string
  /** As it stands in the station's configuration. */
  readonly config: Omit<DeviceConfig, 'id' | 'outputs'> & { readonly outputs: readonly string[] }
  /** The device's own record, oldest first. */
  readonly record: readonly SimulatorRecord[]
  /** Present position of every knob. */
  knobs(): Readonly<Record<string, unknown>>
  /** Turns some; throws a ZodError that names what was not understood. */
  turn(change: unknown): Promise<void>
  close(): Promise<void>
}
