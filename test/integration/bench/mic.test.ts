// `npm run -s bench -- mic` at a short length: same code, same targets.
import { test } from 'vitest'
import { runMic } from '../../../bench/mic.ts'
import { judge } from '../../support/verdicts.ts'

// As the other benches: a figure that another process of the machine spoiled is taken again, twice at most.
test('a line reaches the programme in time and without a break while its clock drifts by 100 ppm', { retry: 2 }, async (context) => {
  judge(context, await runMic({ bursts: 5, driftS: 20, driftPpm: 100 }))
})
