// What the station and one ingest process say to each other: the job is the process's only argument (JSON), the answers
// are JSON lines on its stdout. The last line is `done` or `refused`; a process that ends without either has crashed.
import type { OperatorErrorCode } from '../../../shared/domain/errors.ts'
import type { Peaks } from '../../../shared/domain/library.ts'

export interface IngestJob {
  readonly sourcePath: string
  /** The source is already a private copy inside `workDir` (an upload): hash it where it lies instead of copying it. */
  readonly sourceIsPrivate: boolean
  /** Empty folder of this import alone; the process writes nowhere else. */
  readonly workDir: string
  readonly maxDurationMs: number
  readonly maxBytes: number
  /** Resident memory above which the process ends itself, bytes. */
  readonly maxMemoryBytes: number
}

/** Containers that are accepted, told by content and never by name. */
export type MediaFormat = 'wav' | 'flac' | 'mp3' | 'm4a' | 'aac' | 'ogg'

export interface IngestResult {
  readonly sha256: string
  /** Container and codec, such as `mp3/mp3float` or `ogg/opus`. */
  readonly format: string
  /** Frames of the air copy at 48 kHz. */
  readonly frames: number
  /** EBU R128 integrated loudness of the recording; null when too short or too quiet to be gated. */
  readonly integratedLufs: number | null
  /** True peak of the recording, dBTP. */
  readonly truePeakDbtp: number
  /** Loudness of the air copy minus loudness of the recording, dB: not 0 only where decoded samples exceeded full scale. */
  readonly airOffsetDb: number
  /** True peak of the air copy, dBTP. Differs from the recording's by the 3 dB that mono loses per channel. */
  readonly airTruePeakDbtp: number
  readonly airSha256: string
  readonly silenceHeadMs: number
  readonly silenceTailMs: number
  readonly peaks: Peaks
}

export type Refusal = { readonly code: OperatorErrorCode; readonly detail: Readonly<Record<string, string | number>> }

export type IngestMessage =
  | { readonly event: 'hashed'; readonly sha256: string }
  | { readonly event: 'progress'; readonly percent: number }
  | { readonly event: 'done'; readonly result: IngestResult }
  | ({ readonly event: 'refused' } & Refusal)

/** Files the process leaves in `workDir` when it says `done`. */
export const workFiles = { original: 'original', airCopy: 'air.pcm' } as const
