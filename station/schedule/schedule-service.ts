// The rundown in operation: loads the days around now, fits them to what is really on air, keeps the audio process's
// queue equal to the fit, proves the next rows playable, and joins by wall clock after a restart. Rows are on the disk
// before their queue is sent; the on-air path itself never waits for this service.
import type { PlayItem, PlaySource } from '../../shared/audio-protocol.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CartId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { DayPlan, PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import { addDays, type BroadcastDay, clockText, dayOf, type EpochMs, epochMs } from '../../shared/domain/time.ts'
import {
  buildQueue,
  fillSource,
  framesPerMs,
  hasOwnLength,
  insideWindows,
  joinAt,
  playItem,
  type QueueContext,
  rowsAfterFill,
} from './build-queue.ts'
import { DayEdits } from './day-edits.ts'
import { type ItemFact, originOf } from './plan-day.ts'
import type { SchedulePorts } from './ports.ts'
import { RundownState } from './rundown-state.ts'

const proveEveryMs = 10_000
/** Rows that start within this are proved (FAULTS S9: T−10 min, and again within the last half minute). */
const proveAheadMs = 10 * 60_000
/** Carriers are keyed this long before a start out of silence, ms. */
const keyAheadMs = 8_000

export class ScheduleService {
  readonly #ports: SchedulePorts
  readonly #state: RundownState
  readonly edits: DayEdits
  readonly #timers: Timer[] = []
  #queueRevision = 0
  #refitPending = new Set<OutputId>()
  #refitTimer: Timer | null = null
  #missedAtLastLook: ReadonlySet<ItemId> = new Set()

  constructor(ports: SchedulePorts) {
    this.#ports = ports
    this.#state = new RundownState(ports)
    this.edits = new DayEdits(
      ports,
      this.#state,
      (day) => this.view(day),
      () => {
        this.#refitAll()
        void this.proveNext()
      },
    )
  }

