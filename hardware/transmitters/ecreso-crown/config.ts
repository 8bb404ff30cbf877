// Options of a transmitter of this family in DIR/config.json. Baud rate and parity stand in the transport address; the manuals
// reached do not print them, so 9600 8N1 and CR are documented guesses that can be changed without touching code.
import { z } from 'zod'
import { AnswerForm, LineEnding } from './profile.ts'

export const TransmitterConfig = z.strictObject({
  /** Set point ordered with the carrier, W; null leaves what is set at the unit. */
  powerSetW: z.number().min(0).max(9999).nullable().default(null),
  /** On air is claimed from this measured forward power on, W. */
  onAirThresholdW: z.number().positive(),
  /** null = as in the profile of the model. */
  lineEnding: LineEnding.nullable().default(null),
  /** null = as in the profile of the model. */
  answers: AnswerForm.nullable().default(null),
  pollMs: z.number().int().min(100).max(1000).default(500),
  /** An answer later than this is late. */
  replyTimeoutMs: z.number().int().min(50).max(800).default(400),
  /** Slowest answer the unit may give; the line stays quiet for this long after a timeout. */
  worstReplyMs: z.number().int().min(50).max(1000).default(600),
  /** Time from the order until forward power must stand, ms. */
  riseMs: z.number().int().min(500).max(60_000).default(10_000),
  /** Time from the order until nothing may radiate, ms. */
  fallMs: z.number().int().min(500).max(60_000).default(2000),
})
export type TransmitterConfig = z.infer<typeof TransmitterConfig>
