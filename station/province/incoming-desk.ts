// Everything the province sent and what became of it here: feeds the incoming machine, keeps its states on the disk, and carries
// out what it decides, one thing after the other. Rows go into the rundown, emergencies onto a card; nothing goes on air from here.
import { assertNever } from '../../shared/domain/assert-never.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import { type IncomingState, type IncomingView, type PlaceChoice, type ProvinceItem, ProvinceItemId } from '../../shared/domain/province.ts'
import type { DayPlan } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, dayOf } from '../../shared/domain/time.ts'
import { IncomingShelf } from './incoming-shelf.ts'
import { newsOf, tellAlarms, viewOf } from './incoming-told.ts'
import { type IncomingHooks, IncomingWants } from './incoming-wants.ts'
import { IncomingWork } from './incoming-work.ts'
import {
  type Incoming,
  type IncomingEffect,
  type IncomingEvent,
  type IncomingStep,
  incomingTransition,
  type Now,
  receiveFirst,
  type Standing,
} from './incoming-machine.ts'
import { finished, isNews, over, stillWanted, undone } from './incoming-rules.ts'
import { chosenPlace } from './placement.ts'
import type { ProvincePorts } from './ports.ts'

/** What was taken back is remembered for so long: an older manifest is not believed anyway. */
const tombstoneKeptMs = 90 * 86_400_000

const standsNowhere: Standing = { touched: false, begun: false, over: false }

interface Change {
  readonly before: Incoming | null
  readonly step: Extract<IncomingStep, { next: Incoming }>
}

