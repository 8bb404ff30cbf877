// What is kept of an airing for the boot after a death: how far it was, seldom written, and never behind a slow disk.
import { expect, test } from 'vitest'
import { readingAtPosition } from '../../../shared/domain/alert.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { Airings, interruptionOf } from '../../../station/house/airings.ts'

type Reported = Parameters<Airings['report']>[0]

const order = (cutInId: string) =>
  ({
    cutInId,
    alertId: 'al',
    title: 'Lũ quét',
    mode: 'live',
    outputIds: ['fm', 'wired'],
    severity: 2,
    automatic: false,
    readings: 1,
    resume: null,
    via: 'api',
    actor: 'api',
    heldMs: null,
    previewedMs: 0,
  }) as never

/** A store whose writes end when they are told to. */
function settings() {
  const writes: unknown[] = []
  let release: () => void = () => undefined
  const set = (_name: string, value: unknown) => {
    writes.push(JSON.parse(JSON.stringify(value)))
    return new Promise<void>((resolve) => {
      release = resolve
    })
  }
  const get = () => Promise.resolve(writes.at(-1))
  const written = async () => {
    release()
    await Promise.resolve()
    await Promise.resolve()
  }
  return { writes, written, store: { get, set } as never }
}

const report = (atMs: number, ...at: [string, number | null][]): Reported =>
  ({ atMs, outputs: at.map(([outputId, alertMs]) => ({ outputId, alertMs })) }) as never
const both = (cutInId: string) => (_outputId: OutputId) => cutInId

test('P2: the least far of its outputs counts, every half second, and the next boot reads it', async () => {
  const { writes, written, store } = settings()
  const airings = new Airings(store)
  airings.begin(order('c1'), 'cold', 1000 as EpochMs)
  await written()
  for (let ms = 40; ms <= 2000; ms += 40) {
    airings.report(report(1000 + ms, ['fm', ms + 3000], ['wired', ms]), both('c1'))
    await written()
  }
  // Its beginning, and 40, 560, 1080, 1600 ms.
  expect(writes).toHaveLength(5)
  const kept = await new Airings(store).load()
  expect(interruptionOf(kept.get('c1') as never)).toEqual({ cutInId: 'c1', atMs: 2600, positionMs: 1600, continues: false })
})

test('P2: nothing is written behind a write that is not done, of another airing, or where none is on', async () => {
  const { writes, written, store } = settings()
  const airings = new Airings(store)
  airings.report(report(1000, ['fm', 40]), both('c1'))
  airings.begin(order('c1'), 'hot', 1000 as EpochMs)
  for (let ms = 40; ms <= 4000; ms += 40) airings.report(report(1000 + ms, ['fm', ms]), both('c1'))
  expect(writes).toHaveLength(1)
  await written()
  airings.report(report(6000, ['fm', 5000], ['wired', null]), (outputId) => (outputId === 'wired' ? 'c1' : 'c2'))
  expect(writes).toHaveLength(1)
  airings.report(report(6040, ['fm', 5040], ['wired', null]), both('c1'))
  expect(writes).toHaveLength(2)
  airings.end('c1')
  expect(writes).toEqual([expect.anything(), expect.anything(), []])
})

test('P2: cut off before its first sound it is at its beginning, or where it was to go on', async () => {
  const { written, store } = settings()
  const airings = new Airings(store)
  airings.begin(order('c1'), 'cold', 1000 as EpochMs)
  await written()
  airings.begin({ ...(order('c2') as object), offsetMs: 7000 } as never, 'cold', 2000 as EpochMs)
  const kept = await new Airings(store).load()
  expect(interruptionOf(kept.get('c1') as never)).toMatchObject({ atMs: 1000, positionMs: 0 })
  expect(interruptionOf(kept.get('c2') as never)).toMatchObject({ atMs: 2000, positionMs: 7000 })
})

test('P2: which reading it was', () => {
  // Three readings of 10 s with 2 s between them, after 4 s of attention.
  const alert = { readings: 3, audio: { attentionMs: 4000, bodyMs: 34_000 } } as never
  const readingOf = (ms: number) => readingAtPosition(alert, ms)
  expect([0, 3999, 4000, 13_999, 16_000, 25_999, 28_000, 38_000, 50_000].map(readingOf)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 3])
  expect(readingAtPosition({ readings: 2, audio: null }, 5000)).toBe(0)
})
