// FAULTS S1, the store process: killed at random moments while rows are written, and while it starts. Full length in bench/durability.ts.
import { expect, it } from 'vitest'
import { killStoreWriters } from '../../support/store-kills.ts'

it('S1: 50 kills of a writing store process: every acknowledged row is there, the chain stands, quick_check is ok', async () => {
  const report = await killStoreWriters(50, 2, 20_260_801)
  expect([...report.wrong, ...report.falseAlarms]).toEqual([])
  expect(report.kills).toBe(50)
  // The moments were worth choosing: rows were being written, and some starts were cut too.
  expect(report.acknowledged).toBeGreaterThan(50)
  expect(report.killsWhileOpening).toBeGreaterThan(0)
})
