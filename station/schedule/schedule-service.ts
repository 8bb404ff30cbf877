// The rundown in operation: loads the days around now, fits them to what is really on air, keeps the audio process's
// queue equal to the fit, proves the next rows playable, and joins by wall clock after a restart. Rows are on the disk
// before their queue is sent; the on-air path itself never waits for this service.
import type { PlayItem } from '../../shared/audio-protocol.ts'
import type { StationConfig } from '../../shared/config.ts'
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { type CartId, ItemId, newId, type OutputId } from '../../shared/domain/ids.ts'
import type { DayPlan, PlannedItem, RundownItem, RundownItemDraft } from '../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, clockText, dayOf, type EpochMs, epochMs } from '../../shared/domain/time.ts'
import type { Store, StoredDay } from '../store/index.ts'
import { buildQueue, insideWindows, joinAt, type Playable, playItem, type QueueContext, rowsAfterFill } from './build-queue.ts'
import { type ItemFact, planDay } from './plan-day.ts'

/** What is on an output now, as far as the rundown needs it. */
export interface OutputNow {
  readonly itemId: ItemId | null
  /** null = nothing on; Infinity = open end. */
  readonly busyUntilMs: number | null
  readonly live: ItemFact['live']
  readonly held: boolean
}

export interface SchedulePorts {
  readonly clock: Clock
  readonly config: StationConfig
  readonly rundown: Store['rundown']
  playable(cartId: CartId): Playable | null
  /** What plays in short gaps: the configured recording, else the first one of class fill. */
  fillCartId(): CartId | null
  /** Opens and checks a recording as if it were to be played. */
  prove(cartId: CartId): Promise<{ playable: boolean; reason: string | null }>
  outputNow(outputId: OutputId): OutputNow
  clockTrusted(): boolean
  setQueue(outputId: OutputId, revision: number, items: PlayItem[]): void
  playNow(outputId: OutputId, item: PlayItem): void
  expectStart(outputId: OutputId, causeId: string): void
  onUnplayable(row: PlannedItem, reason: string): void
  onPlayable(itemId: ItemId): void
  onEdited(day: BroadcastDay, what: string, subject: string): void
  onMissed(row: PlannedItem): void
  onChanged(): void
}

const proveEveryMs = 10_000
/** Rows that start within this are proved (FAULTS S9: T−10 min, and again within the last half minute). */
const proveAheadMs = 10 * 60_000
/** Carriers are keyed this long before a start out of silence, ms. */
const keyAheadMs = 8_000

export class ScheduleService {
  readonly #ports: SchedulePorts
  readonly #days = new Map<BroadcastDay, StoredDay>()
  readonly #facts = new Map<ItemId, ItemFact>()
  readonly #missedSeen = new Set<ItemId>()
  readonly #timers: Timer[] = []
  #queueRevision = 0
  #refitPending = new Set<OutputId>()
  #refitTimer: Timer | null = null

  constructor(ports: SchedulePorts) {
    this.#ports = ports
  }

