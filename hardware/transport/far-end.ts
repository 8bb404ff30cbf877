// The other end of a wire, for simulators: a TCP server or the second end of a serial pair. Bytes only; what they mean is the
// simulator's own business. It can be unplugged and plugged again at the same address.
import { createServer, type Server, type Socket } from 'node:net'
import { SerialPort } from 'serialport'

export type FarEndWire =
  /** port 0 = any free one; kept over unplug and plug. */
  | { readonly kind: 'tcp'; readonly port?: number; readonly host?: string }
  /** `path` is opened by the simulator; `driverPath` is the end the driver is configured with. */
  | { readonly kind: 'serial'; readonly path: string; readonly driverPath: string; readonly baudRate?: number }

export interface FarEnd {
  readonly address: string
  send(bytes: Uint8Array): void
  /** Cuts the wire: connections end, new ones are refused. */
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export function openFarEnd(wire: FarEndWire, onBytes: (bytes: Uint8Array) => void): Promise<FarEnd> {
  return wire.kind === 'tcp' ? openTcp(wire.host ?? '127.0.0.1', wire.port ?? 0, onBytes) : openSerial(wire, onBytes)
}

async function openTcp(host: string, firstPort: number, onBytes: (bytes: Uint8Array) => void): Promise<FarEnd> {
  const sockets = new Set<Socket>()
  const listen = (port: number) =>
    new Promise<Server>((resolve, reject) => {
      const server = createServer({ noDelay: true }, (socket) => {
        sockets.add(socket)
        socket.on('data', onBytes)
        // A driver that goes away abruptly is nothing a device notices.
        socket.on('error', () => socket.destroy())
        socket.on('close', () => sockets.delete(socket))
      })
      server.once('error', reject)
      server.listen(port, host, () => resolve(server))
    })
  let server: Server | null = await listen(firstPort)
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : firstPort
  const unplug = async () => {
    const closing = server
    server = null
    for (const socket of sockets) socket.destroy()
    if (closing !== null) await new Promise<void>((resolve) => closing.close(() => resolve()))
  }
  return {
    address: `tcp://${host}:${port}`,
    send: (bytes) => {
      for (const socket of sockets) socket.write(bytes)
    },
    unplug,
    plug: async () => {
      server ??= await listen(port)
    },
    close: unplug,
  }
}

async function openSerial(wire: Extract<FarEndWire, { kind: 'serial' }>, onBytes: (bytes: Uint8Array) => void): Promise<FarEnd> {
  const open = () =>
    new Promise<SerialPort>((resolve, reject) => {
      const opened = new SerialPort({ path: wire.path, baudRate: wire.baudRate ?? 9600, autoOpen: false })
      opened.on('data', onBytes)
      opened.open((error) => (error ? reject(error) : resolve(opened)))
      // The pair below was taken away: the far end is then simply not there.
      opened.on('close', () => opened.removeAllListeners('data'))
    })
  let port: SerialPort | null = await open()
  const unplug = async () => {
    const closing = port
    port = null
    if (closing?.isOpen) await new Promise<void>((resolve) => closing.close(() => resolve()))
  }
  return {
    address: `serial:${wire.driverPath}?baud=${wire.baudRate ?? 9600}`,
    send: (bytes) => {
      if (port?.isOpen) port.write(Buffer.from(bytes))
    },
    unplug,
    plug: async () => {
      port ??= await open()
    },
    close: unplug,
  }
}
