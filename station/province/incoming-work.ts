// The hands of the incoming desk: puts rows of the province into the rundown, takes them out, and opens cards for emergencies. Each
// answers the event that tells the machine what came of it.
import type { AlertDraft } from '../../shared/domain/alert.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { ItemId } from '../../shared/domain/ids.ts'
import type { DayPlan, PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import type { ProvinceBulletin } from '../../shared/domain/province.ts'
import type { Incoming, IncomingEvent, Standing } from './incoming-machine.ts'
import { draftsOf, exchanged, findClash, inserted, isPast, ownPlace, type Placement, rowsOf, stillToCome } from './placement.ts'
import type { ProvincePorts } from './ports.ts'

const untouched: Standing = { touched: false, begun: false, over: false }

export class IncomingWork {
  readonly #ports: ProvincePorts

  constructor(ports: ProvincePorts) {
    this.#ports = ports
  }

  /** Priority bulletins, sessions and relays: first, or at their time; a person decides where that would cut something. */
  async placeByItself(one: Incoming): Promise<IncomingEvent | null> {
    return this.place(one, ownPlace(one.item, this.#ports.clock.now()), 'province', true)
  }

  /** null where a recording is missing. `careful`: rather not at all than over something that matters. */
  async place(one: Incoming, where: Placement, actor: string, careful: boolean): Promise<IncomingEvent | null> {
    const drafts = draftsOf(one, where.start)
    if (drafts === null) return null
    let placed: readonly RundownItem[] = []
    let clash: ReturnType<typeof findClash> = null
    await this.#ports.rundown.rewrite(where.day, {
      label: `nhận từ tỉnh “${one.item.title}”`,
      subject: one.item.title,
      actor,
      change: (plan, check) => {
        const standing = standingRows(plan, one)
        const begun = standing.filter((row) => row.actualStartMs !== null)
        placed = standing.map((row) => row.item)
        // A boot that ended between the rundown and our own note has placed them already.
        if (standing.length > begun.length || (begun.length > 0 && begun.length >= drafts.length)) return null
        const rows = rowsOf(one.item, where.day, stillToCome(drafts, begun).map(check))
        placed = [...placed, ...rows]
        // Of what was taken out in its middle the rest comes back behind what has begun.
        return begun.length > 0 ? exchanged(plan, begun, rows) : inserted(plan, rows, where.at)
      },
      accept: (before, after) => {
        clash = careful ? findClash(before, after, placed) : null
        return clash === null
      },
    })
    const found = clash as ReturnType<typeof findClash>
    if (found !== null) return { kind: 'clash', about: { title: found.title, atMs: found.atMs, cutMs: found.cutMs } }
    const itemIds = placed.map((row) => row.itemId)
    return { kind: 'placed', day: where.day, itemIds, byHand: !careful, atMs: this.#ports.clock.now() }
  }

  /** The new revision in the place of the old one: rows where they stood, or the card made anew. */
  async replace(one: Incoming): Promise<IncomingEvent | null> {
    if (one.alertId !== null) return this.openAlert(one, 'speech')
    const own = ownPlace(one.item, this.#ports.clock.now())
    if (one.day !== null && one.day !== own.day && one.item.kind !== 'bulletin') {
      await this.#takeOut(one)
      return this.placeByItself(one)
    }
    const day = one.day ?? own.day
    let itemIds: readonly ItemId[] = []
    await this.#ports.rundown.rewrite(day, {
      label: `tỉnh sửa “${one.item.title}”`,
      subject: one.item.title,
      actor: 'province',
      change: (plan, check) => {
        const ours = plan.filter((row) => one.rundownItemIds.includes(row.item.itemId))
        const first = ours[0]?.item
        const drafts = draftsOf(one, one.item.kind === 'bulletin' && first !== undefined ? first.start : own.start)
        if (drafts === null) return null
        const begun = ours.filter((row) => row.actualStartMs !== null)
        const placed = rowsOf(one.item, day, stillToCome(drafts, begun).map(check))
        itemIds = [...begun.map((row) => row.item), ...placed].map((row) => row.itemId)
        return ours.length === 0 ? inserted(plan, placed, own.at) : exchanged(plan, ours, placed)
      },
    })
    return itemIds.length === 0 ? null : { kind: 'placed', day, itemIds, byHand: null, atMs: this.#ports.clock.now() }
  }

  /** Taken back by the province, or too old to be aired. */
  async remove(one: Incoming): Promise<IncomingEvent | null> {
    if (one.alertId !== null) {
      const card = this.#ports.alerts.find(one.alertId)
      if (card !== null && card.state !== 'airing' && card.state !== 'cancelled') await this.#ports.alerts.cancel(one.alertId)
    }
    await this.#takeOut(one)
    return null
  }

  /** The card, with its text spoken (or its recording) and its audio ready for preview. */
  async openAlert(
    one: Incoming,
    source: 'speech' | 'recording',
    actor = 'province',
  ): Promise<Extract<IncomingEvent, { kind: 'alertOpened' | 'alertFailed' }>> {
    if (one.item.kind !== 'bulletin') return { kind: 'alertFailed', why: 'noCard' }
    const draft = draftOfEmergency(one, one.item, source, this.#ports.config.alerts.voice)
    if (draft === null) return { kind: 'alertFailed', why: 'waitingMedia' }
    const made = one.alertId === null ? this.#ports.alerts.ofOrder(one.item.itemId) : null
    // A boot that ended between the card and our own note has opened it already.
    const ours = made !== null && made.origin?.revision === one.item.revision && made.state !== 'cancelled'
    if (ours && made.state !== 'failed')
      return { kind: 'alertOpened', alertId: made.alertId, alertRevision: made.revision, atMs: this.#ports.clock.now() }
    // One that died while it was being spoken has no sound: it is spoken again, on the same card.
    const before = one.alertId === null ? (ours ? made : null) : this.#ports.alerts.find(one.alertId)
    const reusable = before !== null && before.state !== 'airing' && before.state !== 'aired' && before.state !== 'cancelled'
    try {
      const origin = { provinceItemId: one.item.itemId, revision: one.item.revision }
      const card = await this.#ports.alerts.compose(draft, reusable ? before.alertId : null, origin, actor)
      return { kind: 'alertOpened', alertId: card.alertId, alertRevision: card.revision, atMs: this.#ports.clock.now() }
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      return { kind: 'alertFailed', why: error.code }
    }
  }

  /** How what stands of an item stands. */
  async standing(one: Incoming, days = new Map<BroadcastDay, Promise<DayPlan>>()): Promise<Standing> {
    if (one.alertId !== null) {
      const card = this.#ports.alerts.find(one.alertId)
      if (card === null) return untouched
      const over = card.state === 'aired'
      const begun = over || card.state === 'airing'
      const taken = begun || card.state === 'armed' || card.state === 'cancelled' || card.previewedMs > 0
      // A boot that ended between the card and our own note has made it anew itself.
      const unnoted = one.taken?.revision !== one.item.revision && card.origin?.revision === one.item.revision
      return { touched: taken || (card.revision !== one.alertRevision && !unnoted), begun, over }
    }
    const rows = await this.#rows(one, days)
    return {
      touched: rows.some((row) => row.item.origin?.touched !== false),
      begun: rows.some((row) => row.actualStartMs !== null),
      over: rows.some((row) => row.actualStartMs !== null) && rows.every(isPast),
    }
  }

  /** The operator took its rows out of the rundown. */
  async lifted(one: Incoming, days = new Map<BroadcastDay, Promise<DayPlan>>()): Promise<boolean> {
    if (one.alertId !== null || one.rundownItemIds.length === 0 || (one.state !== 'placed' && one.state !== 'conflict')) return false
    return (await this.#rows(one, days)).length === 0
  }

  /** Somebody has taken the card up: it is armed, on air, over, or dropped. */
  cardTaken(one: Incoming): boolean {
    const card = one.alertId === null ? null : this.#ports.alerts.find(one.alertId)
    return card !== null && ['armed', 'airing', 'aired', 'cancelled'].includes(card.state)
  }

  async #rows(one: Incoming, days: Map<BroadcastDay, Promise<DayPlan>>): Promise<PlannedItem[]> {
    if (one.day === null || one.rundownItemIds.length === 0) return []
    const plan = days.get(one.day) ?? this.#ports.rundown.day(one.day)
    days.set(one.day, plan)
    return (await plan).items.filter((row) => one.rundownItemIds.includes(row.item.itemId))
  }

  async #takeOut(one: Incoming): Promise<void> {
    if (one.day === null || one.rundownItemIds.length === 0) return
    await this.#ports.rundown.rewrite(one.day, {
      label: `tỉnh rút “${one.item.title}”`,
      subject: one.item.title,
      actor: 'province',
      change: (plan) => {
        const stays = plan.filter((row) => !one.rundownItemIds.includes(row.item.itemId) || row.actualStartMs !== null)
        return stays.length === plan.length ? null : stays.map((row) => row.item)
      },
    })
  }
}

/** What the operator would have filled in; null where there is neither text nor recording. */
function draftOfEmergency(
  one: Pick<Incoming, 'carts'>,
  item: ProvinceBulletin,
  wanted: 'speech' | 'recording',
  voice: Extract<AlertDraft['source'], { kind: 'text' }>['voice'],
): AlertDraft | null {
  const cartId = item.media === null ? undefined : one.carts[item.media.sha256]
  const hasText = item.text.trim() !== ''
  if (cartId === undefined && (wanted === 'recording' || !hasText)) return null
  const recording = cartId !== undefined && (wanted === 'recording' || !hasText)
  return {
    mode: item.mode,
    templateId: null,
    title: item.title,
    source: recording ? { kind: 'file', cartId } : { kind: 'text', text: item.text, voice },
    riskLevel: item.riskLevel,
    evacuation: item.evacuation,
    orderedBy: item.orderedBy,
    issuedAtMs: item.issuedAtMs,
    expiresAtMs: item.expiresAtMs,
    readings: item.readings,
    attentionTone: true,
    outputIds: [],
  }
}

function standingRows(plan: readonly PlannedItem[], { item }: Incoming): PlannedItem[] {
  return plan.filter((row) => row.item.origin?.provinceItemId === item.itemId && row.item.origin.revision === item.revision)
}
