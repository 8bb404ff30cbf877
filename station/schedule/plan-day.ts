// Fits a day's rundown to the clock: when each row will really start and end, what is late, cut off or missing. Pure.
// Rows keep their order. A hard row cuts what is on; a soft row waits for its time but not for a place; a follow row
// starts where the row before it ends, earlier by its crossfade.
import type { ItemState, PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import type { ItemId, OutputId } from '../../shared/domain/ids.ts'
import { dayOf, type EpochMs, epochMs } from '../../shared/domain/time.ts'

/** What is known of a row beyond its plan. */
export interface ItemFact {
  readonly startedAtMs: EpochMs | null
  /** When its first frame sounded, or would have where it was joined in its middle; null = as `startedAtMs`. */
  readonly originMs: EpochMs | null
  readonly endedAtMs: EpochMs | null
  readonly endReason: string | null
  /** Outputs on which it was heard to begin; null = not known, it was before this boot. */
  readonly begunOn: readonly OutputId[] | null
  /** For the row on air: when it will end as the audio process sees it (an interruption moves it); null = open end. */
  readonly expectedEndMs: EpochMs | null
  readonly live: 'onAir' | 'held' | 'interrupted' | null
  readonly proof: { readonly playable: boolean; readonly reason: string | null } | null
}

export interface DayFit {
  readonly items: readonly PlannedItem[]
  readonly balanceMs: number | null
  readonly nextHardStartMs: EpochMs | null
}

/** Whether this output plays it; a row that names none is for all. */
export function isFor(item: RundownItem, outputId: OutputId): boolean {
  return item.outputIds.length === 0 || item.outputIds.includes(outputId)
}

/** Overlap with the row before, ms: the row's own, else music 1.5 s and everything else none. */
export function crossfadeMsOf(item: RundownItem): number {
  return item.crossfadeMs ?? (item.contentType === 'music' ? 1500 : 0)
}

/** Nothing is known of it but its plan. */
export const noFact: ItemFact = {
  startedAtMs: null,
  originMs: null,
  endedAtMs: null,
  endReason: null,
  begunOn: null,
  expectedEndMs: null,
  live: null,
  proof: null,
}

const finishedReasons = new Set(['finished', 'fixedEnd'])

function stateOf(item: RundownItem, fact: ItemFact | undefined, missed: boolean): ItemState {
  if (fact?.startedAtMs != null) {
    if (fact.endedAtMs === null) return fact.live ?? 'cutShort'
    if (fact.endReason === 'skipped') return 'skipped'
    // Live and relay rows have no end of their own: their fixed end or the next row's start is how they finish.
    const openEnded = item.source.kind !== 'file' && item.source.kind !== 'jingle'
    return finishedReasons.has(fact.endReason ?? '') || (openEnded && fact.endReason === 'hardStart') ? 'aired' : 'cutShort'
  }
  if (missed) return 'missed'
  if (fact?.proof) return fact.proof.playable ? 'proven' : 'unplayable'
  return 'planned'
}

/**
 * @param items rows of one day in order
 * @param facts by item id
 * @param nowMs rows that should be over by now and never started are `missed`
 * @param carriedOverMs end of the day before where it reaches past midnight
 * @param cutAtMs the hard start of the day after that what runs over its midnight gives way to
 */
export function planDay(
  items: readonly RundownItem[],
  facts: ReadonlyMap<ItemId, ItemFact>,
  nowMs: EpochMs,
  carriedOverMs: EpochMs | null = null,
  cutAtMs: EpochMs | null = null,
): DayFit {
  const planned: PlannedItem[] = []
  let cursorMs: number | null = carriedOverMs
  const today = dayOf(nowMs)
  const started = items.flatMap(({ itemId }, index) => {
    const fact = facts.get(itemId)
    return fact?.startedAtMs == null ? [] : [{ index, begunOn: fact.begunOn }]
  })
  // On an output of its own, that is: another one may be ahead.
  const isPassed = (item: RundownItem, at: number) =>
    started.some(({ index, begunOn }) => index > at && (begunOn === null || begunOn.some((outputId) => isFor(item, outputId))))
  for (const [index, item] of items.entries()) {
    const fact = facts.get(item.itemId)
    const previous = planned.at(-1)
    // What a follow row follows is over (or there is nothing): it can start at any moment from now on, not in the past. Of an evening
    // that is over it keeps its place by the clock, and is missed: what was not sent yesterday is not sent today by itself.
    const loose = item.start.kind === 'follow' && item.day >= today && (previous === undefined || previous.actualEndMs !== null)
    const fitted: { startMs: number; endMs: number } =
      fact?.startedAtMs != null ? asStarted(item, fact, nowMs) : fit(item, cursorMs, loose ? nowMs : null)
    // Once a later row has been on air, or its whole time has passed, a row that never started never will.
    const missed = fact?.startedAtMs == null && (isPassed(item, index) || (fitted.endMs <= nowMs && item.durationMs > 0))
    const gapBeforeMs = cursorMs === null || missed ? 0 : Math.max(0, fitted.startMs - cursorMs)
    if (item.start.kind === 'hard' && !missed) cutAt(planned, fitted.startMs)
    planned.push({
      item,
      state: stateOf(item, fact, missed),
      reason: fact?.proof?.playable === false ? fact.proof.reason : (fact?.endReason ?? null),
      startMs: epochMs(fitted.startMs),
      endMs: epochMs(fitted.endMs),
      actualStartMs: fact?.startedAtMs ?? null,
      actualEndMs: fact?.endedAtMs ?? null,
      lateMs: missed || item.start.kind === 'follow' ? 0 : Math.round(fitted.startMs - item.start.atMs),
      gapBeforeMs,
      // Only the queue knows: `ScheduleService.view`.
      gapFilled: false,
      overrunMs: 0,
    })
    // What STOP ended still has its place on the day: it is joined again when the latch is lifted in time.
    if (!missed)
      cursorMs = fact?.endReason === 'stopped' ? Math.max(fitted.endMs, originOf(fact, fitted.startMs) + item.durationMs) : fitted.endMs
  }
  if (cutAtMs !== null) cutAt(planned, cutAtMs)
  return { items: planned, ...balance(planned, nowMs) }
}

/** A hard start cuts off whatever runs over it; rows that would begin after it are cut off whole. */
function cutAt(planned: readonly PlannedItem[], hardMs: number): void {
  for (const row of planned.toReversed()) {
    if (row.actualEndMs !== null || row.state === 'missed') continue
    if (row.endMs <= hardMs) return
    row.overrunMs = row.endMs - Math.max(row.startMs, hardMs)
    row.startMs = epochMs(Math.min(row.startMs, hardMs))
    row.endMs = epochMs(hardMs)
  }
}

function asStarted(item: RundownItem, fact: ItemFact, nowMs: EpochMs): { startMs: number; endMs: number } {
  const startMs = fact.startedAtMs ?? nowMs
  if (fact.endedAtMs !== null) return { startMs, endMs: fact.endedAtMs }
  const byLengthMs = originOf(fact, startMs) + item.durationMs
  return { startMs, endMs: Math.max(fact.expectedEndMs ?? byLengthMs, Math.min(nowMs, byLengthMs)) }
}

/** What the place in an item counts from. */
export function originOf(fact: Pick<ItemFact, 'originMs'> | undefined, startMs: number): number {
  return fact?.originMs ?? startMs
}

function fit(item: RundownItem, cursorMs: number | null, notBeforeMs: EpochMs | null): { startMs: number; endMs: number } {
  const startMs = Math.max(wantedStart(item, cursorMs), notBeforeMs ?? Number.NEGATIVE_INFINITY)
  return { startMs, endMs: startMs + item.durationMs }
}

function wantedStart(item: RundownItem, cursorMs: number | null): number {
  switch (item.start.kind) {
    case 'hard':
      return item.start.atMs
    case 'soft':
      return Math.max(item.start.atMs, cursorMs ?? Number.NEGATIVE_INFINITY)
    case 'follow':
      return cursorMs === null ? dayStart(item) : cursorMs - crossfadeMsOf(item)
  }
}

/** A day that begins with a follow row begins at midnight. */
function dayStart(item: RundownItem): number {
  return Date.parse(`${item.day}T00:00:00+07:00`)
}

function balance(planned: readonly PlannedItem[], nowMs: EpochMs): { balanceMs: number | null; nextHardStartMs: EpochMs | null } {
  const index = planned.findIndex(
    (row) => row.item.start.kind === 'hard' && row.actualStartMs === null && row.state !== 'missed' && row.startMs > nowMs,
  )
  const hard = planned[index]
  if (!hard) return { balanceMs: null, nextHardStartMs: null }
  const before = planned[index - 1]
  return { nextHardStartMs: hard.startMs, balanceMs: before ? hard.gapBeforeMs - before.overrunMs : null }
}
