// Recordings that may sound at any moment without a row of the rundown, on a hot key or as fill, are proved beforehand too (S9, S10):
// at the start, when they are chosen, and every minute. One that is not what was approved is not played; its key is empty, and fill
// is looked for among the others. What is not proved yet is trusted: no proof is waited for on the way to air.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { AlarmsService } from '../health/index.ts'
import type { CartCatalog, Library } from '../library/index.ts'

const lookEveryMs = 60_000

interface StandbyParts {
  readonly clock: Clock
  readonly library: Pick<Library, 'prove'>
  readonly catalog: Pick<CartCatalog, 'get' | 'all'>
  readonly alarms: AlarmsService
  /** What stands by now: every assigned key and every fill. */
  wanted(): readonly CartId[]
  onChanged(): void
  log(error: unknown): void
}

export class Standby {
  readonly #parts: StandbyParts
  readonly #refused = new Set<CartId>()
  #looking: Promise<void> = Promise.resolve()

  constructor(parts: StandbyParts) {
    this.#parts = parts
  }

  watch(): Timer {
    this.look()
    return this.#parts.clock.every(lookEveryMs, () => this.look())
  }

  /** Whether it may be played, by the last proof. */
  mayPlay(cartId: CartId): boolean {
    return !this.#refused.has(cartId)
  }

  /** Proves all that stands by, one after the other; also when a key was assigned. */
  look(): void {
    this.#looking = this.#looking.then(async () => {
      const wanted = new Set(this.#parts.wanted())
      for (const cartId of this.#refused) if (!wanted.has(cartId)) this.#judge(cartId, null)
      for (const cartId of wanted) await this.#prove(cartId).catch((error: unknown) => this.#parts.log(error))
    })
  }

  /** Every look so far is done. */
  looked(): Promise<void> {
    return this.#looking
  }

  async #prove(cartId: CartId): Promise<void> {
    const cart = this.#parts.catalog.get(cartId)
    if (cart === null) return this.#judge(cartId, null)
    const proof = await this.#parts.library.prove(cart)
    this.#judge(cartId, proof.ok ? null : proof.reason, cart.title)
  }

  #judge(cartId: CartId, reason: string | null, title = ''): void {
    const refused = reason !== null
    this.#parts.alarms.set(reason === 'changed', 'MEDIA_CHANGED', `standby/${cartId}`, { title })
    this.#parts.alarms.set(refused && reason !== 'changed', 'STANDBY_UNPLAYABLE', `standby/${cartId}`, { title, reason: reason ?? '' })
    if (this.#refused.has(cartId) === refused) return
    if (refused) this.#refused.add(cartId)
    else this.#refused.delete(cartId)
    this.#parts.onChanged()
  }
}
