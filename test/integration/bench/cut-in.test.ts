// `npm run -s bench -- cut-in` at a short length: same code, same targets. Liquidsoap is measured only where it is installed.
import { spawnSync } from 'node:child_process'
import { test } from 'vitest'
import { runCutIn } from '../../../bench/cut-in.ts'
import { judge } from '../../support/verdicts.ts'

// A figure that another process of the machine spoiled is taken again, twice at most.
test('a hot cut-in is heard in time, the programme resumes to the sample, STOP silences, and Liquidsoap is beaten', {
  retry: 2,
}, async (context) => {
  const peer = spawnSync('liquidsoap', ['--version']).status === 0
  const results = await runCutIn({ runs: 12, peerRuns: peer ? 6 : 0, stops: 2 })
  judge(context, results)
})
