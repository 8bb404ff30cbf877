// The air-check over real files and the real encoder: what the recorder left becomes Opus that plays, is found by time, and goes
// when its time is over. ffprobe is not needed: the file is decoded again by the product's own decoder.
import { appendFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { SegmentId } from '../../../shared/domain/air-check.ts'
import type { OutputId } from '../../../shared/domain/ids.ts'
import { type BroadcastDay, epochMs, startOfDay } from '../../../shared/domain/time.ts'
import { findGaps } from '../../../station/logbook/air-check/gaps.ts'
import { parseSegmentName } from '../../../station/logbook/air-check/segment-name.ts'
import { AirCheckService } from '../../../station/logbook/index.ts'
import { logEntry } from '../../support/log-entries.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { VirtualClock } from '../../support/virtual-clock.ts'
import { toWav, tones } from '../../support/signals.ts'

const main = 'main' as OutputId
const day = '2026-08-01' as BroadcastDay
const hourMs = 3_600_000
/** 08:00 at the station is 01:00 UTC. */
const stamp = (second: number) => `20260801T0100${String(second).padStart(2, '0')}_000Z`

async function setUp(keepDays = 200, maxBytes: number | null = null) {
  const dataDir = temporaryFolder('air-check')
  const recordings = join(dataDir, 'recordings')
  await mkdir(recordings)
  const notes: { kind: string; subject: string; measured: Record<string, unknown> }[] = []
  const clock = new VirtualClock(startOfDay(day) + 8 * 3_600_000 + 60_000)
  const errors: unknown[] = []
  const tooSmallFor: boolean[] = []
  const service = new AirCheckService({
    dataDir,
    outputIds: [main],
    clock,
    keepDays,
    maxBytes,
    rows: async () => [],
    note: (kind, subject, measured) => notes.push({ kind, subject, measured }),
    onBudget: (_budget, tooSmall) => tooSmallFor.push(tooSmall),
    onError: (error) => errors.push(error),
  })
  /** A closed segment of `seconds` of tone, as the recorder leaves it; `tail` more bytes that its header does not count. */
  const tape = async (second: number, seconds: number, tail = 0) => {
    const wav = toWav(tones([440], seconds * 48_000, 0.5), 2)
    const path = join(recordings, `main_${stamp(second)}.wav`)
    await writeFile(path, Buffer.concat([wav, Buffer.alloc(tail)]))
    await utimes(path, new Date(Date.now() - 120_000), new Date(Date.now() - 120_000))
    return path
  }
  const kept = async (...days: readonly string[]) => {
    for (const name of days) {
      await mkdir(join(recordings, 'kept', name), { recursive: true })
      await writeFile(join(recordings, 'kept', name, `main_${name.replaceAll('-', '')}T010000_000Z_300000_100.opus`), Buffer.alloc(100))
    }
  }
  return { service, recordings, notes, clock, tape, kept, errors, tooSmallFor }
}

test('a closed segment becomes Opus with its hash in the logbook, its waveform, and its place in time; the tape goes', async () => {
  const { service, recordings, notes, tape, errors } = await setUp()
  await tape(0, 6, 3)
  await tape(6, 2)
  const before = await service.day(day, main)
  expect(before.segments.map(({ finished }) => finished)).toEqual([false, false])
  await service.round()
  expect(errors).toEqual([])
  expect((await readdir(recordings)).filter((name) => name.endsWith('.wav'))).toEqual([])
  const { segments, gaps, budget } = await service.day(day, main)
  const at = (seconds: number) => startOfDay(day) + 8 * 3_600_000 + seconds * 1000
  expect(segments.map(({ fromMs, toMs, finished }) => [fromMs, toMs, finished])).toEqual([
    [at(0), at(6), true],
    [at(6), at(8), true],
  ])
  expect(gaps).toMatchObject([{ fromMs: at(8), reason: 'unknown' }])
  expect(budget.usedBytes).toBeGreaterThan(10_000)
  const file = await service.file(segments[0]!.segmentId)
  expect(file.kind).toBe('opus')
  const bytes = await readFile(file.path)
  expect(bytes.subarray(0, 4).toString()).toBe('OggS')
  expect(bytes.length).toBe(file.bytes)
  // 350 MB a day are 4,050 bytes a second.
  expect(file.bytes / 6).toBeLessThan(4050)
  expect(notes[0]).toMatchObject({ kind: 'recording.kept', measured: { durationMs: 6000, bytes: file.bytes } })
  expect(String(notes[0]?.measured['sha256'])).toMatch(/^[0-9a-f]{64}$/)
  const peaks = await service.peaks(segments[0]!.segmentId)
  expect(peaks.max).toHaveLength(60)
  expect(peaks.max[30]).toBeGreaterThan(0.4)
  expect(peaks.min[30]).toBeLessThan(-0.4)
})

test('the file the recorder writes to is left alone and can be heard as far as it is; other names are nothing of ours', async () => {
  const { service, tape, recordings } = await setUp()
  const path = await tape(0, 2)
  await utimes(path, new Date(), new Date())
  await writeFile(join(recordings, 'main_notes.txt'), 'x')
  await service.round()
  const { segments } = await service.day(day, main)
  expect(segments).toMatchObject([{ finished: false }])
  expect(await service.file(segments[0]!.segmentId)).toEqual({ kind: 'pcm', path, bytes: 2 * 192_000, skipBytes: 44 })
  expect((await service.peaks(segments[0]!.segmentId)).max).toHaveLength(20)
  for (const name of ['../../etc/passwd', 'main_20260801T010000_000Z/../x', 'main_notes']) {
    await expect(service.file(name as SegmentId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  }
})

test('a tape without a sample goes; one that is no sound is kept, told once, and keeps nobody else back', async () => {
  const { service, recordings, notes, tape, errors } = await setUp()
  await writeFile(join(recordings, `main_${stamp(1)}.wav`), Buffer.alloc(44))
  await utimes(join(recordings, `main_${stamp(1)}.wav`), new Date(0), new Date(0))
  await mkdir(join(recordings, `main_${stamp(2)}.wav`))
  await utimes(join(recordings, `main_${stamp(2)}.wav`), new Date(0), new Date(0))
  await tape(3, 1)
  await service.round()
  await service.round()
  expect(notes.map(({ kind }) => kind)).toEqual(['recording.failed', 'recording.kept'])
  expect(errors).toHaveLength(1)
  expect((await stat(join(recordings, `main_${stamp(2)}.wav`))).isDirectory()).toBe(true)
})

test('what is older than its time goes by whole days, and is told; what is too much goes from the oldest', async () => {
  const { service, recordings, notes, clock, kept, tooSmallFor } = await setUp(200, 250)
  await kept('2026-01-05', '2026-07-30', '2026-07-31', '2026-08-01')
  await service.round()
  expect(tooSmallFor, 'less room than six months take is told').toEqual([true])
  expect(await readdir(join(recordings, 'kept'))).toEqual(['2026-07-31', '2026-08-01'])
  expect(notes.map(({ kind, subject }) => `${kind} ${subject}`)).toEqual(['recording.removed 2026-01-05', 'recording.removed 2026-07-30'])
  expect((await service.day(day, main)).budget).toMatchObject({ usedBytes: 200, keepDays: 200, daysLeft: 0 })
  const gone = '2026-07-30' as BroadcastDay
  expect((await service.day(gone, main)).gaps).toEqual([
    { fromMs: startOfDay(gone), toMs: startOfDay('2026-07-31' as BroadcastDay), reason: 'removed' },
  ])
  expect(clock.pendingTimers).toBe(0)
})

test('a day is kept until its last second is as old as it may become', async () => {
  const { service, recordings, clock, kept } = await setUp(184)
  await clock.advance(hourMs)
  await kept('2026-01-28', '2026-01-29', '2026-08-01')
  await service.round()
  expect(await readdir(join(recordings, 'kept'))).toEqual(['2026-01-29', '2026-08-01'])
})

test('a wall clock that is a year ahead for a moment removes nothing, and one that nobody corrects a day in 12 h', async () => {
  const { service, recordings, clock, kept } = await setUp(200)
  const days = ['2026-07-28', '2026-07-29', '2026-07-30', '2026-07-31', '2026-08-01']
  await kept(...days)
  const left = async () => {
    await service.round()
    return readdir(join(recordings, 'kept'))
  }
  clock.jumpWall(365 * 24 * hourMs)
  expect(await left(), 'until NTP has it').toEqual(days)
  await clock.advance(hourMs)
  expect(await left()).toEqual(days.slice(1))
  await clock.advance(12 * hourMs - 1)
  expect(await left()).toEqual(days.slice(1))
  await clock.advance(1)
  expect(await left()).toEqual(days.slice(2))
  clock.jumpWall(-365 * 24 * hourMs)
  await clock.advance(12 * hourMs)
  expect(await left()).toEqual(days.slice(2))
})

test('what could not be encoded is told once and tried again, ever more seldom, one in a round, until it can be', async () => {
  const { service, recordings, notes, clock, tape, errors } = await setUp()
  for (const second of [0, 6]) await tape(second, 1)
  const inTheWay = join(recordings, 'kept', day)
  await mkdir(join(recordings, 'kept'))
  await writeFile(inTheWay, '')
  await service.round()
  for (const minutes of [5, 10, 20, 40]) {
    await clock.advance(minutes * 60_000)
    await service.round()
    await service.round()
  }
  expect(notes.map(({ kind }) => kind)).toEqual(['recording.failed', 'recording.failed'])
  expect(errors).toHaveLength(2)
  await rm(inTheWay)
  await clock.advance(hourMs - 1)
  await service.round()
  expect(notes).toHaveLength(2)
  await clock.advance(1)
  await tape(12, 1)
  const kept: string[][] = []
  for (let round = 0; round < 3; round++) {
    notes.length = 0
    await service.round()
    kept.push(notes.map(({ kind, subject }) => `${kind} ${subject}`))
  }
  const name = (second: number) => `recording.kept main_${stamp(second)}`
  expect(kept, 'a fresh one first').toEqual([[name(12), name(0)], [name(6)], []])
})

test('gaps have the reason that the logbook knows, seams of segments are none', () => {
  const segment = (fromMs: number, toMs: number) => ({
    segmentId: 's' as SegmentId,
    fromMs: epochMs(fromMs),
    toMs: epochMs(toMs),
    finished: true,
  })
  const row = (kind: 'station.started' | 'audio.died' | 'recording.removed', atMs: number) => ({
    ...logEntry({ kind, atMs: epochMs(atMs) }),
    seq: 1,
    entryId: '',
    bootId: '',
    writtenAtMs: epochMs(0),
    prevHash: '',
    hash: '',
  })
  const segments = [segment(0, 100_000), segment(100_050, 200_000), segment(300_000, 400_000), segment(500_000, 600_000)]
  const rows = [row('station.started', 298_000), row('audio.died', 401_000), row('recording.removed', 402_000)]
  expect(findGaps(segments, rows, 0, 700_000)).toEqual([
    { fromMs: 200_000, toMs: 300_000, reason: 'stationDown' },
    { fromMs: 400_000, toMs: 500_000, reason: 'audioDied' },
    { fromMs: 600_000, toMs: 700_000, reason: 'unknown' },
  ])
  expect(parseSegmentName('main_20260801T010000_000Z_300000_99.opus')).toMatchObject({
    output: 'main',
    finished: { durationMs: 300_000, bytes: 99 },
  })
  expect(parseSegmentName('main_20260801T010000_000Z.opus.part')).toBeNull()
})

test('what is still being recorded has a waveform as far as it is on the disk; only what is new is read for the next', async () => {
  const { service, recordings } = await setUp()
  const path = join(recordings, `main_${stamp(0)}.wav`)
  const loud = toWav(tones([440], 3 * 48_000, 0.5), 2)
  await writeFile(path, loud)
  const [segment] = (await service.day(day, main)).segments
  expect(segment?.finished).toBe(false)
  const first = await service.peaks(segment!.segmentId)
  expect(first.max).toHaveLength(30)
  expect(first.max[15]).toBeGreaterThan(0.4)
  // Half a bucket of silence, and then a piece of it more: the bucket that was begun goes on.
  await appendFile(path, Buffer.alloc(4800 * 2 + 3))
  expect((await service.peaks(segment!.segmentId)).max).toHaveLength(31)
  await appendFile(path, Buffer.alloc(4800 * 6 - 3))
  const [one, two] = await Promise.all([service.peaks(segment!.segmentId), service.peaks(segment!.segmentId)])
  expect(one).toEqual(two)
  expect(one.max).toHaveLength(32)
  expect(one.max.slice(0, 30)).toEqual(first.max)
  expect(one.max[31]).toBe(0)
})
