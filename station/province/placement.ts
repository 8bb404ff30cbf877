// Rows of the rundown for what the province sent, their place among the operator's, and whether they would cut something that
// matters. Pure.
import { assertNever } from '../../shared/domain/assert-never.ts'
import { ItemId, newId } from '../../shared/domain/ids.ts'
import type { PlaceChoice, ProvinceItem } from '../../shared/domain/province.ts'
import type { ItemStart, PlannedItem, RundownItem, RundownItemDraft } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, dayOf, type EpochMs } from '../../shared/domain/time.ts'
import type { Incoming } from './incoming-machine.ts'

export interface Placement {
  readonly day: BroadcastDay
  /** By time: before the first row that starts later; a number: there. */
  readonly at: { readonly kind: 'time'; readonly atMs: EpochMs } | { readonly kind: 'position'; readonly position: number }
  readonly start: ItemStart
}

/** A cut shorter than this is no matter, ms. */
const cutMattersMs = 1000

/** Where an item goes by itself: at its own time, or as the very next. */
export function ownPlace(item: ProvinceItem, nowMs: EpochMs): Placement {
  switch (item.kind) {
    case 'bulletin': {
      const atMs = item.wishedStartMs !== null && item.wishedStartMs > nowMs ? item.wishedStartMs : nowMs
      return { day: dayOf(atMs), at: { kind: 'time', atMs }, start: { kind: 'soft', atMs } }
    }
    case 'session':
    case 'relay': {
      const hard = item.kind === 'relay' || item.hard
      return {
        day: dayOf(item.startMs),
        at: { kind: 'time', atMs: item.startMs },
        start: { kind: hard ? 'hard' : 'soft', atMs: item.startMs },
      }
    }
    default:
      return assertNever(item)
  }
}

/** Where the operator wants it; without a position, at the end. */
export function chosenPlace({ day, position, start }: PlaceChoice): Placement {
  return { day, at: { kind: 'position', position: position ?? Number.MAX_SAFE_INTEGER }, start }
}

/** The rows of an item whose recordings are all here; null where they are not. */
export function draftsOf({ item, carts }: Pick<Incoming, 'item' | 'carts'>, start: ItemStart): RundownItemDraft[] | null {
  const row = { crossfadeMs: null, resume: null, outputIds: [] }
  switch (item.kind) {
    case 'bulletin': {
      const cartId = item.media === null ? undefined : carts[item.media.sha256]
      if (cartId === undefined) return null
      return [{ ...row, title: item.title, contentType: 'speech', source: { kind: 'file', cartId }, start, durationMs: 0 }]
    }
    case 'session': {
      const drafts = item.parts.map(({ title, contentType, media }, index): RundownItemDraft | null => {
        const cartId = carts[media.sha256]
        const partStart: ItemStart = index === 0 ? start : { kind: 'follow' }
        if (cartId === undefined) return null
        return { ...row, title, contentType, source: { kind: 'file', cartId }, start: partStart, durationMs: 0 }
      })
      return drafts.some((draft) => draft === null) ? null : drafts.filter((draft) => draft !== null)
    }
    case 'relay': {
      const source = { kind: 'relayStream', url: item.url } as const
      return [{ ...row, title: item.title, contentType: 'speech', source, start, durationMs: item.durationMs }]
    }
    default:
      return assertNever(item)
  }
}

/** Drafts as rows of this day that carry their source. */
export function rowsOf(item: ProvinceItem, day: BroadcastDay, drafts: readonly RundownItemDraft[]): RundownItem[] {
  const origin = { provinceItemId: item.itemId, revision: item.revision, touched: false }
  return drafts.map((draft) => ({ ...draft, itemId: newId(ItemId, 'item'), day, position: 0, origin }))
}

/** The day with the rows in their place; never before what has been on air. */
export function inserted(plan: readonly PlannedItem[], rows: readonly RundownItem[], at: Placement['at']): RundownItem[] {
  const items = plan.map((row) => row.item)
  const firstFree = plan.findLastIndex((row) => row.actualStartMs !== null) + 1
  const wanted = at.kind === 'position' ? Math.min(at.position, items.length) : timePosition(plan, at.atMs)
  return items.toSpliced(Math.max(firstFree, wanted), 0, ...rows)
}

/** Nothing more comes of this row: it is or was on air, or its time went by without it. */
export function isPast(row: PlannedItem): boolean {
  return row.actualStartMs !== null || row.state === 'skipped' || row.state === 'missed'
}

/** What is left of a session whose first parts were on air: each is aired once, and what follows follows them. */
export function stillToCome(drafts: readonly RundownItemDraft[], begun: readonly PlannedItem[]): readonly RundownItemDraft[] {
  if (begun.length === 0) return drafts
  const left = [...drafts]
  for (const { item } of begun) {
    const { source } = item
    const at = left.findIndex((draft) => draft.source.kind === 'file' && source.kind === 'file' && draft.source.cartId === source.cartId)
    if (at !== -1) left.splice(at, 1)
  }
  return left.map((draft) => ({ ...draft, start: { kind: 'follow' } }))
}

/** The day with `rows` where `ours` stood; of those what was on air stays as it was. */
export function exchanged(plan: readonly PlannedItem[], ours: readonly PlannedItem[], rows: readonly RundownItem[]): RundownItem[] {
  const goes = new Set(ours.filter((row) => row.actualStartMs === null))
  const firstGone = plan.findIndex((row) => goes.has(row))
  const at = firstGone === -1 ? plan.findLastIndex((row) => ours.includes(row)) + 1 : firstGone
  return plan
    .filter((row) => !goes.has(row))
    .map((row) => row.item)
    .toSpliced(at, 0, ...rows)
}

function timePosition(plan: readonly PlannedItem[], atMs: EpochMs): number {
  const later = plan.findIndex((row) => row.actualStartMs === null && row.state !== 'missed' && row.startMs >= atMs)
  return later === -1 ? plan.length : later
}

/** The first row that would be cut, or be late against its fixed time, because of these rows; null = none. */
export function findClash(
  before: readonly PlannedItem[],
  after: readonly PlannedItem[],
  rows: readonly RundownItem[],
): { readonly title: string; readonly atMs: EpochMs; readonly cutMs: number } | null {
  const ours = new Set(rows.map((row) => row.itemId))
  const was = new Map(before.map((row) => [row.item.itemId, row]))
  for (const row of after) {
    const former = was.get(row.item.itemId)
    const cutMs = row.overrunMs - (former?.overrunMs ?? 0)
    const expendable =
      row.item.source.kind === 'fill' || row.item.contentType === 'fill' || (row.item.contentType === 'music' && !ours.has(row.item.itemId))
    if (cutMs >= cutMattersMs && !expendable) return { title: row.item.title, atMs: row.startMs, cutMs }
    const fixedAndLate = row.item.start.kind === 'hard' && row.lateMs - (former?.lateMs ?? 0) >= cutMattersMs
    if (fixedAndLate) return { title: row.item.title, atMs: row.startMs, cutMs: row.lateMs }
  }
  return null
}
