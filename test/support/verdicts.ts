// The same targets in tests as in benches: a test runs a bench's core at a short length and wants every target to hold.
import type { Result } from '../../bench/report.ts'

/**
 * Targets that the product misses today, each told in docs/measurements.md and in the issue. They are printed with every run so that
 * nobody takes them for held, and leave this list when they hold; nothing else may join it silently.
 */
const knownMisses: readonly RegExp[] = [
  /^discontinuities of the line on air$/,
  /^line → programme at the end of the drift run$/,
  /^growth of the latency over the drift run$/,
  /^discontinuities other than the cut-ins$/,
  /^discontinuities at the monitor$/,
]

/** Targets that were missed, in words; empty = all hold but the known misses, which are printed. */
export function missedTargets(results: readonly Result[]): string[] {
  const missed = results.filter((one) => one.holds === false)
  const known = (one: Result) => knownMisses.some((name) => name.test(one.name))
  const words = (one: Result) => `${one.name}: ${one.value} ${one.unit}, want ${one.target}`
  for (const one of missed.filter(known)) console.warn(`KNOWN MISS ${words(one)}`)
  return missed.filter((one) => !known(one)).map(words)
}
