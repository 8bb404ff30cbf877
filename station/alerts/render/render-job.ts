// What the station asks of the speech process, and what it gets. Plain data: it crosses a pipe as JSON.
import type { Phrase } from './phrases.ts'

/** Speaks a text into a file: mono s16le 48 kHz, normalised like everything the station plays. */
export interface SpeakJob {
  readonly kind: 'speak'
  readonly voice: string
  readonly phrases: readonly Phrase[]
  readonly outPath: string
  readonly targetLufs: number
}

export interface RenderJob {
  readonly kind: 'render'
  readonly voice: string
  readonly source:
    | { readonly kind: 'phrases'; readonly phrases: readonly Phrase[] }
    /** An air copy: stereo s16le 48 kHz. */
    | { readonly kind: 'pcm'; readonly path: string; readonly frames: number }
  /** Said before the source in every reading (a drill's prefix first, a stale bulletin's time of issue) and after it. */
  readonly before: readonly Phrase[]
  readonly after: readonly Phrase[]
  /** A drill's reminder and how long it may be missing. */
  readonly reminder: { readonly phrase: Phrase; readonly everyMs: number } | null
  /** Readings in the one body file; "xin nhắc lại" stands between them. */
  readonly readings: number
  readonly between: Phrase
  /** `spoken`: these words instead of the tone, as a drill has them. */
  readonly attention: { readonly kind: 'tone' } | { readonly kind: 'spoken'; readonly phrase: Phrase } | { readonly kind: 'none' }
  readonly outDir: string
  readonly targetLufs: number
  /** Longest sound of both files together, ms. */
  readonly maxTotalMs: number
}

export type SpeechJob = SpeakJob | RenderJob

export interface WordAt {
  readonly atMs: number
  readonly start: number
  readonly end: number
}

export interface SpokenFile {
  readonly path: string
  readonly frames: number
  readonly integratedLufs: number | null
  readonly truePeakDbtp: number
  readonly text: string
  readonly words: readonly WordAt[]
}

export interface RenderedFiles {
  readonly attentionPath: string | null
  readonly bodyPath: string
  /** Of the attention's bytes followed by the body's: what the audio process reports to hold. */
  readonly sha256: string
  readonly attentionMs: number
  readonly bodyMs: number
  readonly integratedLufs: number | null
  readonly truePeakDbtp: number
  /** First reading as it is spoken. */
  readonly spokenText: string
  /** Of the first reading, from the first sample of the airing. */
  readonly words: readonly WordAt[]
  /** Overview of the whole airing, 0…1. */
  readonly peaks: readonly number[]
}

export interface ResultOf {
  speak: SpokenFile
  render: RenderedFiles
}

export type SpeechRequest = { readonly id: number; readonly job: SpeechJob }
export type SpeechReply =
  | { readonly id: number; readonly event: 'done'; readonly result: SpokenFile | RenderedFiles }
  | { readonly id: number; readonly event: 'failed'; readonly code: string; readonly detail: Readonly<Record<string, string | number>> }
