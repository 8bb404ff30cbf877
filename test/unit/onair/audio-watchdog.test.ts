import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OutputId } from '../../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../../shared/domain/time.ts'
import {
  type WatchdogEffect,
  type WatchdogEvent,
  type WatchdogState,
  watchdogStart,
  watchdogStep,
} from '../../../station/onair/audio-watchdog.ts'

const main = 'main' as OutputId
/** What the issue promises, ms; a tick is 50 ms, a report 40 ms. */
const [silentAfterMs, condemnSilentAfterMs, condemnStillAfterMs, firstTickWithinMs] = [500, 2500, 500, 4000]
const ms = (value: number) => value as MonotonicMs

/** Feeds events; returns every effect with its time, and the last state. */
function run(events: readonly WatchdogEvent[], from: WatchdogState = watchdogStart(ms(0))) {
  let state = from
  const effects: (WatchdogEffect & { atMs: number })[] = []
  for (const event of events) {
    const step = watchdogStep(state, event)
    state = step.state
    effects.push(...step.effects.map((effect) => ({ ...effect, atMs: event.atMs })))
  }
  return { state, effects }
}

/** Every 40 ms a report and every 50 ms a tick, the clock moving until `stillFromMs`, reports ending at `quietFromMs`. */
function life(
  untilMs: number,
  { stillFromMs = Infinity, quietFromMs = Infinity, frozenTicks = [] as [number, number][] } = {},
): WatchdogEvent[] {
  const events: WatchdogEvent[] = []
  for (let atMs = 0; atMs <= untilMs; atMs += 10) {
    const frozen = frozenTicks.some(([from, to]) => atMs >= from && atMs < to)
    if (atMs % 40 === 0 && atMs < quietFromMs && !frozen) {
      events.push({ kind: 'report', atMs: ms(atMs), clocks: [{ outputId: main, clockS: Math.min(atMs, stillFromMs) / 1000 }] })
    }
    if (atMs % 50 === 0 && !frozen) events.push({ kind: 'tick', atMs: ms(atMs) })
  }
  return events
}

