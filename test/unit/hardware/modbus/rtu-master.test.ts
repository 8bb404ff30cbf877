// The master on a virtual clock against a scripted slave with its own CRC-free bookkeeping: late, absent, split, glued, corrupted.
// Registers hold 500 + their number, so that a value that belongs to another request is seen at once (PROTOCOLS.md 2.6).
import { describe, expect, test } from 'vitest'
import { sealFrame } from '../../../../hardware/framing/rtu-frame.ts'
import type { RtuReply, RtuRequest } from '../../../../hardware/modbus/codec.ts'
import { RtuMaster, type RtuPriority } from '../../../../hardware/modbus/rtu-master.ts'
import { DriverError } from '../../../../shared/domain/errors.ts'
import { VirtualClock } from '../../../support/virtual-clock.ts'

type Script = (reply: Uint8Array, send: (bytes: Uint8Array, afterMs: number) => void) => void
const promptly: Script = (reply, send) => send(reply, 10)
/** A slave that is busy answers one request after the other: what follows a late reply is late too. */
const lateBy =
  (ms: number): Script =>
  (reply, send) =>
    send(reply, ms)

function bus() {
  const clock = new VirtualClock()
  const sent: { atMs: number; slave: number; start: number }[] = []
  const script: Script[] = []
  /** What comes out of the operating system at the next flushes. */
  const flushed: (() => void)[] = []
  let flushes = 0
  let busyUntilMs = 0
  const master = new RtuMaster({
    name: 'bus',
    clock,
    frameGapMs: 5,
    queueCeiling: 8,
    line: {
      flush: async () => {
        flushes++
        flushed.shift()?.()
      },
      write: async (bytes) => {
        const [slave = 0, code = 0, high = 0, low = 0] = bytes
        const start = high * 256 + low
        sent.push({ atMs: clock.monotonic(), slave, start })
        const value = 500 + start
        const reply = code === 3 ? sealFrame(Uint8Array.from([slave, 3, 2, value >> 8, value & 255])) : bytes
        const act = script.shift() ?? promptly
        const busyMs = Math.max(0, busyUntilMs - clock.monotonic())
        act(reply, (piece, afterMs) => {
          busyUntilMs = Math.max(busyUntilMs, clock.monotonic() + busyMs + afterMs)
          clock.after(busyMs + afterMs, () => master.receive(piece))
        })
      },
    },
  })
  const call = (request: RtuRequest, slave = 1, priority: RtuPriority = 'poll', signal?: AbortSignal) =>
    master.call({ slave, request, priority, replyTimeoutMs: 500, worstReplyMs: 800, ...(signal === undefined ? {} : { signal }) })
  const read = (register: number, slave = 1, priority: RtuPriority = 'poll', signal?: AbortSignal) =>
    call({ kind: 'readHoldingRegisters', start: register, count: 1 }, slave, priority, signal).then(answerOf, codeOf)
  return { clock, master, script, sent, call, read, flushed, flushes: () => flushes }
}

function answerOf(reply: RtuReply): number | string {
  return reply.kind === 'registers' ? (reply.registers[0] ?? -1) : reply.kind
}
function codeOf(error: unknown): string {
  if (error instanceof DriverError) return error.code
  throw error
}

