// FAULTS S2: power cuts that lose every write not yet synced, replayed from strace's record of the real store. The control is
// the same program with one word changed to NORMAL; were it not found out, this test would prove nothing.
import { expect, it } from 'vitest'
import { recordAndCut } from '../../support/lost-writes-run.ts'

// Enough rows for one copying of the WAL into the database, which the cuts then fall into as well.
it('S2: with synchronous=FULL no power cut loses an acknowledged row', async () => {
  const report = await recordAndCut({ synchronous: 'FULL', rows: 800, cuts: 50, seed: 1 })
  expect(report.wrong).toEqual([])
  expect(report.acknowledged).toBe(800)
  expect(report.cuts).toBeGreaterThan(40)
})

it('S2: the control with synchronous=NORMAL loses acknowledged rows, and is found out', async () => {
  const report = await recordAndCut({ synchronous: 'NORMAL', rows: 120, cuts: 30, seed: 1 })
  expect(report.acknowledged).toBe(120)
  expect(report.wrong.length).toBeGreaterThan(10)
})
