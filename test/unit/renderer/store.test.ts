import { describe, expect, test } from 'vitest'
import { createServerClock } from '../../../renderer/state/server-clock.ts'
import { share } from '../../../renderer/state/share.ts'
import { createStationStore } from '../../../renderer/state/station-store.ts'
import type { ScreenMessage } from '../../../shared/domain/station.ts'
import { epochMs } from '../../../shared/domain/time.ts'
import { FakeStation } from '../../support/fake-station.ts'

const state = new FakeStation().world
const at = epochMs(1_000)
const snapshot = (seq: number): ScreenMessage => ({ kind: 'snapshot', seq, serverNowMs: at, state: structuredClone(state) })
const delta = (seq: number, part: Partial<typeof state>): ScreenMessage => ({
  kind: 'delta',
  seq,
  serverNowMs: at,
  state: structuredClone(part),
})

describe('store', () => {
  test('before the first snapshot there is nothing to lay a delta over', () => {
    const store = createStationStore()
    store.apply(delta(1, {}))
    expect(store.get().screen).toBeNull()
  })
  test('what a carrier measures changes the outputs, not what they do', () => {
    const store = createStationStore()
    store.apply(snapshot(1))
    const { aired, screen } = store.get()
    const measured = state.onair.map((output) => ({
      ...output,
      carriers: output.carriers.map((carrier) => ({ ...carrier, measured: 12.5 })),
    }))
    store.apply(delta(2, { onair: measured }))
    expect(store.get().screen?.onair).not.toBe(screen?.onair)
    expect(store.get().aired).toBe(aired)
    store.apply(delta(3, { onair: measured.map((output) => ({ ...output, phase: 'held' as const })) }))
    expect(store.get().aired).not.toBe(aired)
  })
  test('an end that moves by rounding and a reading that says the same are no change; what moves really is', () => {
    const store = createStationStore()
    store.apply(snapshot(1))
    const { screen } = store.get()
    const later = (byMs: number) =>
      state.onair.map((output) => ({
        ...output,
        now: output.now && { ...output.now, positionMs: 7, endsAtMs: epochMs((output.now.endsAtMs ?? 0) + byMs) },
      }))
    const read = state.devices.map((device) => ({
      ...device,
      transmitter: device.transmitter && { ...device.transmitter, atMs: epochMs(device.transmitter.atMs + 250) },
    }))
    store.apply(delta(2, { onair: later(12), devices: read }))
    expect(store.get().screen).toBe(screen)
    store.apply(delta(3, { onair: later(800) }))
    expect(store.get().screen?.onair[0]?.now?.endsAtMs).toBe((state.onair[0]?.now?.endsAtMs ?? 0) + 800)
    const warmer = read.map((device) => ({ ...device, transmitter: device.transmitter && { ...device.transmitter, vswr: 1.9 } }))
    store.apply(delta(4, { devices: warmer }))
    const shown = store.get().screen?.devices.find((device) => device.transmitter !== null)
    expect(shown?.transmitter).toEqual(warmer.find((device) => device.transmitter !== null)?.transmitter)
  })
  test('a delta that says nothing new tells nobody', () => {
    const store = createStationStore()
    store.apply(snapshot(1))
    let told = 0
    store.subscribe(() => (told += 1))
    store.apply(delta(2, { devices: state.devices, onair: state.onair }))
    expect(told).toBe(0)
  })
  test('what did not change keeps its identity, over deltas and over a new snapshot', () => {
    const store = createStationStore()
    store.apply(snapshot(1))
    const before = store.get().screen!
    store.apply(delta(2, { devices: state.devices.map((device, i) => (i === 0 ? { ...device, label: 'khác' } : device)) }))
    const after = store.get().screen!
    expect(after.onair).toBe(before.onair)
    expect(after.devices).not.toBe(before.devices)
    expect(after.devices[1]).toBe(before.devices[1])
    store.apply(snapshot(9))
    expect(store.get().screen?.schedule).toBe(before.schedule)
  })
  test('an end of the evening before that moves by rounding is no change either; a row that is over goes', () => {
    const store = createStationStore()
    const { items } = state.schedule
    const carried = (byMs: number) => items.slice(0, 2).map((row) => ({ ...row, endMs: epochMs(row.endMs + byMs) }))
    const schedule = (byMs: number) => ({ ...state.schedule, items: items.slice(2), carried: carried(byMs) })
    store.apply(snapshot(1))
    store.apply(delta(2, { schedule: schedule(0) }))
    const before = store.get().screen
    store.apply(delta(3, { schedule: schedule(12) }))
    expect(store.get().screen).toBe(before)
    store.apply(delta(4, { schedule: schedule(800) }))
    expect(store.get().screen?.schedule.carried[0]?.endMs).toBe((items[0]?.endMs ?? 0) + 800)
    expect(store.get().screen?.schedule.items).toBe(before?.schedule.items)
    store.apply(delta(5, { schedule: { ...schedule(800), carried: carried(800).slice(1) } }))
    expect(store.get().screen?.schedule.carried.map((row) => row.item.itemId)).toEqual([items[1]?.item.itemId])
  })
  test('null is a value: the cue goes away', () => {
    const store = createStationStore()
    store.apply(snapshot(1))
    store.apply(delta(2, { cue: { subject: { kind: 'cart', id: 'x' }, startedAtMs: at, offsetMs: 0, durationMs: 1 } }))
    expect(store.get().screen?.cue).not.toBeNull()
    store.apply(delta(3, { cue: null }))
    expect(store.get().screen?.cue).toBeNull()
  })
})

describe('sharing', () => {
  test('keeps equal parts, drops removed keys', () => {
    const old = { a: [1, { b: 2 }], c: { d: 3 }, gone: 1 }
    const next = share(old, { a: [1, { b: 2 }], c: { d: 4 } } as unknown as typeof old)
    expect(next.a).toBe(old.a)
    expect(next.c).not.toBe(old.c)
    expect('gone' in next).toBe(false)
    expect(share(old, structuredClone(old))).toBe(old)
  })
})

describe('station clock', () => {
  test('late reading does not move it back; a step of more than half a second is taken', () => {
    let local = 0
    const clock = createServerClock(
      () => local,
      () => 0,
    )
    clock.observe(10_000, 0)
    local = 100
    clock.observe(10_080, 100)
    expect(clock.now()).toBe(10_100)
    clock.observe(10_060, 100)
    expect(clock.now()).toBe(10_100)
    clock.observe(5_000, 100)
    expect(clock.now()).toBe(5_000)
  })
})
