// What becomes of one thing that the province sent. Pure.
//
//   received ─▶ waitingMedia ─media─▶ offered ─(operator, or by itself: priority, session, relay)─▶ placed ─aired─▶ aired
//      │             │ refused           │ no room without cutting: clash (a person decides)          │
//      │             ▼                   │ declined                                                   │ changed above:
//      │        mediaRefused             ▼                                                            │  untouched: replaced
//      │                              declined                                                        ▼  touched, begun: conflict
//      ├─ emergency ─▶ alert (a card)  · clock untrusted: held                                     conflict ─▶ placed (mine or theirs)
//      └─ expired (until its end is to come again: a clock was ahead) · withdrawn (a tombstone: what comes late is already taken back)
//
// `taken` is the revision that stands in the rundown or on the card. Nothing that the operator touched is ever changed by itself, and
// what a person put or moved there is not taken out at its end without a question. Of a session that has begun the parts to come are
// still to be aired: they can be taken back, and end with it.
import { assertNever } from '../../shared/domain/assert-never.ts'
import type { AlertId, CartId, ItemId } from '../../shared/domain/ids.ts'
import { endOf, type IncomingState, type MediaRef, type ProvinceItem } from '../../shared/domain/province.ts'
import type { BroadcastDay, EpochMs } from '../../shared/domain/time.ts'

/** How the station heard of it: the province's server, or a folder that somebody brought. The doorbell carries no order. */
export type Channel = 'http' | 'folder'

export interface Incoming {
  readonly item: ProvinceItem
  readonly state: IncomingState
  readonly receivedAtMs: EpochMs
  readonly reason: string | null
  readonly about: Readonly<Record<string, string | number>>
  /** Recordings of `item` that are in the library, by hash. */
  readonly carts: Readonly<Record<string, CartId>>
  readonly refused: Readonly<Record<string, string>>
  readonly day: BroadcastDay | null
  readonly rundownItemIds: readonly ItemId[]
  readonly alertId: AlertId | null
  /** Revision of the card as we made it: another one was made by the operator. */
  readonly alertRevision: number | null
  readonly taken: ProvinceItem | null
  readonly decidedAtMs: EpochMs | null
  /** Ways by which this revision came, in their order: each is answered once, however often it comes by it. */
  readonly channels: readonly Channel[]
  /** A person put it into the rundown; false = it went in by itself. */
  readonly byHand: boolean
}

/** How what stands here stands: whether a person laid hands on it, whether any of it is or was on air, and whether all of it was. */
export interface Standing {
  readonly touched: boolean
  readonly begun: boolean
  /** Nothing of it is still to come. */
  readonly over: boolean
}

export interface Now {
  readonly nowMs: EpochMs
  readonly clockTrusted: boolean
}

export type IncomingEvent =
  | { readonly kind: 'received'; readonly item: ProvinceItem; readonly standing: Standing; readonly channel: Channel; readonly at: Now }
  | { readonly kind: 'media'; readonly sha256: string; readonly cartId: CartId; readonly at: Now }
  | { readonly kind: 'mediaRefused'; readonly sha256: string; readonly why: string }
  /** A hand was laid on what stood here before the new revision could take its place. */
  | { readonly kind: 'inUse'; readonly standing: Standing; readonly at: Now }
  /** `byHand` null: in the place of what stood there, whoever put it. */
  | {
      readonly kind: 'placed'
      readonly day: BroadcastDay
      readonly itemIds: readonly ItemId[]
      readonly byHand: boolean | null
      readonly atMs: EpochMs
    }
  | { readonly kind: 'clash'; readonly about: Incoming['about'] }
  | { readonly kind: 'lifted'; readonly atMs: EpochMs }
  | { readonly kind: 'alertOpened'; readonly alertId: AlertId; readonly alertRevision: number; readonly atMs: EpochMs }
  | { readonly kind: 'alertFailed'; readonly why: string }
  | { readonly kind: 'declined'; readonly why: string; readonly atMs: EpochMs }
  | { readonly kind: 'mine'; readonly atMs: EpochMs }
  | { readonly kind: 'theirs'; readonly atMs: EpochMs }
  | { readonly kind: 'tick'; readonly standing: Standing; readonly at: Now }

