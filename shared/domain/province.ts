// The province above the station, in words: what its signed manifest says (bulletins in the three classes of Circular 39/2020,
// sessions, relays), what the station tells it, and what the screens show of both, with its age. Contract: docs/province/.
import { z } from 'zod'
import { AlertId, ItemId } from './ids.ts'
import { ContentType } from './library.ts'
import { LogRow } from './logbook.ts'
import { ItemStart } from './schedule.ts'
import { BroadcastDay, EpochMs } from './time.ts'

/** One thing the province ordered; the same through all its revisions. Never part of a path. */
export const ProvinceItemId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9._:-]+$/)
  .brand<'ProvinceItemId'>()
export type ProvinceItemId = z.infer<typeof ProvinceItemId>

/** thông thường: the operator chooses · ưu tiên: first within the programme · khẩn cấp: at once. */
export const BulletinClass = z.enum(['normal', 'priority', 'emergency'])
export type BulletinClass = z.infer<typeof BulletinClass>

/** SHA-256, lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** A file of the province. `name` is text for people and never becomes a path. */
export const MediaRef = z.object({
  sha256: Sha256,
  bytes: z
    .number()
    .int()
    .min(1)
    .max(8 * 1024 ** 3),
  mimeType: z.string().max(100),
  name: z.string().max(255),
})
export type MediaRef = z.infer<typeof MediaRef>

const common = {
  itemId: ProvinceItemId,
  /** Counts every change of this item, from 1. */
  revision: z.number().int().min(1),
  title: z.string().min(1).max(200),
  /** After this it must not be aired any more; null = no end. */
  expiresAtMs: EpochMs.nullable(),
  /** Taken back by the province: a tombstone, so that an older copy that comes late stays taken back. */
  withdrawn: z.boolean(),
}

export const ProvinceBulletin = z.object({
  kind: z.literal('bulletin'),
  ...common,
  class: BulletinClass,
  mode: z.enum(['live', 'drill']),
  text: z.string().max(20_000),
  media: MediaRef.nullable(),
  issuedAtMs: EpochMs,
  /** Who ordered it, as it is shown and logged. */
  orderedBy: z.string().max(200),
  /** Cấp độ rủi ro thiên tai. */
  riskLevel: z.number().int().min(1).max(5).nullable(),
  evacuation: z.boolean(),
  readings: z.number().int().min(1).max(10),
  /** When the province would like it aired; null = the station chooses. */
  wishedStartMs: EpochMs.nullable(),
})
export type ProvinceBulletin = z.infer<typeof ProvinceBulletin>

/** A session (phiên phát): recordings one after the other from a time on. */
export const ProvinceSession = z.object({
  kind: z.literal('session'),
  ...common,
  startMs: EpochMs,
  hard: z.boolean(),
  parts: z
    .array(z.object({ title: z.string().min(1).max(200), contentType: ContentType, media: MediaRef }))
    .min(1)
    .max(100),
})
export type ProvinceSession = z.infer<typeof ProvinceSession>

/** A relay (tiếp âm) of a stream for a fixed time. */
export const ProvinceRelay = z.object({
  kind: z.literal('relay'),
  ...common,
  startMs: EpochMs,
  durationMs: z.number().int().positive(),
  url: z.url({ protocol: /^https?$/ }).max(500),
})
export type ProvinceRelay = z.infer<typeof ProvinceRelay>

export const ProvinceItem = z.discriminatedUnion('kind', [ProvinceBulletin, ProvinceSession, ProvinceRelay])
export type ProvinceItem = z.infer<typeof ProvinceItem>

/** When an item can be aired no more; null = no end. */
export function endOf(item: ProvinceItem): EpochMs | null {
  if (item.kind !== 'relay') return item.expiresAtMs
  const endMs = (item.startMs + item.durationMs) as EpochMs
  return item.expiresAtMs === null || item.expiresAtMs > endMs ? endMs : item.expiresAtMs
}

/** Payload of the signed manifest: everything that is in force for one station. */
export const Manifest = z.object({
  format: z.literal(1),
  provinceId: z.string().min(1).max(64),
  provinceName: z.string().min(1).max(200),
  stationId: z.string().min(1).max(64),
  /** Rises with every change and every new signature; a station never goes back. */
  version: z.number().int().min(1),
  issuedAtMs: EpochMs,
  /** After this the manifest is stale: the local schedule goes on, nothing new is trusted from it. */
  expiresAtMs: EpochMs,
  items: z.array(ProvinceItem).max(20_000),
})
export type Manifest = z.infer<typeof Manifest>

/** What a station reports: a row of its logbook, of whatever kind: a province keeps kinds that it does not know. */
export const StationRecord = LogRow.extend({ kind: z.string().min(1).max(64) })
export type StationRecord = z.infer<typeof StationRecord>

/** `entryId` is the idempotency key of a record. */
export const RecordBatch = z.object({ records: z.array(StationRecord).min(1).max(500) })
export type RecordBatch = z.infer<typeof RecordBatch>

/** 200: every record of the batch is on the province's disk. */
export const RecordsCommitted = z.object({ committed: z.number().int().nonnegative() })
export type RecordsCommitted = z.infer<typeof RecordsCommitted>

