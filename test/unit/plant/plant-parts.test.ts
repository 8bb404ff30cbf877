import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OutputId } from '../../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../../shared/domain/time.ts'
import { type HoldKeyState, holdKey, holdMs } from '../../../station/plant/hold-key-machine.ts'
import { lapsed, leaseMs, renew, silenceLapseMs } from '../../../station/plant/lease.ts'
import { coilsFor, type Zone } from '../../../station/plant/zones.ts'

const ms = (value: number) => value as MonotonicMs

describe('lease', () => {
  test('is renewed by an advancing clock and runs out without one', () => {
    const lease = renew(null, { clockAdvances: true, lastLevelMs: ms(0) }, ms(0))
    expect(lapsed(lease, ms(leaseMs))).toBe(false)
    const dead = renew(lease, { clockAdvances: false, lastLevelMs: ms(0) }, ms(leaseMs + 1))
    expect(lapsed(dead, ms(leaseMs + 1))).toBe(true)
  })

  test('a live reading of hours never trips it, a bus silent for a minute does', () => {
    let lease = renew(null, { clockAdvances: true, lastLevelMs: ms(0) }, ms(0))
    for (let now = 0; now < 3 * 3_600_000; now += 5000) {
      lease = renew(lease, { clockAdvances: true, lastLevelMs: ms(now - 4000) }, ms(now))
      expect(lapsed(lease, ms(now))).toBe(false)
    }
    const silentAt = 3 * 3_600_000
    for (let now = silentAt; now <= silentAt + silenceLapseMs + leaseMs + 10_000; now += 5000)
      lease = renew(lease, { clockAdvances: true, lastLevelMs: ms(silentAt) }, ms(now))
    expect(lapsed(lease, ms(silentAt + silenceLapseMs + leaseMs + 10_000))).toBe(true)
  })

  test.each([
    ['nothing was ever heard', null],
    ['the last sound lies hours before the keying', ms(0)],
  ])('silence counts from the keying where %s', (_when, lastLevelMs) => {
    const keyedAt = 4 * 3_600_000
    const proof = { clockAdvances: true, lastLevelMs }
    let lease = renew(null, proof, ms(keyedAt))
    const lapses = () => {
      for (let now = keyedAt; now < keyedAt + 10 * 60_000; now += 5000) {
        lease = renew(lease, proof, ms(now))
        if (lapsed(lease, ms(now))) return now - keyedAt
      }
      return null
    }
    // A long quiet beginning is no fault yet; a minute of it is.
    expect(lapses()).toBe(silenceLapseMs + leaseMs + 5000)
  })
})

describe('a held key', () => {
  test('fires after a second, and never on an earlier release', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3000 }), (heldMs) => {
        let state: HoldKeyState = { kind: 'up' }
        const effects: string[] = []
        const step = (event: Parameters<typeof holdKey>[1]) => {
          const result = holdKey(state, event)
          state = result.state
          effects.push(...result.effects.map((effect) => effect.kind))
        }
        step({ kind: 'pressed', atMs: 0 })
        if (heldMs >= holdMs) step({ kind: 'elapsed', atMs: holdMs })
        step({ kind: 'released', atMs: heldMs })
        expect(effects.includes('held')).toBe(heldMs >= holdMs)
        expect(state).toEqual({ kind: 'up' })
      }),
    )
  })

  test('every state × event pair', () => {
    const states: HoldKeyState[] = [{ kind: 'up' }, { kind: 'holding', sinceMs: 0 }, { kind: 'done' }]
    const events = [
      { kind: 'pressed', atMs: 10 },
      { kind: 'released', atMs: 10 },
      { kind: 'lost' },
      { kind: 'elapsed', atMs: 10 },
      { kind: 'elapsed', atMs: holdMs },
    ] as const
    const table = states.map((state) =>
      events.map((event) => [holdKey(state, event).state.kind, ...holdKey(state, event).effects.map((effect) => effect.kind)].join(' ')),
    )
    expect(table).toEqual([
      ['holding startTimer', 'up', 'up', 'up', 'up'],
      ['holding', 'up cancelTimer cancelled', 'up cancelTimer', 'holding', 'done held'],
      ['done', 'up', 'up', 'done', 'done'],
    ])
  })

  test('a key repeated by the system is one press', () => {
    const pressed = holdKey({ kind: 'up' }, { kind: 'pressed', atMs: 0 })
    expect(holdKey(pressed.state, { kind: 'pressed', atMs: 900 })).toEqual({ state: { kind: 'holding', sinceMs: 0 }, effects: [] })
  })
})

describe('zones', () => {
  const fm = 'fm' as OutputId
  const wired = 'wired' as OutputId
  const zone = (coil: number, change: Partial<Zone> = {}): Zone => ({
    id: `z${coil}`,
    label: `z${coil}`,
    coil,
    warmUpMs: 0,
    outputs: [],
    allCallOnly: false,
    ...change,
  })

  test('a zone is closed for its outputs only, and an all-call zone only for an alert', () => {
    const zones = [zone(0, { outputs: [wired] }), zone(1, { outputs: [wired], allCallOnly: true }), zone(7, { outputs: [fm] })]
    const on = (outputId: OutputId, allCall: boolean) => coilsFor(zones, [fm, wired], 8, new Map([[outputId, { on: true, allCall }]]))
    expect(on(wired, false)).toEqual([true, false, false, false, false, false, false, false])
    expect(on(wired, true)).toEqual([true, true, false, false, false, false, false, false])
    expect(on(fm, true)[7]).toBe(true)
    expect(on(fm, true)[0]).toBe(false)
  })
})
