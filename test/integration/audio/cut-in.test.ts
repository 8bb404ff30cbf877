// Cut-in and resume: how soon, at the sound server's monitor; how exactly, in what was rendered; and that nothing else breaks.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AlertId, CutInId, OutputId } from '../../../shared/domain/ids.ts'
import { type SoundServer, startSoundServer } from '../../../simulator/sound/sound-server.ts'
import { type AudioProcess, type Order, pcmItem, startAudioProcess } from '../../support/audio-process.ts'
import { findDiscontinuities } from '../../support/discontinuity.ts'
import { MonitorCapture } from '../../support/monitor-capture.ts'
import { readRecording, recordMore } from '../../support/recording.ts'
import { lfsrNoise, locate, rmsDb, toS16 } from '../../support/signals.ts'

const main = 'main' as OutputId
const alertId = 'al' as AlertId
let dir = ''
let server: SoundServer
let audio: AudioProcess
let capture: MonitorCapture

const programme = lfsrNoise(2, 48_000 * 90, 0.1)
/** Silent at first, so that the end of the programme is heard alone. */
const body = new Float32Array(48_000)
body.set(lfsrNoise(3, 36_000, 0.3), 12_000)
const loud = lfsrNoise(5, 24_000, 0.3)
const attention = lfsrNoise(6, 19_200, 0.25)

let cuts = 0
const cutIn = () => `c${++cuts}` as CutInId
const fire = (id: CutInId, alert: AlertId, mode: 'hot' | 'cold' = 'hot', bodyRepeats = 1): Order => ({
  kind: 'fireAlert',
  cutInId: id,
  alertId: alert,
  outputIds: [main],
  mode,
  bodyRepeats,
  gapMs: 200,
  resume: null,
})

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-cut-in-'))
  server = await startSoundServer({ dir, sinks: [{ name: 'fm', label: 'FM' }] })
  audio = await startAudioProcess(server, {
    outputs: [{ outputId: main, device: 'FM', backupDevice: null }],
    recorderDir: join(dir, 'rec'),
  })
  capture = await MonitorCapture.start({ server, source: server.sinkMonitor('fm') })
  await writeFile(join(dir, 'body'), toS16(body, 1))
  await writeFile(join(dir, 'loud'), toS16(loud, 1))
  await writeFile(join(dir, 'attention'), toS16(attention, 1))
  const load = (id: AlertId, attentionPath: string | null, bodyPath: string) =>
    audio.wire.order({ kind: 'loadAlert', alert: { alertId: id, attentionPath, bodyPath, gainDb: 0 } })
  await load(alertId, null, join(dir, 'body'))
  await load('loud' as AlertId, null, join(dir, 'loud'))
  await load('full' as AlertId, join(dir, 'attention'), join(dir, 'loud'))
  await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 1, items: [await pcmItem(dir, 'p', programme, { loop: true })] })
  await audio.wire.event('itemStarted')
  await capture.hear(24_000)
})

afterAll(async () => {
  await capture?.stop()
  await audio?.close()
  await server?.close()
  await rm(dir, { recursive: true, force: true })
})

describe('hot cut-in', () => {
  it('sounds within milliseconds and ends by itself; the programme goes on at the very sample', async () => {
    const latencies: number[] = []
    const errors: number[] = []
    for (let round = 0; round < 8; round++) {
      const id = cutIn()
      await capture.hear(4800 + 997 * round)
      const from = capture.frames - 4800
      const sentMs = performance.now()
      audio.wire.fire(fire(id, alertId))
      await audio.wire.event('alertEnded', 10_000, (event) => event.cutInId === id)
      const resumed = await audio.wire.until(() => audio.wire.eventsOf('itemResumed')[round], 5000, 'the programme')
      await capture.hear(24_000)
      const interrupted = audio.wire.eventsOf('itemInterrupted')[round]
      expect(resumed.frame).toBe(interrupted?.frame)
      const alert = locate(body.subarray(12_000, 13_000), capture.samples(from, capture.frames))
      expect(alert?.score).toBeGreaterThan(0.6)
      latencies.push(capture.timeMs(from + (alert?.frame ?? 0) - 12_000) - sentMs)
    }
    const rendered = await recordMore(join(dir, 'rec'), main, 48_000)
    for (const { frame } of audio.wire.eventsOf('itemInterrupted')) errors.push(resumeError(rendered, frame))
    latencies.sort((a, b) => a - b)
    console.log(
      'order → sound at the monitor, ms',
      latencies.map((value) => value.toFixed(1)).join(' '),
      '· resume error, frames',
      errors.join(' '),
    )
    expect(latencies[latencies.length >> 1]).toBeLessThan(25)
    for (const error of errors) expect(Math.abs(error)).toBeLessThanOrEqual(48)
    expect(audio.wire.eventsOf('underrun')).toEqual([])
  })

  it('plays attention once, then the readings, and is stopped in the middle of one', async () => {
    const id = cutIn()
    const from = (await readRecording(join(dir, 'rec'), main)).length
    await audio.wire.order(fire(id, 'full' as AlertId, 'hot', 3))
    await audio.wire.event('alertBodyStarted', 10_000, (event) => event.cutInId === id && event.reading === 2)
    await audio.wire.order({ kind: 'stopAlert', cutInId: id, outputIds: [main] })
    const ended = await audio.wire.event('alertEnded', 5000, (event) => event.cutInId === id)
    expect(ended.reason).toBe('stopped')
    const heard = (await recordMore(join(dir, 'rec'), main, 48_000)).subarray(from)
    const { discontinuities, soundings } = findDiscontinuities(heard, [
      { id: 'p', pcm: programme, loop: true },
      { id: 'attention', pcm: attention },
      { id: 'loud', pcm: loud },
    ])
    expect(soundings.map((each) => each.id).filter((each) => each !== 'p')).toEqual(['attention', 'loud', 'loud'])
    expect(discontinuities.filter(({ kind }) => kind !== 'damaged')).toEqual([])
    const [first, reading] = soundings.filter((each) => each.id !== 'p')
    expect((reading?.originFrame ?? 0) - (first?.originFrame ?? 0)).toBe(attention.length)
  })

  it('is replaced by another alert at once', async () => {
    const [first, second] = [cutIn(), cutIn()]
    await audio.wire.order(fire(first, 'full' as AlertId, 'hot', 5))
    await capture.hear(9600)
    await audio.wire.order(fire(second, 'loud' as AlertId))
    expect((await audio.wire.event('alertEnded', 5000, (event) => event.cutInId === first)).reason).toBe('replaced')
    expect((await audio.wire.event('alertEnded', 5000, (event) => event.cutInId === second)).reason).toBe('finished')
    await audio.wire.until(() => audio.wire.eventsOf('itemResumed').at(-1), 5000, 'the programme')
  })
})

