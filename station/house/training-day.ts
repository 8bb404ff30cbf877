// The training district's first day: three sessions as a real station has them (05:00, 11:00, 17:00; FIELD 3.5), and one that
// begins now, so that a newcomer hears something at once. Rows are ordinary rows, made through the ordinary doors.
import { type CartId, ItemId, newId } from '../../shared/domain/ids.ts'
import type { Cart } from '../../shared/domain/library.ts'
import type { RundownItem } from '../../shared/domain/schedule.ts'
import { type BroadcastDay, type EpochMs, epochMs, startOfDay } from '../../shared/domain/time.ts'

const sessionHours = [5, 11, 17]
const hourMs = 3_600_000
/** Time until the first row of the session that begins now, ms: carriers and warm-up come first. */
const leadMs = 3000

/**
 * @param carts what was imported, in the order of a session
 * @param nowMs a session begins now where none is on; null = a coming day, ordinary sessions only
 */
export function trainingDay(day: BroadcastDay, carts: readonly Cart[], nowMs: EpochMs | null): RundownItem[] {
  const starts = sessionHours.map((hour) => epochMs(startOfDay(day) + hour * hourMs))
  const beginnings = nowMs === null ? starts : [epochMs(nowMs + leadMs), ...starts.filter((startMs) => startMs > nowMs + leadMs)]
  return beginnings.flatMap((startMs, index) => session(day, carts, startMs, beginnings[index + 1] ?? null))
}

function session(day: BroadcastDay, carts: readonly Cart[], startMs: EpochMs, nextMs: EpochMs | null): RundownItem[] {
  const endMs = Math.min(startMs + hourMs, nextMs ?? Number.POSITIVE_INFINITY)
  const playable = carts.filter((cart) => cart.contentType !== 'fill' && cart.durationMs >= 5000)
  const rows: RundownItem[] = []
  let atMs: number = startMs
  for (let turn = 0; atMs < endMs && playable.length > 0; turn += 1) {
    const cart = playable[turn % playable.length]
    if (!cart || atMs + cart.durationMs > endMs) break
    rows.push(row(day, cart, turn === 0 ? { kind: 'hard', atMs: startMs } : { kind: 'follow' }))
    atMs += cart.durationMs
  }
  return rows
}

function row(day: BroadcastDay, cart: Cart, start: RundownItem['start']): RundownItem {
  const source = cart.contentType === 'jingle' ? ({ kind: 'jingle', cartId: cart.cartId as CartId } as const) : ({ kind: 'file', cartId: cart.cartId as CartId } as const)
  return { itemId: newId(ItemId, 'item'), day, position: 0, title: cart.title, contentType: cart.contentType, source, start, durationMs: cart.durationMs, crossfadeMs: null, resume: null, outputIds: [] }
}
