// A row of the province that goes in by itself: what it may cut without a question, what a person is asked about, and its place among
// what has been on air and what is still to come.
import { describe, expect, it } from 'vitest'
import type { PlannedItem } from '../../../shared/domain/schedule.ts'
import { findClash, inserted, ownPlace } from '../../../station/province/placement.ts'
import { bulletinOf } from '../../support/signed-manifests.ts'

const nowMs = Date.UTC(2026, 10, 21, 3)

/** A planned row; times are minutes from now. */
function planned(
  itemId: string,
  minute: number,
  change: Partial<Omit<PlannedItem, 'item'>> & { readonly item?: object } = {},
): PlannedItem {
  const { item, ...computed } = change
  return {
    state: 'proven',
    startMs: nowMs + minute * 60_000,
    actualStartMs: null,
    lateMs: 0,
    overrunMs: 0,
    ...computed,
    item: { itemId, title: `Mục ${itemId}`, contentType: 'speech', source: { kind: 'file' }, start: { kind: 'soft' }, ...item },
  } as PlannedItem
}

describe('a clash', () => {
  const ours = planned('ours', 1)
  const found = (before: PlannedItem, after: PlannedItem) => findClash([before], [ours, after], [ours.item])?.cutMs ?? null
  const hard = { start: { kind: 'hard' } }

  it.each([
    ['a talk is cut', {}, { overrunMs: 0 }, { overrunMs: 1000 }, 1000],
    ['by less than a second', {}, { overrunMs: 0 }, { overrunMs: 999 }, null],
    ['it was cut before', {}, { overrunMs: 5000 }, { overrunMs: 5500 }, null],
    ['music is cut', { contentType: 'music' }, { overrunMs: 0 }, { overrunMs: 60_000 }, null],
    ['a recording that fills is cut', { contentType: 'fill' }, { overrunMs: 0 }, { overrunMs: 60_000 }, null],
    ['what fills is cut', { source: { kind: 'fill' } }, { overrunMs: 0 }, { overrunMs: 60_000 }, null],
    ['what has a fixed time is late', hard, { lateMs: 0 }, { lateMs: 4000 }, 4000],
    ['music that has a fixed time is late', { ...hard, contentType: 'music' }, { lateMs: 0 }, { lateMs: 4000 }, 4000],
    ['by less than a second', hard, { lateMs: 0 }, { lateMs: 999 }, null],
    ['it was late before', hard, { lateMs: 4000 }, { lateMs: 4000 }, null],
    ['what has no fixed time is late', {}, { lateMs: 0 }, { lateMs: 60_000 }, null],
  ])('%s %o: %o, then %o', (_what, item, before, after, cutMs) => {
    expect(found(planned('a', 5, { ...before, item }), planned('a', 5, { ...after, item }))).toBe(cutMs)
  })

  it('its own music is cut: that is asked about', () => {
    const music = planned('ours', 1, { overrunMs: 60_000, item: { contentType: 'music' } })
    expect(findClash([], [music], [music.item])).toEqual({ title: 'Mục ours', atMs: music.startMs, cutMs: 60_000 })
  })
})

describe('its place', () => {
  const row = planned('new', 0).item
  const order = (plan: readonly PlannedItem[], at: Parameters<typeof inserted>[2]) => inserted(plan, [row], at).map(({ itemId }) => itemId)
  const onAir = planned('on-air', -5, { actualStartMs: nowMs as never, state: 'onAir' })

  it('is before the first row that starts later, and never before what has been on air', () => {
    const plan = [planned('missed', -9, { state: 'missed' }), onAir, planned('later', 10), planned('last', 20)]
    expect(order(plan, { kind: 'time', atMs: nowMs as never })).toEqual(['missed', 'on-air', 'new', 'later', 'last'])
    expect(order(plan, { kind: 'time', atMs: (nowMs + 15 * 60_000) as never })).toEqual(['missed', 'on-air', 'later', 'new', 'last'])
    expect(order(plan, { kind: 'time', atMs: (nowMs + 60 * 60_000) as never }).at(-1)).toBe('new')
    expect(order(plan, { kind: 'position', position: 0 })).toEqual(['missed', 'on-air', 'new', 'later', 'last'])
    expect(order([planned('early', -8), onAir], { kind: 'time', atMs: (nowMs - 9 * 60_000) as never })).toEqual(['early', 'on-air', 'new'])
  })

  it('of a priority bulletin is now, or at the time it was wished for', () => {
    const wished = (wishedStartMs: number | null) =>
      ownPlace(bulletinOf('a', nowMs, { class: 'priority', wishedStartMs: wishedStartMs as never }), nowMs as never).at
    expect(wished(null)).toEqual({ kind: 'time', atMs: nowMs })
    expect(wished(nowMs - 1)).toEqual({ kind: 'time', atMs: nowMs })
    expect(wished(nowMs + 1)).toEqual({ kind: 'time', atMs: nowMs + 1 })
  })
})
