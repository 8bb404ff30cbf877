// `npm run -s bench -- mic` at a short length: same code, same targets.
import { test } from 'vitest'
import { runMic } from '../../../bench/mic.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('a line reaches the programme in time and without a break while its clock drifts by 100 ppm', {
  timeout: triesMs,
}, async (context) => {
  await judge(context, () => runMic({ bursts: 5, driftS: 20, driftPpm: 100 }))
})
