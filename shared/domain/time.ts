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

export { addDays, clockText, dateText, dayOf, durationText, epochMs, startOfDay } from './station-time.ts'
