import { expect, test } from 'vitest'
import { delayResults, spoilt } from '../../../bench/breaks.ts'

const heard = [61, 70, 95].map((delayMs, index) => ({ delayMs, heardMs: 20_000 + index * 1000 }))
const stall = (fromMs: number) => ({ core: 0, fromMs, toMs: fromMs + 30 })
const p99 = (stalls: ReturnType<typeof stall>[], maxMs = 80) =>
  delayResults('line', heard, maxMs, { stalls }).find((one) => one.name.startsWith('line p99'))

test('a delay that is late is judged; where the computer stood still shortly before it, it was not taken and does not hold either', () => {
  expect(p99([])).toMatchObject({ name: 'line p99', holds: false, value: 95 })
  expect(p99([stall(13_000)])).toMatchObject({ name: `line p99${spoilt}`, holds: false })
  expect(p99([stall(11_000), stall(22_500)])).toMatchObject({ name: 'line p99', holds: false })
  expect(p99([stall(13_000)], 100)).toMatchObject({ name: 'line p99', holds: true })
})
