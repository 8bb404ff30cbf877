// Alerts as they would air: the real speech process, real files, and listeners that are not ours (ffmpeg for level, Debian's
// espeak-ng for what the voice says).
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { AlertDraft } from '../../../shared/domain/alert.ts'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { AlertId } from '../../../shared/domain/ids.ts'
import type { EpochMs } from '../../../shared/domain/time.ts'
import {
  type AlertRenderer,
  type AlertRendererPorts,
  builtInCorrection,
  createAlertRenderer,
  createSpeechEngine,
  type SpeechEngine,
} from '../../../station/alerts/index.ts'
import { drillWords } from '../../../station/alerts/render/drill-rules.ts'
import { ebur128, ffmpeg } from '../../support/media-files.ts'

const now = Date.UTC(2026, 10, 21, 3, 0, 0) as EpochMs
const clock = { ...systemClock, now: () => now }
const alertId = 'alert-test' as AlertId
const asItAirs = ['-f', 's16le', '-ar', '48000', '-ac', '1'] as const
const warnings: string[] = []
let dataDir = ''
let speech: SpeechEngine
let render: AlertRenderer
let recordings: Record<string, { path: string; frames: number }> = {}

function rendererWith(change: Partial<AlertRendererPorts> = {}): AlertRenderer {
  return createAlertRenderer({
    speech,
    clock,
    dataDir,
    recording: async (cartId) => recordings[cartId] ?? { path: '', frames: 0 },
    voice: 'vi',
    gapMs: 1000,
    joinReadings: false,
    ...change,
  })
}

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'truc-song-alerts-'))
  speech = createSpeechEngine({ clock: systemClock, log: { warn: (_detail, message) => warnings.push(message) } })
  render = rendererWith()
})
afterEach(() => warnings.splice(0))
afterAll(async () => {
  await speech.close()
  rmSync(dataDir, { recursive: true, force: true })
})

function draft(change: Partial<AlertDraft> = {}): AlertDraft {
  return { ...builtInCorrection, ...change }
}

function withText(text: string, change: Partial<AlertDraft> = {}): AlertDraft {
  return draft({ source: { kind: 'text', text, voice: 'vi' }, ...change })
}

/** The file as it sounds from both channels. */
function loudnessOf(path: string): { lufs: number; truePeakDb: number } {
  const stereo = join(dataDir, 'stereo.wav')
  ffmpeg([...asItAirs, '-i', path, '-af', 'pan=stereo|c0=c0|c1=c0', '-c:a', 'pcm_f32le', stereo])
  return ebur128(stereo)
}

