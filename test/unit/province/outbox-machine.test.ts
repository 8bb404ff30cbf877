// The outbox against a province in memory that keeps rows by their id, loses answers, and will not have certain rows.
import { describe, expect, it } from 'vitest'
import { type OutboxEvent, outboxIdle, type OutboxState, outboxTransition, parkedOnce } from '../../../station/province/outbox-machine.ts'

/** Drives the machine until it rests; answers how the province and the outbox stand. */
function drive(count: number, province: { loses(turn: number): boolean; refuses(seq: number, sent: number): boolean }) {
  const outbox = new Set(Array.from({ length: count }, (_none, index) => index + 1))
  const held = new Map<number, number>()
  /** By row, why. */
  const parked = new Map<number, string>()
  let sent = 0
  const waits: number[] = []
  let state: OutboxState = outboxIdle
  let seqs: number[] = []
  let turn = 0
  const unpark = (why: string | null) => {
    for (const [seq, reason] of parked) {
      if (why !== null && why !== reason) continue
      parked.delete(seq)
      outbox.add(seq)
    }
  }
  const run = (...events: OutboxEvent[]) => {
    for (let event = events.shift(); event !== undefined; event = events.shift()) {
      if (turn++ > 5000) throw new Error('it never rests')
      const step = outboxTransition(state, event)
      state = step.state
      for (const effect of step.effects) {
        if (effect.kind === 'read') {
          seqs = [...outbox].sort((a, b) => a - b).slice(0, effect.limit)
          events.push({ kind: 'rows', seqs })
        } else if (effect.kind === 'send') {
          sent += 1
          if (seqs.some((seq) => province.refuses(seq, sent))) events.push({ kind: 'failed', how: 'unacceptable', random: 0.5 })
          else {
            for (const seq of seqs) if (!held.has(seq)) held.set(seq, turn)
            events.push(province.loses(turn) ? { kind: 'failed', how: 'later', random: 0.5 } : { kind: 'committed' })
          }
        } else if (effect.kind === 'commit') {
          for (const seq of effect.seqs) outbox.delete(seq)
          if (effect.unpark) unpark(parkedOnce)
          events.push({ kind: 'settled' })
        } else if (effect.kind === 'park') {
          parked.set(effect.seq, effect.reason)
          outbox.delete(effect.seq)
          events.push({ kind: 'settled' })
        } else {
          waits.push(effect.ms)
          events.push({ kind: 'due' })
        }
      }
    }
  }
  run({ kind: 'wake', linkIsBack: false })
  return {
    get state() {
      return state
    },
    get sent() {
      return sent
    },
    outbox,
    held,
    parked,
    waits,
    written(seq: number) {
      outbox.add(seq)
      run({ kind: 'wake', linkIsBack: false })
    },
    /** As the courier does at every boot and once a day. */
    aDayLater() {
      unpark(null)
      run({ kind: 'unparked' })
    },
  }
}

describe('the outbox', () => {
  it('brings everything and rests', () => {
    const { state, outbox, held } = drive(1000, { loses: () => false, refuses: () => false })
    expect(state.kind).toBe('idle')
    expect(outbox.size).toBe(0)
    expect([...held.keys()]).toHaveLength(1000)
  })

  it('N9: answers lost ten times over lose no row and double none', () => {
    let lost = 0
    const { outbox, held, waits } = drive(300, { loses: () => ++lost <= 10, refuses: () => false })
    expect(outbox.size).toBe(0)
    expect(held.size).toBe(300)
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000])
  })

  it('N10: a row that the province will not have is found by halving, parked, and the rest goes on', () => {
    const { outbox, held, parked } = drive(500, { loses: () => false, refuses: (seq) => seq === 137 || seq === 411 })
    expect([...parked.keys()].sort()).toEqual([137, 411])
    expect(outbox.size).toBe(0)
    expect(held.size).toBe(498)
  })

  it('what a province parked that would have nothing goes once more with the first batch that it takes', () => {
    const rig = drive(60, { loses: () => false, refuses: (seq, sent) => seq === 13 || sent <= 66 })
    expect([rig.outbox.size, rig.parked.size, rig.held.size]).toEqual([0, 60, 0])
    const before = rig.sent
    rig.written(61)
    expect(rig.sent - before, 'and not a request for each').toBeLessThan(25)
    expect([[...rig.parked.keys()], rig.held.size]).toEqual([[13], 60])
  })

  it('N10: a row with something wrong is asked about once more, then once a day in a few requests, and not with every batch', () => {
    const rig = drive(0, { loses: () => false, refuses: (seq) => seq === 3 })
    for (const seq of [1, 2, 3]) rig.written(seq)
    const counts = [4, 5, 6, 7].map((seq) => {
      const before = rig.sent
      rig.written(seq)
      return rig.sent - before
    })
    // With the first one the parked row as well: refused by itself.
    expect(counts).toEqual([2, 1, 1, 1])
    const before = rig.sent
    rig.aDayLater()
    expect(rig.sent - before).toBe(1)
    expect([[...rig.parked.keys()], [...rig.held.keys()], rig.state.kind]).toEqual([[3], [1, 2, 4, 5, 6, 7], 'idle'])
  })

  it('every event in every state leaves a state that a wake or a due moves on', () => {
    const states: OutboxState[] = [
      outboxIdle,
      { ...outboxIdle, kind: 'reading' },
      { ...outboxIdle, kind: 'sending', seqs: [1, 2] },
      { ...outboxIdle, kind: 'settling' },
      { ...outboxIdle, kind: 'waiting' },
    ]
    const events: OutboxEvent[] = [
      { kind: 'wake', linkIsBack: false },
      { kind: 'wake', linkIsBack: true },
      { kind: 'due' },
      { kind: 'rows', seqs: [] },
      { kind: 'rows', seqs: [3] },
      { kind: 'committed' },
      { kind: 'failed', how: 'later', random: 0.5 },
      { kind: 'failed', how: 'unacceptable', random: 0.5 },
      { kind: 'unparked' },
      { kind: 'settled' },
    ]
    for (const state of states)
      for (const event of events) {
        const { state: next, effects } = outboxTransition(state, event)
        // Whatever is being done has an effect under way that will end; whatever rests can be woken.
        if (next.kind === state.kind && effects.length === 0) continue
        const under = { idle: [], reading: ['read'], sending: ['send'], settling: ['commit', 'park'], waiting: ['wait'] }[next.kind]
        expect(under.length === 0 || effects.some((effect) => under.some((kind) => kind === effect.kind))).toBe(true)
      }
  })
})
