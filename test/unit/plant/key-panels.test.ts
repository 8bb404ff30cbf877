// What a pressed key does and what its lamp says, for every action. Words with every colour: colour never speaks alone.
import { beforeEach, describe, expect, test } from 'vitest'
import { DeviceId } from '../../../shared/domain/ids.ts'
import type { MonotonicMs } from '../../../shared/domain/time.ts'
import { SurfaceAction, type SurfaceActions } from '../../../shared/domain/surface-actions.ts'
import { KeyPanels } from '../../../station/plant/index.ts'
import { holdKey } from '../../../station/plant/hold-key-machine.ts'
import type { Tally } from '../../../station/plant/key-panels.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'

const red = DeviceId.parse('red-key')
const spare = DeviceId.parse('spare-key')
const actions: SurfaceActions = SurfaceAction.options.map((action, key) => ({ key, action }))
const keyOf = (action: SurfaceAction) => SurfaceAction.options.indexOf(action)
const rest: Tally = {
  armedTitle: null,
  alertOnAir: false,
  stopped: false,
  microphoneOpen: false,
  hotKeys: [{ slot: 2, title: 'Nhạc hiệu', playing: false }],
}

let clock: VirtualClock
let panels: KeyPanels
const did: string[] = []
beforeEach(() => {
  clock = new VirtualClock()
  did.length = 0
  panels = new KeyPanels({
    clock,
    onAction: (action, heldMs) => did.push(heldMs > 0 ? `${action} after ${heldMs}` : action),
    onReleasedEarly: (action, afterMs) => did.push(`${action} given up after ${afterMs}`),
    onChanged: () => undefined,
  })
})
const key = (device: DeviceId, action: SurfaceAction, kind: 'pressed' | 'released') =>
  panels.event(device, actions, { kind, key: keyOf(action), atMonotonicMs: clock.monotonic() as MonotonicMs })

describe('keys', () => {
  test('fire is held for a second: 999 ms is nothing but a row, 1,000 ms fires once, however long it is held', async () => {
    key(red, 'fire', 'pressed')
    await clock.advance(999)
    expect(panels.holding).toBe(true)
    key(red, 'fire', 'released')
    await clock.advance(5000)
    expect(did).toEqual(['fire given up after 999'])
    key(red, 'fire', 'pressed')
    await clock.advance(1000)
    expect(did.slice(1)).toEqual(['fire after 1000'])
    await clock.advance(60_000)
    key(red, 'fire', 'released')
    expect(did).toHaveLength(2)
    expect(panels.holding).toBe(false)
    expect(clock.pendingTimers).toBe(0)
  })

  test('a timer that comes before the second is over fires nothing: an earlier press may have set it', async () => {
    const holding = { kind: 'holding', sinceMs: 600 } as const
    expect(holdKey(holding, { kind: 'elapsed', atMs: 1599 })).toEqual({ state: holding, effects: [] })
    expect(holdKey(holding, { kind: 'elapsed', atMs: 1600 }).effects).toEqual([{ kind: 'held' }])
    key(red, 'fire', 'pressed')
    await clock.advance(500)
    key(red, 'fire', 'released')
    expect(clock.pendingTimers, 'its second is over with the press').toBe(0)
    key(red, 'fire', 'pressed')
    await clock.advance(999)
    expect(did).toEqual(['fire given up after 500'])
    await clock.advance(1)
    expect(did.at(-1)).toBe('fire after 1000')
  })

  test('every other key acts on the press, once, and its release does nothing', () => {
    for (const action of SurfaceAction.options.filter((one) => one !== 'fire')) {
      key(red, action, 'pressed')
      expect(did.at(-1), 'before it is released').toBe(action)
      key(red, action, 'released')
    }
    expect(did).toEqual(SurfaceAction.options.filter((one) => one !== 'fire'))
    panels.event(red, actions, { kind: 'pressed', key: 99, atMonotonicMs: clock.monotonic() as MonotonicMs })
    expect(did).toHaveLength(SurfaceAction.options.length - 1)
  })

  test('a panel that is lost in the middle of a hold fires nothing; the other panel`s hold goes on', async () => {
    key(red, 'fire', 'pressed')
    key(spare, 'fire', 'pressed')
    await clock.advance(500)
    panels.lost(red)
    await clock.advance(500)
    expect(did).toEqual(['fire after 1000'])
    key(spare, 'fire', 'released')
    await clock.advance(5000)
    expect(did).toHaveLength(1)
  })

  test('half a second on each of two panels is no second', async () => {
    key(red, 'fire', 'pressed')
    await clock.advance(600)
    key(red, 'fire', 'released')
    key(spare, 'fire', 'pressed')
    await clock.advance(600)
    key(spare, 'fire', 'released')
    await clock.advance(5000)
    expect(did).toEqual(['fire given up after 600', 'fire given up after 600'])
  })
})

describe('lamps', () => {
  const lamp = (action: SurfaceAction, tally: Partial<Tally> = {}) => {
    const { text, colour, flash } = panels.lamps(actions, { ...rest, ...tally }).find((one) => one.key === keyOf(action)) ?? {}
    return `${colour}${flash ? ' flashing' : ''} ${text}`
  }

  test.each<[SurfaceAction, Partial<Tally>, string]>([
    ['fire', {}, 'off CHƯA CÓ TIN'],
    ['fire', { armedTitle: 'Lũ quét' }, 'amber flashing GIỮ ĐỂ PHÁT'],
    ['fire', { armedTitle: 'Lũ quét', alertOnAir: true }, 'red ĐANG PHÁT'],
    ['stop', {}, 'white NGẮT TIẾNG'],
    ['stop', { stopped: true }, 'white flashing ĐÃ NGẮT'],
    ['microphone', {}, 'off MICRO'],
    ['microphone', { microphoneOpen: true }, 'red MICRO MỞ'],
    ['preview', {}, 'off NGHE THỬ'],
    ['resume', {}, 'off PHÁT TIẾP'],
    ['next', {}, 'off CHUYỂN'],
    ['hotKey2', {}, 'off Nhạc hiệu'],
    ['hotKey2', { hotKeys: [{ slot: 2, title: 'Nhạc hiệu', playing: true }] }, 'red Nhạc hiệu'],
    ['hotKey1', {}, 'off '],
    ['hotKey2', { hotKeys: [{ slot: 2, title: null, playing: false }] }, 'off '],
  ])('%s %j: %s', (action, tally, shown) => {
    expect(lamp(action, tally)).toBe(shown)
  })

  test('while it is held the lamp stops flashing and says so', () => {
    key(red, 'fire', 'pressed')
    expect(lamp('fire', { armedTitle: 'Lũ quét' })).toBe('amber GIỮ…')
  })
})