  /** Loads yesterday, today and tomorrow. Rejects with STORE_UNAVAILABLE. */
  async load(): Promise<void> {
    const today = dayOf(this.#ports.clock.now())
    for (const day of [addDays(today, -1), today, addDays(today, 1)]) await this.#loadDay(day)
  }

  /** Starts the upkeep. Call after adoption. */
  start(): void {
    this.#timers.push(this.#ports.clock.every(proveEveryMs, () => void this.proveNext()))
    this.#timers.push(this.#ports.clock.every(1000, () => this.#tick()))
    this.#ports.onChanged()
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel()
    this.#refitTimer?.cancel()
  }

  // — edits —

  async day(day: BroadcastDay): Promise<DayPlan> {
    if (!this.#days.has(day)) await this.#loadDay(day)
    return this.view(day)
  }

  add(day: BroadcastDay, draft: RundownItemDraft, position: number | null): Promise<DayPlan> {
    return this.#edit(day, `thêm “${draft.title}”`, draft.title, (items) => {
      const item: RundownItem = { ...this.#checked(draft), itemId: newId(ItemId, 'item'), day, position: 0 }
      return items.toSpliced(Math.min(position ?? items.length, items.length), 0, item)
    })
  }

  update(day: BroadcastDay, itemId: ItemId, draft: RundownItemDraft): Promise<DayPlan> {
    return this.#edit(day, `sửa “${draft.title}”`, draft.title, (items) =>
      items.with(this.#editable(items, itemId), { ...this.#checked(draft), itemId, day, position: 0 }),
    )
  }

  move(day: BroadcastDay, itemId: ItemId, position: number): Promise<DayPlan> {
    return this.#edit(day, 'đổi thứ tự', itemId, (items) => {
      const index = this.#editable(items, itemId)
      const item = items[index]
      return item ? items.toSpliced(index, 1).toSpliced(position, 0, item) : items
    })
  }

  remove(day: BroadcastDay, itemId: ItemId): Promise<DayPlan> {
    return this.#edit(day, 'xoá', itemId, (items) => items.toSpliced(this.#editable(items, itemId), 1))
  }

  async undo(day: BroadcastDay): Promise<DayPlan> {
    const undone = await this.#ports.rundown.undo(day)
    if (!undone) throw new OperatorError('NOTHING_TO_UNDO', { day })
    this.#days.set(day, undone.day)
    this.#ports.onEdited(day, `hoàn tác: ${undone.label}`, day)
    this.#refitAll()
    return this.view(day)
  }

  async copyDay(from: BroadcastDay, to: BroadcastDay): Promise<DayPlan> {
    const source = await this.day(from)
    const shiftMs = Date.parse(to) - Date.parse(from)
    const copies = source.items.map(({ item }): RundownItem => {
      const start = item.start.kind === 'follow' ? item.start : { ...item.start, atMs: epochMs(item.start.atMs + shiftMs) }
      return { ...item, itemId: newId(ItemId, 'item'), day: to, start }
    })
    return this.#edit(to, `chép từ ${from}`, from, (items) => [...items, ...copies])
  }

  /** Refuses with CART_IN_USE while a row that is still to come uses the recording. */
  assertUnused(cartId: CartId): void {
    for (const day of this.#days.keys())
      for (const row of this.view(day).items) {
        const uses = 'cartId' in row.item.source && row.item.source.cartId === cartId
        if (uses && row.actualEndMs === null && row.state !== 'missed')
          throw new OperatorError('CART_IN_USE', { title: row.item.title, at: clockText(row.startMs) })
      }
  }

  // — facts from the air —

  itemStarted(_outputId: OutputId, itemId: ItemId, atMs: EpochMs): void {
    const before = this.#facts.get(itemId)
    // Joined again after a restart, or started on a second output: the first start counts.
    const startedAtMs = before?.startedAtMs && before.endedAtMs === null ? before.startedAtMs : atMs
    this.#setFact(itemId, { startedAtMs, endedAtMs: null, endReason: null })
  }

  itemEnded(_outputId: OutputId, itemId: ItemId, atMs: EpochMs, reason: string): void {
    this.#setFact(itemId, { endedAtMs: atMs, endReason: reason })
  }

  plannedStart(itemId: ItemId): EpochMs | null {
    const row = this.#row(itemId)
    return row ? (row.item.start.kind === 'follow' ? row.startMs : row.item.start.atMs) : null
  }

  titleOf(itemId: ItemId): string | null {
    for (const stored of this.#days.values()) {
      const found = stored.items.find(({ item }) => item.itemId === itemId)
      if (found) return found.item.title
    }
    return null
  }

  nextFor(outputId: OutputId): { itemId: ItemId; title: string; startMs: EpochMs; proven: boolean } | null {
    const row = this.#rows().find((one) => one.actualStartMs === null && one.state !== 'missed' && this.#serves(one, outputId))
    return row ? { itemId: row.item.itemId, title: row.item.title, startMs: row.startMs, proven: row.state === 'proven' } : null
  }

  /** The queue of this output is computed and sent again, once per turn of the event loop however often it is asked for. */
  refit(outputId: OutputId): void {
    this.#refitPending.add(outputId)
    this.#refitTimer ??= this.#ports.clock.after(0, () => {
      this.#refitTimer = null
      const outputs = [...this.#refitPending]
      this.#refitPending = new Set()
      for (const one of outputs) this.#sendQueue(one)
      this.#ports.onChanged()
    })
  }

  /** Joins by wall clock what should be on this output now; false when nothing should, or must not start by itself. */
  rejoin(outputId: OutputId): boolean {
    const nowMs = this.#ports.clock.now()
    const rows = this.#rows()
    const due = rows.findLast(
      (row) => this.#serves(row, outputId) && row.startMs <= nowMs && nowMs < shouldEnd(row) && row.state !== 'missed',
    )
    const allowed =
      due !== undefined && this.#ports.clockTrusted() && insideWindows(nowMs, dayOf(nowMs), this.#ports.config.broadcastWindows)
    if (due && allowed) this.#ports.playNow(outputId, joinAt(playItem(due, false, this.#context(outputId)), due.startMs, nowMs))
    this.#sendQueue(outputId, allowed ? due?.item.itemId : undefined)
    return allowed
  }

  /** The wall clock jumped: everything is computed again from it. */
  clockJumped(): void {
    this.#refitAll()
  }

  /** Pre-flight: opens what comes next and marks it proven or unplayable. */
  async proveNext(): Promise<void> {
    const nowMs = this.#ports.clock.now()
    const soon = this.#rows().filter(
      (row, index, rows) =>
        row.actualStartMs === null && row.state !== 'missed' && (row.startMs < nowMs + proveAheadMs || index < nextIndex(rows) + 2),
    )
    let changed = false
    for (const row of soon) {
      const proof = await this.#proof(row.item)
      const before = this.#facts.get(row.item.itemId)?.proof
      if (before?.playable === proof.playable && before.reason === proof.reason) continue
      this.#setFact(row.item.itemId, { proof })
      changed = true
      if (proof.playable) this.#ports.onPlayable(row.item.itemId)
      else this.#ports.onUnplayable(row, proof.reason ?? 'unplayable')
    }
    if (changed) this.#refitAll()
  }

  view(day: BroadcastDay): DayPlan {
    const stored = this.#days.get(day)
    const nowMs = this.#ports.clock.now()
    const fit = this.#fit(day)
    const filled = this.#ports.config.outputs.map(({ id }) => {
      const afterFill = rowsAfterFill(this.#queueFor(id), this.#ports.outputNow(id).itemId)
      return (row: PlannedItem) => !this.#serves(row, id) || afterFill(row.item.itemId)
    })
    return {
      day,
      revision: stored?.revision ?? 0,
      items: fit.items.map((row) => ({ ...row, gapFilled: row.gapBeforeMs > 0 && filled.every((holds) => holds(row)) })),
      balanceMs: fit.balanceMs,
      nextHardStartMs: fit.nextHardStartMs,
      canUndo: stored?.undoLabel != null,
      computedAtMs: nowMs,
    }
  }

  today(): DayPlan {
    return this.view(dayOf(this.#ports.clock.now()))
  }

  // — inside —

  async #loadDay(day: BroadcastDay): Promise<void> {
    const stored = await this.#ports.rundown.day(day)
    this.#days.set(day, stored)
    for (const { item, actualStartMs, actualEndMs, reason, state } of stored.items) {
      if (state === 'missed') this.#missedSeen.add(item.itemId)
      if (actualStartMs !== null && !this.#facts.has(item.itemId))
        this.#setFact(item.itemId, { startedAtMs: actualStartMs, endedAtMs: actualEndMs, endReason: reason }, false)
    }
  }

  async #edit(day: BroadcastDay, label: string, subject: string, change: (items: RundownItem[]) => RundownItem[]): Promise<DayPlan> {
    if (!this.#days.has(day)) await this.#loadDay(day)
    const items = this.#days.get(day)?.items.map((stored) => stored.item) ?? []
    const stored = await this.#ports.rundown.replaceDay(day, change(items), label)
    this.#days.set(day, stored)
    this.#ports.onEdited(day, label, subject)
    this.#refitAll()
    void this.proveNext()
    return this.view(day)
  }

  #editable(items: readonly RundownItem[], itemId: ItemId): number {
    const index = items.findIndex((item) => item.itemId === itemId)
    if (index < 0) throw new OperatorError('NOT_FOUND', { itemId })
    const fact = this.#facts.get(itemId)
    if (fact?.startedAtMs != null && fact.endedAtMs === null && this.#liveOf(itemId) !== null)
      throw new OperatorError('ITEM_ON_AIR', { title: items[index]?.title ?? itemId })
    return index
  }

  /** A draft whose file or input does not exist is refused by name; a file's length is the file's own. */
  #checked(draft: RundownItemDraft): RundownItemDraft {
    const { source } = draft
    if (
      (source.kind === 'live' || source.kind === 'relayLine') &&
      !this.#ports.config.audio.inputs.some((input) => input.id === source.inputId)
    ) {
      throw new OperatorError('INPUT_NOT_CONFIGURED', { inputId: source.inputId })
    }
    if ((source.kind === 'live' || source.kind === 'relayLine' || source.kind === 'relayStream') && draft.durationMs === 0)
      throw new OperatorError('INVALID_INPUT', { field: 'durationMs', value: 0 })
    const unknown = draft.outputIds.find((outputId) => !this.#ports.config.outputs.some((output) => output.id === outputId))
    if (unknown) throw new OperatorError('INVALID_INPUT', { field: 'outputIds', value: unknown })
    if (source.kind !== 'file' && source.kind !== 'jingle') return draft
    const playable = this.#ports.playable(source.cartId)
    if (!playable) throw new OperatorError('NOT_FOUND', { cartId: source.cartId })
    return { ...draft, durationMs: Math.round(playable.frames / 48) }
  }

  #fit(day: BroadcastDay) {
    const nowMs = this.#ports.clock.now()
    const items = this.#days.get(day)?.items.map((stored) => stored.item) ?? []
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

  /** Yesterday is among them: its last row may still be on air, or be joined, after midnight. */
  #rows(): PlannedItem[] {
    const today = dayOf(this.#ports.clock.now())
    return [addDays(today, -1), today, addDays(today, 1)].flatMap((day) => this.#fit(day).items)
  }

  #row(itemId: ItemId): PlannedItem | undefined {
    for (const day of this.#days.keys()) {
      const row = this.#fit(day).items.find((one) => one.item.itemId === itemId)
      if (row) return row
    }
    return undefined
  }

  #liveOf(itemId: ItemId): ItemFact['live'] {
    for (const output of this.#ports.config.outputs) {
      const now = this.#ports.outputNow(output.id)
      if (now.itemId === itemId) return now.live
    }
    return null
  }

  #serves(row: PlannedItem, outputId: OutputId): boolean {
    return row.item.outputIds.length === 0 || row.item.outputIds.includes(outputId)
  }

  #context(outputId: OutputId): QueueContext {
    return {
      outputId,
      config: this.#ports.config,
      fillCartId: this.#ports.fillCartId(),
      playable: (cartId) => this.#ports.playable(cartId),
    }
  }

  #sendQueue(outputId: OutputId, except?: ItemId): void {
    this.#queueRevision += 1
    this.#ports.setQueue(outputId, this.#queueRevision, this.#queueFor(outputId, except))
  }

  /** What this output is to play by itself. `except`: this row is being joined. */
  #queueFor(outputId: OutputId, except?: ItemId): PlayItem[] {
    const now = this.#ports.outputNow(outputId)
    const rows = this.#rows().filter((row) => row.item.itemId !== except && row.item.itemId !== now.itemId)
    const joined = except === undefined ? undefined : this.#row(except)
    const busyUntilMs = joined ? joined.endMs : now.busyUntilMs
    if (!this.#ports.clockTrusted()) return []
    return buildQueue(rows, this.#context(outputId), this.#ports.clock.now(), busyUntilMs).slice(0, 500)
  }

  #refitAll(): void {
    for (const output of this.#ports.config.outputs) this.refit(output.id)
  }

  async #proof(item: RundownItem): Promise<NonNullable<ItemFact['proof']>> {
    if (item.source.kind === 'file' || item.source.kind === 'jingle') return this.#ports.prove(item.source.cartId)
    if (item.source.kind === 'fill' && item.source.cartId) return this.#ports.prove(item.source.cartId)
    return { playable: true, reason: null }
  }

  #setFact(itemId: ItemId, change: Partial<ItemFact>, persist = true): void {
    const before = this.#facts.get(itemId) ?? {
      startedAtMs: null,
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
      .setActual(itemId, { state, reason: fact.endReason, actualStartMs: fact.startedAtMs, actualEndMs: fact.endedAtMs })
      .catch(() => this.#ports.onChanged())
  }

  #tick(): void {
    const nowMs = this.#ports.clock.now()
    const today = dayOf(nowMs)
    if (!this.#days.has(addDays(today, 1))) void this.#loadDay(addDays(today, 1)).then(() => this.#refitAll())
    for (const row of this.#rows()) {
      if (row.state === 'missed' && !this.#missedSeen.has(row.item.itemId)) {
        this.#missedSeen.add(row.item.itemId)
        this.#ports.onMissed(row)
        void this.#ports.rundown
          .setActual(row.item.itemId, { state: 'missed', reason: null, actualStartMs: null, actualEndMs: null })
          .catch(() => this.#ports.onChanged())
      }
    }
    for (const output of this.#ports.config.outputs) {
      const next = this.nextFor(output.id)
      const silent = this.#ports.outputNow(output.id).busyUntilMs === null
      if (silent && next && next.startMs - nowMs < keyAheadMs && next.startMs > nowMs) this.#ports.expectStart(output.id, next.itemId)
    }
    this.#ports.onChanged()
  }
}

/** When a row should be over: one that STOP ended would still be on. */
function shouldEnd(row: PlannedItem): EpochMs {
  if (row.actualEndMs === null) return row.endMs
  return row.reason === 'stopped' ? epochMs(row.startMs + row.item.durationMs) : row.actualEndMs
}

function nextIndex(rows: readonly PlannedItem[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => row.actualStartMs === null && row.state !== 'missed'),
  )
}