/**
 * fetch: bring the media · place: into the rundown by itself · replace: the new revision where the old one stands, if no hand is on it by
 * then · replaceAnyway: a person said so · remove: take it back.
 */
export type IncomingEffect = 'fetch' | 'place' | 'openAlert' | 'replace' | 'replaceAnyway' | 'remove'

export type IncomingStep = { readonly next: Incoming; readonly effects: readonly IncomingEffect[] } | { readonly refused: true }

/** In conflict because its time is over; and what was answered to that. */
const pastEnd = 'expiredAbove'
const keptPastEnd = 'keptPastEnd'

/** The files of an item, each once. */
export function mediaOf(item: ProvinceItem): readonly MediaRef[] {
  switch (item.kind) {
    case 'bulletin':
      return item.media === null ? [] : [item.media]
    case 'session':
      return [...new Map(item.parts.map(({ media }) => [media.sha256, media])).values()]
    case 'relay':
      return []
    default:
      return assertNever(item)
  }
}

export function receiveFirst(item: ProvinceItem, channel: Channel, at: Now): Extract<IncomingStep, { next: Incoming }> {
  return evaluate(
    {
      item,
      state: 'offered',
      receivedAtMs: at.nowMs,
      reason: null,
      about: {},
      carts: {},
      refused: {},
      day: null,
      rundownItemIds: [],
      alertId: null,
      alertRevision: null,
      taken: null,
      decidedAtMs: null,
      channels: [channel],
      byHand: false,
    },
    at,
  )
}

export function incomingTransition(one: Incoming, event: IncomingEvent): IncomingStep {
  switch (event.kind) {
    case 'received':
      return received(one, event)
    case 'media':
      return media(one, event.sha256, event.cartId, event.at)
    case 'mediaRefused': {
      if (!mediaOf(one.item).some((ref) => ref.sha256 === event.sha256)) return { refused: true }
      const refused = { ...one.refused, [event.sha256]: event.why }
      if (one.state !== 'waitingMedia') return settle({ ...one, refused })
      return settle({ ...one, refused, state: 'mediaRefused', reason: event.why })
    }
    case 'inUse':
      return one.taken === null || one.item.withdrawn ? { refused: true } : changedUnderHand(one, event.standing, event.at)
    case 'placed':
      return settle({
        ...placedOf(one, event.atMs),
        alertId: null,
        day: event.day,
        rundownItemIds: event.itemIds,
        state: 'placed',
        byHand: event.byHand ?? one.byHand,
      })
    case 'clash':
      return one.state === 'offered' ? settle({ ...one, state: 'clash', reason: 'wouldCut', about: event.about }) : { refused: true }
    case 'lifted':
      if (one.state !== 'placed' && one.state !== 'conflict') return { refused: true }
      return settle({
        ...cleared(one),
        state: one.item.withdrawn ? 'withdrawn' : 'offered',
        reason: 'removedHere',
        decidedAtMs: event.atMs,
      })
    case 'alertOpened':
      return settle({
        ...placedOf(one, event.atMs),
        day: null,
        rundownItemIds: [],
        alertId: event.alertId,
        alertRevision: event.alertRevision,
        state: 'alert',
      })
    case 'alertFailed':
      return one.state === 'alert' ? settle({ ...one, state: 'held', reason: event.why }) : { refused: true }
    case 'declined':
      if (!['offered', 'clash', 'held', 'waitingMedia', 'mediaRefused'].includes(one.state)) return { refused: true }
      return settle({ ...one, state: 'declined', reason: event.why, about: {}, decidedAtMs: event.atMs })
    case 'mine':
      if (one.state !== 'conflict') return { refused: true }
      return settle({
        ...one,
        state: one.alertId === null ? 'placed' : 'alert',
        reason: one.reason === pastEnd ? keptPastEnd : 'keptHere',
        taken: one.item,
        decidedAtMs: event.atMs,
      })
    case 'theirs':
      return theirs(one, event.atMs)
    case 'tick':
      return tick(one, event.standing, event.at)
    default:
      return assertNever(event)
  }
}

