// `npm run -s bench -- soak` at a short length: same code, same targets.
import { test } from 'vitest'
import { runSoak } from '../../../bench/soak.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('programme with crossfades under full load and blocked threads has no discontinuity, and costs what it may', {
  timeout: triesMs,
}, async (context) => {
  await judge(context, () => runSoak({ quietS: 10, loadedS: 20, itemS: 8, alertS: 600 }))
})
