// The typed repositories over a real file, through the real workers.
import { expect, it } from 'vitest'
import type { AlertView } from '../../../shared/domain/alert.ts'
import type { Cart } from '../../../shared/domain/library.ts'
import type { RundownItem } from '../../../shared/domain/schedule.ts'
import type { BroadcastDay, EpochMs } from '../../../shared/domain/time.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openTestStore } from '../../support/test-store.ts'

const day = '2026-08-01' as BroadcastDay

const item = (itemId: string, change: Partial<RundownItem> = {}): RundownItem => ({
  itemId: itemId as RundownItem['itemId'],
  day,
  position: 99,
  title: `Mục ${itemId}`,
  contentType: 'music',
  source: { kind: 'fill', cartId: null },
  start: { kind: 'follow' },
  durationMs: 1000,
  crossfadeMs: null,
  resume: null,
  outputIds: [],
  ...change,
})

const cart = (cartId: string, importedAtMs: number): Cart => ({
  cartId: cartId as Cart['cartId'],
  title: 'Dân ca',
  contentType: 'music',
  originalName: 'dan-ca.mp3',
  sha256: `sha-${cartId}`,
  format: 'mp3',
  durationMs: 1000,
  frames: 48_000,
  integratedLufs: -23,
  truePeakDbtp: -1,
  gainDb: 0,
  silenceHeadMs: 0,
  silenceTailMs: 0,
  importedAtMs: importedAtMs as EpochMs,
})

it('a plan keeps the order it was given, and numbers it', async () => {
  const { rundown } = await openTestStore(temporaryFolder('store'))
  expect(await rundown.day(day)).toEqual({ day, revision: 0, items: [], undoLabel: null })
  const written = await rundown.replaceDay(day, [item('b'), item('a')], 'thêm mục')
  expect(written.items.map((stored) => [stored.item.itemId, stored.item.position])).toEqual([
    ['b', 0],
    ['a', 1],
  ])
  expect(await rundown.day(day)).toEqual(written)
  expect(written).toMatchObject({ revision: 1, undoLabel: 'thêm mục' })
})

it('undo brings former plans back one by one and never what was measured', async () => {
  const { rundown } = await openTestStore(temporaryFolder('store'))
  await rundown.replaceDay(day, [item('a')], 'thêm a')
  await rundown.replaceDay(day, [item('a'), item('b')], 'thêm b')
  await rundown.setActual('a', {
    state: 'aired',
    reason: null,
    actualStartMs: 5 as EpochMs,
    actualEndMs: 9 as EpochMs,
    originMs: 3 as EpochMs,
  })
  const undone = await rundown.undo(day)
  expect(undone).toMatchObject({ label: 'thêm b', day: { revision: 3, undoLabel: 'thêm a' } })
  expect(undone?.day.items).toMatchObject([{ item: { itemId: 'a' }, state: 'aired', actualStartMs: 5, actualEndMs: 9, originMs: 3 }])
  expect((await rundown.undo(day))?.day.items).toEqual([])
  expect(await rundown.undo(day)).toBeNull()
})

it('a plan that replaces another without a label cannot be undone', async () => {
  const { rundown } = await openTestStore(temporaryFolder('store'))
  await rundown.replaceDay(day, [item('a')], null)
  expect(await rundown.undo(day)).toBeNull()
})

it('keeps the newest hundred former plans of a day and those of other days', async () => {
  const { rundown } = await openTestStore(temporaryFolder('store'))
  const other = '2026-08-02' as BroadcastDay
  await rundown.replaceDay(other, [item('x')], 'ngày khác')
  await Promise.all(Array.from({ length: 103 }, (_, index) => rundown.replaceDay(day, [item(`i${index}`)], `lần ${index}`)))
  let undone = 0
  while ((await rundown.undo(day)) !== null) undone += 1
  expect(undone).toBe(100)
  expect(await rundown.undo(other)).toMatchObject({ label: 'ngày khác' })
})

it('a recording comes back as it was put, its waveform apart, to float32', async () => {
  const { carts } = await openTestStore(temporaryFolder('store'))
  const peaks = { bucketMs: 20, min: [-0.5, -1, 0], max: [0.25, 1, 0] }
  await carts.put(cart('c2', 2), peaks)
  await carts.put(cart('c1', 1), null)
  expect((await carts.all()).map((each) => each.cartId)).toEqual(['c1', 'c2'])
  expect(await carts.get('c2')).toEqual(cart('c2', 2))
  expect(await carts.bySha256('sha-c2')).toEqual(cart('c2', 2))
  expect(await carts.peaks('c2')).toEqual(peaks)
  expect(await carts.peaks('c1')).toBeNull()
})

it('changing a title keeps the waveform; removing takes all of it', async () => {
  const { carts } = await openTestStore(temporaryFolder('store'))
  await carts.put(cart('c', 1), { bucketMs: 20, min: [0], max: [1] })
  await carts.put({ ...cart('c', 1), title: 'Tên mới' }, null)
  expect(await carts.get('c')).toMatchObject({ title: 'Tên mới' })
  expect(await carts.peaks('c')).toEqual({ bucketMs: 20, min: [0], max: [1] })
  expect(await carts.remove('c')).toBe(true)
  expect(await carts.remove('c')).toBe(false)
  expect(await carts.get('c')).toBeNull()
})

it('alerts come newest first, with the place of their audio', async () => {
  const { alerts } = await openTestStore(temporaryFolder('store'))
  const alert = (alertId: string, createdAtMs: number) => ({ alertId, createdAtMs, title: 'Bão số 5' }) as AlertView
  await alerts.put(alert('old', 1), null)
  await alerts.put(alert('new', 2), null)
  await alerts.put(alert('new', 2), '/data/alerts/new.wav')
  expect(await alerts.all()).toEqual([
    { alert: alert('new', 2), audioPath: '/data/alerts/new.wav' },
    { alert: alert('old', 1), audioPath: null },
  ])
  expect(await alerts.get('nobody')).toBeNull()
})

it('settings are any JSON, and undefined where never set', async () => {
  const { settings } = await openTestStore(temporaryFolder('store'))
  expect(await settings.get('x')).toBeUndefined()
  await settings.set('x', { a: [1] })
  await settings.set('x', null)
  expect(await settings.get('x')).toBeNull()
})
