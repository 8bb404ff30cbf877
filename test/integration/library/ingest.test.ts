// Real files through the real import process. What a good file gives is compared with Debian's ffmpeg, which shares no
// build with the FFmpeg that the product decodes with; what a damaged file gives is a code, a reason and a place.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { OperatorError } from '../../../shared/domain/errors.ts'
import type { IngestJob, IngestResult } from '../../../station/library/ingest/job.ts'
import { runIngest } from '../../../station/library/run-ingest.ts'
import { cutFile, decodedMs, ebur128, encodings, ffmpeg, makeMedia, scribbleFile } from '../../support/media-files.ts'

/** Against ffmpeg, LU. */
const tolerance = 0.1
/** Kinds whose mono is another path through the decoder. */
const monoKinds = ['a.wav', 'a.flac', 'cbr.mp3', 'a.m4a', 'a.opus']

/** How far the place of a cut may lie from where ffmpeg stops: ffmpeg makes sound of the last cut packet, we do not count it. */
const placeMs = 250

let dir = ''
let workDir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'truc-song-media-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

function ingest(sourcePath: string, job: Partial<IngestJob> = {}): Promise<IngestResult> {
  workDir = mkdtempSync(join(dir, 'work-'))
  return runIngest(
    { sourcePath, sourceIsPrivate: false, workDir, maxDurationMs: 3_600_000, maxBytes: 1e9, maxMemoryBytes: 400e6, ...job },
    { timeoutMs: 60_000, clock: systemClock, signal: new AbortController().signal, onHashed: () => undefined, onProgress: () => undefined },
  )
}

async function refusalOf(sourcePath: string, job: Partial<IngestJob> = {}): Promise<Pick<OperatorError, 'code' | 'detail'>> {
  const outcome = await ingest(sourcePath, job).then(
    (result) => ({ code: 'accepted' as never, detail: { format: result.format, frames: result.frames } }),
    (error: OperatorError) => ({ code: error.code, detail: error.detail }),
  )
  return outcome
}

describe.each(Object.entries(encodings))('%s', (_name, { file, args }) => {
  let path = ''
  beforeAll(() => {
    path = makeMedia(dir, file, args)
  })

  test('a good file is decoded to its end and measured as ffmpeg measures it', async () => {
    const result = await ingest(path)
    expect(Math.abs(result.frames / 48 - 8000)).toBeLessThan(80)
    const oracle = ebur128(path)
    expect(Math.abs((result.integratedLufs ?? 0) - oracle.lufs)).toBeLessThanOrEqual(tolerance)
    expect(Math.abs(result.truePeakDbtp - oracle.truePeakDb)).toBeLessThanOrEqual(0.2)
    const air = ebur128(join(workDir, 'air.pcm'), ['-f', 's16le', '-ar', '48000', '-ac', '2'])
    expect(Math.abs(air.lufs - oracle.lufs)).toBeLessThanOrEqual(tolerance)
    expect(readFileSync(join(workDir, 'air.pcm')).length).toBe(result.frames * 4)
    expect(readFileSync(join(workDir, 'original')).equals(readFileSync(path))).toBe(true)
  })

  test('a cut file is refused, with the place', async () => {
    const { code, detail } = await refusalOf(cutFile(path, 0.6, join(dir, `cut-${file}`)))
    expect(code, JSON.stringify(detail)).toBe('MEDIA_TRUNCATED')
    // Without its index nothing of an M4A can be read; all others stop where they were cut.
    if (['a.m4a', 'alac.m4a'].includes(file)) expect(detail).toMatchObject({ at: '00:00' })
    else {
      expect(detail['at'], JSON.stringify(detail)).toMatch(/^00:0[3-6]$/)
      const decoded = decodedMs(join(dir, `cut-${file}`))
      expect(Math.abs(Number(detail['atMs']) - decoded), `refused at ${detail['atMs']} ms, ffmpeg decodes ${decoded} ms`).toBeLessThan(
        placeMs,
      )
    }
  })

  test.runIf(monoKinds.includes(file))('a mono file keeps its loudness', async () => {
    const mono = makeMedia(dir, `mono-${file}`, args, { channels: 1, rateHz: 22_050, seconds: 4 })
    const result = await ingest(mono)
    const oracle = ebur128(mono)
    expect(Math.abs((result.integratedLufs ?? 0) - oracle.lufs)).toBeLessThanOrEqual(tolerance)
    const air = ebur128(join(workDir, 'air.pcm'), ['-f', 's16le', '-ar', '48000', '-ac', '2'])
    expect(Math.abs(air.lufs - oracle.lufs)).toBeLessThanOrEqual(tolerance)
    expect(Math.abs(air.truePeakDb - result.airTruePeakDbtp)).toBeLessThanOrEqual(0.2)
  })
})

