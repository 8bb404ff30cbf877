// The carts as the rest of the station needs them at once: in memory, so that nothing on the way to air asks a database.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { Cart } from '../../shared/domain/library.ts'
import type { Library } from './library-service.ts'
import { bytesPerFrame } from './prove.ts'

export class CartCatalog {
  readonly #library: Library
  #carts = new Map<CartId, Cart>()

  constructor(library: Library) {
    this.#library = library
  }

  /** Reads them again; call after every change of the library. */
  async refresh(): Promise<void> {
    this.#carts = new Map((await this.#library.carts()).map((cart) => [cart.cartId, cart]))
  }

  all(): Cart[] {
    return [...this.#carts.values()]
  }

  get(cartId: CartId): Cart | null {
    return this.#carts.get(cartId) ?? null
  }

  /** Where the air copy lies and how loud it plays; null when there is no such recording. */
  playable(cartId: CartId): { path: string; frames: number; gainDb: number } | null {
    const cart = this.#carts.get(cartId)
    return cart ? { path: this.#library.airCopyPath(cart), frames: cart.frames, gainDb: cart.gainDb } : null
  }

  /** The air copy for a browser to play. Refuses with NOT_FOUND. */
  audio(cartId: CartId): { files: readonly { path: string; bytes: number }[]; channels: 2 } {
    const cart = this.#carts.get(cartId)
    if (!cart) throw new OperatorError('NOT_FOUND', { cartId })
    return { files: [{ path: this.#library.airCopyPath(cart), bytes: cart.frames * bytesPerFrame }], channels: 2 }
  }
}
