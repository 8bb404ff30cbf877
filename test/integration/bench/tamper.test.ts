// `npm run -s bench -- tamper` at a short length: same code, same targets; every kind of row in memory is in test/unit/logbook.
import { test } from 'vitest'
import { runTamper } from '../../../bench/tamper.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('C6: tampering with databases, exports and papers is found and named; killed store processes are never accused of it', {
  timeout: triesMs,
}, async (context) => {
  await judge(context, () => runTamper({ kinds: 8, kills: 16, lanes: 2, pauseMs: 0, seed: 20_261_122 }))
})
