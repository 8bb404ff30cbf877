import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type HoldEvent, type HoldState, idle, stepHold } from '../../../renderer/keys/hold-machine.ts'

const press = (atMs: number, repeat = false, by: 'pointer' | 'keyboard' = 'pointer'): HoldEvent => ({
  kind: 'press',
  by,
  atMs,
  needMs: 1000,
  repeat,
})
const release = (atMs: number, by: 'pointer' | 'keyboard' = 'pointer'): HoldEvent => ({ kind: 'release', by, atMs })
const holding: HoldState = { kind: 'holding', by: 'pointer', pressedAtMs: 0, needMs: 1000 }
const done: HoldState = { kind: 'done', by: 'pointer' }

describe('every state and event', () => {
  test.each<[string, HoldState, HoldEvent, HoldState['kind'], string[]]>([
    ['a press starts the hold', idle, press(0), 'holding', ['startTimer']],
    ['a repeat never starts one', idle, press(0, true), 'idle', []],
    ['a release without a press is nothing', idle, release(5000), 'idle', []],
    ['a cancel without a press is nothing', idle, { kind: 'cancel' }, 'idle', []],
    ['a due without a press is nothing', idle, { kind: 'due', atMs: 5000 }, 'idle', []],
    ['a second press changes nothing', holding, press(900), 'holding', []],
    ['a cancel ends it', holding, { kind: 'cancel' }, 'idle', ['stopTimer']],
    ['a due that comes early waits on', holding, { kind: 'due', atMs: 999.9 }, 'holding', ['startTimer']],
    ['a due on time completes', holding, { kind: 'due', atMs: 1000 }, 'done', ['complete']],
    ['a release before time cancels', holding, release(999.9), 'idle', ['stopTimer']],
    ['a release after time that is read before the due completes', holding, release(1000), 'idle', ['stopTimer', 'complete']],
    ['another hand’s release is nothing', holding, release(10, 'keyboard'), 'holding', []],
    ['after the order a press is nothing', done, press(2000), 'done', []],
    ['after the order a due is nothing', done, { kind: 'due', atMs: 3000 }, 'done', []],
    ['the release makes it ready again', done, release(1500), 'idle', []],
    ['another hand’s release does not', done, release(1500, 'keyboard'), 'done', []],
    ['a cancel makes it ready again', done, { kind: 'cancel' }, 'idle', []],
  ])('%s', (_title, state, event, next, effects) => {
    const step = stepHold(state, event)
    expect(step.state.kind).toBe(next)
    expect(step.effects.map((effect) => effect.kind)).toEqual(effects)
  })
})

test('no order without one unbroken press of the full time, and at most one per press', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('press' as const), by: fc.constantFrom('pointer' as const, 'keyboard' as const), repeat: fc.boolean() }),
    fc.record({ kind: fc.constant('release' as const), by: fc.constantFrom('pointer' as const, 'keyboard' as const) }),
    fc.constant({ kind: 'cancel' as const }),
    fc.constant({ kind: 'due' as const }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.integer({ min: 0, max: 700 })), { maxLength: 60 }), (script) => {
      let state: HoldState = idle
      let atMs = 0
      let pressedAtMs: number | null = null
      for (const [raw, wait] of script) {
        atMs += wait
        const next: HoldEvent = raw.kind === 'press' ? { ...raw, atMs, needMs: 1000 } : raw.kind === 'cancel' ? raw : { ...raw, atMs }
        const before = state
        const step = stepHold(state, next)
        state = step.state
        if (before.kind === 'idle' && state.kind === 'holding') pressedAtMs = atMs
        for (const effect of step.effects) {
          if (effect.kind !== 'complete') continue
          expect(pressedAtMs).not.toBeNull()
          expect(atMs - (pressedAtMs ?? atMs)).toBeGreaterThanOrEqual(1000)
          pressedAtMs = null
        }
        if (state.kind === 'idle') pressedAtMs = null
      }
    }),
  )
})
