// Every state × every event, then what holds for any sequence of events.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  idleAt,
  type Moment,
  type ReconnectEvent,
  type ReconnectState,
  type ReconnectTiming,
  transition,
} from '../../../../hardware/transport/reconnect-machine.ts'
import { statusOf } from '../../../../hardware/transport/reconnect-status.ts'
import type { EpochMs, MonotonicMs } from '../../../../shared/domain/time.ts'

const timing: ReconnectTiming = { dialTimeoutMs: 1500, silenceMs: 2500, retryMs: [250, 500, 1000] }
const at = (ms: number): Moment => ({ monoMs: ms as MonotonicMs, wallMs: (1_800_000_000_000 + ms) as EpochMs })
const heardAt = (ms: number) => ({ since: at(0), lastHeard: at(ms) })
const attempt = (dueMs: number) => ({ since: at(0), failures: 1, failure: 'unplugged', lastHeard: null, dueMs: dueMs as MonotonicMs })

const states = {
  idle: idleAt(at(0)),
  dialling: { state: 'dialling', ...attempt(1000) },
  probing: { state: 'probing', ...attempt(1000) },
  online: { state: 'online', ...heardAt(0) },
  degraded: { state: 'degraded', ...heardAt(0), reason: 'late answer', cleanAnswers: 0 },
  faulted: { state: 'faulted', ...heardAt(0), reason: 'stuck' },
  waiting: { state: 'waiting', ...attempt(1000), reason: 'unplugged', nextAttemptAt: at(1000).wallMs },
} as const satisfies Record<ReconnectState['state'], ReconnectState>

type Name = keyof typeof states
type Kind = ReconnectEvent['kind']
const kinds: readonly Kind[] = ['open', 'close', 'wireUp', 'wireDown', 'heard', 'misheard', 'fault', 'repaired', 'wake', 'nudge']
const eventOf = (kind: Kind, ms: number): ReconnectEvent =>
  kind === 'wireDown' || kind === 'misheard' || kind === 'fault' ? { kind, reason: 'because', at: at(ms) } : { kind, at: at(ms) }

/** What each event at 1000 ms (the attempts are then due) leads to: the next state and its effects, or the refusal. */
const table: Record<Name, Record<Kind, string>> = {
  idle: {
    open: 'dialling dial wake1500',
    close: '!NOT_OPEN',
    wireUp: '!NOT_OPEN',
    wireDown: '!NOT_OPEN',
    heard: '!NOT_OPEN',
    misheard: '!NOT_OPEN',
    fault: '!NOT_OPEN',
    repaired: '!NOT_OPEN',
    wake: '!NOT_OPEN',
    nudge: '!NOT_OPEN',
  },
  dialling: {
    open: '!ALREADY_OPEN',
    close: 'idle hangUp wake-',
    wireUp: 'probing wake2500',
    wireDown: 'waiting hangUp wake500',
    heard: '!NO_WIRE',
    misheard: '!NO_WIRE',
    fault: '!NO_WIRE',
    repaired: '!NO_WIRE',
    wake: 'waiting hangUp wake500',
    nudge: '!NOT_WAITING',
  },
  probing: {
    open: '!ALREADY_OPEN',
    close: 'idle hangUp wake-',
    wireUp: '!WIRE_ALREADY_UP',
    wireDown: 'waiting hangUp wake500',
    heard: 'online wake2500',
    misheard: 'probing',
    fault: '!NOT_HEARD_YET',
    repaired: '!NOT_HEARD_YET',
    wake: 'waiting hangUp wake500',
    nudge: '!NOT_WAITING',
  },
  online: {
    open: '!ALREADY_OPEN',
    close: 'idle hangUp wake-',
    wireUp: '!WIRE_ALREADY_UP',
    wireDown: 'waiting hangUp wake250',
    heard: 'online',
    misheard: 'degraded',
    fault: 'faulted',
    repaired: '!NOT_FAULTED',
    wake: 'online wake1500',
    nudge: '!NOT_WAITING',
  },
  degraded: {
    open: '!ALREADY_OPEN',
    close: 'idle hangUp wake-',
    wireUp: '!WIRE_ALREADY_UP',
    wireDown: 'waiting hangUp wake250',
    heard: 'degraded',
    misheard: 'degraded',
    fault: 'faulted',
    repaired: '!NOT_FAULTED',
    wake: 'degraded wake1500',
    nudge: '!NOT_WAITING',
  },
  faulted: {
    open: '!ALREADY_OPEN',
    close: 'idle hangUp wake-',
    wireUp: '!WIRE_ALREADY_UP',
    wireDown: 'waiting hangUp wake250',
    heard: 'faulted',
    misheard: 'faulted',
    fault: 'faulted',
    repaired: 'online',
    wake: 'faulted wake1500',
    nudge: '!NOT_WAITING',
  },
  waiting: {
    open: '!ALREADY_OPEN',
    close: 'idle hangUp wake-',
    wireUp: '!NO_WIRE',
    wireDown: '!NO_WIRE',
    heard: '!NO_WIRE',
    misheard: '!NO_WIRE',
    fault: '!NO_WIRE',
    repaired: '!NO_WIRE',
    wake: 'dialling dial wake1500',
    nudge: 'dialling dial wake1500',
  },
}

