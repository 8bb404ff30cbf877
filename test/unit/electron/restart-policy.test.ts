// Every state × every event of the restart policy, then what must always hold.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  endWithinMs,
  exitFolderLocked,
  exitOrdered,
  exitPayloadAltered,
  exitWrongConfiguration,
  pausesMs,
  provenMs,
  readyWithinMs,
  type RestartEvent,
  type RestartState,
  transition,
} from '../../../electron/restart-policy.ts'

const at = 1_000_000
const states: Record<string, RestartState> = {
  idle: { state: 'idle' },
  starting: { state: 'starting', failures: 1, dueMs: at + 100 },
  running: { state: 'running', failures: 2, sinceMs: at - 1000 },
  waiting: { state: 'waiting', failures: 2, dueMs: at + 100, reason: 'killed by SIGKILL' },
  refused: { state: 'refused', reason: 'exit code 2' },
  stopping: { state: 'stopping', dueMs: at + 100 },
}
const events: Record<string, RestartEvent> = {
  start: { kind: 'start', atMs: at },
  ready: { kind: 'ready', atMs: at },
  wake: { kind: 'wake', atMs: at + 100 },
  earlyWake: { kind: 'wake', atMs: at },
  retry: { kind: 'retry', atMs: at },
  stop: { kind: 'stop', atMs: at },
  killed: { kind: 'exited', exitCode: null, reason: 'killed by SIGKILL', atMs: at },
  wrongConfig: { kind: 'exited', exitCode: exitWrongConfiguration, reason: 'exit code 2', atMs: at },
  altered: { kind: 'exited', exitCode: exitPayloadAltered, reason: 'exit code 4', atMs: at },
  locked: { kind: 'exited', exitCode: exitFolderLocked, reason: 'exit code 3', atMs: at },
  ordered: { kind: 'exited', exitCode: exitOrdered, reason: 'exit code 0', atMs: at },
}

/** State after, and effects in short; or the refusal. */
const table: Record<string, Record<string, string>> = {
  idle: {
    start: 'starting: begin wake',
    ready: 'NOT_WANTED',
    wake: 'NOT_WANTED',
    earlyWake: 'NOT_WANTED',
    retry: 'NOT_WANTED',
    stop: 'NOT_WANTED',
    killed: 'NOTHING_RUNS',
    wrongConfig: 'NOTHING_RUNS',
    altered: 'NOTHING_RUNS',
    locked: 'NOTHING_RUNS',
    ordered: 'NOTHING_RUNS',
  },
  starting: {
    start: 'ALREADY_WANTED',
    ready: 'running: sleep',
    wake: 'starting: kill',
    earlyWake: 'TOO_EARLY',
    retry: 'NOTHING_TO_RETRY',
    stop: 'stopping: term wake',
    killed: 'waiting: wake',
    wrongConfig: 'refused: sleep',
    altered: 'refused: sleep',
    locked: 'waiting: wake',
    ordered: 'refused: sleep',
  },
  running: {
    start: 'ALREADY_WANTED',
    ready: 'NOT_STARTING',
    wake: 'NOT_STARTING',
    earlyWake: 'NOT_STARTING',
    retry: 'NOTHING_TO_RETRY',
    stop: 'stopping: term wake',
    killed: 'waiting: wake',
    wrongConfig: 'refused: sleep',
    altered: 'refused: sleep',
    locked: 'waiting: wake',
    ordered: 'refused: sleep',
  },
  waiting: {
    start: 'ALREADY_WANTED',
    ready: 'NOT_STARTING',
    wake: 'starting: begin wake',
    earlyWake: 'TOO_EARLY',
    retry: 'starting: begin wake',
    stop: 'idle: sleep',
    killed: 'NOTHING_RUNS',
    wrongConfig: 'NOTHING_RUNS',
    altered: 'NOTHING_RUNS',
    locked: 'NOTHING_RUNS',
    ordered: 'NOTHING_RUNS',
  },
  refused: {
    start: 'ALREADY_WANTED',
    ready: 'NOTHING_RUNS',
    wake: 'NOTHING_RUNS',
    earlyWake: 'NOTHING_RUNS',
    retry: 'starting: begin wake',
    stop: 'idle: sleep',
    killed: 'NOTHING_RUNS',
    wrongConfig: 'NOTHING_RUNS',
    altered: 'NOTHING_RUNS',
    locked: 'NOTHING_RUNS',
    ordered: 'NOTHING_RUNS',
  },
  stopping: {
    start: 'NOT_WANTED',
    ready: 'stopping: term',
    wake: 'stopping: kill',
    earlyWake: 'TOO_EARLY',
    retry: 'NOT_WANTED',
    stop: 'NOT_WANTED',
    killed: 'idle: sleep',
    wrongConfig: 'idle: sleep',
    altered: 'idle: sleep',
    locked: 'idle: sleep',
    ordered: 'idle: sleep',
  },
}

