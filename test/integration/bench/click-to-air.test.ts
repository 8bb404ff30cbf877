// `npm run -s bench -- click-to-air` at a short length: same code, same targets.
import { test } from 'vitest'
import { runClickToAir } from '../../../bench/click-to-air.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('a completed hold in the browser is heard in time, an early release is not, and a killed window is not heard', {
  timeout: triesMs,
}, async (context) => {
  await judge(context, () => runClickToAir({ runs: 5, earlyReleases: 1 }))
})
