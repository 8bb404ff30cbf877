// P4 and P5 as far as the machine goes: every state × event, then the times and counts that were promised.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hangLimitMs, initialWindow, transition, type WindowEvent, type WindowState } from '../../../electron/window-machine.ts'

const at = 500_000
const states: Record<string, WindowState> = {
  loading: { state: 'loading', crashesAt: [] },
  showing: { state: 'showing', crashesAt: [] },
  hung: { state: 'hung', crashesAt: [], dueMs: at },
  reloading: { state: 'reloading', crashesAt: [], dueMs: at },
  safe: { state: 'safe' },
}
const kinds: readonly WindowEvent['kind'][] = ['loaded', 'failedToLoad', 'crashed', 'unresponsive', 'responsive', 'wake', 'retry']
const table: Record<string, Record<WindowEvent['kind'], string>> = {
  loading: {
    loaded: 'showing:',
    failedToLoad: 'reloading: wake 1000',
    crashed: 'reloading: wake 0',
    unresponsive: 'hung: wake 3000',
    responsive: 'NOT_HUNG',
    wake: 'NOTHING_SHOWN',
    retry: 'loading: load sleep',
  },
  showing: {
    loaded: 'NOT_LOADING',
    failedToLoad: 'reloading: wake 1000',
    crashed: 'reloading: wake 0',
    unresponsive: 'hung: wake 3000',
    responsive: 'NOT_HUNG',
    wake: 'NOT_LOADING',
    retry: 'loading: load sleep',
  },
  hung: {
    loaded: 'NOT_LOADING',
    failedToLoad: 'NOT_LOADING',
    crashed: 'reloading: wake 0',
    unresponsive: 'ALREADY_HUNG',
    responsive: 'showing: sleep',
    wake: 'hung: killRenderer',
    retry: 'loading: load sleep',
  },
  reloading: {
    loaded: 'NOTHING_SHOWN',
    failedToLoad: 'NOTHING_SHOWN',
    crashed: 'NOTHING_SHOWN',
    unresponsive: 'NOTHING_SHOWN',
    responsive: 'NOTHING_SHOWN',
    wake: 'loading: load',
    retry: 'loading: load sleep',
  },
  safe: {
    loaded: 'SAFE_STAYS',
    failedToLoad: 'SAFE_STAYS',
    crashed: 'safe: showSafePage',
    unresponsive: 'SAFE_STAYS',
    responsive: 'SAFE_STAYS',
    wake: 'SAFE_STAYS',
    retry: 'loading: load sleep',
  },
}

describe.each(Object.keys(states))('%s', (name) => {
  test.each(kinds)('%s', (kind) => {
    const step = transition(states[name]!, { kind, atMs: at })
    const words =
      'refused' in step
        ? step.refused
        : `${step.state.state}: ${step.effects
            .map((effect) => (effect.kind === 'wakeAfter' ? (effect.ms === null ? 'sleep' : `wake ${effect.ms}`) : effect.kind))
            .join(' ')}`.trim()
    expect(words).toBe(table[name]![kind])
  })
})

/** Drives the machine like the window does: due wakes come, loads succeed. Answers the state and when it was last shown. */
function crash(times: readonly number[]) {
  let state: WindowState = { state: 'showing', crashesAt: [] }
  const backAfterMs: number[] = []
  for (const atMs of times) {
    let step = transition(state, { kind: 'crashed', atMs })
    if ('refused' in step) throw new Error(step.refused)
    state = step.state
    if (state.state !== 'reloading') continue
    const dueMs = state.dueMs
    backAfterMs.push(dueMs - atMs)
    step = transition(state, { kind: 'wake', atMs: dueMs })
    if ('refused' in step) throw new Error(step.refused)
    step = transition(step.state, { kind: 'loaded', atMs: dueMs })
    if ('refused' in step) throw new Error(step.refused)
    state = step.state
  }
  return { state, backAfterMs }
}

test('P4: three crashes in a minute are reloaded within 3 s, the fourth opens the safe page', () => {
  const three = crash([1000, 11_000, 21_000])
  expect(three.state.state).toBe('showing')
  expect(Math.max(...three.backAfterMs)).toBeLessThan(3000)
  expect(crash([1000, 11_000, 21_000, 60_900]).state).toEqual({ state: 'safe' })
})

test('P4: a crash more than a minute ago no longer counts', () => {
  expect(crash([1000, 11_000, 21_000, 61_000]).state.state).toBe('showing')
})

test('P5: a hung renderer is killed after 3 s, and counts as a crash', () => {
  const hung = transition({ state: 'showing', crashesAt: [1, 2, 3] }, { kind: 'unresponsive', atMs: 1000 })
  if ('refused' in hung) throw new Error(hung.refused)
  expect(transition(hung.state, { kind: 'wake', atMs: 1000 + hangLimitMs - 1 })).toEqual({ refused: 'TOO_EARLY' })
  const killed = transition(hung.state, { kind: 'wake', atMs: 1000 + hangLimitMs })
  expect(killed).toMatchObject({ effects: [{ kind: 'killRenderer' }] })
  expect(transition(hung.state, { kind: 'crashed', atMs: 4001 })).toMatchObject({ state: { state: 'safe' } })
})

test('a station that restarts is no crash: loading is tried again for as long as it takes', () => {
  let state: WindowState = initialWindow
  for (let attempt = 0; attempt < 100; attempt++) {
    const failed = transition(state, { kind: 'failedToLoad', atMs: attempt * 1000 })
    if ('refused' in failed) throw new Error(failed.refused)
    const again = transition(failed.state, { kind: 'wake', atMs: (attempt + 1) * 1000 })
    if ('refused' in again) throw new Error(again.refused)
    state = again.state
  }
  expect(state).toEqual({ state: 'loading', crashesAt: [] })
})

test('whatever happens, the window is never left with nothing to come', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(20_000)), { maxLength: 50 }), (steps) => {
      let state: WindowState = initialWindow
      let nowMs = 0
      let wakeDue = false
      for (const [kind, afterMs] of steps) {
        nowMs += afterMs
        const step = transition(state, { kind, atMs: nowMs })
        if ('refused' in step) continue
        state = step.state
        for (const effect of step.effects) if (effect.kind === 'wakeAfter') wakeDue = effect.ms !== null
        if (state.state === 'reloading' || (state.state === 'hung' && kind === 'unresponsive')) expect(wakeDue).toBe(true)
      }
    }),
  )
})
