// What becomes of what the province sent, state by state.
import { describe, expect, it } from 'vitest'
import type { AlertId, CartId, ItemId } from '../../../shared/domain/ids.ts'
import type { ProvinceItem } from '../../../shared/domain/province.ts'
import { type BroadcastDay, type EpochMs, epochMs } from '../../../shared/domain/time.ts'
import { type Incoming, type IncomingEvent, incomingTransition, receiveFirst } from '../../../station/province/incoming-machine.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'

const nowMs = epochMs(Date.UTC(2026, 10, 21))
const at = { nowMs, clockTrusted: true }
const later = { nowMs: epochMs(nowMs + 3_600_000), clockTrusted: true }
const sha = 'a'.repeat(64)
const media = { sha256: sha, bytes: 10, mimeType: 'audio/wav', name: 'x.wav' }
const cartId = 'cart-1' as CartId
const free = { touched: false, begun: false, over: false }
const touched = { ...free, touched: true }
const begun = { ...free, begun: true }
const aired = { touched: false, begun: true, over: true }

const bulletin = (change: Parameters<typeof bulletinOf>[2] = {}) => bulletinOf('a', nowMs, { media, ...change })
const step = (one: Incoming, event: IncomingEvent) => {
  const result = incomingTransition(one, event)
  if (!('next' in result)) throw new Error(`${one.state} refused ${event.kind}`)
  return { ...result.next, effects: result.effects }
}
const received = (item: ProvinceItem, standing = free, now = at): IncomingEvent => ({
  kind: 'received',
  item,
  standing,
  channel: 'http',
  at: now,
})
const here: IncomingEvent = { kind: 'media', sha256: sha, cartId, at }
const placed: IncomingEvent = {
  kind: 'placed',
  day: '2026-11-21' as BroadcastDay,
  itemIds: ['item-1' as ItemId],
  byHand: false,
  atMs: nowMs,
}
const opened: IncomingEvent = { kind: 'alertOpened', alertId: 'alert-1' as AlertId, alertRevision: 1, atMs: nowMs }
const first = (item: ProvinceItem, now = at) => receiveFirst(item, 'http', now)

