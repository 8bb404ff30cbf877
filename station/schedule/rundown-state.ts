// The days around now as they are stored, with what is known of each row: what it did, what is on air at this moment, whether it
// was proved. Everything computed of the rundown is computed from here.
import type { ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { ItemState, PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, dayOf, type EpochMs, epochMs, startOfDay } from '../../shared/domain/time.ts'
import type { StoredDay } from '../store/index.ts'
import { type DayFit, type ItemFact, noFact, originOf, planDay } from './plan-day.ts'
import type { OutputPlace } from './output-rows.ts'
import type { OutputNow, SchedulePorts } from './ports.ts'

/** On air, or still to come. */
const unfinished: ReadonlySet<ItemState> = new Set(['planned', 'proven', 'unplayable', 'onAir', 'held', 'interrupted'])

export class RundownState {
  readonly #ports: SchedulePorts
  readonly #days = new Map<BroadcastDay, StoredDay>()
  readonly #facts = new Map<ItemId, ItemFact>()
  /** Rows that an output has ended itself. */
  readonly #endedOn = new Map<OutputId, Set<ItemId>>()
  /** The row each output began last. */
  readonly #lastOn = new Map<OutputId, ItemId>()
  /** Rows that are known to be missed: told once. */
  readonly missedSeen = new Set<ItemId>()

  constructor(ports: SchedulePorts) {
    this.#ports = ports
  }

  days(): BroadcastDay[] {
    return [...this.#days.keys()]
  }

  stored(day: BroadcastDay): StoredDay | undefined {
    return this.#days.get(day)
  }

  /** The rows of a day as they were edited. */
  items(day: BroadcastDay): RundownItem[] {
    return this.#days.get(day)?.items.map((stored) => stored.item) ?? []
  }

  /** A day as it has just been written. */
  replace(stored: StoredDay): void {
    this.#days.set(stored.day, stored)
  }

  fact(itemId: ItemId): ItemFact | undefined {
    return this.#facts.get(itemId)
  }

  /** Reads a day that is not here yet. Rejects with STORE_UNAVAILABLE. */
  async need(day: BroadcastDay): Promise<void> {
    if (!this.#days.has(day)) await this.#loadDay(day)
  }

  plannedStart(itemId: ItemId): EpochMs | null {
    const row = this.row(itemId)
    return row ? (row.item.start.kind === 'follow' ? row.startMs : row.item.start.atMs) : null
  }

  titleOf(itemId: ItemId): string | null {
    for (const stored of this.#days.values()) {
      const found = stored.items.find(({ item }) => item.itemId === itemId)
      if (found) return found.item.title
    }
    return null
  }

  /** Around now: yesterday's last row may still be on air, or be joined, after midnight. */
  nearDays(): BroadcastDay[] {
    const today = dayOf(this.#ports.clock.now())
    return [addDays(today, -1), today, addDays(today, 1)]
  }

  /** The rows of these days. `as`: with what is on air as this output has it. */
  rows(as: OutputId | null = null): PlannedItem[] {
    return this.nearDays().flatMap((day) => this.fit(day, this.items(day), as).items)
  }

  began(itemId: ItemId, outputId: OutputId): void {
    const before = this.fact(itemId) ?? noFact
    // What began before this boot may have begun anywhere.
    if (before.startedAtMs === null || before.begunOn !== null)
      this.setFact(itemId, { begunOn: [...new Set([...(before.begunOn ?? []), outputId])] })
    this.#endedOn.get(outputId)?.delete(itemId)
    if (this.titleOf(itemId) !== null) this.#lastOn.set(outputId, itemId)
  }

  ended(itemId: ItemId, outputId: OutputId): void {
    this.#endedOn.set(outputId, (this.#endedOn.get(outputId) ?? new Set()).add(itemId))
  }

  hasEnded(itemId: ItemId, outputId: OutputId): boolean {
    return this.#endedOn.get(outputId)?.has(itemId) === true
  }

  /** Where this output is. `joining`: a row it is just told to join. */
  place(outputId: OutputId, joining: ItemId | null): OutputPlace {
    const { itemId } = this.#ports.outputNow(outputId)
    const onRow = itemId !== null && this.titleOf(itemId) !== null ? itemId : null
    return {
      outputId,
      itemId: joining ?? onRow ?? this.#lastOn.get(outputId) ?? null,
      busy: joining !== null || itemId !== null,
      began: (of) => this.fact(of)?.begunOn?.includes(outputId) ?? null,
    }
  }

  /** Rows of the day before that go over this day's midnight, as long as they are on air, still to come or to be joined again. */
  carriedInto(day: BroadcastDay): PlannedItem[] {
    const today = dayOf(this.#ports.clock.now())
    if (day < today) return []
    const midnightMs = startOfDay(day)
    // After midnight whatever is left of the evening has gone over it, also a row that was to be over before and waits for a hand.
    const isLeft = (row: PlannedItem) =>
      unfinished.has(row.state) || (row.reason === 'stopped' && this.shouldEndMs(row) > this.#ports.clock.now())
    return this.fit(addDays(day, -1)).items.filter((row) => isLeft(row) && (day === today || row.endMs > midnightMs))
  }

  /** When a row should be over: one that STOP ended would still be on, and is joined again when the latch is lifted in time. */
  shouldEndMs(row: PlannedItem): EpochMs {
    if (row.actualEndMs === null) return row.endMs
    return row.reason === 'stopped' ? epochMs(this.originMs(row) + row.item.durationMs) : row.actualEndMs
  }

  /** What the place in a row counts from. */
  originMs(row: PlannedItem): EpochMs {
    return epochMs(originOf(this.#facts.get(row.item.itemId), row.startMs))
  }

  row(itemId: ItemId): PlannedItem | undefined {
    for (const day of this.#days.keys()) {
      const row = this.fit(day).items.find((one) => one.item.itemId === itemId)
      if (row) return row
    }
    return undefined
  }

  liveOf(itemId: ItemId): ItemFact['live'] {
    for (const output of this.#ports.config.outputs) {
      const now = this.#ports.outputNow(output.id)
      if (now.itemId === itemId) return now.live
    }
    return null
  }

  /** `items`: as the day would be with these rows. `as`: with what is on air as this output has it; null = as the foremost has it. */
  fit(day: BroadcastDay, items: readonly RundownItem[] = this.items(day), as: OutputId | null = null): DayFit {
    const nowMs = this.#ports.clock.now()
    const facts = this.#factsNow(as)
    const last = planDay(this.items(addDays(day, -1)), facts, nowMs, null, this.#firstHardMs(day)).items.at(-1)
    return planDay(items, facts, nowMs, last && last.endMs > startOfDay(day) ? last.endMs : null, this.#firstHardMs(addDays(day, 1)))
  }

  /** Where this day's first hard start is, which cuts off what runs over its midnight; one that never came cuts nothing. */
  #firstHardMs(day: BroadcastDay): EpochMs | null {
    const nowMs = this.#ports.clock.now()
    for (const { itemId, start, durationMs } of this.items(day)) {
      if (start.kind !== 'hard') continue
      const never = this.#facts.get(itemId)?.startedAtMs == null && start.atMs + durationMs <= nowMs
      if (!never) return start.atMs
    }
    return null
  }

  setFact(itemId: ItemId, change: Partial<ItemFact>, persist = true): void {
    const before = this.#facts.get(itemId) ?? noFact
    const fact = { ...before, ...change }
    this.#facts.set(itemId, fact)
    if (!persist || fact.startedAtMs === null || (!('startedAtMs' in change) && !('endedAtMs' in change))) return
    const state = fact.endedAtMs === null ? 'onAir' : 'aired'
    this.#ports.rundown
      .setActual(itemId, {
        state,
        reason: fact.endReason,
        actualStartMs: fact.startedAtMs,
        actualEndMs: fact.endedAtMs,
        originMs: fact.originMs,
      })
      .catch(() => this.#ports.onChanged())
  }

  async #loadDay(day: BroadcastDay): Promise<void> {
    const stored = await this.#ports.rundown.day(day)
    this.#days.set(day, stored)
    for (const { item, actualStartMs, actualEndMs, originMs, reason, state } of stored.items) {
      if (state === 'missed') this.missedSeen.add(item.itemId)
      if (actualStartMs !== null && !this.#facts.has(item.itemId))
        this.setFact(item.itemId, { startedAtMs: actualStartMs, originMs, endedAtMs: actualEndMs, endReason: reason }, false)
    }
  }

  /** Facts with what the outputs are doing at this moment: where several have the same row, as `as` has it, else the foremost. */
  #factsNow(as: OutputId | null): ReadonlyMap<ItemId, ItemFact> {
    const facts = new Map(this.#facts)
    for (const { now } of this.#outputsHindmostFirst(as)) {
      const fact = now.itemId === null ? undefined : facts.get(now.itemId)
      // One that another output finished before is that output's: what this one does with it moves nothing.
      if (now.itemId === null || !fact || fact.endedAtMs !== null) continue
      const expectedEndMs = now.busyUntilMs !== null && Number.isFinite(now.busyUntilMs) ? epochMs(now.busyUntilMs) : null
      facts.set(now.itemId, { ...fact, expectedEndMs, live: now.live })
    }
    return facts
  }

  #outputsHindmostFirst(as: OutputId | null): readonly { readonly id: OutputId; readonly now: OutputNow }[] {
    // One that plays is before one that waits, and one that ends sooner before one that ends later.
    const rank = ({ id, now }: { id: OutputId; now: OutputNow }) => (id === as ? 2 : now.live === 'onAir' ? 1 : 0)
    const endMs = ({ now }: { now: OutputNow }) => now.busyUntilMs ?? Infinity
    const outputs = this.#ports.config.outputs.map(({ id }) => ({ id, now: this.#ports.outputNow(id) }))
    return outputs.toSorted((a, b) => rank(a) - rank(b) || Math.sign(endMs(b) - endMs(a) || 0))
  }
}
