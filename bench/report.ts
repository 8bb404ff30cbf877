// What a bench hands back: named figures with a unit, a target and whether it holds; and the machine they were taken on.
import { cpus, loadavg, release, totalmem } from 'node:os'

export interface Target {
  readonly max?: number
  readonly min?: number
}

export interface Result {
  readonly name: string
  /** null = could not be measured; never holds where there is a target. */
  readonly value: number | null
  readonly unit: string
  /** Such as `≤ 25`; null = reported, not judged. */
  readonly target: string | null
  readonly holds: boolean | null
  /** A figure of time, load or breaks: a machine that is slow or not on time spoils it. Everything else is a fact. */
  readonly timed: boolean
  /** Missed ten times over, or not measured at all: no slow machine explains that. */
  readonly farOff: boolean
}

export interface Report {
  readonly bench: string
  readonly machine: Readonly<Record<string, string | number>>
  readonly results: readonly Result[]
}

/** Units of timed figures; counts of what was heard in time are among them. */
const timedUnits: ReadonlySet<string> = new Set([
  ...['ms', 's', '×', '× real time', '% of a core', '% of one core'],
  ...['breaks', 'of the bursts', 'of the runs', 'of the kills'],
])
const farOffFactor = 10

/** A figure with its judgement. Rounded to a thousandth for print after it was judged. */
export function result(name: string, value: number | null, unit: string, target: Target | null = null): Result {
  const measured = value !== null && Number.isFinite(value)
  const shown = measured ? Math.round(value * 1000) / 1000 : null
  const timed = timedUnits.has(unit)
  if (target === null) return { name, value: shown, unit, target: null, holds: null, timed, farOff: false }
  const words = [target.min === undefined ? [] : [`≥ ${target.min}`], target.max === undefined ? [] : [`≤ ${target.max}`]]
    .flat()
    .join(' and ')
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = target
  const holds = measured && value >= min && value <= max
  const farOff = !measured || value < min / farOffFactor || value > Math.max(1, max) * farOffFactor
  return { name, value: shown, unit, target: words, holds, timed, farOff }
}

/** Percentile by nearest rank (so that p99 of 100 values is the 99th, never an interpolation); null of nothing. */
export function percentile(values: readonly number[], percent: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? null
}

/** p50, p99 and the greatest of a series; targets by percentile. */
export function spread(name: string, values: readonly number[], unit: string, targets: { p50?: number; p99?: number } = {}): Result[] {
  return [
    result(`${name} p50`, percentile(values, 50), unit, targets.p50 === undefined ? null : { max: targets.p50 }),
    result(`${name} p99`, percentile(values, 99), unit, targets.p99 === undefined ? null : { max: targets.p99 }),
    result(`${name} greatest`, values.length === 0 ? null : Math.max(...values), unit),
    result(`${name} n`, values.length, 'runs'),
  ]
}

export function machine(): Report['machine'] {
  const all = cpus()
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
    load1: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}
