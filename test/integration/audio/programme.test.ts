// The programme as it was rendered: segues, crossfades, hard starts, fixed ends, holds, a blocked thread, the ceiling.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { OutputId } from '../../../shared/domain/ids.ts'
import { toDb } from '../../../shared/domain/levels.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { type AudioProcess, type Order, pcmItem, startAudioProcess } from '../../support/audio-process.ts'
import { findDiscontinuities } from '../../support/discontinuity.ts'
import { blockMainThread } from '../../support/inspector.ts'
import { recordMore } from '../../support/recording.ts'
import { lfsrNoise, locate, tones, toS16 } from '../../support/signals.ts'

const main = 'main' as OutputId
let dir = ''
let server: SoundServer
let audio: AudioProcess | null = null

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-programme-'))
  server = await startSoundServer({ dir, sinks: [{ name: 'fm', label: 'FM' }] })
})
afterEach(async () => {
  await audio?.close()
  await rm(join(dir, 'rec'), { recursive: true, force: true })
})
afterAll(async () => {
  await server?.close()
  await rm(dir, { recursive: true, force: true })
})

async function started(execArgv: string[] = []): Promise<AudioProcess> {
  audio = await startAudioProcess(
    server,
    { outputs: [{ outputId: main, device: 'FM', backupDevice: null }], recorderDir: join(dir, 'rec') },
    {},
    execArgv,
  )
  return audio
}
const setQueue = (process: AudioProcess, revision: number, items: Awaited<ReturnType<typeof pcmItem>>[]) =>
  process.wire.order({ kind: 'setQueue', outputId: main, revision, items })

