// A driver's world in a test: keeps all it is told, in order.
import type { DriverContext } from '../../hardware/contract/driver.ts'
import { parseAddress } from '../../hardware/transport/address.ts'
import type { Transport } from '../../hardware/transport/transport.ts'
import { openTransport } from '../../hardware/transport/wire-hub.ts'
import { type Clock, systemClock } from '../../shared/domain/clock.ts'
import type { DriverStatus } from '../../shared/domain/device.ts'
import type { DeviceId } from '../../shared/domain/ids.ts'

export interface RecordedContext<Observed, DeviceEvent> extends DriverContext<Observed, DeviceEvent> {
  readonly statuses: DriverStatus[]
  readonly observations: Observed[]
  readonly events: DeviceEvent[]
  readonly logged: string[]
}

/** @param wire an address such as `udp://127.0.0.1:1234`, or a transport. */
export function recordedContext<Observed, DeviceEvent>(
  wire: string | Transport,
  clock: Clock = systemClock,
): RecordedContext<Observed, DeviceEvent> {
  const statuses: DriverStatus[] = []
  const observations: Observed[] = []
  const events: DeviceEvent[] = []
  const logged: string[] = []
  const note = (message: string, fields?: Record<string, unknown>) => void logged.push(`${message} ${JSON.stringify(fields ?? {})}`)
  return {
    deviceId: 'test-device' as DeviceId,
    clock,
    log: { info: note, warn: note, error: note },
    transport: typeof wire === 'string' ? openTransport(parseAddress(wire), clock) : wire,
    statuses,
    observations,
    events,
    logged,
    onStatus: (status) => void statuses.push(status),
    onObserved: (observed) => void observations.push(observed),
    onEvent: (event) => void events.push(event),
  }
}