function samplesOf(path: string): Int16Array {
  const bytes = readFileSync(path)
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

const storm =
  'Tin bão khẩn cấp. Hồi 04h ngày 6/9, vị trí tâm bão ở 19,2 độ vĩ Bắc. Sức gió cấp 16 (184-201 km/h), giật trên cấp 17. Bà con không ra khỏi nhà.'

test('attention and body are mono 16-bit files at −20 LUFS, never over −1 dBTP, hashed as the audio process hashes them', async () => {
  const rendered = await render(alertId, withText(storm))
  const { audio } = rendered
  const attention = readFileSync(rendered.attentionPath ?? '')
  const body = readFileSync(rendered.bodyPath)
  expect(audio.sha256).toBe(createHash('sha256').update(attention).update(body).digest('hex'))
  expect(attention.length / 96).toBe(audio.attentionMs)
  expect(Math.abs(body.length / 96 - audio.bodyMs)).toBeLessThan(1)
  expect(audio.totalMs).toBe(audio.attentionMs + 2 * audio.bodyMs + 1000)
  for (const path of [rendered.attentionPath ?? '', rendered.bodyPath]) {
    const measured = loudnessOf(path)
    expect(Math.abs(measured.lufs + 20)).toBeLessThanOrEqual(0.1)
    expect(measured.truePeakDb).toBeLessThanOrEqual(-1)
  }
  expect(audio.spokenText).toContain('bốn giờ ngày sáu tháng chín')
  expect(audio.spokenText).not.toMatch(/\d/)
  expect(audio.peaks.length).toBeLessThanOrEqual(1000)
})

test('each word has its time and its place in what is spoken, and there is sound at it', async () => {
  const { audio, bodyPath } = await render(alertId, withText(storm))
  expect(audio.words.length).toBeGreaterThan(50)
  expect(audio.words[0]).toMatchObject({ start: 0, end: 3 })
  expect(audio.spokenText.slice(audio.words[1]?.start, audio.words[1]?.end)).toBe('bão')
  const times = audio.words.map((word) => word.atMs)
  expect(times).toEqual([...times].sort((a, b) => a - b))
  expect(times[0]).toBeGreaterThanOrEqual(audio.attentionMs)
  const samples = samplesOf(bodyPath)
  for (const word of audio.words) {
    const from = Math.round((word.atMs - audio.attentionMs) * 48)
    expect(samples.subarray(from, from + 9600).some((sample) => Math.abs(sample) > 300)).toBe(true)
  }
})

test('a new rendering has files of its own: the one on air is not written over', async () => {
  const [first, second] = [await render(alertId, withText(storm)), await render(alertId, withText(storm))]
  expect(second.bodyPath).not.toBe(first.bodyPath)
  // eSpeak's noise differs from one rendering to the next, its timing does not.
  expect(Math.abs(second.audio.bodyMs - first.audio.bodyMs)).toBeLessThan(100)
  expect(
    createHash('sha256')
      .update(readFileSync(first.attentionPath ?? ''))
      .update(readFileSync(first.bodyPath))
      .digest('hex'),
  ).toBe(first.audio.sha256)
})

test.each(['vi', 'vi-vn-x-central', 'vi-vn-x-south'] as const)('voice %s speaks, each in its own way', async (voice) => {
  const { audio } = await render(alertId, draft({ source: { kind: 'text', text: storm, voice } }))
  expect(audio.bodyMs).toBeGreaterThan(8000)
  voices.add(audio.sha256)
})
const voices = new Set<string>()
test('the three voices differ', () => expect(voices.size).toBe(3))

test('readings joined in one body are parted by "xin nhắc lại"', async () => {
  const once = await render(alertId, withText(storm, { readings: 1 }))
  const joined = await rendererWith({ joinReadings: true })(alertId, withText(storm, { readings: 3 }))
  expect(joined.audio.bodyMs).toBeGreaterThan(3 * once.audio.bodyMs + 1000)
  expect(joined.audio.totalMs).toBe(joined.audio.attentionMs + joined.audio.bodyMs)
  expect(joined.audio.spokenText).toBe(once.audio.spokenText)
})

describe('time of issue', () => {
  const at = (minutesAgo: number) => (now - minutesAgo * 60_000) as EpochMs
  test('a fresh bulletin ends with it, a stale one begins with it', async () => {
    const fresh = await render(alertId, withText('Bão.', { issuedAtMs: at(10) }))
    expect(fresh.audio.spokenText).toBe(
      'Bão. Tin phát lúc chín giờ năm mươi phút, ngày hai mươi mốt tháng mười một năm hai nghìn không trăm hai mươi sáu.',
    )
    const stale = await render(alertId, withText('Bão.', { issuedAtMs: at(200) }))
    expect(stale.audio.spokenText).toMatch(/^Tin phát lúc sáu giờ bốn mươi phút, .* Bão\.$/)
  })
})

describe('drills', () => {
  const long = `${'Đề nghị bà con kiểm tra nhà cửa, chuẩn bị đèn pin, nước uống và lương thực cho ba ngày. '.repeat(25)}`

  test('the words come first, every 30 s and last, and the live attention signal is not in them', async () => {
    const live = await render(alertId, withText(storm))
    const { audio, attentionPath } = await render(alertId, withText(long, { mode: 'drill' }))
    expect(audio.bodyMs).toBeGreaterThan(120_000)
    expect(audio.spokenText.startsWith(drillWords.prefix)).toBe(true)
    expect(audio.spokenText.endsWith(drillWords.last)).toBe(true)
    const said = audio.words.filter((word) => audio.spokenText.slice(word.start).startsWith('diễn tập')).map((word) => word.atMs)
    const gaps = said.map((atMs, index) => atMs - (said[index - 1] ?? audio.attentionMs))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30_000)
    expect(readFileSync(attentionPath ?? '').equals(readFileSync(live.attentionPath ?? ''))).toBe(false)
  })

  test('a recording is interrupted for them as well', async () => {
    const path = join(dataDir, 'recording.pcm')
    ffmpeg(['-f', 'lavfi', '-i', 'sine=300:d=100:r=48000', '-f', 's16le', '-ac', '2', path])
    recordings = { 'cart-1': { path, frames: 100 * 48_000 } }
    const { audio } = await render(alertId, draft({ mode: 'drill', source: { kind: 'file', cartId: 'cart-1' as never } }))
    expect(audio.spokenText.match(/đây là diễn tập/gi)?.length).toBeGreaterThanOrEqual(6)
    expect(audio.bodyMs).toBeGreaterThan(106_000)
  })

  test('a text that says it is none is refused', async () => {
    await expect(render(alertId, withText('Đây không phải diễn tập!', { mode: 'drill' }))).rejects.toMatchObject({
      code: 'DRILL_TEXT_DENIES_DRILL',
    })
    await expect(render(alertId, withText('Bão', { mode: 'drill', title: 'Không phải diễn tập' }))).rejects.toMatchObject({
      code: 'DRILL_TEXT_DENIES_DRILL',
    })
  })
})

