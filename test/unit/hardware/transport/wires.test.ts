// Addresses, the write gate (H7) and the TCP, UDP and HID wires on real sockets and a mock panel.
import { EventEmitter } from 'node:events'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { parseAddress } from '../../../../hardware/transport/address.ts'
import { type HidHandle, hidTransport } from '../../../../hardware/transport/hid.ts'
import { tcpTransport } from '../../../../hardware/transport/tcp.ts'
import { udpTransport } from '../../../../hardware/transport/udp.ts'
import type { Transport, TransportConnection } from '../../../../hardware/transport/transport.ts'
import { WriteGate } from '../../../../hardware/transport/write-gate.ts'
import { systemClock } from '../../../../shared/domain/clock.ts'
import { OperatorError } from '../../../../shared/domain/errors.ts'
import { until } from '../../../support/until.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

describe('addresses', () => {
  test.each([
    [
      'serial:/dev/ttyUSB0',
      { kind: 'serial', path: '/dev/ttyUSB0', baudRate: 9600, parity: 'none', dataBits: 8, stopBits: 1, flow: 'none' },
    ],
    [
      'serial:COM3?baud=19200&parity=even&data=7&stop=2&flow=xonxoff',
      { kind: 'serial', path: 'COM3', baudRate: 19_200, parity: 'even', dataBits: 7, stopBits: 2, flow: 'xonxoff' },
    ],
    ['tcp://192.168.1.20:4001', { kind: 'tcp', host: '192.168.1.20', port: 4001 }],
    ['tcp://[::1]:4001', { kind: 'tcp', host: '::1', port: 4001 }],
    ['udp://desk.local:10023', { kind: 'udp', host: 'desk.local', port: 10_023 }],
    ['hid:05f3:042c', { kind: 'hid', vendorId: 0x05f3, productId: 0x042c, serialNumber: null }],
    ['hid:0fd9:0080:AL12:34', { kind: 'hid', vendorId: 0x0fd9, productId: 0x0080, serialNumber: 'AL12:34' }],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address)
  })

  test.each([
    ['ttyUSB0', 'transport'],
    ['serial:', 'transport.path'],
    ['serial:/dev/ttyS0?baud=nine', 'transport.baud'],
    ['serial:/dev/ttyS0?parity=mark', 'transport.parity'],
    ['serial:/dev/ttyS0?speed=9600', 'transport.speed'],
    ['tcp://host', 'transport.host'],
    ['tcp://host:0', 'transport.port'],
    ['tcp://host:99999', 'transport.port'],
    ['udp://ho st:1', 'transport.host'],
    ['hid:5f3:042c', 'transport.vendor'],
    ['hid:05f3:zzzz', 'transport.product'],
  ])('%s names the field', (text, field) => {
    try {
      parseAddress(text)
      throw new Error('accepted')
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      expect(error.code).toBe('CONFIG_INVALID')
      expect(error.detail.field).toBe(field)
      expect(error.detail.remedy).not.toBe('')
    }
  })
})

describe('H7 write gate', () => {
  const gateOn = (clock: VirtualClock, send: (bytes: Uint8Array, done: (error?: Error | null) => void) => void) => {
    const broken: string[] = []
    const gate = new WriteGate({
      name: 'w',
      clock,
      timeoutMs: 1000,
      ceilingBytes: 10,
      send,
      onBroken: (reason) => void broken.push(reason),
    })
    return { gate, broken }
  }

  test('a write that is never taken rejects with timeout and breaks the wire', async () => {
    const clock = new VirtualClock()
    const { gate, broken } = gateOn(clock, () => undefined)
    const outcome = gate.write(Buffer.from('x')).catch((error: unknown) => error)
    await clock.advance(1000)
    expect(await outcome).toMatchObject({ code: 'timeout' })
    expect(broken).toEqual(['a write blocked'])
    expect(clock.pendingTimers).toBe(0)
  })

  test('what waits is bounded; shutting rejects it', async () => {
    const clock = new VirtualClock()
    const { gate } = gateOn(clock, () => undefined)
    const first = gate.write(Buffer.alloc(10)).catch((error: unknown) => error)
    await expect(gate.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'timeout' })
    gate.shut('closed')
    expect(await first).toMatchObject({ code: 'lost' })
    await expect(gate.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'lost' })
    expect(clock.pendingTimers).toBe(0)
  })

  test('a send that throws or fails rejects with lost', async () => {
    const clock = new VirtualClock()
    const thrown = gateOn(clock, () => {
      throw new Error('EIO')
    })
    await expect(thrown.gate.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'lost' })
    const failed = gateOn(clock, (_, done) => done(new Error('EPIPE')))
    await expect(failed.gate.write(Buffer.alloc(1))).rejects.toMatchObject({ code: 'lost' })
  })
})

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Opens a wire and keeps what it says. */
function listen(transport: Transport) {
  const said: string[] = []
  const connection: TransportConnection = transport.connect({
    onUp: () => void said.push('up'),
    onBytes: (bytes) => void said.push(`bytes ${Buffer.from(bytes).toString()}`),
    onDown: (reason) => void said.push(`down ${reason}`),
  })
  closers.push(() => connection.close())
  return { said, connection }
}

