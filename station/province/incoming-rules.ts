// What is asked of an item that came, whatever state it is in: whether it is over, whether it is news for the logbook, and what a
// boot that ended has left undone of it. Pure.
import type { IncomingState, MediaRef } from '../../shared/domain/province.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'
import { type Incoming, type IncomingEffect, mediaOf } from './incoming-machine.ts'

/** What comes of time no more. */
export const finished: readonly IncomingState[] = ['declined', 'expired', 'withdrawn', 'aired']
/** What no hand can bring back: an item that was declined can still be placed. */
export const over: readonly IncomingState[] = ['expired', 'withdrawn', 'aired']

/** Why a recording is refused whose bytes were not those that were ordered: the one refusal that the province can mend. */
export const wrongBytes = 'wrongHash'

/** Words or a recording that a person is to put on air as soon as may be. */
export function isEmergency({ item }: Pick<Incoming, 'item'>): boolean {
  return item.kind === 'bulletin' && item.class === 'emergency'
}

/** Files that are still to be brought; what the library refused is the same for ever. */
export function stillWanted(one: Incoming): readonly MediaRef[] {
  return mediaOf(one.item).filter(({ sha256 }) => {
    const why = one.refused[sha256]
    return one.carts[sha256] === undefined && (why === undefined || why === wrongBytes)
  })
}

/** What a boot that ended had decided and not carried out. */
export function undone(one: Incoming, today: BroadcastDay): readonly IncomingEffect[] {
  const fetch: IncomingEffect[] = stillWanted(one).length > 0 ? ['fetch'] : []
  switch (one.state) {
    case 'waitingMedia':
    case 'mediaRefused':
    case 'conflict':
    case 'held':
      return fetch
    case 'offered':
      return one.decidedAtMs === null && (one.item.kind !== 'bulletin' || one.item.class === 'priority') ? ['place'] : []
    case 'alert':
      if (one.alertId === null) return ['openAlert', ...fetch]
      return one.taken !== null && one.taken.revision !== one.item.revision ? ['replace', ...fetch] : fetch
    case 'placed':
      return one.taken !== null && one.taken.revision !== one.item.revision ? (fetch.length > 0 ? fetch : ['replace']) : []
    // Its rows may still stand, its card may still be open; to look where they are gone does no harm.
    case 'withdrawn':
    case 'expired':
      return one.alertId !== null || (one.day !== null && one.day >= today) ? ['remove'] : []
    default:
      return []
  }
}

/** What goes into the logbook, and with it to the province: decisions and emergencies, not the arrival of every offer. */
export function isNews(before: Incoming | null, next: Incoming): boolean {
  const emergency = isEmergency(next)
  if (before === null) return emergency
  // An emergency is acknowledged on every way by which it came.
  if (emergency && next.channels.length > before.channels.length) return true
  if (before.state === next.state && before.item.revision === next.item.revision && before.reason === next.reason) return false
  return emergency || (next.state !== 'offered' && next.state !== 'waitingMedia')
}
