// `npm run -s bench -- province` at a short length: same code, same targets. The poll alone is timed by the bench only (72 s); when it comes
// is the pull machine's test.
import { test } from 'vitest'
import { type ProvinceBenchOptions, runMediaRace, runProvince } from '../../../bench/province.ts'
import { judge, triesMs } from '../../support/verdicts.ts'

const lengths: ProvinceBenchOptions = { runs: 5, pollRuns: 0, items: 10_000, mediaMb: 40, mediaRuns: 20 }

test('published is soon on the schedule, asking is cheap, ten thousand items are soon here, a line is used', {
  timeout: triesMs,
}, async (context) => {
  await judge(context, () => runProvince(lengths))
})

test('on loopback, where the processor is the line, media keep up with curl', { timeout: triesMs }, async (context) => {
  await judge(context, () => runMediaRace(lengths))
})