test('TCP: up, bytes both ways, one down, nothing after close', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      if (bytes.toString() === 'bye') socket.end()
      else socket.write(`echo ${bytes.toString()}`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const bound = server.address()
  const transport = tcpTransport(
    { kind: 'tcp', host: '127.0.0.1', port: typeof bound === 'object' && bound !== null ? bound.port : 0 },
    systemClock,
  )
  const first = listen(transport)
  await until('up', () => first.said.includes('up'))
  await first.connection.write(Buffer.from('hi'))
  await until('echo', () => first.said.includes('bytes echo hi'))
  await first.connection.write(Buffer.from('bye'))
  await until('down', () => first.said.some((line) => line.startsWith('down')))
  expect(first.said).toEqual(['up', 'bytes echo hi', 'down closed by the far end'])
  await expect(first.connection.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'lost' })
  const second = listen(transport)
  await until('up again', () => second.said.includes('up'))
  await second.connection.close()
  await second.connection.close()
  expect(second.said).toEqual(['up'])
})

test('TCP: nobody listens', async () => {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const bound = probe.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  await new Promise((resolve) => probe.close(resolve))
  const { said } = listen(tcpTransport({ kind: 'tcp', host: '127.0.0.1', port }, systemClock))
  await until('down', () => said.length > 0)
  expect(said).toHaveLength(1)
  expect(said[0]).toContain('ECONNREFUSED')
})

test('UDP: one datagram is one onBytes', async () => {
  const far = createSocket('udp4')
  await new Promise<void>((resolve) => far.bind(0, '127.0.0.1', resolve))
  closers.push(() => new Promise<void>((resolve) => far.close(() => resolve())))
  far.on('message', (message, from) => {
    far.send(`1:${message}`, from.port, from.address)
    far.send(`2:${message}`, from.port, from.address)
  })
  const { said, connection } = listen(udpTransport({ kind: 'udp', host: '127.0.0.1', port: far.address().port }, systemClock))
  await until('up', () => said.includes('up'))
  await connection.write(Buffer.from('q'))
  await until('answers', () => said.length === 3)
  expect(said).toEqual(['up', 'bytes 1:q', 'bytes 2:q'])
})

class MockPanel extends EventEmitter implements HidHandle {
  readonly written: number[][] = []
  readonly features: number[][] = []
  isClosed = false
  async write(report: number[] | Buffer) {
    this.written.push([...report])
    return report.length
  }
  async sendFeatureReport(report: number[] | Buffer) {
    this.features.push([...report])
    return report.length
  }
  async getFeatureReport(reportId: number, length: number) {
    return Uint8Array.from([reportId, length])
  }
  async close() {
    this.isClosed = true
  }
}

test('HID: reports in, reports out, feature reports, error is down, and it is let go', async () => {
  const panel = new MockPanel()
  const transport = hidTransport({ kind: 'hid', vendorId: 1, productId: 2, serialNumber: null }, systemClock, async () => panel)
  const said: string[] = []
  const connection = transport.connect({
    onUp: () => void said.push('up'),
    onBytes: (bytes) => void said.push([...bytes].join()),
    onDown: (reason) => void said.push(`down ${reason}`),
  })
  await until('up', () => said.includes('up'))
  panel.emit('data', Buffer.from([1, 2]))
  await connection.write(Uint8Array.from([3, 4]))
  await connection.sendFeatureReport(Uint8Array.from([5, 6]))
  expect([...(await connection.getFeatureReport(7, 8))]).toEqual([7, 8])
  panel.emit('error', new Error('could not read'))
  panel.emit('data', Buffer.from([9]))
  await connection.close()
  expect(said).toEqual(['up', '1,2', 'down could not read'])
  expect([panel.written, panel.features, panel.isClosed]).toEqual([[[3, 4]], [[5, 6]], true])
})

test('HID: a panel that is not plugged in is down with the reason', async () => {
  const { said } = listen(
    hidTransport({ kind: 'hid', vendorId: 1, productId: 2, serialNumber: null }, systemClock, () =>
      Promise.reject(new Error('the device is not plugged in')),
    ),
  )
  await until('down', () => said.length > 0)
  expect(said).toEqual(['down the device is not plugged in'])
})
