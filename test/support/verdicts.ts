// The same targets in tests as in benches: a test runs a bench's core at a short length and wants every target to hold.
import type { Result } from '../../bench/report.ts'

/** Targets that were missed, in words; empty = all hold. */
export function missedTargets(results: readonly Result[]): string[] {
  return results.filter((one) => one.holds === false).map((one) => `${one.name}: ${one.value} ${one.unit}, want ${one.target}`)
}
