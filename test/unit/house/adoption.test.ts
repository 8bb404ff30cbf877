// What rows and missed events say of an airing whose end no station saw.
import { expect, test } from 'vitest'
import { endedMeanwhile, isOver } from '../../../station/house/adoption.ts'

type Rows = Parameters<typeof isOver>[1]
type Missed = Parameters<typeof endedMeanwhile>[0]

const rows = (...reasons: string[]): Rows =>
  reasons.map((reason, index) => ({
    kind: 'cutin',
    phase: 'close',
    actionId: `cutIn/output-${index}/c1`,
    measured: { reason },
  })) as unknown as Rows
const missed = (...reasons: string[]): Missed =>
  reasons.map((reason, index) => ({
    kind: 'alertEnded',
    outputId: `missed-${index}`,
    cutInId: 'c1',
    alertId: 'al',
    atMs: 1000 + index,
    reason,
  })) as unknown as Missed

test.each([
  [['finished', 'finished'], true],
  [['stopped'], true],
  [['finished', 'failed'], true],
  [['failed', 'failed'], false],
  [['finished', 'stationStopped'], false],
  [['failed', 'stationStopped'], false],
  [[], false],
] as const)('an airing that ended %j is over: %j', (reasons, over) => {
  expect(isOver('c1', [], rows(...reasons))).toBe(over)
})

test('an airing with an open row is not over', () => {
  const open = [{ kind: 'cutin', phase: 'open', actionId: 'cutIn/wired/c1' }] as unknown as Rows
  expect(isOver('c1', open, rows('finished'))).toBe(false)
})

test.each([
  [['failed', 'failed'], [], true],
  [['failed'], ['failed'], true],
  [['failed', 'finished'], [], false],
  // One output had read it to its end while the earlier station still lived.
  [['failed'], ['finished'], false],
  [['stopped'], [], false],
] as const)('missed %j after rows %j: cut off %j', (reasons, before, cutOff) => {
  const ended = endedMeanwhile(missed(...reasons), rows(...before), [])
  expect([...ended]).toEqual([['al', { cutInId: 'c1', atMs: 1000 + reasons.length - 1, cutOff }]])
})

test('what is still on air on an output has not ended', () => {
  const outputs = [{ outputId: 'wired', alert: { cutInId: 'c1', alertId: 'al' } }] as unknown as Parameters<typeof endedMeanwhile>[2]
  expect(endedMeanwhile(missed('failed'), [], outputs).size).toBe(0)
})
