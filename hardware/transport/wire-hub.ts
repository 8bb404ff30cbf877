// Makes the transport of each configured address once. Devices that share a bus get the same object (one master per wire);
// two devices that each need a wire to themselves are refused, by name, before a port is opened twice.
import type { Clock } from '../../shared/domain/clock.ts'
import { assertNever } from '../../shared/domain/assert-never.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { parseAddress, type TransportAddress } from './address.ts'
import { type HidOpener, hidTransport, openHidDevice } from './hid.ts'
import { serialTransport } from './serial.ts'
import { tcpTransport } from './tcp.ts'
import type { Transport } from './transport.ts'
import { udpTransport } from './udp.ts'

/** `own`: nobody else may use the wire. `bus`: devices share it, told apart by their station address. */
export type WireUse = { readonly kind: 'own' } | { readonly kind: 'bus'; readonly station: number }

export interface WireHub {
  claim(deviceId: string, address: string, use: WireUse): Transport
  /** A device was removed; its wire is free again when nobody else holds it. */
  release(deviceId: string): void
}

interface Wire {
  readonly transport: Transport
  /** The whole address with its line settings, as text. */
  readonly settings: string
  readonly holders: Map<string, WireUse>
}

export function openTransport(address: TransportAddress, clock: Clock, openHid: HidOpener = openHidDevice): Transport {
  switch (address.kind) {
    case 'serial':
      return serialTransport(address, clock)
    case 'tcp':
      return tcpTransport(address, clock)
    case 'udp':
      return udpTransport(address, clock)
    case 'hid':
      return hidTransport(address, clock, openHid)
    default:
      return assertNever(address)
  }
}

export function createWireHub(clock: Clock, openHid: HidOpener = openHidDevice): WireHub {
  const wires = new Map<string, Wire>()
  return {
    claim(deviceId, text, use) {
      const address = parseAddress(text)
      const transport = openTransport(address, clock, openHid)
      const key = transport.address
      const wire = wires.get(key)
      if (wire === undefined) {
        wires.set(key, { transport, settings: JSON.stringify(address), holders: new Map([[deviceId, use]]) })
        return transport
      }
      if (wire.settings !== JSON.stringify(address)) {
        const [first = ''] = wire.holders.keys()
        throw new OperatorError('CONFIG_INVALID', { field: 'transport', value: text, remedy: `the same line settings as device ${first}` })
      }
      for (const [other, theirs] of wire.holders) {
        if (use.kind === 'bus' && theirs.kind === 'bus' && use.station !== theirs.station) continue
        const remedy =
          use.kind === 'bus' && theirs.kind === 'bus'
            ? 'give each device on the bus its own station address'
            : 'give each device its own wire'
        throw new OperatorError('CONFIG_INVALID', { field: 'transport', value: text, remedy: `already used by device ${other}; ${remedy}` })
      }
      wire.holders.set(deviceId, use)
      return wire.transport
    },
    release(deviceId) {
      for (const [key, wire] of wires) {
        if (wire.holders.delete(deviceId) && wire.holders.size === 0) wires.delete(key)
      }
    },
  }
}
