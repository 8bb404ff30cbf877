// Pre-flight: what comes next is opened and checked while there is time to do something about it.
import type { ItemId } from '../../shared/domain/ids.ts'
import type { PlannedItem, RundownItem } from '../../shared/domain/schedule.ts'
import type { ItemFact } from './plan-day.ts'
import type { SchedulePorts } from './ports.ts'
import type { RundownState } from './rundown-state.ts'

/** Rows that start within this are proved (FAULTS S9: T−10 min, and again within the last half minute). */
const proveAheadMs = 10 * 60_000

export class RowProofs {
  readonly #ports: SchedulePorts
  readonly #state: RundownState
  /** Rows that were told to be unplayable. */
  readonly #told = new Set<ItemId>()

  constructor(ports: SchedulePorts, state: RundownState) {
    this.#ports = ports
    this.#state = state
  }

  /** Opens what comes next and marks it proven or unplayable; true when that changed something. */
  async proveNext(): Promise<boolean> {
    const nowMs = this.#ports.clock.now()
    const rows = this.#state.rows()
    const next = rows.findIndex(isToCome)
    const soon = rows.filter((row, index) => isToCome(row) && (row.startMs < nowMs + proveAheadMs || index < Math.max(0, next) + 2))
    let changed = false
    for (const row of soon) changed = (await this.#prove(row)) || changed
    // What was deleted, is on air as fill in its place, or was missed is nobody's question any more.
    const asked = new Set(
      this.#state
        .rows()
        .filter(isToCome)
        .map(({ item }) => item.itemId),
    )
    for (const itemId of this.#told) if (!asked.has(itemId)) this.#settle(itemId)
    return changed
  }

  async #prove(row: PlannedItem): Promise<boolean> {
    const proof = await this.#proof(row.item)
    const { itemId } = row.item
    const before = this.#state.fact(itemId)?.proof
    const isKnown = before?.playable === proof.playable && before.reason === proof.reason
    // A row that was settled and is to come again (undone, moved to a later time) is told again.
    if (isKnown && (proof.playable || this.#told.has(itemId))) return false
    this.#state.setFact(itemId, { proof })
    if (proof.playable) this.#settle(itemId)
    else {
      this.#told.add(itemId)
      this.#ports.onUnplayable(row, proof.reason ?? 'unplayable')
    }
    return true
  }

  #settle(itemId: ItemId): void {
    this.#told.delete(itemId)
    this.#ports.onSettled(itemId)
  }

  async #proof({ source }: RundownItem): Promise<NonNullable<ItemFact['proof']>> {
    if (source.kind === 'file' || source.kind === 'jingle') return this.#ports.prove(source.cartId)
    if (source.kind === 'fill' && source.cartId) return this.#ports.prove(source.cartId)
    return { playable: true, reason: null }
  }
}

function isToCome(row: PlannedItem): boolean {
  return row.actualStartMs === null && row.state !== 'missed'
}