describe('a normal bulletin', () => {
  it('is offered when its recording is here, and placed by the operator only', () => {
    const waiting = first(bulletin())
    expect([waiting.next.state, waiting.effects]).toEqual(['waitingMedia', ['fetch']])
    const offered = step(waiting.next, here)
    expect([offered.state, offered.effects]).toEqual(['offered', []])
    expect(step(offered, placed)).toMatchObject({ state: 'placed', taken: { revision: 1 }, rundownItemIds: ['item-1'] })
  })

  it('without a recording, or with one that is refused, says so; a later recording makes it whole', () => {
    expect(first(bulletin({ media: null })).next).toMatchObject({ state: 'mediaRefused', reason: 'noRecording' })
    const refused = step(first(bulletin()).next, { kind: 'mediaRefused', sha256: sha, why: 'wrongHash' })
    expect(refused).toMatchObject({ state: 'mediaRefused', reason: 'wrongHash' })
    expect(step(refused, here)).toMatchObject({ state: 'offered', refused: {}, reason: null })
  })

  it('expires, and is offered again only where its end is to come again: the clock was ahead', () => {
    const offered = step(first(bulletin({ expiresAtMs: epochMs(nowMs + 1000) })).next, here)
    expect(step(offered, { kind: 'tick', standing: free, at: later })).toMatchObject({ state: 'expired', effects: [] })
    const put = step(offered, placed)
    const over = step(put, { kind: 'tick', standing: free, at: later })
    expect(over).toMatchObject({ state: 'expired', effects: ['remove'] })
    expect(incomingTransition(over, { kind: 'tick', standing: free, at: later })).toEqual({ refused: true })
    expect(incomingTransition(over, { kind: 'tick', standing: free, at: { ...at, clockTrusted: false } })).toEqual({ refused: true })
    expect(step(over, { kind: 'tick', standing: free, at })).toMatchObject({ state: 'offered', reason: null, effects: [] })
    const priority = { ...over, item: bulletin({ class: 'priority', expiresAtMs: epochMs(nowMs + 1000) }) }
    expect(step(priority, { kind: 'tick', standing: free, at })).toMatchObject({ state: 'offered', effects: ['place'] })
    expect(step(put, { kind: 'tick', standing: aired, at: later }).state).toBe('aired')
    expect(incomingTransition(put, { kind: 'tick', standing: free, at: { ...later, clockTrusted: false } })).toEqual({ refused: true })
  })

  it('placed by hand or moved, is not taken out for its date without a question, and asked about once', () => {
    const offered = step(first(bulletin({ expiresAtMs: epochMs(nowMs + 1000) })).next, here)
    const byHand = step(offered, { ...placed, byHand: true })
    const end = (standing: typeof free): IncomingEvent => ({ kind: 'tick', standing, at: later })
    for (const asked of [step(byHand, end(free)), step(step(offered, placed), end(touched))]) {
      expect(asked).toMatchObject({ state: 'conflict', reason: 'expiredAbove', effects: [], taken: { revision: 1 } })
      const kept = step(asked, { kind: 'mine', atMs: later.nowMs })
      expect(kept).toMatchObject({ state: 'placed', reason: 'keptPastEnd' })
      expect(incomingTransition(kept, end(touched))).toEqual({ refused: true })
      expect(step(kept, end(aired)).state).toBe('aired')
      const out = step(asked, { kind: 'theirs', atMs: later.nowMs })
      expect(out).toMatchObject({ state: 'expired', effects: ['remove'], taken: null })
      expect(incomingTransition(out, { kind: 'tick', standing: free, at }), 'a person took it out').toEqual({ refused: true })
      expect(step(asked, end(aired))).toMatchObject({ state: 'aired', reason: null })
      // A new date from above is one question more, not a change by itself.
      const renewed = step(asked, received(bulletin({ revision: 2 })))
      expect(renewed).toMatchObject({ state: 'conflict', reason: 'changedAbove' })
    }
    expect(step(byHand, { ...placed, byHand: null })).toMatchObject({ byHand: true })
  })
})

describe('a priority bulletin', () => {
  const offered = step(first(bulletin({ class: 'priority' })).next, here)
  it('goes in by itself; a clash is put to a person', () => {
    expect([offered.state, offered.effects]).toEqual(['offered', ['place']])
    expect(step(offered, { kind: 'clash', about: { title: 'Thời sự' } })).toMatchObject({ state: 'clash', reason: 'wouldCut' })
  })
  it('taken out by the operator stays out', () => {
    const out = step(step(offered, placed), { kind: 'lifted', atMs: nowMs })
    expect([out.state, out.effects, out.reason]).toEqual(['offered', [], 'removedHere'])
  })
  it('T1: taken out by the operator it stays out also when a clock that was ahead ended it for a moment', () => {
    const ends = step(first(bulletin({ class: 'priority', expiresAtMs: epochMs(nowMs + 60_000) })).next, here)
    const out = step(step(ends, placed), { kind: 'lifted', atMs: nowMs })
    const ahead = { nowMs: epochMs(nowMs + 120_000), clockTrusted: true }
    const over = step(out, { kind: 'tick', standing: free, at: ahead })
    expect(over.state).toBe('expired')
    expect(incomingTransition(over, { kind: 'tick', standing: free, at })).toEqual({ refused: true })
  })
})

