// `npm run -s bench -- soak` at a short length: same code, same targets.
import { test } from 'vitest'
import { runSoak } from '../../../bench/soak.ts'
import { judge } from '../../support/verdicts.ts'

// A figure that another process of the machine spoiled is taken again, twice at most.
test('programme with crossfades under full load and blocked threads has no discontinuity, and costs what it may', {
  retry: 2,
}, async (context) => {
  judge(context, await runSoak({ quietS: 10, loadedS: 20, itemS: 8, alertS: 600 }))
})
