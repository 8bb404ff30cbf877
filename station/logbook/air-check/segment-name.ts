// Names of recorded segments. A name says everything the index needs: output, wall time of the first sample, and for a finished
// one its length and size; so the index is a listing of folders, and a lost database loses no recording. Pure.
import { dayOf, type BroadcastDay, type EpochMs, epochMs } from '../../../shared/domain/time.ts'

export interface SegmentName {
  /** `OUTPUT_20261121T222142_123Z`, the name without what follows; also the segment's id. */
  readonly id: string
  readonly output: string
  readonly fromMs: EpochMs
  /** null while it is still the recorder's own file. */
  readonly finished: { readonly durationMs: number; readonly bytes: number } | null
}

const pattern = /^(([A-Za-z0-9-]+)_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})_(\d{3})Z)(?:_(\d+)_(\d+)\.opus|\.wav)$/

/** null for anything that is no finished segment and no recorder's file. */
export function parseSegmentName(name: string): SegmentName | null {
  const found = pattern.exec(name)
  if (found === null) return null
  const [, id = '', output = '', year, month, day, hour, minute, second, milli, duration, bytes] = found
  const fromMs = epochMs(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), Number(milli)),
  )
  return { id, output, fromMs, finished: duration === undefined ? null : { durationMs: Number(duration), bytes: Number(bytes) } }
}

export function isSegmentId(text: string): boolean {
  return parseSegmentName(`${text}.wav`) !== null
}

/** As the recorder writes an output into a name. */
export function outputInName(outputId: string): string {
  return outputId.replaceAll(/[^A-Za-z0-9-]/g, '-')
}

/** Folder of a finished segment, by the station's day in which it begins. */
export function folderOf(fromMs: EpochMs): BroadcastDay {
  return dayOf(fromMs)
}