  /** Loads yesterday, today and tomorrow. Rejects with STORE_UNAVAILABLE. */
  async load(): Promise<void> {
    const today = dayOf(this.#ports.clock.now())
    for (const day of [addDays(today, -1), today, addDays(today, 1)]) await this.#state.need(day)
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

  /** Refuses with CART_IN_USE while a row that is still to come uses the recording. */
  assertUnused(cartId: CartId): void {
    for (const day of this.#state.days())
      for (const row of this.view(day).items) {
        const uses = 'cartId' in row.item.source && row.item.source.cartId === cartId
        if (uses && row.actualEndMs === null && row.state !== 'missed')
          throw new OperatorError('CART_IN_USE', { title: row.item.title, at: clockText(row.startMs) })
      }
  }

  // — facts from the air —

  /** @param startFrame where in its sound it began: an item that is joined in its middle began before it was heard */
  itemStarted(_outputId: OutputId, itemId: ItemId, atMs: EpochMs, startFrame: number): void {
    const before = this.#state.fact(itemId)
    // Joined again after a restart, or started on a second output: the first start counts.
    const isOn = before !== undefined && before.startedAtMs !== null && before.endedAtMs === null
    const originMs = isOn ? before.originMs : this.#beganMs(itemId, atMs, startFrame)
    this.#state.setFact(itemId, { startedAtMs: isOn ? before.startedAtMs : atMs, originMs, endedAtMs: null, endReason: null })
  }

  /** A relay or a microphone has no place of its own: it began when it was due, however often it is joined, and ends by that. */
  #beganMs(itemId: ItemId, atMs: EpochMs, startFrame: number): EpochMs {
    const row = this.#state.row(itemId)
    if (row === undefined || hasOwnLength(row.item)) return epochMs(Math.round(atMs - startFrame / framesPerMs))
    return this.#state.fact(itemId)?.originMs ?? epochMs(Math.min(atMs, row.startMs))
  }

  itemEnded(_outputId: OutputId, itemId: ItemId, atMs: EpochMs, reason: string): void {
    this.#state.setFact(itemId, { endedAtMs: atMs, endReason: reason })
  }

  plannedStart(itemId: ItemId): EpochMs | null {
    return this.#state.plannedStart(itemId)
  }

  titleOf(itemId: ItemId): string | null {
    return this.#state.titleOf(itemId)
  }

  nextFor(outputId: OutputId): { itemId: ItemId; title: string; startMs: EpochMs; proven: boolean } | null {
    const row = this.#state.rows().find((one) => one.actualStartMs === null && one.state !== 'missed' && this.#serves(one, outputId))
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
    return this.#join(outputId, false) !== null
  }

  /** The same, but it waits for a hand: what waits there, or null. */
  rejoinHeld(outputId: OutputId): ItemId | null {
    return this.#join(outputId, true)
  }

  #join(outputId: OutputId, held: boolean): ItemId | null {
    const nowMs = this.#ports.clock.now()
    const rows = this.#state.rows()
    const due = rows.findLast(
      (row) => this.#serves(row, outputId) && row.startMs <= nowMs && nowMs < this.#shouldEndMs(row) && row.state !== 'missed',
    )
    const allowed = due !== undefined && this.#ports.clockTrusted() && insideWindows(nowMs, this.#ports.config.broadcastWindows)
    const joined = allowed ? due : undefined
    if (joined) {
      const [item, originMs] = [playItem(joined, false, this.#context(outputId)), this.#originMs(joined)]
      const endAtMs = item.endAtMs === null ? null : epochMs(originMs + joined.item.durationMs)
      this.#ports.playNow(outputId, joinAt({ ...item, endAtMs }, originMs, nowMs), held)
    }
    this.#sendQueue(outputId, joined?.item.itemId)
    return joined?.item.itemId ?? null
  }

  /** The wall clock jumped: everything is computed again from it. */
  clockJumped(): void {
    this.#refitAll()
  }

  /** Pre-flight: opens what comes next and marks it proven or unplayable. */
  async proveNext(): Promise<void> {
    const nowMs = this.#ports.clock.now()
    const soon = this.#state
      .rows()
      .filter(
        (row, index, rows) =>
          row.actualStartMs === null && row.state !== 'missed' && (row.startMs < nowMs + proveAheadMs || index < nextIndex(rows) + 2),
      )
    let changed = false
    for (const row of soon) {
      const proof = await this.#proof(row.item)
      const before = this.#state.fact(row.item.itemId)?.proof
      if (before?.playable === proof.playable && before.reason === proof.reason) continue
      this.#state.setFact(row.item.itemId, { proof })
      changed = true
      if (proof.playable) this.#ports.onPlayable(row.item.itemId)
      else this.#ports.onUnplayable(row, proof.reason ?? 'unplayable')
    }
    if (changed) this.#refitAll()
  }

  view(day: BroadcastDay): DayPlan {
    const stored = this.#state.stored(day)
    const nowMs = this.#ports.clock.now()
    const fit = this.#state.fit(day)
    const filled = this.#ports.config.outputs.map(({ id }) => {
      const afterFill = rowsAfterFill(this.#queueFor(id), this.#ports.outputNow(id).itemId)
      return (row: PlannedItem) => !this.#serves(row, id) || afterFill(row.item.itemId)
    })
    const shown = (rows: readonly PlannedItem[]) =>
      rows.map((row) => ({ ...row, gapFilled: row.gapBeforeMs > 0 && filled.every((holds) => holds(row)) }))
    return {
      day,
      revision: stored?.revision ?? 0,
      items: shown(fit.items),
      carried: shown(this.#state.carriedInto(day)),
      balanceMs: fit.balanceMs,
      nextHardStartMs: fit.nextHardStartMs,
      canUndo: stored?.undoLabel != null,
      computedAtMs: nowMs,
    }
  }

  today(): DayPlan {
    return this.view(dayOf(this.#ports.clock.now()))
  }

  /** What sounds where an item cannot be trusted to: the station's fill; null = it has none. */
  fallbackSource(outputId: OutputId): PlaySource | null {
    return fillSource(this.#context(outputId))
  }

  // — inside —

  #originMs(row: PlannedItem): EpochMs {
    return epochMs(originOf(this.#state.fact(row.item.itemId), row.startMs))
  }

  /** When a row should be over: one that STOP ended would still be on. */
  #shouldEndMs(row: PlannedItem): EpochMs {
    if (row.actualEndMs === null) return row.endMs
    return row.reason === 'stopped' ? epochMs(this.#originMs(row) + row.item.durationMs) : row.actualEndMs
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
    const rows = this.#state.rows().filter((row) => row.item.itemId !== except && row.item.itemId !== now.itemId)
    const joined = except === undefined ? undefined : this.#state.row(except)
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

  #tick(): void {
    const nowMs = this.#ports.clock.now()
    const today = dayOf(nowMs)
    if (!this.#state.stored(addDays(today, 1))) void this.#state.need(addDays(today, 1)).then(() => this.#refitAll())
    this.#tellMissed()
    for (const output of this.#ports.config.outputs) {
      const next = this.nextFor(output.id)
      const silent = this.#ports.outputNow(output.id).busyUntilMs === null
      if (silent && next && next.startMs - nowMs < keyAheadMs && next.startMs > nowMs) this.#ports.expectStart(output.id, next.itemId)
    }
    this.#ports.onChanged()
  }

  /** Told at the second look: a station that was held up has read by then what the audio process had to say meanwhile. */
  #tellMissed(): void {
    const missed = this.#state.rows().filter((row) => row.state === 'missed' && !this.#state.missedSeen.has(row.item.itemId))
    const before = this.#missedAtLastLook
    this.#missedAtLastLook = new Set(missed.map((row) => row.item.itemId))
    for (const row of missed.filter(({ item }) => before.has(item.itemId))) {
      this.#state.missedSeen.add(row.item.itemId)
      this.#ports.onMissed(row)
      void this.#ports.rundown
        .setActual(row.item.itemId, { state: 'missed', reason: null, actualStartMs: null, actualEndMs: null, originMs: null })
        .catch(() => this.#ports.onChanged())
    }
  }
}

function nextIndex(rows: readonly PlannedItem[]): number {
  return Math.max(
    0,
    rows.findIndex((row) => row.actualStartMs === null && row.state !== 'missed'),
  )
}