function told(step: ReturnType<typeof transition>): string {
  if ('refused' in step) return `!${step.refused}`
  const effects = step.effects.map((effect) => (effect.kind === 'wakeAfter' ? `wake${effect.ms ?? '-'}` : effect.kind))
  return [step.state.state, ...effects].join(' ')
}

describe.each(Object.entries(states))('%s', (name, state) => {
  test.each(kinds)('%s', (kind) => {
    expect(told(transition(state, eventOf(kind, 1000), timing))).toBe(table[name as Name][kind])
  })
})

const after = (state: ReconnectState, ...events: ReconnectEvent[]): ReconnectState =>
  events.reduce((now, event) => {
    const step = transition(now, event, timing)
    return 'refused' in step ? now : step.state
  }, state)

test('a wake before its time sleeps on for the rest instead of being lost', () => {
  expect(told(transition(states.waiting, eventOf('wake', 999.6), timing))).toBe('waiting wake1')
  expect(told(transition(states.dialling, eventOf('wake', 990), timing))).toBe('dialling wake10')
})

test('silence is lost, with what was wrong before', () => {
  expect(statusOf(after(states.online, eventOf('wake', 2500)))).toMatchObject({
    state: 'lost',
    reason: 'silent',
    nextAttemptAt: at(2750).wallMs,
  })
  expect(statusOf(after(states.degraded, eventOf('wake', 2500)))).toMatchObject({
    state: 'lost',
    reason: 'silent, before that late answer',
  })
})

test('retries grow slower up to the last pause, and start again once the device was heard', () => {
  let state: ReconnectState = states.online
  const pauses: number[] = []
  let now = 0
  for (let i = 0; i < 5; i++) {
    state = after(state, eventOf('wireDown', now))
    if (state.state !== 'waiting') throw new Error(state.state)
    pauses.push(state.dueMs - now)
    now = state.dueMs
    state = after(state, eventOf('wake', now))
  }
  expect(pauses).toEqual([250, 500, 1000, 1000, 1000])
  state = after(state, eventOf('wireUp', now), eventOf('heard', now), eventOf('wireDown', now))
  expect(state).toMatchObject({ state: 'waiting', dueMs: now + 250 })
})

test('a wire that opens and stays silent does not start the pauses again', () => {
  const state = after(states.dialling, eventOf('wireUp', 0), eventOf('wake', 2500))
  expect(state).toMatchObject({ state: 'waiting', failures: 2, reason: 'unplugged' })
})

test('degraded is online again after three clean answers in a row', () => {
  const twice = after(states.degraded, eventOf('heard', 1), eventOf('heard', 2))
  expect(twice.state).toBe('degraded')
  expect(after(twice, eventOf('heard', 3)).state).toBe('online')
  expect(after(twice, eventOf('misheard', 3), eventOf('heard', 4), eventOf('heard', 5)).state).toBe('degraded')
})

test('only the very first attempt is shown as connecting', () => {
  const first = after(idleAt(at(0)), eventOf('open', 0))
  expect(statusOf(first).state).toBe('connecting')
  expect(statusOf(after(first, eventOf('wireDown', 1), eventOf('wake', 251)))).toMatchObject({ state: 'lost', reason: 'because' })
})

test('whatever happens: a wire is hung up before it is dialled again, and a state that is not idle always has a timer', () => {
  const step = fc.record({ kind: fc.constantFrom(...kinds), afterMs: fc.integer({ min: 0, max: 3000 }) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state = idleAt(at(0))
      let now = 0
      let wires = 0
      let timer = false
      for (const { kind, afterMs } of steps) {
        now += afterMs
        if (kind === 'wake' && !timer) continue
        if (kind === 'wake') timer = false
        const result = transition(state, eventOf(kind, now), timing)
        if ('refused' in result) {
          // A wake may be refused only when nothing is waited for.
          if (kind === 'wake') expect(state.state).toBe('idle')
          continue
        }
        state = result.state
        for (const effect of result.effects) {
          if (effect.kind === 'dial') wires += 1
          if (effect.kind === 'hangUp') wires = 0
          if (effect.kind === 'wakeAfter') timer = effect.ms !== null
        }
        expect(wires).toBeLessThanOrEqual(1)
        expect(timer).toBe(state.state !== 'idle')
      }
    }),
  )
})
