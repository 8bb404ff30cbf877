// Arithmetic and spelling of station time. Apart from time.ts, which re-exports it, so that a thread that only counts days
// (the store's workers) does not load the schema library: 70 ms of every start.
import type { BroadcastDay, EpochMs } from './time.ts'

const zoneOffsetMs = 7 * 3_600_000
const dayMs = 86_400_000

export function epochMs(value: number): EpochMs {
  return Math.round(value) as EpochMs
}

/** The broadcast day that contains this instant. */
export function dayOf(atMs: EpochMs): BroadcastDay {
  return new Date(atMs + zoneOffsetMs).toISOString().slice(0, 10) as BroadcastDay
}

/** First instant of a broadcast day (station midnight). */
export function startOfDay(day: BroadcastDay): EpochMs {
  return (Date.parse(`${day}T00:00:00Z`) - zoneOffsetMs) as EpochMs
}

/** The broadcast day `count` days later (negative: earlier). */
export function addDays(day: BroadcastDay, count: number): BroadcastDay {
  return dayOf((startOfDay(day) + count * dayMs) as EpochMs)
}

/** `HH:mm:ss` in station time. */
export function clockText(atMs: EpochMs): string {
  return new Date(atMs + zoneOffsetMs).toISOString().slice(11, 19)
}

/** `dd/MM/yyyy` in station time. `Intl` with `dateStyle: 'short'` prints vi-VN in the wrong order, so by parts. */
export function dateText(atMs: EpochMs): string {
  const [year, month, day] = dayOf(atMs).split('-')
  return `${day}/${month}/${year}`
}

/** A duration as `mm:ss`, or `h:mm:ss` from one hour; negative ones carry U+2212. */
export function durationText(ms: number): string {
  const sign = ms < 0 ? '−' : ''
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`
  return hours > 0 ? `${sign}${hours}:${rest}` : `${sign}${rest}`
}