describe('watchdog', () => {
  it('leaves a process alone that reports and whose clock moves', () => {
    expect(run(life(10_000))).toMatchObject({ effects: [], state: { phase: 'running' } })
  })

  it('ends a process whose audio clock stands still for 500 ms, though it reports', () => {
    const { effects } = run(life(4000, { stillFromMs: 2000 }))
    expect(effects.map((effect) => effect.kind)).toEqual(['alarm', 'kill'])
    expect(effects[1]?.atMs).toBeGreaterThanOrEqual(2000 + condemnStillAfterMs)
    expect(effects[1]?.atMs).toBeLessThanOrEqual(2000 + condemnStillAfterMs + 80)
    expect(effects[1]).toMatchObject({ reason: 'clockStill' })
  })

  it('gives a clock that has not ticked yet four seconds', () => {
    const { effects } = run(life(6000, { stillFromMs: 0 }))
    const killedAtMs = effects.find((effect) => effect.kind === 'kill')?.atMs
    expect(killedAtMs).toBeGreaterThanOrEqual(firstTickWithinMs)
    expect(killedAtMs).toBeLessThanOrEqual(firstTickWithinMs + 80)
  })

  it('raises an alarm after 500 ms without a report and ends it after 2.5 s', () => {
    const { effects } = run(life(5000, { quietFromMs: 1001 }))
    expect(effects.map((effect) => effect.kind)).toEqual(['alarm', 'kill'])
    expect(effects[0]?.atMs).toBeGreaterThanOrEqual(1000 + silentAfterMs)
    expect(effects[0]?.atMs).toBeLessThanOrEqual(1000 + silentAfterMs + 50)
    expect(effects[1]?.atMs).toBeGreaterThanOrEqual(1000 + condemnSilentAfterMs)
    expect(effects[1]?.atMs).toBeLessThanOrEqual(1000 + condemnSilentAfterMs + 50)
  })

  it('ends a process that was greeted and never reports', () => {
    const greeted: WatchdogEvent = { kind: 'greeted', atMs: ms(3000) }
    const ticks = (fromMs: number, toMs: number) => life(toMs, { quietFromMs: 0 }).filter(({ atMs }) => atMs >= fromMs)
    const { effects } = run([...ticks(0, 2990), greeted, ...ticks(3000, 7000)])
    expect(effects).toMatchObject([{ kind: 'alarm' }, { kind: 'kill', reason: 'noReports' }])
    expect(effects[1]?.atMs).toBeGreaterThanOrEqual(3000 + condemnSilentAfterMs)
    expect(effects[1]?.atMs).toBeLessThanOrEqual(3000 + condemnSilentAfterMs + 50)
  })

  it('clears the alarm when reports come again', () => {
    const events = life(4000).filter((event) => event.kind !== 'report' || event.atMs < 1000 || event.atMs > 2000)
    expect(run(events).effects.map((effect) => effect.kind)).toEqual(['alarm', 'clearAlarm'])
  })

  it('does not blame the audio process for the time this process itself stood still', () => {
    expect(run(life(8000, { frozenTicks: [[1000, 4000]] })).effects).toEqual([])
  })

  it('nor when a report that was written before the hold-up is what it takes up first', () => {
    const events = life(2000).filter(({ kind, atMs }) => atMs <= 1000 || (kind === 'report' && atMs > 1990))
    const stale: WatchdogEvent = { kind: 'report', atMs: ms(1900), clocks: [{ outputId: main, clockS: 1 }] }
    const { effects, state } = run([...events, stale])
    expect([effects, state.phase]).toEqual([[], 'running'])
    // A clock that really stands still is found out all the same.
    const still = life(4000, { stillFromMs: 1000, frozenTicks: [[1100, 2000]] })
    expect(run(still).effects.map((effect) => effect.kind)).toEqual(['alarm', 'kill'])
  })

  it('says so when it died three times within a minute, and not when the deaths lie apart', () => {
    const deaths = (times: number[]) => run(times.map((atMs) => ({ kind: 'died', atMs: ms(atMs) })))
    expect(deaths([0, 20_000, 40_000]).effects).toEqual([{ kind: 'failing', atMs: 40_000 }])
    expect(deaths([0, 40_000, 80_000]).effects).toEqual([])
  })

  it('says once that it is over when it has lived for a minute', () => {
    const died = [1000, 2000, 3000].map((atMs) => ({ kind: 'died' as const, atMs: ms(atMs) }))
    const { effects } = run([...died, ...life(90_000).filter((event) => event.atMs > 3000)])
    expect(effects.map((effect) => effect.kind)).toEqual(['failing', 'steady'])
    expect(effects[1]?.atMs).toBeGreaterThanOrEqual(63_000)
    expect(effects[1]?.atMs).toBeLessThan(63_200)
  })

  it('every phase takes every event, and ends a process at most once per life', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('tick' as const) }),
      fc.record({ kind: fc.constant('greeted' as const) }),
      fc.record({ kind: fc.constant('report' as const), clockS: fc.nat(3) }),
      fc.record({ kind: fc.constant('died' as const) }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.nat(1200))), (steps) => {
        let state = watchdogStart(ms(0))
        let atMs = 0
        let kills = 0
        for (const [each, afterMs] of steps) {
          atMs += afterMs
          const full =
            each.kind === 'report'
              ? { kind: each.kind, atMs: ms(atMs), clocks: [{ outputId: main, clockS: each.clockS }] }
              : { kind: each.kind, atMs: ms(atMs) }
          const step = watchdogStep(state, full)
          state = step.state
          if (each.kind === 'died') kills = 0
          kills += step.effects.filter((effect) => effect.kind === 'kill').length
          expect(kills).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
