import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Result, result } from '../../../bench/report.ts'
import { judge } from '../../support/verdicts.ts'

const late = result('line p99', 95, 'ms', { max: 80 })
const lateTenfold = result('line p99', 801, 'ms', { max: 80 })
const inTime = result('line p99', 70, 'ms', { max: 80 })
const noBreaks = result('breaks', 0, 'breaks', { max: 0 })
const manyBreaks = result('breaks', 11, 'breaks', { max: 0 })
const lost = result('rows missing', 1, 'rows', { max: 0 })
const notMeasured = result('line p50', null, 'ms', { max: 80 })

class Skipped extends Error {}
const context = {
  skip: (words?: string | boolean) => {
    throw new Skipped(String(words))
  },
}

/** Judges what each try found, and tells how many tries there were. */
async function judged(...tries: (readonly Result[])[]) {
  let taken = 0
  const verdict = judge(context, async () => tries[taken++] ?? [])
  const found = await verdict.then(
    () => 'held',
    (cause: Error) => `${cause instanceof Skipped ? 'skipped' : 'failed'}: ${cause.message}`,
  )
  return { found, taken }
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('what holds once holds: a figure that a busy machine spoilt is taken again', async () => {
  expect(await judged([inTime, noBreaks])).toEqual({ found: 'held', taken: 1 })
  expect(await judged([late], [inTime])).toEqual({ found: 'held', taken: 2 })
})

test('a timed figure that never held is skipped by name, never passed and never failed', async () => {
  expect(await judged([late], [late], [late])).toEqual({ found: 'skipped: line p99: 95 ms, want ≤ 80', taken: 3 })
  expect(await judged([lateTenfold], [late], [lateTenfold])).toMatchObject({ found: expect.stringContaining('skipped') })
})

test('a figure ten times off, or never measured, in each try fails', async () => {
  expect(await judged([lateTenfold], [manyBreaks], [lateTenfold])).toMatchObject({ found: 'failed: line p99: 801 ms, want ≤ 80' })
  expect(await judged([notMeasured], [notMeasured], [notMeasured])).toMatchObject({
    found: 'failed: line p50: not measured ms, want ≤ 80',
  })
})

test('a wrong fact fails at once where the machine was on time, else where it is wrong in each try', async () => {
  expect(await judged([inTime, lost])).toEqual({ found: 'failed: rows missing: 1 rows, want ≤ 0', taken: 1 })
  expect(await judged([late, lost], [late, lost], [late, lost])).toMatchObject({ found: expect.stringContaining('failed') })
  expect(await judged([late, lost], [inTime, lost])).toEqual({ found: 'failed: rows missing: 1 rows, want ≤ 0', taken: 2 })
})
