// Time as the station means it: wall time for schedule and log, monotonic time for durations, and the
// station's zone, Asia/Ho_Chi_Minh (UTC+7, no summer time since 1975), whatever the operating system says.
import { z } from 'zod'

/** Milliseconds since 1970-01-01T00:00Z; wall clock. May jump. */
export const EpochMs = z.number().int().brand<'EpochMs'>()
export type EpochMs = z.infer<typeof EpochMs>
/** Milliseconds of `performance.now()` of one process; never compared across processes or boots. */
export const MonotonicMs = z.number().brand<'MonotonicMs'>()
export type MonotonicMs = z.infer<typeof MonotonicMs>
/** A broadcast day in station time, `yyyy-mm-dd`. */
export const BroadcastDay = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .brand<'BroadcastDay'>()
export type BroadcastDay = z.infer<typeof BroadcastDay>

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
