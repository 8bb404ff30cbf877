// The driver and its link on a virtual clock, over a unit that answers as the test says: late, refusing, or with another value.
// The oracle is what the unit heard, and when.
import { describe, expect, test } from 'vitest'
import { ecresoHelios } from '../../../../hardware/transmitters/ecreso-crown/driver.ts'
import { NamedValueLink } from '../../../../hardware/transmitters/ecreso-crown/link.ts'
import { heliosProfile } from '../../../../hardware/transmitters/ecreso-crown/profile.ts'
import { Telemetry } from '../../../../hardware/transmitters/ecreso-crown/telemetry.ts'
import type { Transport, TransportHandlers } from '../../../../hardware/transport/transport.ts'
import type { TransmitterObserved } from '../../../../shared/domain/device.ts'
import { DriverError } from '../../../../shared/domain/errors.ts'
import { epochMs } from '../../../../shared/domain/time.ts'
import { recordedContext } from '../../../support/driver-context.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

/** Answers one request after the other: what follows a late answer is late too. */
class Unit implements Transport {
  readonly address = 'test:'
  readonly clock = new VirtualClock()
  readonly heard: { readonly line: string; readonly atMs: number }[] = []
  readonly values = new Map(
    Object.entries({
      'TX.OPMODE': 'OFF',
      'TX.SBY': 'OFF',
      'TX.PWR': '100',
      'TX.PFWD': '0',
      'TX.PREF': '0',
      'TX.VSWR': '01.0',
      'TX.FREQ': '102400',
      'TX.INTERLOCK': 'CLOSE',
      'TX.LOCALMODE': 'REMOTE',
      'TX.RFPRESENT': 'NOT PRES',
      'TX.FAULT': 'OK',
      'TX.WARNING': 'OFF',
      'TX.ALARM.3DB': 'OFF',
      'TX.ALARM.VSWR': 'OFF',
    }),
  )
  /** The answer to this line and how long it takes; undefined: as a healthy unit. */
  script: (line: string) => { text?: string; afterMs?: number } | null | undefined = () => undefined
  handlers: TransportHandlers | null = null
  #busyUntilMs = 0

  connect(handlers: TransportHandlers) {
    this.handlers = handlers
    handlers.onUp()
    return { write: async (bytes: Uint8Array) => this.hear(bytes), close: async () => undefined }
  }

