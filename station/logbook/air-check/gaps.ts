// Where nothing was recorded, and why as far as the logbook knows. Pure.
import type { LogRow } from '../../../shared/domain/logbook.ts'
import type { AirCheckGap, AirCheckSegment } from '../../../shared/domain/air-check.ts'
import { epochMs } from '../../../shared/domain/station-time.ts'

/** Shorter holes are the seams of segments. */
const seamMs = 100
/** A reason is looked for this far around a gap. */
const aroundMs = 15_000

/** @param segments of one output, in order; only gaps inside `fromMs`…`toMs` are told */
export function findGaps(
  segments: readonly AirCheckSegment[],
  rows: readonly LogRow[],
  fromMs: number,
  toMs: number,
): readonly AirCheckGap[] {
  const gaps: AirCheckGap[] = []
  let cursorMs = fromMs
  for (const segment of segments) {
    if (segment.fromMs - cursorMs > seamMs) gaps.push(gap(cursorMs, Math.min(segment.fromMs, toMs), rows))
    cursorMs = Math.max(cursorMs, segment.toMs)
  }
  if (toMs - cursorMs > seamMs) gaps.push(gap(cursorMs, toMs, rows))
  return gaps.filter((each) => each.toMs > each.fromMs)
}

function gap(fromMs: number, toMs: number, rows: readonly LogRow[]): AirCheckGap {
  const near = rows.filter((row) => row.atMs >= fromMs - aroundMs && row.atMs <= toMs + aroundMs)
  return { fromMs: epochMs(fromMs), toMs: epochMs(toMs), reason: reasonOf(near) }
}

function reasonOf(near: readonly LogRow[]): AirCheckGap['reason'] {
  const has = (kind: LogRow['kind'], subject?: string) =>
    near.some((row) => row.kind === kind && (subject === undefined || row.subject === subject))
  if (has('station.stopped')) return 'stationStopped'
  if (has('station.started')) return 'stationDown'
  if (has('audio.died')) return 'audioDied'
  if (has('alarm.raised', 'RECORDER_FAILED') || has('recording.failed')) return 'recorderFailed'
  if (has('alarm.raised', 'DEVICE_OUTPUT_LOST')) return 'deviceLost'
  return 'unknown'
}
