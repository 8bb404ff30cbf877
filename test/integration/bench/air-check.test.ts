// `npm run -s bench -- air-check` at a short length: same code, same targets.
import { test } from 'vitest'
import { runAirCheck } from '../../../bench/air-check.ts'
import { judge } from '../../support/verdicts.ts'

test('the air-check is cheap and small, loses nothing to a blocked thread, and is heard soon after a click', {
  retry: 2,
}, async (context) => {
  judge(context, await runAirCheck({ costS: 5, segmentS: 60, blocks: 3, clicks: 8 }))
})
