// What comes into the library, what is refused and what is taken out is in the logbook: what was broadcast can be traced to its file.
import type { LogKind } from '../../shared/domain/logbook.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import type { Cart } from '../../shared/domain/library.ts'
import type { Library } from './library-service.ts'

export interface LibraryRow {
  readonly kind: Extract<LogKind, 'library.imported' | 'library.changed' | 'library.refused' | 'library.removed'>
  readonly actor: string
  readonly outputId: null
  readonly subject: string
  readonly measured: Readonly<Record<string, unknown>>
}

/** The library, with a row for each change of what it holds. The same bytes brought a second time change nothing. */
export function withRows(library: Library, note: (row: LibraryRow) => void): Library {
  return {
    ...library,
    async importFile(source, name, request) {
      const actor = request.by ?? 'operator'
      const held = new Set((await library.carts()).map((cart) => cart.cartId))
      try {
        const cart = await library.importFile(source, name, request)
        if (!held.has(cart.cartId))
          note({ kind: 'library.imported', actor, outputId: null, subject: cart.title, measured: importedFacts(cart) })
        return cart
      } catch (error) {
        if (error instanceof OperatorError)
          note({ kind: 'library.refused', actor, outputId: null, subject: name, measured: { reason: error.code } })
        throw error
      }
    },
    async rename(cartId, change, by = 'operator') {
      const before = await library.cart(cartId)
      const cart = await library.rename(cartId, change)
      if (cart.title !== before.title || cart.contentType !== before.contentType) {
        const measured = { was: before.title, contentType: cart.contentType, sha256: cart.sha256 }
        note({ kind: 'library.changed', actor: by, outputId: null, subject: cart.title, measured })
      }
      return cart
    },
    async remove(cartId, by = 'operator') {
      const cart = await library.cart(cartId)
      await library.remove(cartId)
      note({ kind: 'library.removed', actor: by, outputId: null, subject: cart.title, measured: { sha256: cart.sha256 } })
    },
  }
}

function importedFacts(cart: Cart): LibraryRow['measured'] {
  return { durationMs: cart.durationMs, integratedLufs: cart.integratedLufs, sha256: cart.sha256 }
}
