// When a programme may leave its backup device: the looking and the opening are the test's, the clock too.
import { beforeEach, expect, test, vi } from 'vitest'
import { DeviceReturn } from '../../../audio/device-return.ts'

const world = vi.hoisted(() => ({ there: true, opened: 0, ticking: true, abandoned: [] as unknown[] }))
vi.mock('../../../audio/open-context.ts', () => ({
  abandoned: world.abandoned,
  isListed: async () => world.there,
  openDevice: async () => {
    world.opened++
    return { currentTime: world.ticking ? 1 : 0 }
  },
}))

let nowMs = 0
beforeEach(() => {
  Object.assign(world, { there: true, opened: 0, ticking: true })
  world.abandoned.length = 0
  nowMs = 5000
  // Waiting for a clock that stands still takes its time.
  vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += world.ticking ? 0 : 500))
})
/** Looked for once a second, for so long. */
async function looked(back: DeviceReturn, seconds: number, free = () => true) {
  let context: unknown = null
  for (let second = 0; second < seconds && context === null; second++) {
    context = await back.ready(free)
    nowMs += 1000
  }
  return context
}

test('not before it has been there for 10 s without a break', async () => {
  const back = new DeviceReturn('FM', 'balanced')
  expect(await looked(back, 10)).toBeNull()
  world.there = false
  expect(await looked(back, 1)).toBeNull()
  world.there = true
  expect(await looked(back, 10)).toBeNull()
  expect(world.opened).toBe(0)
  expect(await looked(back, 1)).not.toBeNull()
})

test('never while something sounds that must not be moved: it is not even opened', async () => {
  const back = new DeviceReturn('FM', 'balanced')
  expect(await looked(back, 60, () => false)).toBeNull()
  expect(world.opened).toBe(0)
  expect(await looked(back, 1)).not.toBeNull()
})

test('one that opens and does not run is let go, and must stay for 10 s again', async () => {
  const back = new DeviceReturn('FM', 'balanced')
  expect(await looked(back, 10)).toBeNull()
  world.ticking = false
  expect(await back.ready(() => true)).toBeNull()
  expect([world.opened, world.abandoned.length]).toEqual([1, 1])
  world.ticking = true
  expect(await looked(back, 10)).toBeNull()
  expect(await looked(back, 1)).not.toBeNull()
  expect(world.opened).toBe(2)
})
