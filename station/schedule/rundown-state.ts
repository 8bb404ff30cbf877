// The days around now as they are stored, with what is known of each row: what it did, what is on air at this moment, whether it
// was proved. Everything computed of the rundown is computed from here.
import type { ItemId } from '../../shared/domain/ids.ts'
import type { ItemState, PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, dayOf, type EpochMs, epochMs, startOfDay } from '../../shared/domain/time.ts'
import type { StoredDay } from '../store/index.ts'
import { type DayFit, type ItemFact, planDay } from './plan-day.ts'
import type { SchedulePorts } from './ports.ts'

/** On air, or still to come. */
const unfinished: ReadonlySet<ItemState> = new Set(['planned', 'proven', 'unplayable', 'onAir', 'held', 'interrupted'])

export class RundownState {
  readonly #ports: SchedulePorts
  readonly #days = new Map<BroadcastDay, StoredDay>()
  readonly #facts = new Map<ItemId, ItemFact>()
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

  /** Yesterday is among them: its last row may still be on air, or be joined, after midnight. */
  rows(): PlannedItem[] {
    const today = dayOf(this.#ports.clock.now())
    return [addDays(today, -1), today, addDays(today, 1)].flatMap((day) => this.fit(day).items)
  }

  /** Rows of the day before that go over this day's midnight, as long as they are on air or still to come. */
  carriedInto(day: BroadcastDay): PlannedItem[] {
    const today = dayOf(this.#ports.clock.now())
    if (day < today) return []
    const midnightMs = startOfDay(day)
    // After midnight whatever is left of the evening has gone over it, also a row that was to be over before and waits for a hand.
    return this.fit(addDays(day, -1)).items.filter((row) => unfinished.has(row.state) && (day === today || row.endMs > midnightMs))
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

  /** `items`: as the day would be with these rows. */
  fit(day: BroadcastDay, items: readonly RundownItem[] = this.items(day)): DayFit {
    const nowMs = this.#ports.clock.now()
    const yesterday = this.#days.get(addDays(day, -1))
    const last =
      yesterday &&
      planDay(
        yesterday.items.map((stored) => stored.item),
        this.#factsNow(),
        nowMs,
      ).items.at(-1)
    const midnightMs = Date.parse(`${day}T00:00:00+07:00`)
    return planDay(items, this.#factsNow(), nowMs, last && last.endMs > midnightMs ? last.endMs : null)
  }

  setFact(itemId: ItemId, change: Partial<ItemFact>, persist = true): void {
    const before = this.#facts.get(itemId) ?? {
      startedAtMs: null,
      originMs: null,
      endedAtMs: null,
      endReason: null,
      expectedEndMs: null,
      live: null,
      proof: null,
    }
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

  /** Facts with what the outputs are doing at this moment. */
  #factsNow(): ReadonlyMap<ItemId, ItemFact> {
    const facts = new Map(this.#facts)
    for (const output of this.#ports.config.outputs) {
      const now = this.#ports.outputNow(output.id)
      const fact = now.itemId === null ? undefined : facts.get(now.itemId)
      if (now.itemId === null || !fact) continue
      const expectedEndMs = now.busyUntilMs !== null && Number.isFinite(now.busyUntilMs) ? epochMs(now.busyUntilMs) : null
      facts.set(now.itemId, { ...fact, expectedEndMs, live: now.live })
    }
    return facts
  }
}