describe.each(Object.keys(table))('%s', (name) => {
  test.each(Object.entries(table[name]!))('%s → %s', (event, expected) => {
    const step = transition(states[name]!, events[event]!)
    const short = { begin: 'begin', end: '', wakeAfter: '' }
    const words =
      'refused' in step
        ? step.refused
        : `${step.state.state}: ${step.effects
            .map((effect) =>
              effect.kind === 'end'
                ? effect.how
                : effect.kind === 'wakeAfter'
                  ? effect.ms === null
                    ? 'sleep'
                    : 'wake'
                  : short[effect.kind],
            )
            .join(' ')}`
    expect(words).toBe(expected)
  })
})

test('the table is whole', () => {
  for (const name of Object.keys(states)) expect(Object.keys(table[name]!).sort(), name).toEqual(Object.keys(events).sort())
})

function pauseOf(state: RestartState, event: RestartEvent): number {
  const step = transition(state, event)
  if ('refused' in step) throw new Error(step.refused)
  const wake = step.effects.find((effect) => effect.kind === 'wakeAfter')
  if (wake?.kind !== 'wakeAfter' || wake.ms === null) throw new Error('no wake')
  return wake.ms
}

test('a station that had started well is started again at once: its audio wants to be adopted', () => {
  expect(pauseOf({ state: 'running', failures: 5, sinceMs: at - provenMs }, events.killed!)).toBe(0)
  expect(pauseOf({ state: 'running', failures: 0, sinceMs: at - 10 }, events.killed!)).toBe(0)
})

test('one that dies again and again is started ever more slowly, but always again', () => {
  let state: RestartState = { state: 'starting', failures: 0, dueMs: at }
  const pauses: number[] = []
  for (let death = 0; death < 9; death++) {
    pauses.push(pauseOf(state, events.killed!))
    const dead = transition(state, events.killed!)
    if ('refused' in dead || dead.state.state !== 'waiting') throw new Error('not waiting')
    const again = transition(dead.state, { kind: 'wake', atMs: dead.state.dueMs })
    if ('refused' in again) throw new Error(again.refused)
    state = again.state
  }
  expect(pauses).toEqual([...pausesMs, 10_000, 10_000, 10_000])
})

test('a locked folder is not hammered', () => {
  expect(pauseOf({ state: 'starting', failures: 0, dueMs: at }, events.locked!)).toBeGreaterThanOrEqual(1000)
})

test('limits: 60 s to be ready, 6 s to end', () => {
  expect([readyWithinMs, endWithinMs]).toEqual([60_000, 6000])
})

const anyEvent = fc.tuple(
  fc.constantFrom('start', 'ready', 'wake', 'retry', 'stop', 'exited'),
  fc.constantFrom(null, 0, 1, 2, 3, 4),
  fc.nat(70_000),
)

test('whatever happens: one begin at a time, no wait without a wake, and stop never leads to a start', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
      let state: RestartState = { state: 'idle' }
      let nowMs = 0
      let stopped = false
      for (const [kind, exitCode, afterMs] of steps) {
        nowMs += afterMs
        const event = (kind === 'exited' ? { kind, exitCode, reason: 'x', atMs: nowMs } : { kind, atMs: nowMs }) as RestartEvent
        const before = state
        const step = transition(state, event)
        if ('refused' in step) continue
        state = step.state
        if (kind === 'stop') stopped = true
        if (kind === 'start') stopped = false
        const begins = step.effects.filter((effect) => effect.kind === 'begin').length
        expect(begins).toBe(state.state === 'starting' && before.state !== 'starting' ? 1 : 0)
        if (stopped) expect(begins).toBe(0)
        if (state.state === 'waiting') expect(step.effects).toContainEqual({ kind: 'wakeAfter', ms: state.dueMs - nowMs })
      }
    }),
  )
})