describe('programme', () => {
  it('joins items at the sample, overlaps them where asked, and plays an item shorter than its horizon', async () => {
    const process = await started()
    const sounds = { a: lfsrNoise(1, 96_077), b: lfsrNoise(2, 33_001), c: lfsrNoise(3, 120_000), d: lfsrNoise(4, 480_000) }
    await setQueue(process, 1, [
      await pcmItem(dir, 'a', sounds.a),
      await pcmItem(dir, 'b', sounds.b),
      await pcmItem(dir, 'c', sounds.c),
      await pcmItem(dir, 'd', sounds.d, { crossfadeMs: 500, gainDb: -6 }),
    ])
    await process.wire.event('itemStarted', 20_000, (event) => event.itemId === 'd')
    const rendered = await recordMore(join(dir, 'rec'), main, 60_000)
    const known = Object.entries(sounds).map(([id, pcm]) => ({ id, pcm }))
    const { discontinuities, soundings } = findDiscontinuities(rendered, known)
    expect(discontinuities).toEqual([])
    const [a, b, c, d] = soundings.map((each) => each.originFrame) as [number, number, number, number]
    expect([b - a, c - b, d - c]).toEqual([96_077, 33_001, 120_000 - 24_000])
    expect(process.wire.eventsOf('itemEnded').map(({ itemId, reason, frame }) => [itemId, reason, frame])).toEqual([
      ['a', 'finished', 96_077],
      ['b', 'finished', 33_001],
      ['c', 'finished', 120_000],
    ])
    const quiet = locate(sounds.d.subarray(40_000, 42_000), rendered)
    expect(toDb(quiet?.gain ?? 0)).toBeCloseTo(-6, 1)
  })

  it('takes back what it had placed when the plan changes, also a crossfade that was planned', async () => {
    const process = await started()
    const sounds = { a: lfsrNoise(1, 144_000), b: lfsrNoise(2, 96_000), c: lfsrNoise(3, 480_000) }
    const [a, b, c] = [
      await pcmItem(dir, 'a', sounds.a),
      await pcmItem(dir, 'b', sounds.b, { crossfadeMs: 1000 }),
      await pcmItem(dir, 'c', sounds.c),
    ]
    await setQueue(process, 1, [a, b])
    await process.wire.event('itemStarted')
    await setQueue(process, 2, [c])
    await process.wire.event('itemStarted', 10_000, (event) => event.itemId === 'c')
    const rendered = await recordMore(join(dir, 'rec'), main, 48_000)
    const { discontinuities, soundings } = findDiscontinuities(
      rendered,
      Object.entries(sounds).map(([id, pcm]) => ({ id, pcm })),
    )
    expect(discontinuities).toEqual([])
    expect(soundings.map(({ id }) => id)).toEqual(['a', 'c'])
    expect((soundings[1]?.originFrame ?? 0) - (soundings[0]?.originFrame ?? 0)).toBe(144_000)
  })

  it('starts hard by wall time, ends a live pause at its fixed end, and holds and releases at the sample', async () => {
    const process = await started()
    const sounds = { a: lfsrNoise(1, 960_000), b: lfsrNoise(2, 960_000), c: lfsrNoise(3, 960_000) }
    const atMs = Date.now() + 5000
    const pause = {
      ...(await pcmItem(dir, 'pause', new Float32Array(1))),
      source: { kind: 'silence' } as const,
      endAtMs: (atMs + 2000) as EpochMs,
    }
    await setQueue(process, 1, [
      await pcmItem(dir, 'a', sounds.a),
      await pcmItem(dir, 'b', sounds.b),
      { ...pause, start: { kind: 'at', atMs: atMs as EpochMs } },
      await pcmItem(dir, 'c', sounds.c),
    ])
    const startedAt = await process.wire.event('itemStarted', 15_000, (event) => event.itemId === 'pause')
    expect(Math.abs(startedAt.atMs - atMs)).toBeLessThan(100)
    const next = await process.wire.event('itemStarted', 15_000, (event) => event.itemId === 'c')
    expect(Math.abs(next.atMs - atMs - 2000)).toBeLessThan(100)
    expect(process.wire.eventsOf('itemEnded').map(({ itemId, reason }) => [itemId, reason])).toEqual([
      ['a', 'hardStart'],
      ['pause', 'fixedEnd'],
    ])
    await recordMore(join(dir, 'rec'), main, 24_000)
    await process.wire.order({ kind: 'hold', outputId: main })
    await expect(process.wire.order({ kind: 'hold', outputId: main })).rejects.toThrow('ALREADY_HELD')
    const silent = await recordMore(join(dir, 'rec'), main, 48_000)
    expect(silent.subarray(-16_000).every((value) => value === 0)).toBe(true)
    await process.wire.order({ kind: 'release', outputId: main })
    const resumed = await process.wire.event('itemResumed')
    expect(resumed.frame).toBe((await process.wire.event('itemInterrupted')).frame)
    const rendered = await recordMore(join(dir, 'rec'), main, 48_000)
    expect(locate(sounds.c.subarray(resumed.frame + 2400, resumed.frame + 4800), rendered)?.score).toBeGreaterThan(0.95)
  })

  it('an item placed ahead of a start out of silence is not on air yet, and a plan that changes then still plays', async () => {
    const process = await started()
    const atMs = (Date.now() + 5000) as EpochMs
    const item = { ...(await pcmItem(dir, 'a', lfsrNoise(1, 480_000))), start: { kind: 'at', atMs } as const }
    const shown = () => process.wire.messages.flatMap((message) => (message.kind === 'state' ? [message.output] : []))
    await setQueue(process, 1, [item])
    // Sent again all the time, as a station does whose rundown is edited: each time whole, and equal or changed.
    for (let revision = 2; Date.now() < atMs - 200; revision++) {
      const follower = await pcmItem(dir, revision % 2 === 0 ? 'b' : 'c', new Float32Array(4800))
      await setQueue(process, revision, [revision % 3 === 0 ? { ...item, crossfadeMs: 500 } : item, follower])
      await process.wire.waitFor((message) => message.kind === 'report' && message.atMs > Date.now() - 40, 1000, 'a report')
    }
    expect(shown().every((output) => output.item === null)).toBe(true)
    const startedAt = await process.wire.event('itemStarted', 3000)
    expect(startedAt.itemId).toBe('a')
    expect(Math.abs(startedAt.atMs - atMs)).toBeLessThan(100)
    expect(process.wire.eventsOf('itemEnded')).toEqual([])
  })

  it('S9: a missing or truncated file is told and the next item plays', async () => {
    const process = await started()
    const sounds = { b: lfsrNoise(2, 96_000), d: lfsrNoise(4, 960_000) }
    const missing = {
      ...(await pcmItem(dir, 'a', new Float32Array(480))),
      source: { kind: 'pcm', path: join(dir, 'nowhere.pcm'), frames: 96_000, gainDb: 0, loop: false } as const,
    }
    const short = await pcmItem(dir, 'b', sounds.b)
    const truncated = { ...short, source: { ...short.source, frames: 192_000 } as never }
    await setQueue(process, 1, [missing, truncated, await pcmItem(dir, 'd', sounds.d)])
    await process.wire.event('itemStarted', 15_000, (event) => event.itemId === 'd')
    expect(process.wire.eventsOf('itemEnded').map(({ itemId, reason }) => [itemId, reason])).toEqual([
      ['a', 'failed'],
      ['b', 'failed'],
    ])
    expect(process.wire.eventsOf('failure').map(({ message }) => message)).toEqual([
      expect.stringContaining('nowhere.pcm'),
      expect.stringContaining('96000'),
    ])
  })

  it('a thread blocked for 1.5 s is not heard, across a segue', async () => {
    const process = await started(['--inspect=127.0.0.1:0'])
    const sounds = { a: lfsrNoise(1, 144_000), b: lfsrNoise(2, 480_000) }
    await setQueue(process, 1, [await pcmItem(dir, 'a', sounds.a), await pcmItem(dir, 'b', sounds.b, { crossfadeMs: 1500 })])
    await process.wire.event('itemStarted')
    await recordMore(join(dir, 'rec'), main, 16_384)
    await blockMainThread(await process.log(), 1500)
    await process.wire.event('itemStarted', 10_000, (event) => event.itemId === 'b')
    const rendered = await recordMore(join(dir, 'rec'), main, 96_000)
    expect(
      findDiscontinuities(
        rendered,
        Object.entries(sounds).map(([id, pcm]) => ({ id, pcm })),
      ).discontinuities,
    ).toEqual([])
    expect(process.wire.eventsOf('underrun')).toEqual([])
  })

  it('lets nothing above −1 dBFS leave and leaves quiet passages as they are', async () => {
    const process = await started()
    const loud = tones([200, 317], 480_000, 0.7)
    const quiet = lfsrNoise(7, 480_000, 0.05)
    await writeFile(join(dir, 'over.pcm'), toS16(loud, 2))
    const over = (slot: number, gainDb: number): Order => ({
      kind: 'playOver',
      outputIds: [main],
      slot,
      path: join(dir, 'over.pcm'),
      frames: loud.length,
      gainDb,
      duckDb: 0,
      loop: false,
    })
    await setQueue(process, 1, [await pcmItem(dir, 'quiet', quiet), await pcmItem(dir, 'loud', loud, { gainDb: 6 })])
    await process.wire.event('itemStarted')
    const calm = await recordMore(join(dir, 'rec'), main, 96_000)
    expect(toDb(locate(quiet.subarray(24_000, 30_000), calm)?.gain ?? 0)).toBeCloseTo(0, 1)
    await process.wire.order({ kind: 'next', outputId: main, fadeMs: 0 })
    await process.wire.order(over(1, 6))
    await process.wire.order(over(2, 6))
    const rendered = await recordMore(join(dir, 'rec'), main, 96_000)
    const peak = rendered.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0)
    expect(peak).toBeGreaterThan(0.7)
    expect(toDb(peak)).toBeLessThanOrEqual(-1)
    const report = await process.wire.until(() => process.wire.messages.findLast((message) => message.kind === 'report'), 1000, 'a report')
    if (report.kind === 'report') expect(report.outputs[0]?.level.peakDb[0]).toBeLessThanOrEqual(-1)
    await process.wire.order({ kind: 'stopOver', outputIds: [main], slot: 1 })
    expect((await process.wire.event('overEnded')).reason).toBe('stopped')
  })
})
