// `npm run -s bench -- province` at a short length: same code, same targets. The poll alone is timed by the bench only (72 s); when it comes
// is the pull machine's test.
import { test } from 'vitest'
import { type ProvinceBenchOptions, runMediaRace, runProvince } from '../../../bench/province.ts'
import { judge } from '../../support/verdicts.ts'

const lengths: ProvinceBenchOptions = { runs: 5, pollRuns: 0, items: 10_000, mediaMb: 40, mediaRuns: 20 }

// A figure that another process of the machine spoiled is taken again, twice at most.
test('published is soon on the schedule, asking is cheap, ten thousand items are soon here, a line is used', {
  retry: 2,
}, async (context) => {
  judge(context, await runProvince(lengths))
})

test('on loopback, where the processor is the line, media keep up with curl', { retry: 2 }, async (context) => {
  judge(context, await runMediaRace(lengths))
})
