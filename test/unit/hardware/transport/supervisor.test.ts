// The supervisor on a virtual clock with wires that misbehave in every way a wire can.
import { describe, expect, test } from 'vitest'
import { Supervisor } from '../../../../hardware/transport/supervisor.ts'
import type { Transport, TransportHandlers } from '../../../../hardware/transport/transport.ts'
import type { Clock } from '../../../../shared/domain/clock.ts'
import type { DriverStatus } from '../../../../shared/domain/device.ts'
import type { EpochMs, MonotonicMs } from '../../../../shared/domain/time.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

class ScriptedWire implements Transport {
  readonly address = 'test:'
  readonly written: string[] = []
  opened = 0
  closed = 0
  handlers: TransportHandlers | null = null
  onConnect: (handlers: TransportHandlers) => void = (handlers) => handlers.onUp()
  onWrite: () => Promise<void> = async () => undefined
  onClose: () => Promise<void> = async () => undefined

  connect(handlers: TransportHandlers) {
    this.opened += 1
    this.handlers = handlers
    this.onConnect(handlers)
    return {
      write: (bytes: Uint8Array) => {
        this.written.push(Buffer.from(bytes).toString())
        return this.onWrite()
      },
      close: () => {
        this.closed += 1
        return this.onClose()
      },
    }
  }
}

function supervised(
  wire: Transport,
  poll: (supervisor: Supervisor) => Promise<void> = async (supervisor) => supervisor.heard(),
  hear: (text: string) => void = () => undefined,
) {
  const clock = new VirtualClock()
  const statuses: DriverStatus[] = []
  const downs: string[] = []
  const heard: string[] = []
  const logged: string[] = []
  const note = (message: string) => void logged.push(message)
  const supervisor: Supervisor = new Supervisor({
    deviceId: 'dev',
    clock,
    log: { info: note, warn: note, error: note },
    transport: wire,
    pollMs: 500,
    poll: () => poll(supervisor),
    onBytes: (bytes) => {
      heard.push(Buffer.from(bytes).toString())
      hear(Buffer.from(bytes).toString())
    },
    onDown: (reason) => void downs.push(reason),
    onStatus: (status) => void statuses.push(status),
  })
  return { clock, supervisor, statuses, downs, heard, logged }
}

