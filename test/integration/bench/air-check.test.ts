// `npm run -s bench -- air-check` at a short length: same code, same targets.
import { test } from 'vitest'
import { runAirCheck } from '../../../bench/air-check.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('the air-check is cheap and small, loses nothing to a blocked thread, and is heard soon after a click', {
  timeout: triesMs,
}, async (context) => {
  await judge(context, () => runAirCheck({ costS: 5, segmentS: 60, blocks: 3, clicks: 8 }))
})