// PCM carries no check of its own: bytes overwritten in a WAV cannot be told from sound, by anyone.
test.each(Object.entries(encodings).filter(([name]) => !/WAV|RF64/.test(name)))(
  '%s: 4 KB overwritten in the middle is refused',
  async (_name, { file }) => {
    const { code, detail } = await refusalOf(scribbleFile(join(dir, file), join(dir, `scribbled-${file}`)))
    expect(code, JSON.stringify(detail)).toBe('MEDIA_CORRUPT')
  },
)

test('what is no sound file is refused as such', async () => {
  const file = (name: string, bytes: string | Buffer) => {
    writeFileSync(join(dir, name), bytes)
    return join(dir, name)
  }
  expect(await refusalOf(file('empty.mp3', ''))).toMatchObject({ code: 'MEDIA_NO_AUDIO' })
  expect(await refusalOf(file('text.mp3', 'Kính gửi đài truyền thanh\n'.repeat(1000)))).toMatchObject({ code: 'MEDIA_UNKNOWN_FORMAT' })
  expect(await refusalOf(file('list.wav', '#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n'))).toMatchObject({ code: 'MEDIA_UNKNOWN_FORMAT' })
  expect(await refusalOf(file('zero.mp3', Buffer.alloc(100_000)))).toMatchObject({ code: 'MEDIA_UNKNOWN_FORMAT' })
  ffmpeg(['-f', 'lavfi', '-i', 'testsrc=d=1', '-c:v', 'mpeg4', join(dir, 'film.mp4')])
  expect(await refusalOf(join(dir, 'film.mp4'))).toMatchObject({ code: 'MEDIA_NO_AUDIO' })
  expect(await refusalOf(join(dir, 'nowhere.wav'))).toMatchObject({ code: 'NOT_FOUND' })
})

/** What old recorders, telephones and studios leave on a stick. */
const odd: [string, string, readonly string[], { channels?: number; rateHz?: number }][] = [
  ['8 bit mono at 8 kHz', 'telephone.wav', ['-c:a', 'pcm_u8'], { channels: 1, rateHz: 8000 }],
  ['A-law at 8 kHz', 'alaw.wav', ['-c:a', 'pcm_alaw'], { channels: 1, rateHz: 8000 }],
  ['64 bit float', 'f64.wav', ['-c:a', 'pcm_f64le'], {}],
  ['8 channels', 'eight.wav', ['-c:a', 'pcm_s16le'], { channels: 8 }],
  ['6 channels', 'six.flac', ['-c:a', 'flac'], { channels: 6 }],
  ['MP3 at 8 kHz', 'low.mp3', ['-c:a', 'libmp3lame', '-b:a', '16k'], { channels: 1, rateHz: 8000 }],
  ['MP3 at 16 kHz', 'mid.mp3', ['-c:a', 'libmp3lame', '-b:a', '32k'], { channels: 1, rateHz: 16_000 }],
  ['FLAC at 96 kHz, 24 bit', 'hi.flac', ['-c:a', 'flac', '-sample_fmt', 's32'], { rateHz: 96_000 }],
]
test.each(odd)('%s is taken, whole and as loud as it is; cut, it is refused where it was cut', async (_, name, args, how) => {
  const path = makeMedia(dir, name, args, { seconds: 4, ...how })
  const result = await ingest(path)
  expect(Math.abs(result.frames / 48 - decodedMs(path))).toBeLessThan(80)
  const air = ebur128(join(workDir, 'air.pcm'), ['-f', 's16le', '-ar', '48000', '-ac', '2'])
  // More than two channels are mixed down, which no law keeps as loud.
  // The oracle hears it at 48 kHz too: at 8 kHz its own weighting differs by 0.2 LU from that at 48 kHz, which is the standard's.
  ffmpeg(['-i', path, '-ar', '48000', '-c:a', 'pcm_f32le', `${path}-48k.wav`])
  if ((how.channels ?? 2) <= 2) expect(Math.abs(air.lufs - ebur128(`${path}-48k.wav`).lufs)).toBeLessThanOrEqual(tolerance)
  else expect(air.lufs).toBeGreaterThan(-40)
  const cut = cutFile(path, 0.6, join(dir, `cut-${name}`))
  const { code, detail } = await refusalOf(cut)
  expect(code, JSON.stringify(detail)).toBe('MEDIA_TRUNCATED')
  expect(Math.abs(Number(detail['atMs']) - decodedMs(cut))).toBeLessThan(placeMs)
})

