// Foreign peers as oracles: our master against slaves by pymodbus, modbus-serial and jsmodbus; our simulated relay board against
// masters by libmodbus (mbpoll) and modbus-serial. Serial over pseudo-terminals, RTU over TCP where the peer can do it.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import jsmodbus from 'jsmodbus'
import modbus, { ServerSerial } from 'modbus-serial'
import { SerialPort } from 'serialport'
import { afterEach, describe, expect, test } from 'vitest'
import type { RtuReply, RtuRequest } from '../../../hardware/modbus/codec.ts'
import { type RtuLink, rtuLink } from '../../../hardware/modbus/rtu-bus.ts'
import { parseAddress } from '../../../hardware/transport/address.ts'
import type { Transport } from '../../../hardware/transport/transport.ts'
import { openTransport } from '../../../hardware/transport/wire-hub.ts'
import { createRelaySimulator } from '../../../hardware/zones/waveshare-relay/simulator.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { type SerialPair, serialPair } from '../../support/serial-pair.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const log = { info: () => undefined, warn: () => undefined, error: () => undefined }

async function cable(): Promise<SerialPair> {
  const pair = await serialPair()
  closers.push(() => pair.close())
  return pair
}

async function linkTo(transport: Transport, slave: number): Promise<RtuLink> {
  const options = {
    deviceId: `slave-${slave}`,
    clock: systemClock,
    log,
    slave,
    replyTimeoutMs: 800,
    worstReplyMs: 300,
    onWireUp: () => undefined,
  }
  const link = rtuLink(transport, options)
  closers.push(() => link.close())
  link.open()
  await new Promise<void>((resolve) => void link.connect({ onUp: resolve, onBytes: () => undefined, onDown: () => undefined }))
  return link
}

const ask = async (link: RtuLink, request: RtuRequest): Promise<RtuReply> => link.call(request, 'order')

interface Peer {
  readonly name: string
  /** Starts a slave 1 on the device's end of the cable: holding register n = 500 + n, all coils off. */
  start(devicePath: string): Promise<void>
  readonly refusesRegister: number
}

const registers = new Map<number, number>()
const coils = new Map<number, boolean>()

const peers: readonly Peer[] = [
  {
    name: 'pymodbus 3.0',
    refusesRegister: 4000,
    async start(devicePath) {
      const python = spawn('/usr/bin/python3', [`${import.meta.dirname}/../../support/pymodbus-slave.py`, devicePath, '1', '2'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      closers.push(async () => {
        if (python.exitCode === null) {
          python.kill('SIGKILL')
          await once(python, 'exit')
        }
      })
      await once(python.stdout, 'data')
    },
  },
  {
    name: 'modbus-serial 8.0.25',
    refusesRegister: 4000,
    async start(devicePath) {
      registers.clear()
      coils.clear()
      const opened = Promise.withResolvers<void>()
      const server = new ServerSerial(
        {
          getHoldingRegister: (address: number) => {
            if (address >= 64) throw { modbusErrorCode: 2 }
            return registers.get(address) ?? 500 + address
          },
          getCoil: (address: number) => coils.get(address) ?? false,
          setCoil: (address: number, value: boolean) => void coils.set(address, value),
          setRegister: (address: number, value: number) => void registers.set(address, value),
        },
        { path: devicePath, baudRate: 9600, unitID: 1, openCallback: (error) => (error ? opened.reject(error) : opened.resolve()) },
      )
      closers.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
      await opened.promise
    },
  },
  {
    name: 'jsmodbus 5.0.0',
    refusesRegister: -1,
    async start(devicePath) {
      const port = new SerialPort({ path: devicePath, baudRate: 9600, autoOpen: false })
      await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())))
      closers.push(() => new Promise<void>((resolve) => port.close(() => resolve())))
      const holding = Buffer.alloc(128)
      for (let n = 0; n < 64; n++) holding.writeUInt16BE(500 + n, n * 2)
      new jsmodbus.server.RTU(port, { holding, coils: Buffer.alloc(8) })
    },
  },
]

