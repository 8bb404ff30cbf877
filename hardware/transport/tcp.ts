// Raw TCP: a serial server in "TCP Server mode" (Moxa NPort and kin) or a device of its own. Bytes only, no codec.
import { connect } from 'node:net'
import type { Clock } from '../../shared/domain/clock.ts'
import { ConnectionState } from './connection-state.ts'
import type { Transport } from './transport.ts'
import { WriteGate, writeCeilingBytes, writeTimeoutMs } from './write-gate.ts'

export interface TcpAddress {
  readonly kind: 'tcp'
  readonly host: string
  readonly port: number
}

export function tcpTransport(address: TcpAddress, clock: Clock): Transport {
  const name = `tcp://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`
  return {
    address: name,
    connect(handlers) {
      const state = new ConnectionState(handlers)
      const socket = connect({ host: address.host, port: address.port, noDelay: true, keepAlive: true, keepAliveInitialDelay: 5000 })
      const end = (reason: string) => {
        gate.shut(reason)
        socket.destroy()
        state.down(reason)
      }
      const gate = new WriteGate({
        name,
        clock,
        timeoutMs: writeTimeoutMs,
        ceilingBytes: writeCeilingBytes,
        send: (bytes, done) => void socket.write(bytes, done),
        onBroken: end,
      })
      socket.on('connect', () => state.up())
      socket.on('data', (bytes) => state.bytes(bytes))
      socket.on('error', (error) => end(error.message))
      socket.on('end', () => end('closed by the far end'))
      socket.on('close', () => end('closed by the far end'))
      return {
        write: (bytes) => gate.write(bytes),
        async close() {
          state.close()
          gate.shut('closed')
          socket.destroy()
        },
      }
    },
  }
}
