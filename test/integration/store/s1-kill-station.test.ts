// FAULTS S1, the whole station: killed at random moments while orders are given over the API, and while it starts. Full length in
// bench/durability.ts. The audio process outlives each kill and is adopted.
import { expect, it } from 'vitest'
import { killStations } from '../../support/station-kills.ts'

it('S1: 50 kills of the station: every row that was read and every order that was answered is there, and the chain stands', async () => {
  const report = await killStations(50, 2, 20_260_802)
  expect(report.wrong).toEqual([])
  expect(report.rows).toBeGreaterThan(50)
  expect(report.items).toBeGreaterThan(50)
  expect(report.killsWhileStarting).toBeGreaterThan(0)
}, 300_000)
