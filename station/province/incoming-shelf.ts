// What the province sent as it stands in memory: every item by its id, what changed last, what waits for a person, and which
// emergencies nobody has taken up. Kept in step by `put`; nothing is decided here.
import type { IncomingState, ProvinceItemId } from '../../shared/domain/province.ts'
import type { Incoming } from './incoming-machine.ts'
import { isEmergency } from './incoming-rules.ts'

/** Items shown: what waits for a person, then what changed last. */
const shownAtMost = 60
/** In these a person must decide or do something. */
const personStates: readonly IncomingState[] = ['alert', 'clash', 'conflict', 'held']
/** An emergency whose recording is not here is no less of one: its title and who ordered it are. */
const silentStates: readonly IncomingState[] = ['waitingMedia', 'mediaRefused']

export class IncomingShelf {
  readonly #items = new Map<ProvinceItemId, Incoming>()
  /** Newest change last. */
  readonly #recent = new Set<ProvinceItemId>()
  /** Those that a person must decide between two sides, oldest first. */
  readonly #undecided = new Set<ProvinceItemId>()
  readonly #emergencies = new Set<ProvinceItemId>()

  get(itemId: ProvinceItemId): Incoming | undefined {
    return this.#items.get(itemId)
  }

  ids(): ProvinceItemId[] {
    return [...this.#items.keys()]
  }

  all(): Iterable<Incoming> {
    return this.#items.values()
  }

  /** What was kept on the disk: no news, but for what waits for a person. */
  load(one: Incoming): void {
    this.#items.set(one.item.itemId, one)
    this.#sort(one)
    if (waitsForPerson(one)) this.#recent.add(one.item.itemId)
  }

  /** A new state; the newest change from now on. */
  put(one: Incoming): void {
    const { itemId } = one.item
    this.#items.set(itemId, one)
    this.#sort(one)
    this.#recent.delete(itemId)
    this.#recent.add(itemId)
    for (const oldest of this.#recent) {
      if (this.#recent.size <= shownAtMost) break
      this.#recent.delete(oldest)
    }
  }

  /** How many are in which state. */
  get counts(): Partial<Record<IncomingState, number>> {
    const counts: Partial<Record<IncomingState, number>> = {}
    for (const { state } of this.#items.values()) counts[state] = (counts[state] ?? 0) + 1
    return counts
  }

  /** What a screen shows: all that waits for a person first, then the newest changes. */
  shown(): Incoming[] {
    const shown = new Set<Incoming>()
    for (const one of this.#items.values()) if (waitsForPerson(one) && shown.size < shownAtMost) shown.add(one)
    for (const itemId of [...this.#recent].reverse()) {
      const one = this.#items.get(itemId)
      if (one !== undefined && shown.size < shownAtMost) shown.add(one)
    }
    return [...shown]
  }

  /** Decisions that wait for a person: how many, and the title of the oldest. */
  get undecided(): { readonly count: number; readonly title: string } {
    const [first] = this.#undecided
    return { count: this.#undecided.size, title: first === undefined ? '' : (this.#items.get(first)?.item.title ?? '') }
  }

  /** Emergencies that are not forgotten yet. */
  emergencies(): Incoming[] {
    return [...this.#emergencies].flatMap((itemId) => this.#items.get(itemId) ?? [])
  }

  /** Nothing comes of this emergency any more. */
  forgetEmergency(itemId: ProvinceItemId): void {
    this.#emergencies.delete(itemId)
  }

  #sort(one: Incoming): void {
    const { itemId } = one.item
    if (one.state === 'clash' || one.state === 'conflict') this.#undecided.add(itemId)
    else this.#undecided.delete(itemId)
    if (isEmergency(one)) this.#emergencies.add(itemId)
  }
}

function waitsForPerson(one: Incoming): boolean {
  return personStates.includes(one.state) || (isEmergency(one) && silentStates.includes(one.state))
}
