// What can be made to go wrong with the province, by a trainer on its page or by a test. All off = a province as it should be.
import { z } from 'zod'
import { certificateKinds } from './identity.ts'

export const signingKinds = ['right', 'unknownKey', 'algNone', 'expired', 'rolledBack', 'equivocating', 'frozen'] as const

export const Knobs = z.strictObject({
  /** Before every answer, ms. */
  latencyMs: z.number().int().min(0).max(60_000).default(0),
  /** The line is cut after so many bytes of every body; null = never. */
  cutEveryBytes: z.number().int().min(1).nullable().default(null),
  /** A part is answered with the part after the one asked for. */
  wrongRange: z.boolean().default(false),
  /** A file's body goes on after its end. */
  longerBody: z.boolean().default(false),
  /** Something else answers in its place: a page, with status 200. */
  portal: z.boolean().default(false),
  /** What its server shows itself with. */
  certificate: z.enum(certificateKinds).default('right'),
  /** How the manifest is signed and dated. */
  signing: z.enum(signingKinds).default('right'),
  /** The province's clock against ours, ms. */
  clockSkewMs: z.number().int().default(0),
  /** So many batches are kept, and the answer is lost. */
  loseAnswers: z.number().int().min(0).default(0),
  /** The next batch is kept, and the process is killed before it can say so. */
  dieAfterCommit: z.boolean().default(false),
  /** Batches with a row whose subject contains this are refused with 400; null = none. */
  refuseSubject: z.string().min(1).nullable().default(null),
})
export type Knobs = z.infer<typeof Knobs>
/** Knobs that are turned to one of several. */
export const knobChoices = { certificate: certificateKinds, signing: signingKinds } as const satisfies Partial<
  Record<keyof Knobs, readonly string[]>
>
export const rightKnobs: Knobs = Knobs.parse({})
