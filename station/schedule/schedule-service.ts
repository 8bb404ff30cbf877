// The rundown in operation: loads the days around now, fits them to what is really on air, keeps the audio process's
// queue equal to the fit, proves the next rows playable, and joins by wall clock after a restart. Rows are on the disk
// before their queue is sent; the on-air path itself never waits for this service.
import type { PlayItem, PlaySource } from '../../shared/audio-protocol.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CartId, ItemId, OutputId } from '../../shared/domain/ids.ts'
import type { DayPlan, PlannedItem } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, clockText, dayOf, type EpochMs, epochMs, type MonotonicMs } from '../../shared/domain/time.ts'
import {
  buildQueue,
  fillSource,
  framesPerMs,
  hasOwnLength,
  insideWindows,
  isFill,
  joinAt,
  playItem,
  type QueueContext,
  rowsAfterFill,
} from './build-queue.ts'
import { DayEdits } from './day-edits.ts'
import { rowsToCome } from './output-rows.ts'
import { isFor } from './plan-day.ts'
import type { SchedulePorts } from './ports.ts'
import { RowProofs } from './row-proofs.ts'
import { RundownState } from './rundown-state.ts'

const proveEveryMs = 10_000
/** Carriers are keyed this long before a start out of silence, ms. */
const keyAheadMs = 8_000
/** An item that ended so was heard to where it was to be heard: what another output does with it afterwards changes nothing. */
const wholeReasons: ReadonlySet<string> = new Set(['finished', 'fixedEnd', 'hardStart'])
/** Two outputs begin the same row within moments of each other: one that has not after this long will not by itself, ms. */
const joinAfterMs = 5_000

export class ScheduleService {
  readonly #ports: SchedulePorts
  readonly #state: RundownState
  readonly edits: DayEdits
  readonly #timers: Timer[] = []
  #queueRevision = 0
  #refitPending = new Set<OutputId>()
  #refitTimer: Timer | null = null
  #needing: Promise<void> | null = null
  /** When each output was last told to join a row. */
  readonly #joinedMs = new Map<OutputId, MonotonicMs>()
  readonly #proofs: RowProofs
  #missedAtLastLook: ReadonlySet<ItemId> = new Set()

