// Edits of a day's rundown: add, change, move, delete, undo, copy. What is or was on air is not edited, what cannot be played is refused
// by name, and an edit is on the disk before anything is computed from it.
import { OperatorError } from '../../shared/domain/errors.ts'
import { ItemId, newId } from '../../shared/domain/ids.ts'
import type { DayPlan, PlannedItem, RundownItem, RundownItemDraft } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, epochMs } from '../../shared/domain/time.ts'
import type { SchedulePorts } from './ports.ts'
import type { RundownState } from './rundown-state.ts'

/** A change by somebody else than the operator, who is named in the logbook. */
export interface Rewrite {
  readonly label: string
  readonly subject: string
  readonly actor: string
  /** The new rows; null = leave it as it is. `check` refuses drafts as it does an operator's. */
  change(plan: readonly PlannedItem[], check: (draft: RundownItemDraft) => RundownItemDraft): readonly RundownItem[] | null
  /** Sees the day before and after, and may stop the change. */
  accept?(before: readonly PlannedItem[], after: readonly PlannedItem[]): boolean
}

export class DayEdits {
  readonly #ports: SchedulePorts
  readonly #state: RundownState
  readonly #view: (day: BroadcastDay) => DayPlan
  readonly #edited: () => void
  /** One edit at a time: the next one sees what the one before wrote. */
  #turn: Promise<unknown> = Promise.resolve()

  /** @param edited a day was changed on the disk: fit, queue and proofs follow */
  constructor(ports: SchedulePorts, state: RundownState, view: (day: BroadcastDay) => DayPlan, edited: () => void) {
    this.#ports = ports
    this.#state = state
    this.#view = view
    this.#edited = edited
  }

  async day(day: BroadcastDay): Promise<DayPlan> {
    await this.#state.need(day)
    return this.#view(day)
  }

  add(day: BroadcastDay, draft: RundownItemDraft, position: number | null, actor = 'operator'): Promise<DayPlan> {
    return this.#edit(day, `thêm “${draft.title}”`, draft.title, actor, (items) => {
      const item: RundownItem = { ...this.#checked(draft), itemId: newId(ItemId, 'item'), day, position: 0 }
      return items.toSpliced(Math.min(position ?? items.length, items.length), 0, item)
    })
  }

  update(day: BroadcastDay, itemId: ItemId, draft: RundownItemDraft, actor = 'operator'): Promise<DayPlan> {
    return this.#edit(day, `sửa “${draft.title}”`, draft.title, actor, (items) =>
      items.with(this.#editable(items, itemId), {
        ...this.#checked(draft),
        itemId,
        day,
        position: 0,
        ...touchedOrigin(items.find((item) => item.itemId === itemId)),
      }),
    )
  }

  move(day: BroadcastDay, itemId: ItemId, position: number, actor = 'operator'): Promise<DayPlan> {
    return this.#edit(
      day,
      (items) => named('đổi thứ tự', items, itemId),
      itemId,
      actor,
      (items) => {
        const index = this.#editable(items, itemId)
        const item = items[index]
        return item ? items.toSpliced(index, 1).toSpliced(position, 0, { ...item, ...touchedOrigin(item) }) : items
      },
    )
  }

  remove(day: BroadcastDay, itemId: ItemId, actor = 'operator'): Promise<DayPlan> {
    return this.#edit(
      day,
      (items) => named('xoá', items, itemId),
      itemId,
      actor,
      (items) => items.toSpliced(this.#editable(items, itemId), 1),
    )
  }

  /** Whether the change was made. */
  rewrite(day: BroadcastDay, how: Rewrite): Promise<boolean> {
    return this.#inTurn(async () => {
      await this.#state.need(day)
      const before = this.#state.fit(day).items
      const items = how.change(before, (draft) => this.#checked(draft))
      if (items === null || (how.accept && !how.accept(before, this.#state.fit(day, items).items))) return false
      await this.#write(day, how.label, how.subject, how.actor, items)
      return true
    })
  }

  undo(day: BroadcastDay, actor = 'operator'): Promise<DayPlan> {
    return this.#inTurn(() => this.#undo(day, actor))
  }

  async #undo(day: BroadcastDay, actor: string): Promise<DayPlan> {
    const undone = await this.#ports.rundown.undo(day)
    if (!undone) throw new OperatorError('NOTHING_TO_UNDO', { day })
    this.#state.replace(undone.day)
    this.#ports.onEdited(day, `hoàn tác: ${undone.label}`, day, actor)
    this.#edited()
    return this.#view(day)
  }

  async copyDay(from: BroadcastDay, to: BroadcastDay, actor = 'operator'): Promise<DayPlan> {
    const source = await this.day(from)
    const shiftMs = Date.parse(to) - Date.parse(from)
    const copies = source.items.map(({ item }): RundownItem => {
      const start = item.start.kind === 'follow' ? item.start : { ...item.start, atMs: epochMs(item.start.atMs + shiftMs) }
      // A copy is the station's own.
      const { origin: _origin, ...own } = item
      return { ...own, itemId: newId(ItemId, 'item'), day: to, start }
    })
    return this.#edit(to, `chép từ ${from}`, from, actor, (items) => [...items, ...copies])
  }

  #edit(
    day: BroadcastDay,
    label: string | ((items: readonly RundownItem[]) => string),
    subject: string,
    actor: string,
    change: (items: RundownItem[]) => RundownItem[],
  ): Promise<DayPlan> {
    return this.#inTurn(async () => {
      await this.#state.need(day)
      const items = this.#state.items(day)
      return this.#write(day, typeof label === 'string' ? label : label(items), subject, actor, change(items))
    })
  }

  async #write(day: BroadcastDay, label: string, subject: string, actor: string, items: readonly RundownItem[]): Promise<DayPlan> {
    const stored = await this.#ports.rundown.replaceDay(day, items, label)
    this.#state.replace(stored)
    this.#ports.onEdited(day, label, subject, actor)
    this.#edited()
    return this.#view(day)
  }

  #inTurn<T>(edit: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(edit)
    this.#turn = done.catch(() => undefined)
    return done
  }

  #editable(items: readonly RundownItem[], itemId: ItemId): number {
    const index = items.findIndex((item) => item.itemId === itemId)
    if (index < 0) throw new OperatorError('NOT_FOUND', { itemId })
    const fact = this.#state.fact(itemId)
    const title = items[index]?.title ?? itemId
    if (fact?.startedAtMs != null && fact.endedAtMs === null && this.#state.liveOf(itemId) !== null)
      throw new OperatorError('ITEM_ON_AIR', { title })
    if (fact?.startedAtMs != null && fact.endedAtMs !== null) throw new OperatorError('ITEM_AIRED', { title })
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
}

/** A row of the province that the operator lays hands on is the operator's from then on. */
function touchedOrigin(item: RundownItem | undefined): Pick<RundownItem, 'origin'> {
  return item?.origin === undefined ? {} : { origin: { ...item.origin, touched: true } }
}

/** The logbook says which row it was: its title, for the id means nothing to a reader. */
function named(what: string, items: readonly RundownItem[], itemId: ItemId): string {
  const title = items.find((item) => item.itemId === itemId)?.title
  return title === undefined ? what : `${what} “${title}”`
}