export class IncomingDesk {
  readonly #ports: ProvincePorts
  readonly #hooks: IncomingHooks
  readonly #work: IncomingWork
  readonly #shelf = new IncomingShelf()
  readonly #wants: IncomingWants
  /** One thing after the other, so that a card is not opened twice. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(ports: ProvincePorts, hooks: IncomingHooks) {
    this.#ports = ports
    this.#hooks = hooks
    this.#work = new IncomingWork(ports)
    this.#wants = new IncomingWants(hooks)
  }

  /** Reads what was kept, and takes up what the last boot left undone. */
  async load(): Promise<void> {
    const past = this.#ports.clock.now() - tombstoneKeptMs
    const forgotten: string[] = []
    for (const kept of (await this.#ports.store.province.all()) as Incoming[]) {
      // Items of earlier versions do not say how they came, nor who placed them: a normal bulletin goes in by no hand but a person's.
      const normal = kept.item.kind === 'bulletin' && kept.item.class === 'normal'
      const stored: Incoming = { ...kept, channels: kept.channels ?? [], byHand: kept.byHand ?? normal }
      if (stored.item.withdrawn && stored.state === 'withdrawn' && stored.receivedAtMs < past) {
        forgotten.push(stored.item.itemId)
        continue
      }
      this.#shelf.load(stored)
    }
    if (forgotten.length > 0) await this.#ports.store.province.remove(forgotten)
    const today = dayOf(this.#ports.clock.now())
    for (const one of this.#shelf.all()) this.#later(one.item.itemId, undone(one, today))
    this.#alarm()
  }

  /** New and changed items of a manifest that is believed. */
  receive(items: readonly ProvinceItem[]): Promise<void> {
    return this.#inTurn(async () => {
      const at = this.#now()
      const channel = this.#ports.config.province.adapter === 'folder' ? 'folder' : 'http'
      const steps: Change[] = []
      for (const item of items) {
        const before = this.#shelf.get(item.itemId) ?? null
        const standing = before === null || before.taken === null ? standsNowhere : await this.#work.standing(before)
        const step =
          before === null ? receiveFirst(item, channel, at) : incomingTransition(before, { kind: 'received', item, standing, channel, at })
        if ('next' in step) steps.push({ before, step })
      }
      await this.#all(steps)
    })
  }

  /** Items that a believed manifest names no more are taken back. */
  gone(itemIds: readonly ProvinceItemId[]): Promise<void> {
    const items = itemIds.flatMap((itemId) => {
      const one = this.#shelf.get(itemId)
      return one === undefined || one.item.withdrawn ? [] : [{ ...one.item, withdrawn: true }]
    })
    return this.receive(items)
  }

  /** All that are in force, where what is missing is not known: everything else is gone. */
  onlyThese(itemIds: readonly ProvinceItemId[]): Promise<void> {
    const inForce = new Set(itemIds)
    return this.gone(this.#shelf.ids().filter((itemId) => !inForce.has(itemId)))
  }

  mediaHere(sha256: string, cartId: CartId): void {
    for (const itemId of this.#wants.here(sha256)) this.#event(itemId, { kind: 'media', sha256, cartId, at: this.#now() })
  }

  mediaRefused(sha256: string, why: string): void {
    for (const itemId of this.#wants.refused(sha256, why)) this.#event(itemId, { kind: 'mediaRefused', sha256, why })
  }

  /** The operator places an offered, clashing or declined item. */
  place(itemId: string, choice: PlaceChoice, actor: string): Promise<IncomingView> {
    return this.#order(itemId, actor, ['offered', 'clash', 'declined'], async (one) => {
      const event = await this.#work.place(one, chosenPlace(choice), actor, false)
      if (event === null) throw new OperatorError('PROVINCE_ITEM_STATE', { title: one.item.title, state: 'waitingMedia' })
      return event
    })
  }

  decline(itemId: string, why: string, actor: string): Promise<IncomingView> {
    return this.#order(itemId, actor, ['offered', 'clash', 'held', 'waitingMedia', 'mediaRefused'], () =>
      Promise.resolve({ kind: 'declined', why, atMs: this.#ports.clock.now() }),
    )
  }

  /** Between what stands here and what the province says now. */
  resolve(itemId: string, side: 'mine' | 'theirs', actor: string): Promise<IncomingView> {
    return this.#order(itemId, actor, ['conflict'], () => Promise.resolve({ kind: side, atMs: this.#ports.clock.now() }))
  }

  /** Opens a card for an order that is held, or puts the province's recording in the place of the spoken text. */
  openCard(itemId: string, source: 'speech' | 'recording', actor: string): Promise<IncomingView> {
    return this.#order(itemId, actor, ['alert', 'held', 'aired'], async (one) => {
      const card = await this.#work.openAlert(one, source, actor)
      if (card.kind === 'alertFailed') throw new OperatorError('PROVINCE_ITEM_STATE', { title: one.item.title, state: card.why })
      return card
    })
  }

  /** What time and other hands did: expiry, rows taken out, cards aired. */
  tick(): Promise<void> {
    return this.#inTurn(async () => {
      const at = this.#now()
      const days = new Map<BroadcastDay, Promise<DayPlan>>()
      const steps: Change[] = []
      for (const one of this.#shelf.all()) {
        // A clock that was ahead is put right: what it ended is looked at again.
        if (finished.includes(one.state) && one.state !== 'expired') continue
        // Thousands that only wait to be chosen are gone over in one go.
        const event: IncomingEvent =
          one.taken === null
            ? { kind: 'tick', standing: standsNowhere, at }
            : (await this.#work.lifted(one, days))
              ? { kind: 'lifted', atMs: at.nowMs }
              : { kind: 'tick', standing: await this.#work.standing(one, days), at }
        const step = incomingTransition(one, event)
        if ('next' in step) steps.push({ before: one, step })
      }
      await this.#all(steps)
    })
  }

  get counts(): Partial<Record<IncomingState, number>> {
    return this.#shelf.counts
  }

  /** Recordings that are not here yet and can still be used. */
  wantedFiles(): Set<string> {
    const wanted = new Set<string>()
    for (const one of this.#shelf.all()) if (!over.includes(one.state)) for (const { sha256 } of stillWanted(one)) wanted.add(sha256)
    return wanted
  }

  views(): IncomingView[] {
    return this.#shelf.shown().map((one) => this.#view(one))
  }

  /** Every effect so far is done. */
  settled(): Promise<void> {
    return this.#inTurn(() => Promise.resolve())
  }

  // — inside —

  #order(
    itemId: string,
    actor: string,
    from: readonly IncomingState[],
    work: (one: Incoming) => Promise<IncomingEvent>,
  ): Promise<IncomingView> {
    return this.#inTurn(async () => {
      const id = ProvinceItemId.parse(itemId)
      const one = this.#shelf.get(id)
      if (one === undefined) throw new OperatorError('NOT_FOUND', { itemId })
      if (!from.includes(one.state)) throw new OperatorError('PROVINCE_ITEM_STATE', { title: one.item.title, state: one.state })
      const step = incomingTransition(one, await work(one))
      if (!('next' in step)) throw new OperatorError('PROVINCE_ITEM_STATE', { title: one.item.title, state: one.state })
      await this.#keep([step.next])
      this.#became(one, step, actor)
      this.#alarm()
      return this.#view(step.next)
    })
  }

  #event(itemId: ProvinceItemId, event: IncomingEvent): void {
    void this.#inTurn(async () => {
      this.#apply(itemId, event)
      this.#alarm()
      await Promise.resolve()
    })
  }

  #apply(itemId: ProvinceItemId, event: IncomingEvent): void {
    const one = this.#shelf.get(itemId)
    const step = one === undefined ? null : incomingTransition(one, event)
    if (one === undefined || step === null || !('next' in step)) return
    void this.#keep([step.next]).catch((error: unknown) => this.#ports.trouble.error({ error: String(error), itemId }, 'item not kept'))
    this.#became(one, step)
  }

  /** On the disk together, then each published. */
  async #all(changes: readonly Change[]): Promise<void> {
    await this.#keep(changes.map(({ step }) => step.next))
    for (const { before, step } of changes) this.#became(before, step)
    this.#alarm()
  }

  /** Publishes the new state and begins what follows from it. */
  #became(before: Incoming | null, { next, effects }: Extract<IncomingStep, { next: Incoming }>, actor = 'province'): void {
    this.#shelf.put(next)
    this.#wants.changed(before, next)
    if (isNews(before, next)) this.#ports.log.note(newsOf(next, actor))
    this.#later(next.item.itemId, effects)
    this.#ports.onChanged()
  }

  #later(itemId: ProvinceItemId, effects: readonly IncomingEffect[]): void {
    for (const effect of effects) void this.#inTurn(() => this.#run(itemId, effect))
  }

  async #run(itemId: ProvinceItemId, effect: IncomingEffect): Promise<void> {
    const one = this.#shelf.get(itemId)
    if (one === undefined) return
    try {
      const event = await this.#carryOut(one, effect)
      if (event !== null) this.#apply(itemId, event)
    } catch (error) {
      this.#ports.trouble.warn({ itemId, effect, error: error instanceof Error ? error.message : String(error) }, 'province item')
    }
    this.#alarm()
  }

  #carryOut(one: Incoming, effect: IncomingEffect): Promise<IncomingEvent | null> {
    switch (effect) {
      case 'fetch':
        this.#wants.fetch(one)
        return Promise.resolve(null)
      case 'place':
        return one.state === 'offered' ? this.#work.placeByItself(one) : Promise.resolve(null)
      case 'openAlert':
        return one.state === 'alert' ? this.#work.openAlert(one, 'speech') : Promise.resolve(null)
      case 'replace':
        return this.#replace(one)
      case 'replaceAnyway':
        return one.taken === null ? Promise.resolve(null) : this.#work.replace(one)
      case 'remove':
        return this.#work.remove(one)
      default:
        return assertNever(effect)
    }
  }

  /** It was decided when its recording was not here yet, or by another boot: by now a person may have laid hands on what stands here. */
  async #replace(one: Incoming): Promise<IncomingEvent | null> {
    if (one.taken === null) return null
    if (await this.#work.lifted(one)) return { kind: 'lifted', atMs: this.#ports.clock.now() }
    const standing = await this.#work.standing(one)
    return standing.touched || standing.begun ? { kind: 'inUse', standing, at: this.#now() } : this.#work.replace(one)
  }

  #alarm(): void {
    tellAlarms(this.#ports.alarms, this.#shelf, (one) => this.#work.cardTaken(one))
  }

  async #keep(items: readonly Incoming[]): Promise<void> {
    if (items.length === 0) return
    await this.#ports.store.province.put(
      items.map((incoming) => ({ itemId: incoming.item.itemId, receivedAtMs: incoming.receivedAtMs, incoming })),
    )
  }

  #now(): Now {
    return { nowMs: this.#ports.clock.now(), clockTrusted: this.#ports.clockTrusted() }
  }

  #view(one: Incoming): IncomingView {
    return viewOf(one, (sha256) => this.#hooks.haveBytes(sha256))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined)
    return done
  }
}
