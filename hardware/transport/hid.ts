// A USB HID device: key panels and emergency keys. Input reports arrive as bytes; a driver that needs feature reports takes the
// wider connection. node-hid is loaded only when a HID device is configured: a machine without it runs everything else.
import type { Clock } from '../../shared/domain/clock.ts'
import { DriverError } from '../../shared/domain/errors.ts'
import { ConnectionState } from './connection-state.ts'
import type { Transport, TransportConnection, TransportHandlers } from './transport.ts'
import { WriteGate, writeCeilingBytes, writeTimeoutMs } from './write-gate.ts'

export interface HidAddress {
  readonly kind: 'hid'
  readonly vendorId: number
  readonly productId: number
  /** USB serial number; null takes the first device of that vendor and product. */
  readonly serialNumber: string | null
}

/** What is needed of an open node-hid device; a mock in tests. */
export interface HidHandle {
  on(event: 'data', listener: (report: Uint8Array) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  write(report: number[] | Buffer): Promise<number>
  sendFeatureReport(report: number[] | Buffer): Promise<number>
  getFeatureReport(reportId: number, length: number): Promise<Uint8Array>
  close(): Promise<void>
}

export interface HidConnection extends TransportConnection {
  sendFeatureReport(report: Uint8Array): Promise<void>
  getFeatureReport(reportId: number, length: number): Promise<Uint8Array>
}

export interface HidTransport extends Transport {
  connect(handlers: TransportHandlers): HidConnection
}

/** Finds and opens a device, or rejects with why not. */
export type HidOpener = (address: HidAddress) => Promise<HidHandle>

export const openHidDevice: HidOpener = async (address) => {
  const { HIDAsync, devicesAsync } = await import('node-hid')
  const found = await devicesAsync(address.vendorId, address.productId)
  const match = found.find((device) => address.serialNumber === null || device.serialNumber === address.serialNumber)
  if (match?.path === undefined) throw new Error('the device is not plugged in')
  return HIDAsync.open(match.path)
}

export function hidName(address: HidAddress): string {
  const hex = (id: number) => id.toString(16).padStart(4, '0')
  return `hid:${hex(address.vendorId)}:${hex(address.productId)}${address.serialNumber === null ? '' : `:${address.serialNumber}`}`
}

export function isHidConnection(connection: TransportConnection | null): connection is HidConnection {
  return connection !== null && 'sendFeatureReport' in connection
}

export function hidTransport(address: HidAddress, clock: Clock, open: HidOpener = openHidDevice): HidTransport {
  const name = hidName(address)
  return {
    address: name,
    connect(handlers) {
      const state = new ConnectionState(handlers)
      let handle: HidHandle | null = null
      const opening = open(address).then(
        (opened) => {
          handle = opened
          if (state.ended) return
          opened.on('data', (report) => state.bytes(report))
          opened.on('error', (error) => end(error.message))
          state.up()
        },
        (cause: unknown) => end(cause instanceof Error ? cause.message : String(cause)),
      )
      const release = async () => {
        await opening
        await handle?.close()
      }
      let released: Promise<void> | null = null
      const end = (reason: string) => {
        gate.shut(reason)
        if (state.down(reason)) released ??= release().catch(() => undefined)
      }
      const gate = new WriteGate({
        name,
        clock,
        timeoutMs: writeTimeoutMs,
        ceilingBytes: writeCeilingBytes,
        send(bytes, done) {
          if (handle === null) done(new Error('not open'))
          else handle.write(Buffer.from(bytes)).then(() => done(), done)
        },
        onBroken: end,
      })
      const opened = (): HidHandle => {
        if (handle === null || state.ended) throw new DriverError('lost', name, 'not open')
        return handle
      }
      return {
        write: (bytes) => gate.write(bytes),
        async sendFeatureReport(report) {
          await opened().sendFeatureReport(Buffer.from(report))
        },
        getFeatureReport: (reportId, length) => opened().getFeatureReport(reportId, length),
        async close() {
          state.close()
          gate.shut('closed')
          released ??= release()
          await released
        },
      }
    },
  }
}
