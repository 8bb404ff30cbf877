// The supervisor's day: the plan beside what was sent and measured, what differs and by how much, what was asked and answered
// about it, and who signed. Questions, answers, notes and signatures are rows of the logbook, never edits of one.
import { z } from 'zod'
import { BroadcastDay, EpochMs } from './time.ts'

/**
 * notAired: planned, and nothing of it was sent · late: began later than planned, by its own fault · cutShort: ended before its
 * length · replaced: something that was not planned there took its place · unplanned: sent without being on the plan ·
 * silence: nothing was heard where something should have been.
 */
export const differenceKinds = ['notAired', 'late', 'cutShort', 'replaced', 'unplanned', 'silence'] as const
export const DifferenceKind = z.enum(differenceKinds)
export type DifferenceKind = z.infer<typeof DifferenceKind>

export const Difference = z.object({
  /** The same at every computation of the same day. */
  differenceId: z.string(),
  kind: DifferenceKind,
  /** null = every output. */
  outputId: z.string().nullable(),
  subject: z.string(),
  fromMs: EpochMs,
  toMs: EpochMs,
  /** How late, how much shorter, how long silent, how long unplanned. */
  byMs: z.number().int(),
  /** In the logbook's words: why it ended, was skipped, or what took its place. */
  reason: z.string().nullable(),
  /** The row that shows it best, if one does. */
  seq: z.number().int().nullable(),
})
export type Difference = z.infer<typeof Difference>

export const DifferenceCounts = z.record(DifferenceKind, z.number().int())
export type DifferenceCounts = z.infer<typeof DifferenceCounts>

/** One bar of the plan. */
export const PlannedBar = z.object({
  itemId: z.string(),
  title: z.string(),
  outputIds: z.array(z.string()),
  fromMs: EpochMs,
  toMs: EpochMs,
})
export type PlannedBar = z.infer<typeof PlannedBar>

/** One bar of what was sent. `toMs` null = it goes on. */
export const SentBar = z.object({
  seq: z.number().int(),
  kind: z.enum(['item', 'alert', 'live', 'hotkey', 'stop']),
  itemId: z.string().nullable(),
  outputId: z.string().nullable(),
  title: z.string(),
  fromMs: EpochMs,
  toMs: EpochMs.nullable(),
  /** Why it ended, as the audio process said. */
  reason: z.string().nullable(),
})
export type SentBar = z.infer<typeof SentBar>

export const ReviewNote = z.object({
  seq: z.number().int(),
  atMs: EpochMs,
  actor: z.string(),
  /** asked: *yêu cầu giải trình* · answered: *giải trình*. */
  kind: z.enum(['note', 'asked', 'answered']),
  differenceId: z.string().nullable(),
  /** The row that a note is about. */
  aboutSeq: z.number().int().nullable(),
  text: z.string(),
})
export type ReviewNote = z.infer<typeof ReviewNote>

export const DaySignature = z.object({
  seq: z.number().int(),
  atMs: EpochMs,
  by: z.string(),
  /** The logbook's head when it was signed. */
  headSeq: z.number().int(),
  headHash: z.string(),
  differences: z.number().int(),
  unanswered: z.number().int(),
})
export type DaySignature = z.infer<typeof DaySignature>

export const DayReview = z.object({
  day: BroadcastDay,
  /** The day and what it runs over its midnight are over: it may be signed. */
  over: z.boolean(),
  planned: z.array(PlannedBar),
  sent: z.array(SentBar),
  /** What runs over midnight from the day before: drawn here, and counted there. */
  carried: z.object({ planned: z.array(PlannedBar), sent: z.array(SentBar) }),
  differences: z.array(Difference),
  counts: DifferenceCounts,
  notes: z.array(ReviewNote),
  signatures: z.array(DaySignature),
})
export type DayReview = z.infer<typeof DayReview>

export const Month = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/)
  .brand<'Month'>()
export type Month = z.infer<typeof Month>

/** One day of the month overview, from the logbook's first day on; a day without a row had no station. */
export const MonthDay = z.object({
  day: BroadcastDay,
  rows: z.number().int(),
  signedBy: z.string().nullable(),
  signedAtMs: EpochMs.nullable(),
  /** As counted when it was signed. */
  differences: z.number().int().nullable(),
  /** Questions without an answer. */
  unanswered: z.number().int(),
})
export type MonthDay = z.infer<typeof MonthDay>

/** A question of the supervisor that waits for the operator's explanation. */
export const OpenQuestion = z.object({ day: BroadcastDay, differenceId: z.string(), atMs: EpochMs, by: z.string(), text: z.string() })
export type OpenQuestion = z.infer<typeof OpenQuestion>

/** Questions that no later row answers. */
export function unansweredOf(notes: readonly Pick<ReviewNote, 'kind' | 'differenceId' | 'seq'>[]): readonly string[] {
  const asked = new Map<string, number>()
  for (const note of notes) {
    if (note.differenceId === null || note.kind === 'note') continue
    if (note.kind === 'asked') asked.set(note.differenceId, note.seq)
    else asked.delete(note.differenceId)
  }
  return [...asked.keys()]
}
