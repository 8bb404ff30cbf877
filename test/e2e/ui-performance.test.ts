// The short version of bench/ui.ts: everything moves (meters 25 Hz, deltas 4 Hz, rows, playheads) on each screen while the main
// thread is traced. Judged by processor time, because the machine is shared with other tests; the bench judges wall time.
import { expect, test } from 'vitest'
import { percentile } from '../../bench/report.ts'
import { screenIds } from '../../renderer/state/navigation.ts'
import { traceFrames } from '../support/frame-trace.ts'
import { quietFor, openScreens } from './screens-harness.ts'

const screens = openScreens()
const settleMs = 1_000
const tracedMs = 5_000

test.each(screenIds)('%s: p99 of the work per frame ≤ 8 ms, no task over 50 ms', async (screen) => {
  const { page, station } = await screens.open(screen)
  station.bustle()
  if (screen === 'alerts') station.air('alert-1', 'cutin-1', 'screen')
  await quietFor(page, settleMs)
  const trace = await traceFrames(page, () => quietFor(page, tracedMs))
  expect(trace.frames).toBeGreaterThan(100)
  expect(percentile(trace.threadMs, 99)).toBeLessThanOrEqual(8)
  expect(trace.longestTaskThreadMs).toBeLessThanOrEqual(50)
})
