// When the province is asked, by the clock of the test.
import { describe, expect, it } from 'vitest'
import { type PullEvent, pullIdle, type PullState, pullTransition } from '../../../station/province/pull-machine.ts'

const interval = 60_000
const run = (state: PullState, ...events: PullEvent[]) =>
  events.reduce((step, event) => pullTransition(step.state, event, interval), { state, effects: [] } as ReturnType<typeof pullTransition>)
const pulling = run(pullIdle, { kind: 'due', atMs: 0 }).state

describe('when to ask the province', () => {
  it('looks again after one interval, a fifth more or less', () => {
    for (const [random, ms] of [
      [0, 48_000],
      [0.5, 60_000],
      [1, 72_000],
    ] as const)
      expect(pullTransition(pulling, { kind: 'answered', atMs: 10, random }, interval).effects).toEqual([{ kind: 'wait', ms }])
  })

  it('looks at once when the bell rings, at most four times a second', () => {
    const waiting = run(pulling, { kind: 'answered', atMs: 10, random: 0.5 }).state
    expect(run(waiting, { kind: 'nudge', atMs: 1000 }).effects).toEqual([{ kind: 'pull' }])
    expect(run(waiting, { kind: 'nudge', atMs: 100 }).effects).toEqual([{ kind: 'wait', ms: 150 }])
  })

  it('looks once more when it rang while asking, however often', () => {
    const rung = run(pulling, { kind: 'nudge', atMs: 1 }, { kind: 'nudge', atMs: 2 }, { kind: 'nudge', atMs: 3 })
    expect(rung.effects).toEqual([])
    expect(run(rung.state, { kind: 'answered', atMs: 10, random: 0.5 }).effects).toEqual([{ kind: 'wait', ms: 250 }])
  })

  it('N2: backs off with jitter up to the interval while the link flaps, and forgets it when answered', () => {
    let state = pullIdle
    const waits: number[] = []
    for (let turn = 0; turn < 10; turn++) {
      state = run(state, { kind: 'due', atMs: turn * 100_000 }).state
      const step = run(state, { kind: 'failed', atMs: turn * 100_000 + 1, random: 0.5 })
      state = step.state
      for (const effect of step.effects) if (effect.kind === 'wait') waits.push(effect.ms)
    }
    expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000])
    expect(run(state, { kind: 'due', atMs: 2e6 }, { kind: 'answered', atMs: 2e6, random: 0.5 }).state.failures).toBe(0)
  })

  it('does not ask a failing province faster because the bell rang', () => {
    const failed = run(pulling, { kind: 'nudge', atMs: 1 }, { kind: 'failed', atMs: 2, random: 0.5 })
    expect(failed.effects).toEqual([{ kind: 'wait', ms: 1000 }])
  })
})
