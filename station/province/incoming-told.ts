// What is told of the items that came: their rows of the logbook, the alarms for what waits for a person, and how a screen sees one.
import type { IncomingView } from '../../shared/domain/province.ts'
import type { AlarmsService } from '../health/index.ts'
import type { LogPort } from '../onair/index.ts'
import { type Incoming, mediaOf } from './incoming-machine.ts'
import { finished } from './incoming-rules.ts'
import type { IncomingShelf } from './incoming-shelf.ts'

/** The row of a change that is news. */
export function newsOf(next: Incoming, actor: string): Parameters<LogPort['note']>[0] {
  return {
    kind: 'province.item',
    actor,
    outputId: null,
    subject: next.item.title,
    planned: { itemId: next.item.itemId, revision: next.item.revision, kind: next.item.kind },
    measured: {
      state: next.state,
      channel: next.channels.at(-1) ?? null,
      ...(next.reason === null ? {} : { reason: next.reason }),
      ...next.about,
    },
  }
}

/** One alarm however many decisions wait, and one for each emergency until somebody has taken it up. */
export function tellAlarms(alarms: Pick<AlarmsService, 'set'>, shelf: IncomingShelf, cardTaken: (one: Incoming) => boolean): void {
  const { count, title } = shelf.undecided
  alarms.set(count > 0, 'PROVINCE_DECISION', 'province', { title, count })
  for (const one of shelf.emergencies()) {
    if (one.item.kind !== 'bulletin') continue
    const { itemId } = one.item
    const open = one.state === 'alert' ? !cardTaken(one) : ['held', 'waitingMedia', 'mediaRefused'].includes(one.state)
    const reason = one.reason ?? (one.state === 'waitingMedia' ? 'waitingMedia' : 'cardOpen')
    alarms.set(open, 'PROVINCE_EMERGENCY', itemId, { title: one.item.title, orderedBy: one.item.orderedBy, reason })
    if (finished.includes(one.state)) shelf.forgetEmergency(itemId)
  }
}

/** @param bytesHere of a recording that is being brought */
export function viewOf(one: Incoming, bytesHere: (sha256: string) => number): IncomingView {
  const { carts, refused, alertRevision: _revision, channels: _channels, byHand: _byHand, rundownItemIds, ...shown } = one
  const media = mediaOf(one.item).map((ref) => ({
    ref,
    haveBytes: carts[ref.sha256] === undefined ? bytesHere(ref.sha256) : ref.bytes,
    cartId: carts[ref.sha256] ?? null,
    refused: refused[ref.sha256] ?? null,
  }))
  return { ...shown, about: { ...one.about }, rundownItemIds: [...rundownItemIds], media }
}
