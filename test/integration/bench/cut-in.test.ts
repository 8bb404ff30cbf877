// `npm run -s bench -- cut-in` at a short length: same code, same targets. Liquidsoap is measured only where it is installed.
import { spawnSync } from 'node:child_process'
import { test } from 'vitest'
import { runCutIn } from '../../../bench/cut-in.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

test('a hot cut-in is heard in time, the programme resumes to the sample, STOP silences, and Liquidsoap is beaten', {
  timeout: triesMs,
}, async (context) => {
  const peer = spawnSync('liquidsoap', ['--version']).status === 0
  await judge(context, () => runCutIn({ runs: 12, peerRuns: peer ? 6 : 0, stops: 2 }))
})
