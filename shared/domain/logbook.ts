// The logbook row: append-only, hash-chained. Planned, sent and measured stay apart.
import { z } from 'zod'
import { EpochMs } from './time.ts'

/** Kinds of rows. A pair of rows shares `actionId`: `open` before the action, `close` after it. */
export const LogKind = z.enum([
  'station.started',
  'station.stopped',
  'station.adopted',
  'audio.started',
  'audio.died',
  'audio.gap',
  'item.aired',
  'item.skipped',
  'item.missed',
  'item.interrupted',
  'item.resumed',
  'cutin',
  'alert.composed',
  'alert.changed',
  'alert.armed',
  'alert.disarmed',
  'alert.previewed',
  'input.live',
  'hotkey',
  'stop',
  'reopen',
  'operator.command',
  'schedule.changed',
  'library.imported',
  'library.changed',
  'library.removed',
  'library.refused',
  'device.order',
  'device.status',
  'device.lease',
  'alarm.raised',
  'alarm.cleared',
  'alarm.acknowledged',
  'clock.jump',
  'config.liveFiring',
  'session.signedIn',
  'session.signedOut',
  'session.refused',
  'people.changed',
  'recording.kept',
  'recording.failed',
  'recording.removed',
  'review.note',
  'review.asked',
  'review.answered',
  'review.signed',
  'sheet.made',
  'province.item',
  'province.manifest',
])
export type LogKind = z.infer<typeof LogKind>

/** What is written; sequence, hashes and boot id are added by the store. */
export const LogEntry = z.object({
  kind: LogKind,
  phase: z.enum(['open', 'close', 'note']),
  /** Joins the open and the close row of one action. */
  actionId: z.string().nullable(),
  atMs: EpochMs,
  /** `performance.now()` of the writing process at the event. */
  monotonicMs: z.number(),
  actor: z.string(),
  outputId: z.string().nullable(),
  /** Subject in words, for the screen. */
  subject: z.string(),
  planned: z.record(z.string(), z.unknown()).nullable(),
  sent: z.record(z.string(), z.unknown()).nullable(),
  measured: z.record(z.string(), z.unknown()).nullable(),
  /** True where audio did not wait for the row and the row came late (*ghi muộn*). */
  late: z.boolean(),
})
export type LogEntry = z.infer<typeof LogEntry>

export const LogRow = LogEntry.extend({
  seq: z.number().int(),
  /** Minted by the writer before the first attempt: proves whether a row whose commit failed half-way landed. */
  entryId: z.string(),
  bootId: z.string(),
  writtenAtMs: EpochMs,
  prevHash: z.string(),
  hash: z.string(),
})
export type LogRow = z.infer<typeof LogRow>

export const ChainVerdict = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), rows: z.number().int(), headSeq: z.number().int(), headHash: z.string() }),
  z.object({ ok: z.literal(false), rows: z.number().int(), firstBadSeq: z.number().int(), reason: z.string() }),
])
export type ChainVerdict = z.infer<typeof ChainVerdict>
