// The day's rundown: what is planned, and what became of it.
import { z } from 'zod'
import { ResumePolicy } from '../audio-protocol.ts'
import { CartId, InputId, ItemId, OutputId } from './ids.ts'
import { ContentType } from './library.ts'
import { BroadcastDay, EpochMs } from './time.ts'

/** hard: at this wall time, cutting what is on; soft: not before it, waiting for the item before; follow: after the item before. */
export const ItemStart = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hard'), atMs: EpochMs }),
  z.object({ kind: z.literal('soft'), atMs: EpochMs }),
  z.object({ kind: z.literal('follow') }),
])
export type ItemStart = z.infer<typeof ItemStart>

export const ItemSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('file'), cartId: CartId }),
  z.object({ kind: z.literal('live'), inputId: InputId }),
  z.object({ kind: z.literal('relayLine'), inputId: InputId }),
  z.object({ kind: z.literal('relayStream'), url: z.url() }),
  z.object({ kind: z.literal('jingle'), cartId: CartId }),
  /** Loops a fill recording until the next item; null = the station's default fill. */
  z.object({ kind: z.literal('fill'), cartId: CartId.nullable() }),
])
export type ItemSource = z.infer<typeof ItemSource>

/** A row that came from the province. Absent: the station's own. */
export const ItemOrigin = z.object({
  provinceItemId: z.string(),
  revision: z.number().int(),
  /** The operator has moved or changed it: the province's later changes are shown beside it, never taken by themselves. */
  touched: z.boolean(),
})
export type ItemOrigin = z.infer<typeof ItemOrigin>

export const RundownItem = z.object({
  itemId: ItemId,
  day: BroadcastDay,
  position: z.number().int(),
  title: z.string().min(1).max(200),
  contentType: ContentType,
  source: ItemSource,
  start: ItemStart,
  /** Planned length. For relay and live it is the fixed length; for a file the file's own. */
  durationMs: z.number().int().nonnegative(),
  /** null = the default of the content type (music 1.5 s, speech 0). */
  crossfadeMs: z.number().int().min(0).max(20_000).nullable(),
  /** null = the default of the content type. */
  resume: ResumePolicy.nullable(),
  /** Empty = every output of the station. */
  outputIds: z.array(OutputId),
  origin: ItemOrigin.optional(),
})
export type RundownItem = z.infer<typeof RundownItem>

/** The fields an operator fills in. */
export const RundownItemDraft = RundownItem.omit({ itemId: true, day: true, position: true, origin: true })
export type RundownItemDraft = z.infer<typeof RundownItemDraft>

/** planned · proven: pre-opened and known to be playable · unplayable: will be replaced by fill · then what happened. */
export const ItemState = z.enum([
  'planned',
  'proven',
  'unplayable',
  'onAir',
  'held',
  'interrupted',
  'aired',
  'cutShort',
  'skipped',
  'missed',
])
export type ItemState = z.infer<typeof ItemState>

export const PlannedItem = z.object({
  item: RundownItem,
  state: ItemState,
  /** Why unplayable, skipped or missed. */
  reason: z.string().nullable(),
  /** Computed from the rows before it, or the real start where there is one. */
  startMs: EpochMs,
  endMs: EpochMs,
  /** Real start and end as the audio process reported them. */
  actualStartMs: EpochMs.nullable(),
  actualEndMs: EpochMs.nullable(),
  /** Computed start minus the wanted one (hard, soft); positive = late. */
  lateMs: z.number().int(),
  /** Silence or fill before this row. */
  gapBeforeMs: z.number().int(),
  /** Fill will bridge that gap on every output this row plays on; otherwise it is silence. */
  gapFilled: z.boolean(),
  /** How much of this row the next hard start will cut off. */
  overrunMs: z.number().int(),
})
export type PlannedItem = z.infer<typeof PlannedItem>

export const DayPlan = z.object({
  day: BroadcastDay,
  revision: z.number().int(),
  items: z.array(PlannedItem),
  /** Rows of the day before that go over this day's midnight and are on air, or still to come, at this moment; they come before `items`. */
  carried: z.array(PlannedItem),
  /** Signed room before the next hard start: positive = under-run (gap), negative = over-run. */
  balanceMs: z.number().int().nullable(),
  nextHardStartMs: EpochMs.nullable(),
  canUndo: z.boolean(),
  computedAtMs: EpochMs,
})
export type DayPlan = z.infer<typeof DayPlan>