describe.each(peers)('our master against a slave by $name', ({ start, refusesRegister }) => {
  test('reads and writes what the slave holds, also when called all at once', async () => {
    const pair = await cable()
    await start(pair.devicePath)
    const link = await linkTo(openTransport(parseAddress(`serial:${pair.driverPath}`), systemClock), 1)
    const values = await Promise.all([7, 3, 9].map((register) => ask(link, { kind: 'readHoldingRegisters', start: register, count: 2 })))
    expect(values).toEqual([
      { kind: 'registers', registers: [507, 508] },
      { kind: 'registers', registers: [503, 504] },
      { kind: 'registers', registers: [509, 510] },
    ])
    await ask(link, { kind: 'writeCoil', address: 3, value: 0xff00 })
    expect(await ask(link, { kind: 'readCoils', start: 0, count: 8 })).toEqual({
      kind: 'bits',
      bits: [false, false, false, true, false, false, false, false],
    })
    await ask(link, { kind: 'writeCoil', address: 3, value: 0 })
    await ask(link, { kind: 'writeRegister', address: 5, value: 4711 })
    expect(await ask(link, { kind: 'readHoldingRegisters', start: 5, count: 1 })).toEqual({ kind: 'registers', registers: [4711] })
    await ask(link, { kind: 'writeCoils', start: 0, values: [true, false, true] })
    expect(await ask(link, { kind: 'readCoils', start: 0, count: 4 })).toEqual({ kind: 'bits', bits: [true, false, true, false] })
    await ask(link, { kind: 'writeRegisters', start: 10, values: [1, 2] })
    expect(await ask(link, { kind: 'readHoldingRegisters', start: 9, count: 3 })).toEqual({ kind: 'registers', registers: [509, 1, 2] })
    if (refusesRegister >= 0) {
      await expect(ask(link, { kind: 'readHoldingRegisters', start: refusesRegister, count: 1 })).rejects.toMatchObject({ code: 'nak' })
    }
  })
})

test('an absent slave, then the live one: nothing is lost and nothing is another`s (pymodbus, two slaves on one bus)', async () => {
  const pair = await cable()
  await peers[0]?.start(pair.devicePath)
  const transport = openTransport(parseAddress(`serial:${pair.driverPath}`), systemClock)
  const [absent, one, two] = [await linkTo(transport, 9), await linkTo(transport, 1), await linkTo(transport, 2)]
  await ask(two, { kind: 'writeRegister', address: 1, value: 2001 })
  await expect(ask(absent, { kind: 'readHoldingRegisters', start: 1, count: 1 })).rejects.toMatchObject({ code: 'timeout' })
  expect(await ask(one, { kind: 'readHoldingRegisters', start: 1, count: 1 })).toEqual({ kind: 'registers', registers: [501] })
  expect(await ask(two, { kind: 'readHoldingRegisters', start: 1, count: 1 })).toEqual({ kind: 'registers', registers: [2001] })
})

const run = promisify(execFile)

describe('our simulated relay board against foreign masters', () => {
  test('mbpoll (libmodbus) switches, reads and is refused', async () => {
    const pair = await cable()
    const board = await createRelaySimulator({ wire: { kind: 'serial', path: pair.devicePath, driverPath: pair.driverPath } })
    closers.push(() => board.close())
    const mbpoll = async (...args: string[]) => {
      const common = ['-m', 'rtu', '-a', '1', '-b', '9600', '-P', 'none', '-0', '-1', '-q']
      return (await run('mbpoll', [...common, ...args])).stdout
    }
    await mbpoll('-t', '0', '-r', '2', pair.driverPath, '1')
    expect(board.coils()).toEqual([false, false, true, false, false, false, false, false])
    expect(
      (await mbpoll('-t', '0', '-r', '0', '-c', '8', pair.driverPath)).match(/\[\d\]:\s+(\d)/g)?.map((line) => line.slice(-1)),
    ).toEqual([...'00100000'])
    await mbpoll('-t', '0', '-r', '0', pair.driverPath, '1', '1', '0', '1', '0', '0', '0', '1')
    expect(board.coils()).toEqual([true, true, false, true, false, false, false, true])
    expect(await mbpoll('-t', '4', '-r', '32768', '-c', '1', pair.driverPath)).toMatch(/\[32768\]:\s+200/)
    await expect(mbpoll('-t', '4', '-r', '77', '-c', '1', pair.driverPath)).rejects.toThrow(/Illegal data address/)
    await expect(mbpoll('-t', '0', '-r', '40', pair.driverPath, '1')).rejects.toThrow(/Illegal data address/)
  })

  test('modbus-serial switches, reads and is refused over raw TCP', async () => {
    const board = await createRelaySimulator({ wire: { kind: 'tcp' } })
    closers.push(() => board.close())
    const address = parseAddress(board.address)
    const client = new modbus.default()
    await client.connectTelnet('127.0.0.1', { port: address.kind === 'tcp' ? address.port : 0 })
    closers.push(() => new Promise<void>((resolve) => void client.close(() => resolve())))
    client.setID(1)
    client.setTimeout(1000)
    await client.writeCoil(5, true)
    expect((await client.readCoils(0, 8)).data).toEqual([false, false, false, false, false, true, false, false])
    await client.writeCoil(0x00ff, false)
    expect(board.coils()).toEqual(Array(8).fill(false))
    expect((await client.readHoldingRegisters(0x4000, 1)).data).toEqual([1])
    await expect(client.readHoldingRegisters(5, 1)).rejects.toMatchObject({ modbusCode: 2 })
  })
})