/** A head of the station's logbook that the province holds: what the station's own chain must still contain. */
export const WitnessedHead = z.object({ seq: z.number().int().min(1), hash: Sha256, heldAtMs: EpochMs })
export type WitnessedHead = z.infer<typeof WitnessedHead>

/** The newest of each day and each boot, and what stood before every row that contradicted another; oldest first. */
export const WitnessedHeads = z.object({ heads: z.array(WitnessedHead).max(1000) })

/** Under this name the station keeps the heads between boots: an array of WitnessedHead. */
export const headsSetting = 'province.heads'

/** The doorbell: come and fetch. It carries no order. */
export const Nudge = z.object({ version: z.number().int().min(1) })
export type Nudge = z.infer<typeof Nudge>

/** Why a manifest was not trusted. All but `unreadable` and `wrongStation` are raised as security alarms. */
export const TrustRefusal = z.enum([
  'unreadable',
  'algorithm',
  'unknownKey',
  'critical',
  'signature',
  'duplicateKeys',
  'malformed',
  'wrongStation',
  'rolledBack',
  'equivocation',
  'expired',
  'notYetValid',
])
export type TrustRefusal = z.infer<typeof TrustRefusal>

/** What became of a province's item here. */
export const IncomingState = z.enum([
  'waitingMedia',
  'mediaRefused',
  'offered',
  'clash',
  'placed',
  'conflict',
  'alert',
  'held',
  'declined',
  'expired',
  'withdrawn',
  'aired',
])
export type IncomingState = z.infer<typeof IncomingState>

/** Where the operator wants an offered item. */
export const PlaceChoice = z.object({
  day: BroadcastDay,
  position: z.number().int().min(0).optional(),
  start: ItemStart.default({ kind: 'follow' }),
})
export type PlaceChoice = z.infer<typeof PlaceChoice>

export const IncomingView = z.object({
  item: ProvinceItem,
  state: IncomingState,
  receivedAtMs: EpochMs,
  /** Why it is held, refused, in clash or in conflict; a code with words on the screen. */
  reason: z.string().nullable(),
  /** What the reason speaks of: the row in the way, the hard start that would be missed. */
  about: z.record(z.string(), z.union([z.string(), z.number()])),
  media: z.array(z.object({ ref: MediaRef, haveBytes: z.number().int(), cartId: z.string().nullable(), refused: z.string().nullable() })),
  day: BroadcastDay.nullable(),
  rundownItemIds: z.array(ItemId),
  alertId: AlertId.nullable(),
  /** What stands in the rundown or on the card, where the province has changed it since: the other side of the choice. */
  taken: ProvinceItem.nullable(),
  decidedAtMs: EpochMs.nullable(),
})
export type IncomingView = z.infer<typeof IncomingView>

/** The province as the screens see it; the age of everything is told by the times. */
export const ProvinceSlice = z.object({
  adapter: z.enum(['none', 'http', 'folder']),
  name: z.string().nullable(),
  link: z.object({
    state: z.enum(['off', 'connecting', 'ok', 'unreachable', 'refused']),
    reason: z.string().nullable(),
    lastContactAtMs: EpochMs.nullable(),
    lastAttemptAtMs: EpochMs.nullable(),
    nextAttemptAtMs: EpochMs.nullable(),
  }),
  doorbell: z.object({ state: z.enum(['off', 'connecting', 'listening', 'lost']), reason: z.string().nullable() }),
  manifest: z
    .object({ version: z.number().int(), issuedAtMs: EpochMs, acceptedAtMs: EpochMs, expiresAtMs: EpochMs, items: z.number().int() })
    .nullable(),
  /** The last manifest that was not trusted, until a trusted one comes. */
  refusal: z.object({ reason: TrustRefusal, atMs: EpochMs, version: z.number().int().nullable() }).nullable(),
  /** folder: which key of the station signs what it lays down there; the province compares it once, by telephone. */
  signingKid: z.string().nullable(),
  outbox: z.object({
    waiting: z.number().int(),
    oldestAtMs: EpochMs.nullable(),
    lastCommittedAtMs: EpochMs.nullable(),
    /** Why the last attempt was not taken, a code; null = it was. */
    reason: z.string().nullable(),
    /** Rows the province refused one by one; kept here for a person. */
    parked: z.number().int(),
    /** Rows given up because the disk space set aside was full. */
    dropped: z.number().int(),
  }),
  media: z.object({ waiting: z.number().int(), wantedBytes: z.number().int(), haveBytes: z.number().int() }),
  counts: z.partialRecord(IncomingState, z.number().int()),
  /** What waits for a decision, then the newest others; at most 60. */
  incoming: z.array(IncomingView),
})
export type ProvinceSlice = z.infer<typeof ProvinceSlice>

/** The slice of a station without a province. */
export const noProvince: ProvinceSlice = {
  adapter: 'none',
  name: null,
  link: { state: 'off', reason: null, lastContactAtMs: null, lastAttemptAtMs: null, nextAttemptAtMs: null },
  doorbell: { state: 'off', reason: null },
  manifest: null,
  refusal: null,
  signingKid: null,
  outbox: { waiting: 0, oldestAtMs: null, lastCommittedAtMs: null, reason: null, parked: 0, dropped: 0 },
  media: { waiting: 0, wantedBytes: 0, haveBytes: 0 },
  counts: {},
  incoming: [],
}
