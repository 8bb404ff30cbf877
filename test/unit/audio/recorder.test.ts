// A recorder that could not write says so once, and says when sound reaches the disk again.
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Recorder } from '../../../audio/recorder.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-recorder-'))
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(dir, { recursive: true, force: true })
})

/** A tap that is given blocks of a third of a second. */
function tapped(recorder: Recorder) {
  const tap: any = { connect: () => undefined }
  const context: any = { createScriptProcessor: () => tap, sampleRate: 48_000, currentTime: 0 }
  recorder.connect(context, { connect: () => undefined } as any)
  let frame = 0
  return ({ missingFrames = 0, wallAheadMs = 0 } = {}) => {
    frame += missingFrames
    context.currentTime = (frame + 2 * 16_384) / 48_000
    vi.setSystemTime(startMs + wallAheadMs + (frame * 1000) / 48_000)
    const samples = new Float32Array(16_384).fill(0.25)
    tap.onaudioprocess({ playbackTime: context.currentTime, inputBuffer: { numberOfChannels: 2, getChannelData: () => samples } })
    frame += 16_384
  }
}
const startMs = Date.UTC(2026, 7, 1, 1, 0, 10)
const segments = async () => (await readdir(dir)).sort()
const framesIn = async (name: string) => (await readFile(join(dir, name))).readUInt32LE(40) / 4

test('a segment is one unbroken piece: where samples are missing, or the wall clock moved, the next one begins', async () => {
  const recorder = new Recorder(
    dir,
    'fm' as OutputId,
    1,
    () => undefined,
    () => undefined,
  )
  const block = tapped(recorder)
  for (let i = 0; i < 3; i++) block()
  block({ missingFrames: 48_000 })
  block()
  await recorder.close()
  const [first = '', second = '', ...more] = await segments()
  expect(more).toEqual([])
  expect([await framesIn(first), await framesIn(second)]).toEqual([3 * 16_384, 2 * 16_384])
  // The second begins 3 blocks and a second after the first, by its name.
  const at = (name: string) => Number(name.slice(-11, -9)) * 1000 + Number(name.slice(-8, -5))
  expect(at(second) - at(first)).toBe(Math.round((3 * 16_384 * 1000) / 48_000) + 1000)
})

test('a device that was left is recorded no more, though it is rendered until it is closed', async () => {
  const recorder = new Recorder(
    dir,
    'fm' as OutputId,
    1,
    () => undefined,
    () => undefined,
  )
  const left = tapped(recorder)
  left()
  const block = tapped(recorder)
  for (let i = 0; i < 3; i++) {
    block({ wallAheadMs: 1000 })
    left()
  }
  await recorder.close()
  const frames = await Promise.all((await segments()).map(framesIn))
  expect(frames).toEqual([16_384, 3 * 16_384])
})

test('a wall clock that jumps begins a segment though no sample is missing', async () => {
  const recorder = new Recorder(
    dir,
    'fm' as OutputId,
    1,
    () => undefined,
    () => undefined,
  )
  const block = tapped(recorder)
  block()
  block({ wallAheadMs: 2000 })
  block({ wallAheadMs: 2100 })
  await recorder.close()
  expect(await segments()).toHaveLength(2)
})

test('what was recorded is on the disk with its size every 4 s, not at the end only', async () => {
  const recorder = new Recorder(
    dir,
    'fm' as OutputId,
    1,
    () => undefined,
    () => undefined,
  )
  const block = tapped(recorder)
  for (let i = 0; i < 13; i++) block()
  const onDisk = async () => framesIn((await segments())[0] ?? '')
  await vi.waitFor(async () => expect(await onDisk()).toBeGreaterThanOrEqual(12 * 16_384), { timeout: 10_000 })
  await recorder.close()
})

test('segments of this output that are too old are removed, and nothing else is', async () => {
  const old = new Date(startMs - 3 * 3_600_000)
  const young = new Date(startMs - 1.5 * 3_600_000)
  for (const [name, time] of [
    ['fm_old.wav', old],
    ['fm_young.wav', young],
    ['fm_old.opus', old],
    ['fm2_old.wav', old],
    ['wired_old.wav', old],
  ] as const) {
    await writeFile(join(dir, name), 'x')
    await utimes(join(dir, name), time, time)
  }
  const recorder = new Recorder(
    dir,
    'fm' as OutputId,
    2,
    () => undefined,
    () => undefined,
  )
  tapped(recorder)()
  await recorder.close()
  const kept = (await segments()).filter((name) => !name.startsWith('fm_2026'))
  expect(kept).toEqual(['fm2_old.wav', 'fm_old.opus', 'fm_young.wav', 'wired_old.wav'])
})

test('a wall clock that is a year ahead for a moment takes no more than the oldest segment with it', async () => {
  const changed = new Date(startMs - 3_600_000)
  const waiting = ['fm_20260731T010000_000Z.wav', 'fm_20260731T010500_000Z.wav', 'fm_20260731T011000_000Z.wav']
  for (const name of waiting) {
    await writeFile(join(dir, name), 'x')
    await utimes(join(dir, name), changed, changed)
  }
  const recorder = new Recorder(
    dir,
    'fm' as OutputId,
    2,
    () => undefined,
    () => undefined,
  )
  const block = tapped(recorder)
  block({ wallAheadMs: 365 * 86_400_000 })
  await vi.waitFor(async () => expect((await segments()).at(-1)).toContain('fm_2027'), { timeout: 10_000 })
  block()
  await recorder.close()
  expect((await segments()).slice(0, 2)).toEqual(waiting.slice(1))
  expect(await segments()).toHaveLength(4)
})

test('a failure is told, and its end when a block is written', async () => {
  const told: string[] = []
  const folder = join(dir, 'tape')
  await writeFile(folder, 'in the way')
  const tap: any = { connect: () => undefined }
  const context: any = { createScriptProcessor: () => tap, sampleRate: 48_000, currentTime: 0 }
  const say = (what: string) => () => void told.push(what)
  const recorder = new Recorder(folder, 'fm' as OutputId, 1, say('failed'), say('writes'))
  recorder.connect(context, { connect: () => undefined } as any)
  const block = () => {
    context.currentTime += 16_384 / 48_000
    const samples = new Float32Array(16_384)
    tap.onaudioprocess({ playbackTime: context.currentTime, inputBuffer: { numberOfChannels: 2, getChannelData: () => samples } })
  }
  block()
  await vi.waitFor(() => expect(told).toEqual(['failed']))
  await rm(folder)
  block()
  expect(told).toEqual(['failed'])
  vi.setSystemTime(Date.now() + 31_000)
  block()
  await vi.waitFor(() => expect(told).toEqual(['failed', 'writes']))
  block()
  await recorder.close()
  expect(told).toEqual(['failed', 'writes'])
  expect((await readdir(folder)).length).toBeGreaterThan(0)
})