function received(one: Incoming, { item, standing, channel, at }: Extract<IncomingEvent, { kind: 'received' }>): IncomingStep {
  const newer = item.revision > one.item.revision || (item.revision === one.item.revision && item.withdrawn && !one.item.withdrawn)
  if (!newer) {
    const again = item.revision === one.item.revision && item.withdrawn === one.item.withdrawn && !one.channels.includes(channel)
    return again ? settle({ ...one, channels: [...one.channels, channel] }) : { refused: true }
  }
  const carts = Object.fromEntries(Object.entries(one.carts).filter(([sha256]) => mediaOf(item).some((ref) => ref.sha256 === sha256)))
  const next: Incoming = { ...one, item, carts, refused: {}, reason: null, about: {}, channels: [channel] }
  if (one.taken === null) return evaluate(next, at)
  if (item.withdrawn) {
    if (standing.over) return settle({ ...next, state: 'aired', reason: 'tooLate' })
    // What is still to come of a session can be taken back.
    if (standing.touched || one.state === 'conflict') return settle({ ...next, state: 'conflict', reason: 'withdrawnAbove' })
    return settle({ ...cleared(next), state: 'withdrawn' }, ['remove'])
  }
  if (standing.touched || standing.begun || one.state === 'conflict') return changedUnderHand(next, standing, at)
  return missing(next).length === 0 || next.state === 'alert' ? settle(next, ['replace', ...wanting(next)]) : settle(next, ['fetch'])
}

/** What was aired was aired: a change is something new. What is in use is not exchanged by itself: both stand side by side. */
function changedUnderHand(one: Incoming, standing: Standing, at: Now): IncomingStep {
  if (standing.over) return evaluate(cleared(one), at)
  return settle({ ...one, state: 'conflict', reason: 'changedAbove' }, wanting(one))
}

function media(one: Incoming, sha256: string, cartId: CartId, at: Now): IncomingStep {
  if (!mediaOf(one.item).some((ref) => ref.sha256 === sha256)) return { refused: true }
  const { [sha256]: _mended, ...refused } = one.refused
  const next: Incoming = { ...one, carts: { ...one.carts, [sha256]: cartId }, refused }
  if (missing(next).length > 0) return settle(next)
  if (one.state === 'waitingMedia' || one.state === 'mediaRefused') return evaluate({ ...next, reason: null }, at)
  // What stands here is an older revision that waited for this.
  const waits = one.state === 'placed' && one.taken !== null && one.taken.revision !== one.item.revision
  return settle(next, waits ? ['replace'] : [])
}

function theirs(one: Incoming, atMs: EpochMs): IncomingStep {
  if (one.state !== 'conflict') return { refused: true }
  if (one.item.withdrawn) return settle({ ...cleared(one), state: 'withdrawn', decidedAtMs: atMs }, ['remove'])
  if (one.reason === pastEnd) return settle({ ...cleared(one), state: 'expired', reason: 'removedHere', decidedAtMs: atMs }, ['remove'])
  if (one.alertId === null && missing(one).length > 0) return { refused: true }
  return settle({ ...one, state: one.alertId === null ? 'placed' : 'alert', reason: null, decidedAtMs: atMs }, ['replaceAnyway'])
}