test('eight channels that do not say which is which are mixed down all the same', async () => {
  const bytes = readFileSync(makeMedia(dir, 'eight.wav', ['-c:a', 'pcm_s16le'], { seconds: 2, channels: 8 }))
  // The old format chunk: 16 bytes, no channel mask.
  const data = bytes.subarray(bytes.indexOf('data'))
  const head = Buffer.alloc(36)
  bytes.copy(head, 0, 0, 36)
  head.writeUInt32LE(28 + data.length, 4)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  writeFileSync(join(dir, 'unnamed.wav'), Buffer.concat([head, data]))
  expect(await refusalOf(join(dir, 'unnamed.wav'))).toMatchObject({ code: 'accepted', detail: { frames: 96_000 } })
})

test('a wrong extension does not matter', async () => {
  writeFileSync(join(dir, 'flac.mp3'), readFileSync(makeMedia(dir, 'x.flac', ['-c:a', 'flac'], { seconds: 2 })))
  expect((await ingest(join(dir, 'flac.mp3'))).format).toBe('flac/flac')
})

test('silence is refused, a quiet recording is not', async () => {
  ffmpeg(['-f', 'lavfi', '-i', 'anullsrc=d=3', join(dir, 'silent.flac')])
  expect(await refusalOf(join(dir, 'silent.flac'))).toMatchObject({ code: 'MEDIA_SILENT' })
  ffmpeg(['-f', 'lavfi', '-i', 'sine=440:d=3', '-af', 'volume=-35dB', join(dir, 'quiet.flac')])
  expect((await ingest(join(dir, 'quiet.flac'))).integratedLufs).toBeLessThan(-50)
})

test('silence at head and tail and the overview are where the sound is not', async () => {
  ffmpeg(['-f', 'lavfi', '-i', 'sine=440:d=2:r=48000', '-af', 'volume=12dB,adelay=750:all=1,apad=pad_dur=1.25', join(dir, 'framed.wav')])
  const result = await ingest(join(dir, 'framed.wav'))
  expect(Math.abs(result.silenceHeadMs - 750)).toBeLessThanOrEqual(2)
  expect(Math.abs(result.silenceTailMs - 1250)).toBeLessThanOrEqual(2)
  const { bucketMs, min, max } = result.peaks
  expect(min).toHaveLength(max.length)
  expect(max.length * bucketMs).toBeGreaterThanOrEqual(4000)
  expect(max[Math.floor(300 / bucketMs)]).toBe(0)
  expect(max[Math.floor(1500 / bucketMs)]).toBeGreaterThan(0.3)
})

