// `npm run -s bench -- logbook` at a short length: same code, same targets.
import { test } from 'vitest'
import { runLogbook } from '../../../bench/logbook.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('a day, its differences, a page, the search and the month come in time from a long logbook', { timeout: triesMs }, async (context) => {
  await judge(context, () => runLogbook({ rows: 60_000, rowsPerDay: 2700, runs: 100, verify: 1 }))
})
