// The serial wire on pseudo-terminals: what no mock shows. Modem lines and baud rates are not enforced there (PROTOCOLS.md 2.5).
import { afterEach, expect, test } from 'vitest'
import { parseAddress } from '../../../hardware/transport/address.ts'
import type { TransportConnection } from '../../../hardware/transport/transport.ts'
import { openTransport } from '../../../hardware/transport/wire-hub.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import { serialPair } from '../../support/serial-pair.ts'
import { until } from '../../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function cable() {
  const pair = await serialPair()
  closers.push(() => pair.close())
  return pair
}

function listen(path: string) {
  const said: string[] = []
  const connection: TransportConnection = openTransport(parseAddress(`serial:${path}`), systemClock).connect({
    onUp: () => void said.push('up'),
    onBytes: (bytes) => void said.push(`bytes ${Buffer.from(bytes).toString()}`),
    onDown: (reason) => void said.push(`down ${reason}`),
  })
  closers.push(() => connection.close())
  return { said, connection }
}

test('bytes both ways; a pulled cable is one `down`', async () => {
  const pair = await cable()
  const [one, two] = [listen(pair.driverPath), listen(pair.devicePath)]
  await until('up', () => one.said.length > 0 && two.said.length > 0)
  await one.connection.write(Buffer.from('hello'))
  await until('heard', () => two.said.join().includes('hello'))
  await pair.unplug()
  await until('down', () => one.said.length === 2, 3000)
  expect(one.said[1]).toMatch(/^down /)
  await expect(one.connection.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'lost' })
})

test('H8 a port that another holder has: down with the cause; free again, it opens', async () => {
  const pair = await cable()
  const first = listen(pair.driverPath)
  await until('up', () => first.said.includes('up'))
  const second = listen(pair.driverPath)
  await until('refused', () => second.said.length > 0)
  expect(second.said).toEqual([expect.stringMatching(/^down .*(lock|busy|unavailable)/i)])
  await first.connection.close()
  const third = listen(pair.driverPath)
  await until('up', () => third.said.includes('up'))
})

test('a port that does not exist: down with the cause', async () => {
  const { said } = listen('/dev/serial/by-id/no-such-adapter')
  await until('down', () => said.length > 0)
  expect(said[0]).toMatch(/no such file/i)
})

test('H7 a write that blocks for ever: rejected with timeout, the wire is down, let go, and opens again', async () => {
  const pair = await cable()
  const { said, connection } = listen(pair.driverPath)
  await until('up', () => said.includes('up'))
  pair.freeze(true)
  const startMs = systemClock.monotonic()
  await expect(connection.write(new Uint8Array(60_000))).rejects.toMatchObject({ code: 'timeout' })
  expect(systemClock.monotonic() - startMs).toBeLessThan(1500)
  expect(said).toEqual(['up', 'down a write blocked'])
  const closeMs = systemClock.monotonic()
  await connection.close()
  expect(systemClock.monotonic() - closeMs).toBeLessThan(1500)
  pair.freeze(false)
  const again = listen(pair.driverPath)
  await until('up again', () => again.said.includes('up'), 3000)
})