test('48 kHz 16-bit stereo comes through bit for bit', async () => {
  const path = makeMedia(dir, 'exact.wav', ['-c:a', 'pcm_s16le'], { rateHz: 48_000, seconds: 2 })
  await ingest(path)
  const bytes = readFileSync(path)
  expect(readFileSync(join(workDir, 'air.pcm')).equals(bytes.subarray(bytes.indexOf('data') + 8))).toBe(true)
})

test('a recording over full scale is lowered, not clipped', async () => {
  ffmpeg(['-f', 'lavfi', '-i', 'aevalsrc=1.6*sin(2*PI*300*t)|0.2*sin(2*PI*500*t):s=48000:d=3', '-c:a', 'pcm_f32le', join(dir, 'hot.wav')])
  const result = await ingest(join(dir, 'hot.wav'))
  expect(result.truePeakDbtp).toBeCloseTo(4.08, 1)
  expect(result.airOffsetDb).toBeCloseTo(-4.13, 1)
  const air = readFileSync(join(workDir, 'air.pcm'))
  const left = Array.from({ length: result.frames }, (_, frame) => air.readInt16LE(frame * 4))
  const highest = left.reduce((most, sample) => Math.max(most, sample), 0)
  expect(highest).toBeGreaterThan(32_300)
  expect(highest).toBeLessThan(32_700)
})

test('a recorder that lost power: what it never closed is refused, with how much of it there is', async () => {
  const bytes = readFileSync(makeMedia(dir, 'unclosed.wav', ['-c:a', 'pcm_s16le'], { seconds: 3 }))
  bytes.writeUInt32LE(0, bytes.indexOf('data') + 4)
  bytes.writeUInt32LE(0, 4)
  writeFileSync(join(dir, 'unclosed.wav'), bytes)
  expect(await refusalOf(join(dir, 'unclosed.wav'))).toMatchObject({ code: 'MEDIA_TRUNCATED', detail: { at: '00:03', atMs: 3000 } })
  const empty = bytes.subarray(0, bytes.indexOf('data') + 8)
  writeFileSync(join(dir, 'empty.wav'), empty)
  expect(await refusalOf(join(dir, 'empty.wav'))).toMatchObject({ code: 'MEDIA_NO_AUDIO' })
})

