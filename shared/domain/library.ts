// The library: recordings that were decoded to their end, measured, and have an air copy.
import { z } from 'zod'
import { CartId } from './ids.ts'
import { EpochMs } from './time.ts'

/** speech and bulletin segue without overlap; music crossfades; jingle and fill are looped or short. */
export const ContentType = z.enum(['speech', 'music', 'jingle', 'fill'])
export type ContentType = z.infer<typeof ContentType>

export const Cart = z.object({
  cartId: CartId,
  title: z.string().min(1).max(200),
  contentType: ContentType,
  originalName: z.string(),
  /** SHA-256 of the original file, hex. */
  sha256: z.string(),
  format: z.string(),
  durationMs: z.number().int(),
  frames: z.number().int(),
  integratedLufs: z.number().nullable(),
  truePeakDbtp: z.number(),
  /** Gain that brings the air copy to the station's loudness target, already limited by true peak, dB. */
  gainDb: z.number(),
  /** What that gain is computed from: the air copy, which loses 3 dB per channel of a mono recording, and may be turned down as a whole. */
  air: z.object({ lufs: z.number().nullable(), truePeakDbtp: z.number() }).optional(),
  silenceHeadMs: z.number().int(),
  silenceTailMs: z.number().int(),
  importedAtMs: EpochMs,
  /** SHA-256 of the air copy as it was made: bytes changed later are found before they air (S10). */
  airSha256: z.string().optional(),
})
export type Cart = z.infer<typeof Cart>

/** Waveform overview: pairs of minimum and maximum per bucket, −1…1, mono sum. */
export const Peaks = z.object({ bucketMs: z.number(), min: z.array(z.number()), max: z.array(z.number()) })
export type Peaks = z.infer<typeof Peaks>

/** An import under way or refused. Refused ones stay listed until dismissed so that the reason can be read. */
export const ImportView = z.object({
  importId: z.string(),
  name: z.string(),
  state: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('working'), percent: z.number() }),
    z.object({ kind: z.literal('refused'), code: z.string(), detail: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ]),
})
export type ImportView = z.infer<typeof ImportView>
