// The clock every other test leans on, so it is tested first.
import { expect, test } from 'vitest'
import { VirtualClock } from '../../support/virtual-clock.ts'

test('timers fire in the order of their due times, at their due times', async () => {
  const clock = new VirtualClock()
  const fired: [string, number][] = []
  clock.after(30, () => fired.push(['late', clock.monotonic()]))
  clock.after(10, () => fired.push(['early', clock.monotonic()]))
  clock.every(12, () => fired.push(['tick', clock.monotonic()]))
  await clock.advance(30)
  expect(fired).toEqual([
    ['early', 10],
    ['tick', 12],
    ['tick', 24],
    ['late', 30],
  ])
  expect(clock.monotonic()).toBe(30)
})

test('a cancelled timer never fires and is no longer pending', async () => {
  const clock = new VirtualClock()
  let fired = 0
  const repeated = clock.every(5, () => {
    fired++
    if (fired === 2) repeated.cancel()
  })
  clock.after(100, () => fired++).cancel()
  await clock.advance(1000)
  expect(fired).toBe(2)
  expect(clock.pendingTimers).toBe(0)
})

test('a timer set by a timer, after an await, still fires within the same advance', async () => {
  const clock = new VirtualClock()
  const at: number[] = []
  clock.after(10, () => {
    void (async () => {
      await new Promise((resolve) => setImmediate(resolve))
      clock.after(10, () => at.push(clock.monotonic()))
    })()
  })
  await clock.advance(20)
  expect(at).toEqual([20])
})

test('wall time jumps without moving monotonic time or firing timers', async () => {
  const clock = new VirtualClock(1_000_000)
  let fired = false
  clock.after(500, () => {
    fired = true
  })
  clock.jumpWall(-3_600_000)
  expect([clock.now(), clock.monotonic(), fired]).toEqual([1_000_000 - 3_600_000, 0, false])
  clock.setWall(42)
  await clock.advance(500)
  expect([clock.now(), fired]).toEqual([542, true])
})

test('an error in a timer reaches the test', async () => {
  const clock = new VirtualClock()
  clock.after(1, () => {
    throw new Error('planted')
  })
  await expect(clock.advance(1)).rejects.toThrow('planted')
})