describe('X7: hostile files', () => {
  test('a header that says 4 GB', async () => {
    const bytes = readFileSync(join(dir, 'a.wav'))
    for (const lie of [0xffff_ffff, 0xffff_fff0, 0x7fff_ffff]) {
      const data = bytes.indexOf('data')
      bytes.writeUInt32LE(lie, data + 4)
      bytes.writeUInt32LE(lie, 4)
      writeFileSync(join(dir, 'lie.wav'), bytes)
      const { code, detail } = await refusalOf(join(dir, 'lie.wav'))
      expect(code).toBe('MEDIA_TRUNCATED')
      expect(detail).toMatchObject({ at: '00:08' })
    }
  })

  test('one second that is three hours', async () => {
    ffmpeg(['-f', 'lavfi', '-i', 'sine=440:d=10800:r=8000', '-c:a', 'flac', join(dir, 'three.flac')])
    const bytes = readFileSync(join(dir, 'three.flac'))
    bytes.writeUInt32BE(8000, 22)
    writeFileSync(join(dir, 'three.flac'), bytes)
    expect(await refusalOf(join(dir, 'three.flac'), { maxDurationMs: 6 * 3_600_000 })).toMatchObject({ code: 'MEDIA_CORRUPT' })
    const { code, detail } = await refusalOf(join(dir, 'three.flac'), { maxDurationMs: 60_000 })
    expect(code).toBe('MEDIA_TOO_LONG')
    expect(detail).toMatchObject({ at: '01:00' })
  })

  test('cover art of 100 MB', async () => {
    const size = 100 * 1024 * 1024
    const head = Buffer.from([0x49, 0x44, 0x33, 3, 0, 0, (size >> 21) & 127, (size >> 14) & 127, (size >> 7) & 127, size & 127])
    const path = join(dir, 'art.mp3')
    writeFileSync(path, Buffer.concat([head, Buffer.alloc(size, 0x55), readFileSync(join(dir, 'cbr.mp3'))]))
    expect(await refusalOf(path)).toMatchObject({ code: 'MEDIA_TOO_LARGE' })
  })

  test('too many bytes, too much memory, too much time', async () => {
    expect(await refusalOf(join(dir, 'a.wav'), { maxBytes: 100_000 })).toMatchObject({ code: 'MEDIA_TOO_LARGE' })
    expect(await refusalOf(join(dir, 'a.wav'), { maxMemoryBytes: 30e6 })).toMatchObject({ code: 'INGEST_MEMORY' })
  })

  test('too much memory ends an import while it decodes; that is not found out when it is through', async () => {
    const long = join(dir, 'twenty-minutes.flac')
    ffmpeg(['-f', 'lavfi', '-i', 'sine=440:d=1200:r=8000', '-c:a', 'flac', long])
    const percents: number[] = []
    const limits = { maxDurationMs: 3_600_000, maxBytes: 1e9, maxMemoryBytes: 30e6 }
    const import_ = runIngest(
      { sourcePath: long, sourceIsPrivate: false, workDir: mkdtempSync(join(dir, 'work-')), ...limits },
      {
        timeoutMs: 60_000,
        clock: systemClock,
        signal: new AbortController().signal,
        onHashed: () => undefined,
        onProgress: (percent) => percents.push(percent),
      },
    )
    await expect(import_).rejects.toMatchObject({ code: 'INGEST_MEMORY', detail: { allowedMb: 30 } })
    expect(Math.max(0, ...percents)).toBeLessThan(50)
  })

  test('random damage of every kind of file gives a refusal or a recording, never anything else', async () => {
    let state = 42
    const random = (below: number) => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
      return (state >> 8) % below
    }
    for (const { file } of Object.values(encodings)) {
      const bytes = readFileSync(join(dir, file))
      // Headers are where decoders break: most of the damage goes there.
      for (let count = 0; count < 12; count++) bytes[random(Math.min(bytes.length, 200))] = random(256)
      for (let count = 0; count < 30; count++) bytes[random(bytes.length)] = random(256)
      writeFileSync(join(dir, 'fuzzed'), bytes)
      const { code } = await refusalOf(join(dir, 'fuzzed'))
      expect(code).toMatch(/^(accepted|MEDIA_[A-Z_]+|INGEST_[A-Z]+)$/)
    }
  })
})

test('a process that dies of something else than the file is told apart from a damaged file', async () => {
  const blocked = join(dir, 'no-folder')
  writeFileSync(blocked, '')
  const { code, detail } = await refusalOf(makeMedia(dir, 'fine.wav', ['-c:a', 'pcm_s16le']), { workDir: join(blocked, 'work') })
  expect({ code, detail }).toMatchObject({ code: 'MEDIA_CORRUPT', detail: { died: expect.any(String) } })
  // What is wrong with a file itself carries no such mark.
  const whole = makeMedia(dir, 'own.flac', ['-c:a', 'flac'])
  const damaged = await refusalOf(scribbleFile(whole, join(dir, 'own-scribbled.flac')))
  expect(damaged.code).toBe('MEDIA_CORRUPT')
  expect(damaged.detail).not.toHaveProperty('died')
})

test('an import process that is killed ends the import and leaves nothing outside its folder', async () => {
  const before = readdirSync(dir).length
  const abort = new AbortController()
  const long = makeMedia(dir, 'long.wav', ['-c:a', 'pcm_s16le'], { seconds: 120 })
  const work = mkdtempSync(join(dir, 'work-'))
  const running = runIngest(
    { sourcePath: long, sourceIsPrivate: false, workDir: work, maxDurationMs: 3_600_000, maxBytes: 1e9, maxMemoryBytes: 400e6 },
    {
      timeoutMs: 60_000,
      clock: systemClock,
      signal: abort.signal,
      onHashed: () => abort.abort(new Error('killed')),
      onProgress: () => undefined,
    },
  )
  await expect(running).rejects.toThrow('killed')
  expect(readdirSync(dir).length).toBe(before + 2)
})
