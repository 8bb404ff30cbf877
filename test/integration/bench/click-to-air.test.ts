// `npm run -s bench -- click-to-air` at a short length: same code, same targets.
import { test } from 'vitest'
import { runClickToAir } from '../../../bench/click-to-air.ts'
import { judge } from '../../support/verdicts.ts'

// A figure that another process of the machine spoiled is taken again, twice at most.
test('a completed hold in the browser is heard in time, an early release is not, and a killed window is not heard', {
  retry: 2,
}, async (context) => {
  judge(context, await runClickToAir({ runs: 5, earlyReleases: 1 }))
})
