// A preview that rests: when, for how long, and what happens to a device that cannot pause or does not come back.
import { expect, test } from 'vitest'
import { Rest } from '../../../audio/rest.ts'

/** A context and its clock, moved by hand: `step` lets so much time pass and asks `rest` as often as the engine does. */
function made(context: { suspend?: () => Promise<void>; resume?: () => Promise<void>; canPause?: () => Promise<boolean> } = {}) {
  const calls: string[] = []
  let [nowMs, frame, running] = [0, 0, true]
  const rest = new Rest(
    {
      suspend: async () => {
        calls.push('suspend')
        await context.suspend?.()
        running = false
      },
      resume: async () => {
        calls.push('resume')
        await context.resume?.()
        running = true
      },
    },
    { frame: () => frame, stillMs: () => (running ? 0 : 1e6), restart: () => calls.push('restart'), observe: () => 0 },
    {
      possible: async () => {
        calls.push('asked')
        return (await context.canPause?.()) ?? true
      },
      broke: () => calls.push('broke'),
    },
    () => nowMs,
  )
  const step = async (ms: number, idle: boolean) => {
    for (let passed = 0; passed < ms; passed += 15) {
      nowMs += 15
      if (running) frame += 720
      rest.tick(idle)
      await Promise.resolve()
    }
  }
  return { rest, calls, step, run: () => (frame += 128) }
}

test('rests after 21 s of nothing, not a moment earlier, and never while something sounds', async () => {
  const { rest, calls, step } = made()
  await step(60_000, false)
  await step(20_950, true)
  expect(calls).toEqual([])
  await step(100, true)
  expect([rest.resting, calls]).toEqual([true, ['asked', 'suspend']])
})

test('what is previewed for a moment begins the 21 s anew', async () => {
  const { rest, step } = made()
  await step(20_000, true)
  await step(30, false)
  await step(20_000, true)
  expect(rest.resting).toBe(false)
})

test('is looked after every 10 s for half a second', async () => {
  const { rest, calls, step } = made()
  await step(21_100, true)
  await step(10_050, true)
  expect(rest.resting).toBe(false)
  await step(300, true)
  expect(rest.resting).toBe(false)
  await step(300, true)
  expect([rest.resting, calls]).toEqual([true, ['asked', 'suspend', 'restart', 'resume', 'suspend']])
})

test('wakes for a preview and resolves when the clock moves', async () => {
  const { rest, step, run } = made()
  await step(22_000, true)
  let awake = false
  const woken = rest.wake().then(() => (awake = true))
  await new Promise((resolve) => setImmediate(resolve))
  expect([rest.resting, awake]).toEqual([false, false])
  run()
  await woken
  await step(20_000, true)
  expect(rest.resting).toBe(false)
})

test('a preview on a device that does not start is refused, and the clock is watched again', async () => {
  const { rest, step } = made({ resume: () => new Promise(() => undefined) })
  await step(22_000, true)
  const woken = rest.wake()
  const passed = step(1100, false)
  await expect(woken).rejects.toMatchObject({ code: 'CUE_UNAVAILABLE' })
  await passed
  expect(rest.resting).toBe(false)
})

test('a device that cannot pause is asked once, never suspended, and previews go on', async () => {
  const { rest, calls, step } = made({ canPause: () => Promise.resolve(false) })
  await step(120_000, true)
  expect([rest.resting, calls]).toEqual([false, ['asked']])
  await rest.wake()
})

test('nothing is suspended while it is being asked', async () => {
  const { rest, calls, step } = made({ canPause: () => new Promise(() => undefined) })
  await step(120_000, true)
  expect([rest.resting, calls]).toEqual([false, ['asked']])
})

test('one that breaks in suspending is not suspended again, and its clock is watched', async () => {
  const { rest, calls, step } = made({ suspend: () => Promise.reject(new Error('Panic in async function')) })
  await step(120_000, true)
  expect([rest.resting, calls]).toEqual([false, ['asked', 'suspend', 'broke', 'restart', 'resume']])
})

test('resuming waits for a suspension that is under way', async () => {
  let done: () => void = () => undefined
  const { calls, rest, step } = made({ suspend: () => new Promise<void>((resolve) => (done = resolve)) })
  await step(21_100, true)
  rest.rouse()
  await new Promise((resolve) => setImmediate(resolve))
  expect(calls).toEqual(['asked', 'suspend', 'restart'])
  done()
  await new Promise((resolve) => setImmediate(resolve))
  expect(calls).toEqual(['asked', 'suspend', 'restart', 'resume'])
})
