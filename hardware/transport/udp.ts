// UDP with one far end. "Up" only means that a socket exists: liveness is the driver's poll. One datagram = one onBytes.
import { createSocket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import type { Clock } from '../../shared/domain/clock.ts'
import { ConnectionState } from './connection-state.ts'
import type { Transport } from './transport.ts'
import { WriteGate, writeCeilingBytes, writeTimeoutMs } from './write-gate.ts'

export interface UdpAddress {
  readonly kind: 'udp'
  readonly host: string
  readonly port: number
}

export function udpTransport(address: UdpAddress, clock: Clock): Transport {
  const name = `udp://${isIPv6(address.host) ? `[${address.host}]` : address.host}:${address.port}`
  return {
    address: name,
    connect(handlers) {
      const state = new ConnectionState(handlers)
      const socket = createSocket(isIPv6(address.host) ? 'udp6' : 'udp4')
      let gone: Promise<void> | null = null
      const release = () => {
        gone ??= new Promise<void>((resolve) => socket.close(resolve))
        return gone
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
        send: (bytes, done) => socket.send(bytes, done),
        onBroken: end,
      })
      socket.on('connect', () => state.up())
      socket.on('message', (bytes) => state.bytes(bytes))
      socket.on('error', (error) => end(error.message))
      // A connected socket hears only its far end, and is told when nobody listens there.
      socket.connect(address.port, address.host)
      return {
        write: (bytes) => gate.write(bytes),
        async close() {
          state.close()
          gate.shut('closed')
          await release()
        },
      }
    },
  }
}