  hear(bytes: Uint8Array): void {
    const line = Buffer.from(bytes).toString('latin1').trim()
    this.heard.push({ line, atMs: this.clock.monotonic() })
    const [name = '', value] = line.split('=')
    const due = this.script(line)
    if (due === null) return
    if (value !== undefined && due?.text === undefined) this.values.set(name, value)
    const text = due?.text ?? `${name}=${this.values.get(name)}`
    this.#busyUntilMs = Math.max(this.#busyUntilMs, this.clock.monotonic()) + (due?.afterMs ?? 5)
    this.clock.after(this.#busyUntilMs - this.clock.monotonic(), () => this.handlers?.onBytes(Buffer.from(`${text}\r`, 'latin1')))
  }

  /** What was written, in order. */
  get orders(): string[] {
    return this.heard.map(({ line }) => line).filter((line) => line.includes('='))
  }
}

async function driven(unit: Unit, options: Record<string, unknown> = {}) {
  const context = recordedContext<TransmitterObserved, never>(unit, unit.clock)
  const driver = ecresoHelios.create(context, ecresoHelios.configSchema.parse({ onAirThresholdW: 50, ...options }))
  driver.open()
  await unit.clock.advance(1000)
  expect(driver.status.state).toBe('online')
  return { context, driver }
}

function linkTo(unit: Unit) {
  const strays: string[] = []
  const link = new NamedValueLink({
    deviceId: 'tx',
    clock: unit.clock,
    profile: heliosProfile,
    lineEnding: 'cr',
    answers: 'named',
    replyTimeoutMs: 400,
    worstReplyMs: 600,
    write: async (bytes) => unit.hear(bytes),
    onStray: (what) => void strays.push(what),
  })
  unit.connect({ onUp: () => undefined, onBytes: (bytes) => link.receive(bytes), onDown: () => undefined })
  return { link, strays }
}

const signal = new AbortController().signal
const keyed = { kind: 'setCarrier', carrier: 'on', armed: { armedBy: 'test' } } as const
const codeOf = (error: unknown) => (error instanceof DriverError ? error.code : String(error))

describe('keying', () => {
  test('a unit in standby is brought out of it before its carrier is ordered; one that is not is left alone', async () => {
    const unit = new Unit()
    unit.values.set('TX.SBY', 'ON')
    const { driver } = await driven(unit)
    expect(driver.observed?.carrierOn).toBe(false)
    for (let times = 0; times < 2; times++) {
      const order = driver.send(keyed, signal)
      await unit.clock.advance(500)
      await order
    }
    expect(unit.orders).toEqual(['TX.SBY=OFF', 'TX.OPMODE=ON', 'TX.OPMODE=ON'])
    await driver.close()
  })

  test('a unit that does not know standby is keyed all the same; one that does not answer is not keyed blindly', async () => {
    const unit = new Unit()
    unit.script = (line) => (line.startsWith('TX.SBY') ? { text: 'ERROR' } : undefined)
    const { driver } = await driven(unit)
    const order = driver.send(keyed, signal)
    await unit.clock.advance(500)
    await order
    expect(unit.orders).toEqual(['TX.OPMODE=ON'])
    unit.script = (line) => (line.startsWith('TX.SBY') ? null : undefined)
    const unanswered = driver.send(keyed, signal).catch(codeOf)
    await unit.clock.advance(1200)
    expect(await unanswered).toBe('timeout')
    expect(unit.orders).toEqual(['TX.OPMODE=ON'])
    await driver.close()
  })

  test('H5 an order that is repeated and has no effect is a fault when its time is over, however often it was repeated', async () => {
    const unit = new Unit()
    unit.script = (line) => (line.startsWith('TX.OPMODE=') ? { text: line } : undefined)
    const { driver } = await driven(unit, { riseMs: 3000 })
    for (let second = 0; second < 5; second++) {
      const order = driver.send(keyed, signal)
      await unit.clock.advance(1000)
      await order
    }
    expect(driver.status).toMatchObject({ state: 'faulted', needsHands: true, reason: 'acknowledged on and reads off' })
    await driver.close()
  })
})

describe('what is believed', () => {
  test('a set point that is answered with another value was refused', async () => {
    const unit = new Unit()
    unit.script = (line) => (line === 'TX.PWR=300' ? { text: 'TX.PWR=100' } : undefined)
    const { driver } = await driven(unit)
    const order = driver.send({ kind: 'setPower', powerW: 300 }, signal).catch(codeOf)
    await unit.clock.advance(500)
    expect(await order).toBe('nak')
    await driver.close()
  })

  test('H4 a late acknowledgement never passes for the read-back: after a timeout the line is left quiet until it has come', async () => {
    const unit = new Unit()
    unit.script = (line) => (line === 'TX.PWR=300' ? { text: 'TX.PWR=300', afterMs: 700 } : undefined)
    const { link, strays } = linkTo(unit)
    const order = link.write('TX.PWR', '300').catch(codeOf)
    const readBack = link.read('TX.PWR', 'order')
    await unit.clock.advance(2000)
    expect(await order).toBe('timeout')
    expect(await readBack).toBe('100')
    expect(strays).toEqual(['late answer'])
    // Timeout at 400, quiet until 1000; the late answer at 700 moves that to 1300.
    expect(unit.heard.map(({ line }) => line)).toEqual(['TX.PWR=300', 'TX.PWR'])
    expect(unit.heard[1]?.atMs).toBeGreaterThanOrEqual(1300)
  })

  test('an answer under another name is nobody`s', async () => {
    const unit = new Unit()
    unit.script = (line) => (line === 'TX.PFWD' ? { text: 'TX.PREF=97' } : undefined)
    const { link, strays } = linkTo(unit)
    const answer = link.read('TX.PFWD', 'poll').catch(codeOf)
    await unit.clock.advance(500)
    expect([await answer, strays]).toEqual(['timeout', ['late answer']])
  })

  test('an answer that lay there when our own timer was late counts', async () => {
    const unit = new Unit()
    unit.script = () => null
    const { link } = linkTo(unit)
    const plain = unit.clock.after.bind(unit.clock)
    // The timer fires and the read follows it in the same turn, as after a busy moment of ours.
    unit.clock.after = (ms, call) =>
      plain(ms, () => {
        call()
        if (ms === 400) unit.handlers?.onBytes(Buffer.from('TX.PFWD=97\r'))
      })
    const answer = link.read('TX.PFWD', 'poll').catch(codeOf)
    await unit.clock.advance(500)
    expect(await answer).toBe('97')
  })

  test('a picture is as old as its first answer, so that what was read before an order is not taken for its effect', async () => {
    const unit = new Unit()
    let nowMs = 1000
    const read = async (name: string) => {
      nowMs += 100
      return unit.values.get(name) ?? ''
    }
    const telemetry = new Telemetry(heliosProfile, 'tx')
    expect((await telemetry.poll(read, () => epochMs(nowMs))).atMs).toBe(1000)
    const againMs = nowMs
    expect((await telemetry.poll(read, () => epochMs(nowMs))).atMs).toBe(againMs)
  })

  test('after a cable was pulled nothing read before is shown: another unit may hang on it', async () => {
    const unit = new Unit()
    const { context, driver } = await driven(unit)
    unit.handlers?.onDown('unplugged')
    // What is read in turn: without a fresh start some of it would be the old unit's.
    for (const [name, value] of Object.entries({ PWR: '50', PREF: '20', VSWR: '01.4', FREQ: '98500' })) unit.values.set(`TX.${name}`, value)
    const seen = context.observations.length
    await unit.clock.advance(1500)
    expect(context.observations[seen]).toMatchObject({ powerSetW: 50, reflectedPowerW: 2, vswr: 1.4, frequencyKhz: 98_500 })
    await driver.close()
  })
})
