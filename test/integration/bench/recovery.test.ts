// `npm run -s bench -- recovery` at a short length: same code, same targets (faults P1, P2 and P6 as they are heard).
import { test } from 'vitest'
import { runRecovery } from '../../../bench/recovery.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('P1 P6: no death but its own is heard from the audio process, and that one not for long', { timeout: triesMs }, async (context) => {
  await judge(context, () => runRecovery({ audioKills: 1, stationKills: 1, stalls: 1 }))
})
