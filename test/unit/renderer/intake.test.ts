// Messages go into the store one per frame, in order; nothing waits for ever, and a missing number is told at once.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createIntake, latestMs } from '../../../renderer/link/intake.ts'
import type { ScreenMessage } from '../../../shared/domain/station.ts'
import { epochMs } from '../../../shared/domain/time.ts'
import { FakeStation } from '../../support/fake-station.ts'

const serverNowMs = epochMs(1_000)
const { world } = new FakeStation()
const snapshot = (seq: number): ScreenMessage => ({ kind: 'snapshot', seq, serverNowMs, state: world })
const delta = (seq: number): ScreenMessage => ({ kind: 'delta', seq, serverNowMs, state: {} })
const rows = (seq: number): ScreenMessage => ({ kind: 'log', seq, serverNowMs, rows: [] })

function intake() {
  const laid: number[] = []
  return { laid, ...createIntake((message) => laid.push(message.seq)) }
}

describe('intake', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('a message before the snapshot, a missing number and a repeated one are gaps and are not laid down', () => {
    const { take, flush, laid } = intake()
    expect(take(delta(1))).toBe('gap')
    expect(take(snapshot(5))).toBe('taken')
    expect(take(delta(7))).toBe('gap')
    expect(take(rows(5))).toBe('gap')
    expect(take(delta(6))).toBe('taken')
    flush()
    expect(laid).toEqual([5, 6])
  })

  test('a snapshot at once with what came before it, the rest one per frame and in order', () => {
    const { take, step, laid } = intake()
    take(snapshot(0))
    expect(laid).toEqual([0])
    for (const message of [delta(1), rows(2), delta(3)]) take(message)
    expect(laid).toEqual([0])
    expect(step()).toBe(true)
    expect(laid).toEqual([0, 1])
    take(snapshot(9))
    expect(laid).toEqual([0, 1, 2, 3, 9])
    expect(step()).toBe(false)
  })

  test('a flood is worked off within a few frames', () => {
    const { take, step, laid } = intake()
    take(snapshot(0))
    for (let seq = 1; seq <= 100; seq += 1) take(delta(seq))
    let frames = 0
    while (step()) frames += 1
    expect(laid).toHaveLength(101)
    expect(frames).toBeLessThanOrEqual(16)
  })

  test('without frames, as in a hidden window, nothing shown is older than its longest wait', () => {
    const { take, laid } = intake()
    take(snapshot(0))
    take(delta(1))
    take(delta(2))
    vi.advanceTimersByTime(latestMs - 1)
    expect(laid).toEqual([0])
    vi.advanceTimersByTime(1)
    expect(laid).toEqual([0, 1, 2])
  })

  test('what waits longer than that although frames are drawn goes with the timer, once', () => {
    const { take, step, laid } = intake()
    take(snapshot(0))
    take(delta(1))
    step()
    vi.advanceTimersByTime(latestMs)
    expect(laid).toEqual([0, 1])
    expect(vi.getTimerCount()).toBe(0)
  })
})