describe('Modbus RTU master', () => {
  test('calls made at once go one after another, each with its own answer', async () => {
    const { clock, read, sent } = bus()
    const values = Promise.all([read(7), read(3), read(9), read(1)])
    await clock.advance(200)
    expect(await values).toEqual([507, 503, 509, 501])
    expect(sent.map(({ start }) => start)).toEqual([7, 3, 9, 1])
    expect(sent.every(({ atMs }, i) => i === 0 || atMs - (sent[i - 1]?.atMs ?? 0) >= 15)).toBe(true)
    expect(clock.pendingTimers).toBe(0)
  })

  test('one reply 700 ms late against 500 ms: that call times out, and no later one gets a value that is not its own', async () => {
    const { clock, read, script } = bus()
    script.push(lateBy(700))
    const values: (number | string)[] = []
    const reading = (async () => {
      for (const register of [7, 8, 9, 10, 11]) values.push(await read(register))
    })()
    await clock.advance(5000)
    await reading
    expect(values).toEqual(['timeout', 508, 509, 510, 511])
  })

  test('nothing is sent in quarantine, and bytes that come meanwhile prolong it', async () => {
    const { clock, read, script, sent } = bus()
    script.push((reply, send) => {
      send(reply, 1200)
      send(reply, 1900)
    })
    const first = read(1)
    const second = read(2)
    await clock.advance(2600)
    // Timeout at 500, quiet until 1300; the strays at 1200 and 1900 move that to 2700.
    expect(sent).toHaveLength(1)
    await clock.advance(200)
    expect([await first, await second]).toEqual(['timeout', 502])
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(2700)
  })

  test.each<[string, Script, string | number]>([
    ['split byte by byte', (reply, send) => [...reply.entries()].map(([i, byte]) => send(Uint8Array.from([byte]), 10 + i * 3)), 504],
    [
      'glued to another reply',
      (reply, send) => send(Uint8Array.from([...sealFrame(Uint8Array.from([1, 3, 2, 1, 0])), ...reply]), 10),
      'malformed',
    ],
    ['doubled', (reply, send) => send(Uint8Array.from([...reply, ...reply]), 10), 'malformed'],
    [
      'corrupted',
      (reply, send) =>
        send(
          reply.map((byte, i) => (i === 3 ? byte ^ 4 : byte)),
          10,
        ),
      'malformed',
    ],
    ['of another slave', (_, send) => send(sealFrame(Uint8Array.from([2, 3, 2, 1, 0])), 10), 'malformed'],
    ['of another function', (_, send) => send(sealFrame(Uint8Array.from([1, 4, 2, 1, 0])), 10), 'malformed'],
    ['an exception', (_, send) => send(sealFrame(Uint8Array.from([1, 0x83, 2])), 10), 'nak'],
    ['cut short', (reply, send) => send(reply.subarray(0, 4), 10), 'timeout'],
    ['absent', () => undefined, 'timeout'],
    ['endless garbage', (_, send) => send(new Uint8Array(2000).fill(1), 10), 'malformed'],
  ])('a reply that is %s: %s, and the next call is right', async (_, act, outcome) => {
    const { clock, read, script } = bus()
    script.push(act)
    const values = Promise.all([read(4), read(5)])
    await clock.advance(3000)
    expect(await values).toEqual([outcome, 505])
    expect(clock.pendingTimers).toBe(0)
  })

  test.each<[string, RtuRequest, Script]>([
    [
      'a frame with a wrong CRC',
      { kind: 'readHoldingRegisters', start: 1, count: 1 },
      (reply, send) =>
        send(
          reply.map((byte, i) => (i === 3 ? byte ^ 4 : byte)),
          10,
        ),
    ],
    [
      'an echo of another value',
      { kind: 'writeCoil', address: 3, value: 0xff00 },
      (_, send) => send(sealFrame(Uint8Array.from([1, 5, 0, 3, 0, 0])), 10),
    ],
  ])('after %s nothing is sent until the line was silent for the worst reply time', async (_, request, act) => {
    const { clock, call, read, script, sent } = bus()
    script.push(act)
    const first = call(request).then(answerOf, codeOf)
    const second = read(2)
    await clock.advance(3000)
    expect([await first, await second]).toEqual(['malformed', 502])
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(810)
  })

  test('an echo of another value is not a confirmation', async () => {
    const { clock, call, script } = bus()
    script.push((_, send) => send(sealFrame(Uint8Array.from([1, 5, 0, 3, 0, 0])), 10))
    const outcome = call({ kind: 'writeCoil', address: 3, value: 0xff00 }).then(answerOf, codeOf)
    await clock.advance(2000)
    expect(await outcome).toBe('malformed')
  })

  test('a stray frame between two requests keeps the line until it has ended', async () => {
    const { clock, read, master, sent } = bus()
    const first = read(1)
    await clock.advance(100)
    await first
    master.receive(sealFrame(Uint8Array.from([1, 3, 2, 9, 9])))
    const second = read(2)
    await clock.advance(200)
    expect(await second).toBe(502)
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(150)
  })

  test('the input is emptied before each send, and what comes out of it then keeps the line', async () => {
    const { clock, read, master, sent, flushed, flushes } = bus()
    flushed.push(() => master.receive(sealFrame(Uint8Array.from([1, 3, 2, 9, 9]))))
    const first = read(2)
    await clock.advance(200)
    expect(await first).toBe(502)
    expect(sent[0]?.atMs).toBeGreaterThanOrEqual(50)
    const before = flushes()
    const second = read(3)
    await clock.advance(200)
    expect(await second).toBe(503)
    expect(flushes()).toBeGreaterThan(before)
  })

  test('a reply that lay there when our own timer was late counts', async () => {
    const { clock, read, master, script } = bus()
    script.push(() => undefined)
    const plain = clock.after.bind(clock)
    // The timer fires and the read follows it in the same turn, as after a busy moment of ours.
    clock.after = (ms, call) =>
      plain(ms, () => {
        call()
        if (ms === 500) master.receive(sealFrame(Uint8Array.from([1, 3, 2, 1, 251])))
      })
    const answer = read(7)
    await clock.advance(600)
    expect(await answer).toBe(507)
  })

  test('orders go before polls, polls before searches', async () => {
    const { clock, read, sent } = bus()
    const all = [read(1, 1, 'search'), read(2, 1, 'search'), read(3, 1, 'poll'), read(4, 1, 'order')]
    await clock.advance(300)
    expect(await Promise.all(all)).toEqual([501, 502, 503, 504])
    expect(sent.map(({ start }) => start)).toEqual([4, 3, 1, 2])
  })

  test('what is asked in answer to a reply goes before a search that has waited longer', async () => {
    const { clock, read, sent } = bus()
    const order = read(1, 1, 'order').then(() => read(2, 1, 'order'))
    const search = read(3, 9, 'search')
    await clock.advance(200)
    expect([await order, await search]).toEqual([502, 503])
    expect(sent.map(({ start }) => start)).toEqual([1, 2, 3])
  })

  test('an aborted call is never sent when it still waits; in flight it frees its caller but not the line', async () => {
    const { clock, read, script, sent } = bus()
    script.push((reply, send) => send(reply, 300))
    const flying = new AbortController()
    const waiting = new AbortController()
    const outcomes = [read(1, 1, 'poll', flying.signal), read(2, 1, 'poll', waiting.signal), read(3)]
    await clock.advance(100)
    flying.abort()
    waiting.abort()
    expect([await outcomes[0], await outcomes[1]]).toEqual(['cancelled', 'cancelled'])
    await clock.advance(400)
    expect(await outcomes[2]).toBe(503)
    expect(sent.map(({ start }) => start)).toEqual([1, 3])
    expect(sent[1]?.atMs).toBeGreaterThanOrEqual(300)
  })

  test('a lost wire rejects everything and leaves nothing behind', async () => {
    const { clock, read, master } = bus()
    const outcomes = [read(1), read(2)]
    await clock.advance(1)
    master.reset('lost', 'unplugged')
    expect(await Promise.all(outcomes)).toEqual(['lost', 'lost'])
    await clock.advance(2000)
    expect(clock.pendingTimers).toBe(0)
    const again = read(3)
    await clock.advance(100)
    expect(await again).toBe(503)
  })

  test('a flood is refused, not kept', async () => {
    const { clock, read } = bus()
    const calls = Array.from({ length: 12 }, (_, i) => read(i))
    await clock.advance(1000)
    const outcomes = await Promise.all(calls)
    expect(outcomes.filter((outcome) => outcome === 'timeout')).toHaveLength(4)
    expect(outcomes.filter((outcome) => typeof outcome === 'number')).toHaveLength(8)
  })
})
