// Times and lengths as they are typed: `11:30`, `11:30:15`; `4:30`, `1:02:03`. Pure.
import { type BroadcastDay, epochMs, type EpochMs, startOfDay } from '../../shared/domain/time.ts'

/** Station time of day on `day`; null when it is not a time. */
export function parseClock(text: string, day: BroadcastDay): EpochMs | null {
  const found = /^(\d{1,2})[:h.](\d{2})(?:[:.](\d{2}))?$/.exec(text.trim())
  if (found === null) return null
  const [hours, minutes, seconds] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)]
  if (hours > 23 || minutes > 59 || seconds > 59) return null
  return epochMs(startOfDay(day) + ((hours * 60 + minutes) * 60 + seconds) * 1000)
}

/** A length in ms from `mm:ss` or `h:mm:ss`; null when it is not one. */
export function parseLength(text: string): number | null {
  const parts = text.trim().split(':')
  if (parts.length < 2 || parts.length > 3 || !parts.every((part) => /^\d{1,3}$/.test(part))) return null
  const [seconds, minutes, hours] = parts.map(Number).reverse() as [number, number, number | undefined]
  if (seconds > 59 || (hours !== undefined && minutes > 59)) return null
  return (((hours ?? 0) * 60 + minutes) * 60 + seconds) * 1000
}
