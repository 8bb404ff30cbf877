// The same targets in tests as in benches: a test runs a bench's core at a short length and wants every target to hold.
import { expect, type TestContext } from 'vitest'
import { spoilt } from '../../bench/breaks.ts'
import type { Result } from '../../bench/report.ts'

/**
 * Targets that the product misses today, each told in docs/measurements.md and in the issue. They are printed with every run so that
 * nobody takes them for held, and leave this list when they hold; nothing else may join it silently.
 */
const knownMisses: readonly RegExp[] = [/^CPU of station \+ audio, programme on air$/, /^discontinuities at the monitor$/]

/**
 * Fails for every missed target but the known ones and those that the computer spoilt by standing still (stall-witness.ts); with one
 * of these missed the test is reported as skipped, never as passed.
 */
export function judge(context: TestContext, results: readonly Result[]): void {
  const missed = results.filter((one) => one.holds === false)
  const known = (one: Result) => one.name.endsWith(spoilt) || knownMisses.some((name) => name.test(one.name))
  const words = (one: Result) => `${one.name}: ${one.value} ${one.unit}, want ${one.target}`
  expect(missed.filter((one) => !known(one)).map(words)).toEqual([])
  const told = missed.filter(known).map((one) => `${one.name.endsWith(spoilt) ? 'NOT TAKEN' : 'KNOWN MISS'} ${words(one)}`)
  for (const line of told) console.warn(line)
  if (told.length > 0) context.skip(told.join('; '))
}