describe('a change from above', () => {
  const put = step(step(first(bulletin()).next, here), placed)
  const changed = bulletin({ revision: 2, title: 'Sửa' })
  it('replaces what nobody touched', () => {
    expect(step(put, received(changed))).toMatchObject({
      state: 'placed',
      effects: ['replace'],
      taken: { revision: 1 },
      item: { revision: 2 },
    })
  })
  it('waits for its new recording before it replaces anything', () => {
    const other = bulletin({ revision: 2, media: { ...media, sha256: 'b'.repeat(64) } })
    const waiting = step(put, received(other))
    expect([waiting.state, waiting.effects]).toEqual(['placed', ['fetch']])
    expect(step(waiting, { ...here, sha256: 'b'.repeat(64) }).effects).toEqual(['replace'])
  })
  it('that waited for its recording stands beside what the operator moved or began meanwhile, and replaces it by a hand only', () => {
    const other = bulletin({ revision: 2, media: { ...media, sha256: 'b'.repeat(64) } })
    const due = step(step(put, received(other)), { ...here, sha256: 'b'.repeat(64) })
    expect(due.effects).toEqual(['replace'])
    for (const standing of [touched, begun]) {
      const beside = step(due, { kind: 'inUse', standing, at })
      expect(beside).toMatchObject({
        state: 'conflict',
        reason: 'changedAbove',
        taken: { revision: 1 },
        item: { revision: 2 },
        effects: [],
      })
      expect(step(beside, { kind: 'theirs', atMs: nowMs }).effects).toEqual(['replaceAnyway'])
    }
    // What was aired meanwhile was aired: the change is something new.
    expect(step(due, { kind: 'inUse', standing: aired, at })).toMatchObject({ state: 'offered', taken: null })
  })
  it('stands beside what the operator moved, and each side can be chosen', () => {
    const conflict = step(put, received(changed, touched))
    expect(conflict).toMatchObject({
      state: 'conflict',
      reason: 'changedAbove',
      taken: { revision: 1 },
      item: { revision: 2 },
      effects: [],
    })
    expect(step(conflict, { kind: 'mine', atMs: nowMs })).toMatchObject({ state: 'placed', effects: [], taken: { revision: 2 } })
    expect(step(conflict, { kind: 'theirs', atMs: nowMs })).toMatchObject({ state: 'placed', effects: ['replaceAnyway'] })
    // A third revision while the second is undecided does not slip through.
    expect(step(conflict, received(bulletin({ revision: 3 })))).toMatchObject({ state: 'conflict', item: { revision: 3 } })
  })
  it('N6: takes back what nobody touched, asks about what somebody did, and comes too late for what was aired', () => {
    const gone = { ...changed, withdrawn: true }
    expect(step(put, received(gone))).toMatchObject({ state: 'withdrawn', effects: ['remove'], taken: null })
    const asked = step(put, received(gone, touched))
    expect(asked).toMatchObject({ state: 'conflict', reason: 'withdrawnAbove' })
    expect(step(asked, { kind: 'theirs', atMs: nowMs })).toMatchObject({ state: 'withdrawn', effects: ['remove'] })
    expect(step(put, received(gone, aired))).toMatchObject({ state: 'aired', reason: 'tooLate' })
  })
  it('N6: an older or equal revision is nothing; a tombstone stays one', () => {
    expect(incomingTransition(put, received(bulletin()))).toEqual({ refused: true })
    const tomb = first(bulletin({ revision: 5, withdrawn: true })).next
    expect(tomb.state).toBe('withdrawn')
    expect(incomingTransition(tomb, received(bulletin({ revision: 4 })))).toEqual({ refused: true })
    expect(incomingTransition(tomb, received(bulletin({ revision: 5 })))).toEqual({ refused: true })
  })
})

