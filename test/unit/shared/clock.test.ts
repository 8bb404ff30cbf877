// The operating system's clock keeps its word: never earlier than asked, by the same monotonic time it tells.
import { expect, test } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'

test('a timer never fires early, not even when the event loop’s turn was long before it was set', async () => {
  const early: number[] = []
  for (let round = 0; round < 40; round++) {
    await new Promise<void>((resolve) => {
      setImmediate(() => {
        const busyUntil = performance.now() + 4
        while (performance.now() < busyUntil);
        const dueMs = systemClock.monotonic() + 5
        systemClock.after(5, () => {
          if (systemClock.monotonic() < dueMs) early.push(dueMs - systemClock.monotonic())
          resolve()
        })
      })
    })
  }
  expect(early).toEqual([])
})

test('a cancelled timer never fires, also when it was put off once', async () => {
  let fired = 0
  const timer = systemClock.after(1, () => {
    fired += 1
  })
  timer.cancel()
  await new Promise<void>((resolve) => systemClock.after(10, resolve))
  expect(fired).toBe(0)
})