  constructor(ports: SchedulePorts) {
    this.#ports = ports
    this.#state = new RundownState(ports)
    this.#proofs = new RowProofs(ports, this.#state)
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
    for (const day of this.#state.nearDays()) await this.#state.need(day)
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

  /** Refuses with CART_IN_USE while a row that is still to come uses the recording, on whatever day. */
  async assertUnused(cartId: CartId): Promise<void> {
    const [yesterday = dayOf(this.#ports.clock.now())] = this.#state.nearDays()
    for (const day of await this.#ports.rundown.daysUsing(cartId, yesterday)) await this.#state.need(day)
    for (const day of this.#state.days())
      for (const row of this.view(day).items) {
        const uses = 'cartId' in row.item.source && row.item.source.cartId === cartId
        if (uses && row.actualEndMs === null && row.state !== 'missed')
          throw new OperatorError('CART_IN_USE', { title: row.item.title, at: clockText(row.startMs) })
      }
  }

  // — facts from the air —

  /** @param startFrame where in its sound it began: an item that is joined in its middle began before it was heard */
  itemStarted(outputId: OutputId, itemId: ItemId, atMs: EpochMs, startFrame: number): void {
    const before = this.#state.fact(itemId)
    const isFirst = before?.begunOn?.includes(outputId) === false
    this.#state.began(itemId, outputId)
    // An output that is behind begins what another has finished: the row has its times.
    if (isFirst && before.endedAtMs !== null && before.endReason !== 'stopped') return
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

  itemEnded(outputId: OutputId, itemId: ItemId, atMs: EpochMs, reason: string): void {
    this.#state.ended(itemId, outputId)
    const before = this.#state.fact(itemId)
    if (before?.endedAtMs != null && wholeReasons.has(before.endReason ?? '')) return
    this.#state.setFact(itemId, { endedAtMs: atMs, endReason: reason })
  }

  plannedStart(itemId: ItemId): EpochMs | null {
    return this.#state.plannedStart(itemId)
  }

  titleOf(itemId: ItemId): string | null {
    return this.#state.titleOf(itemId)
  }

  nextFor(outputId: OutputId): { itemId: ItemId; title: string; startMs: EpochMs; proven: boolean } | null {
    const [row] = this.#toCome(outputId, null)
    if (row === undefined) return null
    const isProven = row.state === 'proven' || row.actualStartMs !== null
    return { itemId: row.item.itemId, title: row.item.title, startMs: row.startMs, proven: isProven }
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
    const joined = this.#due(outputId)
    if (joined) {
      this.#joinedMs.set(outputId, this.#ports.clock.monotonic())
      const [item, originMs] = [playItem(joined, false, this.#context(outputId)), this.#state.originMs(joined)]
      const endAtMs = item.endAtMs === null ? null : epochMs(originMs + joined.item.durationMs)
      this.#ports.playNow(outputId, joinAt({ ...item, endAtMs }, originMs, nowMs), held)
    }
    this.#sendQueue(outputId, joined?.item.itemId)
    return joined?.item.itemId ?? null
  }

  /** What should be on this output by the wall clock. What has ended stays ended, but for what STOP silenced. */
  #due(outputId: OutputId): PlannedItem | undefined {
    const nowMs = this.#ports.clock.now()
    if (!this.#ports.clockTrusted() || !insideWindows(nowMs, this.#ports.config.broadcastWindows)) return undefined
    const isOver = (row: PlannedItem) =>
      row.reason !== 'stopped' && (row.actualEndMs !== null || this.#state.hasEnded(row.item.itemId, outputId))
    const isDue = (row: PlannedItem) =>
      isFor(row.item, outputId) && row.state !== 'missed' && !isOver(row) && row.startMs <= nowMs && nowMs < this.#state.shouldEndMs(row)
    return this.#state.rows(outputId).findLast(isDue)
  }

  /** The wall clock jumped: everything is computed again from it, and what should be on by now is joined where nothing is. */
  async clockJumped(): Promise<void> {
    await this.#needDays()
    this.#joinOrRefit()
  }

  /** What is due for a moment only is about to begin by itself. */
  #joinOrRefit(): void {
    const nowMs = this.#ports.clock.now()
    for (const { id } of this.#ports.config.outputs) {
      const due = this.#ports.outputNow(id).free && !this.#isJoining(id) ? this.#due(id) : undefined
      if (due === undefined || nowMs - due.startMs < joinAfterMs || !this.rejoin(id)) this.refit(id)
    }
  }

  /** Pre-flight: opens what comes next and marks it proven or unplayable. */
  async proveNext(): Promise<void> {
    if (await this.#proofs.proveNext()) this.#refitAll()
  }

  view(day: BroadcastDay): DayPlan {
    const stored = this.#state.stored(day)
    const nowMs = this.#ports.clock.now()
    const fit = this.#state.fit(day)
    const filled = this.#ports.config.outputs.map(({ id }) => {
      const afterFill = rowsAfterFill(this.#queueFor(id), this.#ports.outputNow(id).itemId)
      return (row: PlannedItem) => !isFor(row.item, id) || afterFill(row.item.itemId)
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

  #toCome(outputId: OutputId, joining: ItemId | null): PlannedItem[] {
    return rowsToCome(this.#state.rows(outputId), this.#state.place(outputId, joining), this.#ports.clock.now())
  }

  #context(outputId: OutputId): QueueContext {
    return {
      outputId,
      config: this.#ports.config,
      fillCartId: this.#ports.fillCartId(),
      playable: (cartId) => this.#ports.playable(cartId),
    }
  }

  #sendQueue(outputId: OutputId, joining?: ItemId): void {
    this.#queueRevision += 1
    this.#ports.setQueue(outputId, this.#queueRevision, this.#queueFor(outputId, joining))
  }

  /** What this output is to play by itself. `joining`: this row is being joined. */
  #queueFor(outputId: OutputId, joining: ItemId | null = null): PlayItem[] {
    if (!this.#ports.clockTrusted()) return []
    const joined = joining === null ? undefined : this.#state.row(joining)
    const busyUntilMs = joined ? joined.endMs : this.#ports.outputNow(outputId).busyUntilMs
    return buildQueue(this.#toCome(outputId, joining), this.#context(outputId), this.#ports.clock.now(), busyUntilMs).slice(0, 500)
  }

  #refitAll(): void {
    for (const output of this.#ports.config.outputs) this.refit(output.id)
  }

  #tick(): void {
    const nowMs = this.#ports.clock.now()
    void this.#needDays()
    this.#tellMissed()
    for (const output of this.#ports.config.outputs) {
      this.#joinTheOthers(output.id)
      const next = this.nextFor(output.id)
      const silent = this.#ports.outputNow(output.id).busyUntilMs === null
      if (silent && next && next.startMs - nowMs < keyAheadMs && next.startMs > nowMs) this.#ports.expectStart(output.id, next.itemId)
    }
    this.#ports.onChanged()
  }

  /** What it was just told to join is on its way. */
  #isJoining(outputId: OutputId): boolean {
    return this.#ports.clock.monotonic() - (this.#joinedMs.get(outputId) ?? Number.NEGATIVE_INFINITY) < joinAfterMs
  }

  /** An output that came free too late to play what the others began joins it where they are. */
  #joinTheOthers(outputId: OutputId): void {
    const { free, itemId, live } = this.#ports.outputNow(outputId)
    if (!free && !(itemId !== null && isFill(itemId) && live === 'onAir')) return
    if (this.#isJoining(outputId)) return
    const due = this.#due(outputId)
    if (due === undefined || due.actualStartMs === null || this.#ports.clock.now() - due.actualStartMs < joinAfterMs) return
    if (this.#state.fact(due.item.itemId)?.begunOn?.includes(outputId) === false) this.rejoin(outputId)
  }

  /** The days around now, also after a jump of the clock or a long sleep of the computer. */
  #needDays(): Promise<void> {
    const lacking = this.#state.nearDays().filter((day) => this.#state.stored(day) === undefined)
    if (lacking.length === 0) return this.#needing ?? Promise.resolve()
    this.#needing ??= this.#readDays(lacking).finally(() => {
      this.#needing = null
    })
    return this.#needing
  }

  async #readDays(days: readonly BroadcastDay[]): Promise<void> {
    try {
      for (const day of days) await this.#state.need(day)
      this.#joinOrRefit()
    } catch {
      // The store tells its own trouble; asked again at the next look.
    }
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