describe('an emergency', () => {
  const item = bulletin({ class: 'emergency' })
  it('opens a card at once from its text, and brings the recording beside it', () => {
    expect(first(item)).toMatchObject({ next: { state: 'alert' }, effects: ['openAlert', 'fetch'] })
    expect(first(bulletin({ class: 'emergency', text: ' ' }))).toMatchObject({ next: { state: 'waitingMedia' }, effects: ['fetch'] })
  })
  it('whose only recording was refused while the clock was not trusted says so when it is', () => {
    const held = first(bulletin({ class: 'emergency', text: '' }), { nowMs, clockTrusted: false }).next
    const refused = step(held, { kind: 'mediaRefused', sha256: sha, why: 'MEDIA_CORRUPT' })
    expect(step(refused, { kind: 'tick', standing: free, at })).toMatchObject({ state: 'mediaRefused', reason: 'MEDIA_CORRUPT' })
  })
  it('N7: past its date is refused; with a clock that is not trusted it is held, and opened when the clock is', () => {
    const old = bulletin({ class: 'emergency', expiresAtMs: nowMs })
    expect(first(old)).toMatchObject({ next: { state: 'expired', reason: 'expired' }, effects: [] })
    const held = first(bulletin({ class: 'emergency', expiresAtMs: nowMs }), { nowMs, clockTrusted: false }).next
    expect(held).toMatchObject({ state: 'held', reason: 'clockUntrusted' })
    expect(step(held, { kind: 'tick', standing: free, at }).state).toBe('expired')
    const fresh = first(item, { nowMs, clockTrusted: false }).next
    expect(step(fresh, { kind: 'tick', standing: free, at })).toMatchObject({
      state: 'alert',
      effects: expect.arrayContaining(['openAlert']),
    })
  })
  it('N5: the same a hundred times is one', () => {
    const card = step(first(item).next, opened)
    for (let time = 0; time < 100; time++) expect(incomingTransition(card, received(item))).toEqual({ refused: true })
  })
  it('changed above: the card is made anew, unless somebody has used it', () => {
    const card = step(first(item).next, opened)
    const changed = { ...item, revision: 2 }
    expect(step(card, received(changed))).toMatchObject({ state: 'alert', effects: expect.arrayContaining(['replace']) })
    expect(step(card, received(changed, touched))).toMatchObject({ state: 'conflict' })
    expect(step(card, received({ ...changed, withdrawn: true }))).toMatchObject({ state: 'withdrawn', effects: ['remove'] })
  })
})

describe('sessions and relays', () => {
  const session: ProvinceItem = {
    kind: 'session',
    itemId: 's' as ProvinceItem['itemId'],
    revision: 1,
    title: 'Phiên',
    expiresAtMs: null,
    withdrawn: false,
    startMs: (nowMs + 60_000) as EpochMs,
    hard: true,
    parts: [
      { title: '1', contentType: 'speech', media },
      { title: '2', contentType: 'music', media: { ...media, sha256: 'b'.repeat(64) } },
    ],
  }
  it('go in by themselves when every part is here', () => {
    const one = step(first(session).next, here)
    expect([one.state, one.effects]).toEqual(['waitingMedia', []])
    expect(step(one, { ...here, sha256: 'b'.repeat(64) }).effects).toEqual(['place'])
  })
  it('begun, are changed by a person only, taken back by themselves, and over when all of it is', () => {
    const placedNow = step(step(step(first(session).next, here), { ...here, sha256: 'b'.repeat(64) }), placed)
    expect(incomingTransition(placedNow, { kind: 'tick', standing: begun, at })).toEqual({ refused: true })
    expect(step(placedNow, received({ ...session, revision: 2 }, begun))).toMatchObject({ state: 'conflict', reason: 'changedAbove' })
    expect(step(placedNow, received({ ...session, revision: 2, withdrawn: true }, begun))).toMatchObject({
      state: 'withdrawn',
      effects: ['remove'],
    })
    expect(step(placedNow, { kind: 'tick', standing: aired, at }).state).toBe('aired')
  })
  it('a relay needs nothing and ends with its time', () => {
    const relay: ProvinceItem = { ...session, kind: 'relay', durationMs: 60_000, url: 'http://x/y' } as unknown as ProvinceItem
    expect(first(relay).effects).toEqual(['place'])
    expect(first(relay, later).next.state).toBe('expired')
  })
})

describe('N5: the same thing by more than one way', () => {
  it('is noted once for each way and changes nothing else; a new revision begins anew', () => {
    const one = first(bulletin({ class: 'emergency', media: null })).next
    const byFolder: IncomingEvent = { ...received(one.item), channel: 'folder' } as IncomingEvent
    expect(incomingTransition(one, received(one.item))).toEqual({ refused: true })
    const twice = step(one, byFolder)
    expect(twice).toEqual({ ...one, channels: ['http', 'folder'], effects: [] })
    expect(incomingTransition(twice, byFolder)).toEqual({ refused: true })
    expect(step(twice, received({ ...one.item, revision: 2 })).channels).toEqual(['http'])
  })
})
