// The continuous recording of what was sent: its segments by time, its gaps with their reason, and how long the disk lasts.
import { z } from 'zod'
import { OutputId } from './ids.ts'
import { BroadcastDay, EpochMs } from './time.ts'

export const SegmentId = z.string().min(1).max(120).brand<'SegmentId'>()
export type SegmentId = z.infer<typeof SegmentId>

export const AirCheckSegment = z.object({
  segmentId: SegmentId,
  fromMs: EpochMs,
  toMs: EpochMs,
  /** False while it is still the recorder's own file: playable, without a waveform. */
  finished: z.boolean(),
})
export type AirCheckSegment = z.infer<typeof AirCheckSegment>

export const AirCheckGap = z.object({
  fromMs: EpochMs,
  toMs: EpochMs,
  reason: z.enum(['stationDown', 'stationStopped', 'audioDied', 'recorderFailed', 'deviceLost', 'removed', 'unknown']),
})
export type AirCheckGap = z.infer<typeof AirCheckGap>

export const AirCheckBudget = z.object({
  usedBytes: z.number().int(),
  freeBytes: z.number().int(),
  /** All outputs together. */
  bytesPerDay: z.number().int(),
  /** How many days of recording the disk or the quota still takes, besides what is there. */
  daysLeft: z.number().int(),
  keepDays: z.number().int(),
  /** Begin of the oldest segment kept; null = none yet. */
  oldestMs: EpochMs.nullable(),
})
export type AirCheckBudget = z.infer<typeof AirCheckBudget>

export const AirCheckDay = z.object({
  day: BroadcastDay,
  outputId: OutputId,
  segments: z.array(AirCheckSegment),
  gaps: z.array(AirCheckGap),
  budget: AirCheckBudget,
})
export type AirCheckDay = z.infer<typeof AirCheckDay>