describe('cold cut-in', () => {
  it('repeats the attention signal until it is told to proceed', async () => {
    const id = cutIn()
    await recordMore(join(dir, 'rec'), main, 48_000)
    await audio.wire.order(fire(id, 'full' as AlertId, 'cold'))
    const rendered = await recordMore(join(dir, 'rec'), main, 5 * attention.length)
    const looping = findDiscontinuities(rendered.subarray(-4 * attention.length), [{ id: 'attention', pcm: attention, loop: true }])
    expect(looping.discontinuities).toEqual([])
    expect(looping.soundings.length).toBe(1)
    const from = capture.frames
    await audio.wire.order({ kind: 'proceedAlert', cutInId: id, outputId: main })
    expect((await audio.wire.event('alertEnded', 10_000, (event) => event.cutInId === id)).reason).toBe('finished')
    await capture.hear(12_000)
    expect(locate(loud.subarray(0, 2000), capture.samples(from, capture.frames))?.score).toBeGreaterThan(0.9)
  })
})

describe('STOP', () => {
  it('is silent at once, stays so, and refuses what would sound', async () => {
    await capture.waitFor((each) => rmsDb(each.samples(each.frames - 4800)) > -40, 10_000, 'the programme')
    const sentMs = performance.now()
    await audio.wire.order({ kind: 'stop', outputIds: [main] })
    await capture.hear(24_000)
    const sentFrame = capture.frameAt(sentMs)
    const heard = capture.samples(sentFrame, capture.frames)
    const lastLoud = heard.findLastIndex((value) => value !== 0)
    console.log('STOP → silence at the monitor, ms', (lastLoud / 48).toFixed(1))
    expect(lastLoud / 48).toBeLessThan(100)
    await expect(audio.wire.order(fire(cutIn(), alertId))).rejects.toThrow('STOP_LATCHED')
    await expect(audio.wire.order({ kind: 'next', outputId: main, fadeMs: 0 })).rejects.toThrow('STOP_LATCHED')
    await audio.wire.order({ kind: 'setQueue', outputId: main, revision: 2, items: [await pcmItem(dir, 'q', programme, { loop: true })] })
    await capture.hear(24_000)
    expect(rmsDb(capture.samples(capture.frames - 24_000, capture.frames))).toBe(Number.NEGATIVE_INFINITY)
    await audio.wire.order({ kind: 'reopen', outputIds: [main] })
    await audio.wire.event('itemStarted', 5000, (event) => event.itemId === 'q')
  })
})

/**
 * Frames between the programme's last full sample before the cut and its first after it, minus one: 0 = exact, positive = left out.
 * `frame` only says where to look; what counts is what was rendered.
 */
function resumeError(rendered: Float32Array, frame: number): number {
  const before = locate(programme.subarray(frame - 2400, frame - 400), rendered)
  const after = locate(programme.subarray(frame + 1000, frame + 3000), rendered)
  if (before === null || after === null || before.score < 0.9 || after.score < 0.9)
    throw new Error(`the programme around ${frame} was not found`)
  const [origin, resumedOrigin] = [before.frame - (frame - 2400), after.frame - (frame + 1000)]
  let last = frame - 400
  while (Math.abs((rendered[origin + last + 1] ?? 0) - (programme[last + 1] ?? 0)) < 2 / 32_768) last++
  let first = frame + 1000
  while (mayBe(rendered[resumedOrigin + first - 1], programme[first - 1])) first--
  return first - (last + 1)
}

/** Within the fade-in a sample keeps its sign and is no larger than it was; a silent one was small from the beginning. */
function mayBe(heard = 0, own = 0): boolean {
  if (heard === 0) return Math.abs(own) < 60 / 32_768
  return heard * own >= 0 && Math.abs(heard) <= Math.abs(own) + 2 / 32_768
}