/** A clock on which the process can be held up: what falls due meanwhile fires all at once, before anything else gets its turn. */
class BlockingClock implements Clock {
  #nowMs = 0
  readonly #timers = new Set<{ dueMs: number; call: () => void }>()
  now = () => this.#nowMs as EpochMs
  monotonic = () => this.#nowMs as MonotonicMs
  every = () => {
    throw new Error('not used')
  }
  after(ms: number, call: () => void) {
    const timer = { dueMs: this.#nowMs + ms, call }
    this.#timers.add(timer)
    return { cancel: () => void this.#timers.delete(timer) }
  }
  block(ms: number): void {
    this.#nowMs += ms
    const due = [...this.#timers].filter(({ dueMs }) => dueMs <= this.#nowMs).sort((one, two) => one.dueMs - two.dueMs)
    for (const timer of due) if (this.#timers.delete(timer)) timer.call()
  }
  async advance(ms: number): Promise<void> {
    for (let i = 0; i < ms; i += 5) {
      this.block(5)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
}

const words = (statuses: readonly DriverStatus[]) => statuses.map(({ state }) => state)

describe('supervisor', () => {
  test('comes online with the first answer, polls on, and leaves no timer behind', async () => {
    let polls = 0
    const { clock, supervisor, statuses } = supervised(new ScriptedWire(), async (self) => {
      polls += 1
      self.heard()
    })
    supervisor.open()
    expect(supervisor.status.state).toBe('connecting')
    await clock.advance(2000)
    expect(words(statuses)).toEqual(['online'])
    expect(polls).toBe(5)
    await supervisor.close()
    expect(clock.pendingTimers).toBe(0)
    await supervisor.close()
  })

  test('H1 (machine): a device that falls silent without a close event is lost within 3 s, and the wire is opened anew', async () => {
    const wire = new ScriptedWire()
    let alive = true
    const { clock, supervisor, downs } = supervised(wire, async (self) => {
      if (alive) self.heard()
    })
    supervisor.open()
    await clock.advance(1000)
    alive = false
    await clock.advance(3000)
    expect(supervisor.status).toMatchObject({ state: 'lost', reason: 'silent' })
    expect(downs).toContain('silent')
    expect(wire.closed).toBeGreaterThanOrEqual(1)
    alive = true
    await clock.advance(2000)
    expect(supervisor.status.state).toBe('online')
    await supervisor.close()
  })

  test('P7 (machine): a transport that throws on connect is a lost device, not a crash', async () => {
    const wire = new ScriptedWire()
    wire.onConnect = () => {
      throw new Error('binding exploded')
    }
    const { clock, supervisor } = supervised(wire)
    supervisor.open()
    await clock.advance(100)
    expect(supervisor.status).toMatchObject({ state: 'lost', reason: 'binding exploded' })
    wire.onConnect = (handlers) => handlers.onUp()
    await clock.advance(2000)
    expect(supervisor.status.state).toBe('online')
    await supervisor.close()
  })

  test('P7 (machine): a driver that throws on what it hears loses its device, not the station; so does a poll that throws', async () => {
    const wire = new ScriptedWire()
    const { clock, supervisor, logged, downs } = supervised(
      wire,
      (self) => {
        self.heard()
        throw new Error('poll exploded')
      },
      () => {
        throw new Error('parser exploded')
      },
    )
    supervisor.open()
    await clock.advance(10)
    expect(supervisor.status.state).toBe('online')
    wire.handlers?.onBytes(Buffer.from('x'))
    expect(supervisor.status).toMatchObject({ state: 'lost', reason: 'the driver threw: parser exploded' })
    expect(downs).toEqual(['the driver threw: parser exploded'])
    expect(logged).toEqual(['poll failed', 'the driver threw on what it heard'])
    await clock.advance(2000)
    expect(supervisor.status.state).toBe('online')
    await supervisor.close()
  })

  test('a wire that never comes up is given up and tried again', async () => {
    const wire = new ScriptedWire()
    wire.onConnect = () => undefined
    const { clock, supervisor } = supervised(wire)
    supervisor.open()
    await clock.advance(1600)
    expect(supervisor.status).toMatchObject({ state: 'lost', reason: 'no connection in time' })
    await clock.advance(1000)
    expect(wire.opened).toBeGreaterThanOrEqual(2)
    await supervisor.close()
    expect(clock.pendingTimers).toBe(0)
  })

  test('an older connection is deaf: its bytes and its end are nobody`s', async () => {
    const wire = new ScriptedWire()
    const { clock, supervisor, heard } = supervised(wire)
    supervisor.open()
    await clock.advance(10)
    const old = wire.handlers
    old?.onDown('unplugged')
    await clock.advance(1000)
    expect(supervisor.status.state).toBe('online')
    old?.onBytes(Buffer.from('ghost'))
    old?.onDown('ghost')
    wire.handlers?.onBytes(Buffer.from('real'))
    expect(heard).toEqual(['real'])
    expect(supervisor.status.state).toBe('online')
    await supervisor.close()
  })

  test('the next connection waits until the last one is let go: a serial port is locked until then', async () => {
    const wire = new ScriptedWire()
    let letGo: () => void = () => undefined
    wire.onClose = () =>
      new Promise<void>((resolve) => {
        letGo = resolve
      })
    const { clock, supervisor } = supervised(wire)
    supervisor.open()
    await clock.advance(10)
    wire.handlers?.onDown('unplugged')
    await clock.advance(1000)
    expect(wire.opened).toBe(1)
    wire.onClose = async () => undefined
    letGo()
    await clock.advance(2000)
    expect(wire.opened).toBeGreaterThanOrEqual(2)
    expect(supervisor.status.state).toBe('online')
    await supervisor.close()
  })

  test('P10 (machine): a process that stood still for 5 s does not take its own deafness for a dead device; a dead one is still found', async () => {
    const clock = new BlockingClock()
    const statuses: DriverStatus[] = []
    let alive = true
    const note = () => undefined
    const supervisor: Supervisor = new Supervisor({
      deviceId: 'dev',
      clock,
      log: { info: note, warn: note, error: note },
      transport: new ScriptedWire(),
      pollMs: 500,
      poll: () =>
        new Promise<void>((resolve) => {
          clock.after(20, () => {
            if (alive) supervisor.heard()
            resolve()
          })
        }),
      onBytes: note,
      onStatus: (status) => void statuses.push(status),
    })
    supervisor.open()
    await clock.advance(1000)
    clock.block(5000)
    await clock.advance(3000)
    expect(words(statuses)).toEqual(['online'])
    alive = false
    clock.block(5000)
    await clock.advance(1500)
    expect(supervisor.status.state).toBe('lost')
    await supervisor.close()
  })

  test('writing while the wire is down rejects with lost', async () => {
    const { supervisor } = supervised(new ScriptedWire())
    await expect(supervisor.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'lost' })
  })

  test('a poll that never settles does not stop the silence from being found', async () => {
    const { clock, supervisor } = supervised(new ScriptedWire(), () => new Promise(() => undefined))
    supervisor.open()
    await clock.advance(3000)
    expect(supervisor.status.state).toBe('lost')
    await supervisor.close()
  })

  test('pollNow during a poll asks once more, since that poll may have looked too early', async () => {
    let polls = 0
    let finish: () => void = () => undefined
    const { clock, supervisor } = supervised(new ScriptedWire(), async (self) => {
      polls += 1
      await new Promise<void>((resolve) => {
        finish = resolve
      })
      self.heard()
    })
    supervisor.open()
    await clock.advance(1)
    supervisor.pollNow()
    supervisor.pollNow()
    expect(polls).toBe(1)
    finish()
    await clock.advance(0)
    expect(polls).toBe(2)
    finish()
    await supervisor.close()
  })

  test('a fault stands until it is repaired, and a lost wire outranks it', async () => {
    const wire = new ScriptedWire()
    const { clock, supervisor } = supervised(wire)
    supervisor.open()
    await clock.advance(10)
    supervisor.fault('stuck keyed')
    expect(supervisor.status).toMatchObject({ state: 'faulted', needsHands: true, reason: 'stuck keyed' })
    supervisor.repaired()
    expect(supervisor.status.state).toBe('online')
    supervisor.fault('stuck keyed')
    wire.handlers?.onDown('unplugged')
    expect(supervisor.status).toMatchObject({ state: 'lost', reason: 'unplugged' })
    await supervisor.close()
  })
})
