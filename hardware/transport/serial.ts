// A serial port. Opening is exclusive; an adapter that is pulled out ends the connection, one that dies silently is found by
// the driver's polls. A port that never finishes closing is let go after a time: the supervisor must not wait for it.
import { SerialPort } from 'serialport'
import type { Clock } from '../../shared/domain/clock.ts'
import { ConnectionState } from './connection-state.ts'
import type { Transport } from './transport.ts'
import { WriteGate, writeCeilingBytes, writeTimeoutMs } from './write-gate.ts'

export interface SerialAddress {
  readonly kind: 'serial'
  /** `/dev/ttyUSB0`, `/dev/serial/by-id/…` or `COM3`. */
  readonly path: string
  readonly baudRate: number
  readonly dataBits: 7 | 8
  readonly parity: 'none' | 'even' | 'odd'
  readonly stopBits: 1 | 2
  readonly flow: 'none' | 'xonxoff' | 'rtscts'
}

const closeTimeoutMs = 1000

export function serialTransport(address: SerialAddress, clock: Clock): Transport {
  const name = `serial:${address.path}`
  return {
    address: name,
    connect(handlers) {
      const state = new ConnectionState(handlers)
      const port = new SerialPort({
        path: address.path,
        baudRate: address.baudRate,
        dataBits: address.dataBits,
        parity: address.parity,
        stopBits: address.stopBits,
        rtscts: address.flow === 'rtscts',
        xon: address.flow === 'xonxoff',
        xoff: address.flow === 'xonxoff',
        autoOpen: false,
      })
      let released: Promise<void> | null = null
      const release = () => {
        released ??= new Promise<void>((resolve) => {
          const timer = clock.after(closeTimeoutMs, resolve)
          const done = () => {
            timer.cancel()
            resolve()
          }
          // A port that is still opening can only be closed afterwards.
          void opening.then(() => (port.isOpen ? port.close(done) : done()))
        })
        return released
      }
      const end = (reason: string) => {
        gate.shut(reason)
        void release()
        state.down(reason)
      }
      const gate = new WriteGate({
        name,
        clock,
        timeoutMs: writeTimeoutMs,
        ceilingBytes: writeCeilingBytes,
        send: (bytes, done) => void port.write(Buffer.from(bytes), (error) => done(error ?? null)),
        onBroken: end,
      })
      port.on('data', (bytes: Buffer) => state.bytes(bytes))
      port.on('error', (error) => end(error.message))
      port.on('close', (error: Error | null) => end(error?.message ?? 'the port was closed'))
      const opening = new Promise<void>((resolve) => {
        port.open((error) => {
          resolve()
          if (error) end(error.message)
          else state.up()
        })
      })
      return {
        write: (bytes) => gate.write(bytes),
        flush: () =>
          new Promise<void>((resolve) => {
            if (state.ended || !port.isOpen) resolve()
            else port.flush(() => resolve())
          }),
        async close() {
          state.close()
          gate.shut('closed')
          await release()
        },
      }
    },
  }
}
