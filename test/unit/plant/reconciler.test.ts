import { beforeEach, describe, expect, test } from 'vitest'
import type { Ack, Driver, Planned } from '../../../hardware/contract/driver.ts'
import type { DriverStatus } from '../../../shared/domain/device.ts'
import { Reconciler, type Unconfirmed } from '../../../station/plant/reconciler.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

/** A device with one switch that does what it is told a little later, or not at all. */
class Switch implements Driver<boolean, boolean, boolean> {
  observed: boolean | null = null
  status: DriverStatus
  readonly sent: boolean[] = []
  fails = 0
  constructor(clock: VirtualClock) {
    this.status = { state: 'online', sinceMs: clock.now(), lastHeardAt: clock.now() }
  }
  open(): void {
    // Nothing to supervise.
  }
  close(): Promise<void> {
    return Promise.resolve()
  }
  plan(observed: boolean | null, desired: boolean): readonly Planned<boolean>[] {
    return observed === desired ? [] : [{ command: desired, reason: desired ? 'on' : 'off', causeId: 'test' }]
  }
  shows(observed: boolean, command: boolean): boolean {
    return observed === command
  }
  send(command: boolean): Promise<Ack> {
    this.sent.push(command)
    if (this.fails > 0) {
      this.fails -= 1
      return Promise.reject(new Error('no answer'))
    }
    return Promise.resolve({ sentAtMs: 0, answeredAtMs: 0 })
  }
}

const quiet = () => undefined
const quietEvents = { onChanged: quiet, onSent: quiet, onConfirmed: quiet, onSuperseded: quiet, onFailed: quiet, onDiffers: quiet }