test('what cannot be read is refused', async () => {
  await expect(render(alertId, withText('  …\n. '))).rejects.toMatchObject({ code: 'TEXT_EMPTY' })
  await expect(render(alertId, withText('Bão số {số bão}.'))).rejects.toMatchObject({ code: 'INVALID_INPUT', detail: { slot: '{số bão}' } })
  await expect(render(alertId, withText('nước lũ đang lên rất nhanh '.repeat(740)))).rejects.toMatchObject({
    code: 'ALERT_TOO_LONG',
    detail: { maxMinutes: 14 },
  })
})

test('all readings and the attention signal together are no longer than the audio process can hold beside another', async () => {
  const renderWhole = rendererWith({ joinReadings: true, gapMs: 0 })
  const text = 'nước lũ đang lên rất nhanh '.repeat(250)
  await expect(renderWhole(alertId, withText(text, { readings: 4 }))).rejects.toMatchObject({ code: 'ALERT_TOO_LONG' })
  const files = readdirSync(join(dataDir, 'alerts', alertId))
  expect(files.filter((name) => statSync(join(dataDir, 'alerts', alertId, name)).size === 0)).toEqual([])
})

test('a recording is brought to the same loudness as speech', async () => {
  const path = join(dataDir, 'quiet.pcm')
  ffmpeg(['-f', 'lavfi', '-i', 'anoisesrc=c=pink:d=12:r=48000:a=0.02', '-f', 's16le', '-ac', '2', path])
  recordings = { 'cart-2': { path, frames: 12 * 48_000 } }
  const { bodyPath, audio } = await render(alertId, draft({ source: { kind: 'file', cartId: 'cart-2' as never }, attentionTone: false }))
  expect(audio.attentionMs).toBe(0)
  expect(audio.bodyMs).toBe(12_000)
  expect(Math.abs(loudnessOf(bodyPath).lufs + 20)).toBeLessThanOrEqual(0.1)
})

test('only the newest renderings of an alert are kept, and nothing half made', async () => {
  for (let count = 0; count < 3; count++) await render('alert-kept' as AlertId, withText('Bão.'))
  const names = readdirSync(join(dataDir, 'alerts', 'alert-kept'))
  expect(names.every((name) => name.endsWith('.pcm'))).toBe(true)
})

describe('the speech process', () => {
  test('killed while it speaks: the alert is rendered all the same', async () => {
    await render(alertId, withText('Bão.'))
    const running = render(alertId, withText(storm.repeat(20)))
    process.kill(speech.pid ?? 0, 'SIGKILL')
    expect((await running).audio.bodyMs).toBeGreaterThan(60_000)
    expect(warnings).toHaveLength(1)
  })

  test('too slow, aborted, without its voice: a refusal, and the next one works', async () => {
    const hasty = createSpeechEngine({ clock: systemClock, log: { warn: () => undefined }, timeoutMs: 5 })
    await expect(rendererWith({ speech: hasty })(alertId, withText(storm))).rejects.toMatchObject({ code: 'SPEECH_FAILED' })
    expect(hasty.pid).toBeNull()
    await hasty.close()
    const abort = new AbortController()
    const aborted = render(alertId, withText(storm), abort.signal)
    abort.abort(new Error('enough'))
    await expect(aborted).rejects.toThrow('enough')
    await expect(
      speech.run({ kind: 'speak', voice: 'xx-nope', phrases: [], outPath: join(dataDir, 'x'), targetLufs: -23 }),
    ).rejects.toMatchObject({ code: 'SPEECH_FAILED' })
    expect((await render(alertId, withText('Bão.'))).audio.bodyMs).toBeGreaterThan(100)
  })

  test('ten minutes are rendered in bounded memory', async () => {
    const { audio } = await render(alertId, withText(storm.repeat(45).slice(0, 7000), { readings: 1 }))
    expect(audio.bodyMs).toBeGreaterThan(8 * 60_000)
    const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${speech.pid}/status`, 'utf8'))?.[1])
    expect(peakKb).toBeLessThan(300_000)
  })

  test('it ends by itself when nobody speaks', async () => {
    const idle = createSpeechEngine({ clock: systemClock, log: { warn: () => undefined }, idleMs: 1 })
    const { pid } = idle
    expect(pid).toBeNull()
    writeFileSync(join(dataDir, 'unused'), '')
    await rendererWith({ speech: idle })(alertId, withText('Bão.'))
    await expect.poll(() => idle.pid, { timeout: 5000 }).toBeNull()
    await idle.close()
  })
})