function tick(one: Incoming, standing: Standing, at: Now): IncomingStep {
  const endMs = endOf(one.item)
  const ended = at.clockTrusted && endMs !== null && endMs <= at.nowMs
  switch (one.state) {
    case 'offered':
    case 'clash':
    case 'waitingMedia':
    case 'mediaRefused':
      if (!ended) return { refused: true }
      return settle({ ...one, state: 'expired', reason: one.reason === 'removedHere' ? 'removedHere' : 'expired' })
    case 'held':
      if (ended) return settle({ ...one, state: 'expired', reason: 'expired' })
      return one.reason === 'clockUntrusted' && at.clockTrusted ? evaluate({ ...one, reason: null }, at) : { refused: true }
    case 'placed':
      if (standing.over) return settle({ ...one, state: 'aired' })
      if (!ended || one.reason === keptPastEnd) return { refused: true }
      if (standing.touched || one.byHand) return settle({ ...one, state: 'conflict', reason: pastEnd })
      return settle({ ...cleared(one), state: 'expired', reason: 'expired' }, ['remove'])
    case 'alert':
      return standing.over ? settle({ ...one, state: 'aired' }) : { refused: true }
    case 'conflict':
      return one.reason === pastEnd && standing.over ? settle({ ...one, state: 'aired', reason: null }) : { refused: true }
    case 'expired': {
      // It was over by a clock that was ahead for a moment; what a person took out stays out.
      const again = at.clockTrusted && endMs !== null && !ended && one.reason === 'expired'
      return again ? evaluate({ ...one, reason: null, decidedAtMs: null }, at) : { refused: true }
    }
    case 'declined':
    case 'withdrawn':
    case 'aired':
      return { refused: true }
    default:
      return assertNever(one.state)
  }
}

/** Where an item that stands nowhere belongs. */
function evaluate(one: Incoming, { nowMs, clockTrusted }: Now): Extract<IncomingStep, { next: Incoming }> {
  const { item } = one
  const endMs = endOf(item)
  if (item.withdrawn) return settle({ ...one, state: 'withdrawn' })
  if (clockTrusted && endMs !== null && endMs <= nowMs) return settle({ ...one, state: 'expired', reason: 'expired' })
  if (item.kind === 'bulletin' && item.class === 'emergency') return emergency(one, clockTrusted)
  if (item.kind === 'bulletin' && item.media === null) return settle({ ...one, state: 'mediaRefused', reason: 'noRecording' })
  if (missing(one).length > 0) return waiting(one)
  const byItself = item.kind !== 'bulletin' || item.class === 'priority'
  return settle({ ...one, state: 'offered' }, byItself ? ['place'] : [])
}

/** The words first, by the station's own voice; a recording may come later over a thin line. */
function emergency(one: Incoming, clockTrusted: boolean): Extract<IncomingStep, { next: Incoming }> {
  if (!clockTrusted) return settle({ ...one, state: 'held', reason: 'clockUntrusted' }, wanting(one))
  const hasText = one.item.kind === 'bulletin' && one.item.text.trim() !== ''
  if (!hasText && missing(one).length > 0) return waiting(one)
  return settle({ ...one, state: 'alert' }, ['openAlert', ...wanting(one)])
}

/** For its recordings; one that was refused is said to be. */
function waiting(one: Incoming): Extract<IncomingStep, { next: Incoming }> {
  const [why] = Object.values(one.refused)
  return settle(why === undefined ? { ...one, state: 'waitingMedia' } : { ...one, state: 'mediaRefused', reason: why }, ['fetch'])
}

function missing({ item, carts }: Incoming): readonly MediaRef[] {
  return mediaOf(item).filter((ref) => carts[ref.sha256] === undefined)
}

function wanting(one: Incoming): IncomingEffect[] {
  return missing(one).length > 0 && !one.item.withdrawn ? ['fetch'] : []
}

function placedOf(one: Incoming, atMs: EpochMs): Incoming {
  return { ...one, taken: one.item, reason: null, about: {}, decidedAtMs: atMs }
}

/** Nothing of it stands here any more. `day`, rows and card are kept in the effect's hands until it has taken them away. */
function cleared(one: Incoming): Incoming {
  return { ...one, taken: null, about: {} }
}

function settle(next: Incoming, effects: readonly IncomingEffect[] = []): Extract<IncomingStep, { next: Incoming }> {
  return { next, effects }
}