describe('reconciler', () => {
  let clock: VirtualClock
  let device: Switch
  let reconciler: Reconciler<boolean, boolean>
  const events: string[] = []
  const settle = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
  }

  /** A device that answers an order when the test lets it; its plan is its wish. */
  const slowDevice = (onSent: (answers: () => void) => void) => {
    const sent: string[] = []
    const slow: Driver<readonly string[], readonly string[], string> = {
      ...{ open: () => undefined, close: async () => undefined },
      status: device.status,
      observed: [],
      plan: (_, desired) => desired.map((name) => ({ command: name, reason: name, causeId: 'test' })),
      shows: () => false,
      send: (command) =>
        new Promise((resolve) => {
          sent.push(command)
          onSent(() => resolve({ sentAtMs: 0, answeredAtMs: 0 }))
        }),
    }
    return { slow, sent }
  }

  beforeEach(() => {
    clock = new VirtualClock()
    device = new Switch(clock)
    events.length = 0
    reconciler = new Reconciler(device, clock, {
      onChanged: () => undefined,
      onSent: (order: Unconfirmed) => events.push(`sent ${order.reason}`),
      onConfirmed: (order) => events.push(`confirmed ${order.reason}`),
      onSuperseded: (order) => events.push(`superseded ${order.reason}`),
      onFailed: (order, _error, attempts) => events.push(`failed ${order.reason} ${attempts}`),
      onDiffers: (orders) => events.push(`differs ${orders.map((order) => order.reason).join()}`),
    })
  })

  test('an order is confirmed only by what the device shows, never by its acknowledgement', async () => {
    reconciler.want(true)
    await settle()
    expect(events).toEqual(['sent on'])
    expect(reconciler.unconfirmed).toHaveLength(1)
    device.observed = true
    reconciler.observed()
    expect(events).toEqual(['sent on', 'confirmed on'])
    expect(reconciler.unconfirmed).toHaveLength(0)
    expect(reconciler.settled).toBe(true)
  })

  test('what was ordered and does not show yet is ordered back at once where that is insisted on', async () => {
    device.observed = false
    reconciler.want(true)
    await settle()
    reconciler.want(false)
    await settle()
    expect(device.sent, 'the last reading agrees with the wish').toEqual([true])
    reconciler.insist()
    expect(reconciler.busy).toBe(true)
    await settle()
    expect([device.sent, reconciler.busy]).toEqual([[true, false], false])
  })

  test('P3: what the first reading shows otherwise than wished is told once, and is forced', async () => {
    device.observed = true
    reconciler.want(false)
    await settle()
    expect(events).toEqual(['differs off', 'sent off'])
    expect(device.sent).toEqual([false])
    device.observed = false
    reconciler.observed()
    device.observed = true
    reconciler.observed()
    reconciler.want(false)
    await settle()
    expect(events.filter((event) => event.startsWith('differs'))).toEqual(['differs off'])
  })

  test('P3: a reading that comes while an order from ignorance is in flight is held against the wish; one that agrees is no row', async () => {
    reconciler.want(false)
    device.observed = true
    reconciler.observed()
    expect(events).toEqual(['sent off', 'differs off'])
    await settle()
    const agrees = new Switch(clock)
    const differing: string[] = []
    const second = new Reconciler(agrees, clock, { ...quietEvents, onDiffers: () => differing.push('differs') })
    agrees.observed = true
    second.want(true)
    agrees.observed = false
    second.observed()
    await settle()
    expect(agrees.sent).toEqual([true])
    expect(differing).toEqual([])
  })

  test('what was acknowledged and does not show is ordered again, not every turn but after a while', async () => {
    reconciler.want(true)
    await settle()
    expect(device.sent).toEqual([true])
    for (let reading = 0; reading < 5; reading += 1) {
      device.observed = false
      reconciler.observed()
      await settle()
    }
    expect(device.sent).toEqual([true])
    await clock.advance(2100)
    await settle()
    expect(device.sent).toEqual([true, true])
    expect(reconciler.unconfirmed).toHaveLength(1)
  })

  test('a failed order is tried again and counted', async () => {
    device.fails = 2
    reconciler.want(true)
    await settle()
    await clock.advance(600)
    await settle()
    await clock.advance(600)
    await settle()
    expect(events).toEqual(['sent on', 'failed on 1', 'sent on', 'failed on 2', 'sent on'])
  })

  test('a refused order holds none of the others, and only what is left is given again', async () => {
    const held = new Map<string, boolean>([
      ['power', false],
      ['carrier', false],
    ])
    const sent: string[] = []
    const refusing: Driver<readonly string[], readonly string[], string> = {
      ...{ open: () => undefined, close: async () => undefined },
      status: device.status,
      get observed() {
        return [...held].filter(([, on]) => on).map(([name]) => name)
      },
      plan: (observed, desired) =>
        desired.filter((name) => !observed?.includes(name)).map((name) => ({ command: name, reason: name, causeId: 'test' })),
      shows: (observed, name) => observed.includes(name),
      send: async (command) => {
        sent.push(command)
        if (command === 'power') throw new Error('refused')
        held.set(command, true)
        return { sentAtMs: 0, answeredAtMs: 0 }
      },
    }
    const failed: string[] = []
    const confirmed: string[] = []
    const stubborn = new Reconciler(refusing, clock, {
      ...quietEvents,
      onFailed: (order, _error, attempts) => failed.push(`${order.reason} ${attempts}`),
      onConfirmed: ({ reason }) => confirmed.push(reason),
    })
    stubborn.want(['power', 'carrier'])
    await settle()
    expect(sent).toEqual(['power', 'carrier'])
    expect(confirmed, 'what is refused says nothing of the other').toEqual(['carrier'])
    stubborn.observed()
    await settle()
    expect(sent).toEqual(['power', 'carrier', 'power'])
    // An hour of refusal, with a reading every half second: neither the wire nor the logbook is flooded.
    for (let second = 0; second < 3600; second += 1) {
      await clock.advance(1000)
      stubborn.observed()
    }
    expect(sent.filter((command) => command === 'carrier')).toHaveLength(1)
    expect(sent.length).toBeLessThan(1900)
    expect(sent.length, 'and it is still tried').toBeGreaterThan(1000)
    expect(failed.slice(0, 4)).toEqual(['power 1', 'power 2', 'power 3', 'power 30'])
    expect(failed.length).toBeLessThan(70)
    stubborn.close()
  })

  test('a failed order is given again at once when something else is wished', async () => {
    device.fails = 1
    device.observed = false
    reconciler.want(true)
    await settle()
    device.observed = true
    reconciler.want(false)
    await settle()
    expect(device.sent).toEqual([true, false])
  })

  test('a wish that is repeated in the middle of its orders does not hold up the rest of them', async () => {
    const releases: (() => void)[] = []
    const { slow, sent } = slowDevice((done) => releases.push(done))
    const repeated = new Reconciler(slow, clock, quietEvents)
    repeated.want(['power', 'carrier'])
    repeated.want(['power', 'carrier'])
    for (let order = 0; order < 3; order += 1) {
      releases.shift()?.()
      await settle()
    }
    expect(sent, 'without a moment passing').toEqual(['power', 'power', 'carrier'])
    repeated.close()
  })

  test('what is left of an old plan is not sent once something else is wished', async () => {
    let release: () => void = () => undefined
    const { slow, sent } = slowDevice((done) => {
      release = done
    })
    const changed = new Reconciler(slow, clock, quietEvents)
    changed.want(['power', 'carrier on'])
    changed.want(['carrier off'])
    release()
    await settle()
    expect(sent).toEqual(['power', 'carrier off'])
    changed.close()
  })

  test('what was acknowledged and never showed is not confirmed by the end of the wish', async () => {
    device.observed = false
    reconciler.want(true)
    await settle()
    await clock.advance(60_000)
    reconciler.want(false)
    await settle()
    expect(events.filter((event) => !event.startsWith('sent'))).toEqual(['differs on', 'superseded on'])
    expect(reconciler.unconfirmed).toEqual([])
  })

  test('an order whose reading is older than itself waits for the next one', async () => {
    const reading = (on: boolean) => ({ on })
    const answered: string[] = []
    const keyed: Driver<boolean, { readonly on: boolean }, boolean> & { observed: { readonly on: boolean } } = {
      ...{ open: () => undefined, close: async () => undefined, status: device.status, observed: reading(false) },
      plan: (observed, desired) =>
        observed?.on === desired ? [] : [{ command: desired, reason: desired ? 'on' : 'off', causeId: 'test' }],
      shows: (observed, command) => observed.on === command,
      send: () => Promise.resolve({ sentAtMs: 0, answeredAtMs: 0 }),
    }
    const stopped = new Reconciler(keyed, clock, { ...quietEvents, onConfirmed: ({ reason }) => answered.push(reason) })
    stopped.want(true)
    await settle()
    stopped.want(false)
    stopped.insist()
    await settle()
    expect(answered, 'it read off before the order').toEqual([])
    keyed.observed = reading(false)
    stopped.observed()
    expect(answered).toEqual(['off'])
    stopped.close()
  })

  test('a plan that is empty because nothing can be ordered confirms nothing', async () => {
    device.observed = false
    reconciler.want(true)
    await settle()
    device.plan = (observed, desired) => (observed === null ? [{ command: desired, reason: 'on', causeId: 'test' }] : [])
    reconciler.observed()
    await clock.advance(10_000)
    expect(events).toEqual(['differs on', 'sent on'])
    expect(reconciler.unconfirmed).toHaveLength(1)
  })

  test('orders that fail are told of now and then also where each renewal of a lease is another order', async () => {
    const board = {
      ...{ open: () => undefined, close: async () => undefined, status: device.status, observed: [false, true] },
      plan: (observed: readonly boolean[] | null, refresh: number) =>
        (observed ?? [false, false]).map((on, coil) => ({
          command: { coil, refresh },
          reason: on ? 'renewed' : 'is off',
          causeId: 'test',
        })),
      shows: (observed: readonly boolean[], { coil }: { coil: number }) => observed[coil] === true,
      send: ({ coil }: { coil: number }) =>
        coil === 0 ? Promise.reject(new Error('exception')) : Promise.resolve({ sentAtMs: 0, answeredAtMs: 0 }),
    }
    const sent: string[] = []
    const failed: number[] = []
    const refused = new Reconciler<number, readonly boolean[]>(board, clock, {
      ...quietEvents,
      onSent: ({ reason }) => sent.push(reason),
      onFailed: (_order, _error, attempts) => failed.push(attempts),
    })
    for (let refresh = 0; refresh < 120; refresh += 1) {
      refused.want(refresh)
      await clock.advance(5000)
    }
    expect(failed.slice(0, 5)).toEqual([1, 2, 3, 30, 60])
    expect(failed.length, 'in 10 minutes').toBeLessThan(16)
    expect(sent.length, 'and it is still tried').toBeGreaterThan(500)
    refused.close()
  })

  test('a changed wish overtakes what was being sent', async () => {
    reconciler.want(true)
    reconciler.want(false)
    await settle()
    expect(device.sent.at(-1)).toBe(false)
  })

  test('nothing is sent to a lost device, and everything when it is back', async () => {
    device.status = { state: 'lost', sinceMs: clock.now(), lastHeardAt: null, nextAttemptAt: clock.now(), reason: 'silent' }
    reconciler.want(true)
    await settle()
    expect(device.sent).toEqual([])
    device.status = { state: 'online', sinceMs: clock.now(), lastHeardAt: clock.now() }
    reconciler.observed()
    await settle()
    expect(device.sent).toEqual([true])
  })
})
