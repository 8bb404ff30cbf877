// The small rules of rendering: phrases, drills, the attention signal, the resampler and the loudness meter.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlertDraft, AlertTemplate } from '../../../shared/domain/alert.ts'
import { attentionTone } from '../../../station/alerts/render/attention-tone.ts'
import { drillWords, refuseDenial } from '../../../station/alerts/render/drill-rules.ts'
import { LoudnessMeter } from '../../../station/alerts/render/loudness-meter.ts'
import { normaliseVi } from '../../../station/alerts/render/normalise-vi.ts'
import { toPhrases } from '../../../station/alerts/render/phrases.ts'
import { builtInCorrection, builtInTemplates } from '../../../station/alerts/render/templates.ts'
import { resample22050To48000 } from '../../../station/alerts/speech/resample.ts'
import { ebur128 } from '../../support/media-files.ts'

test('phrases hold every word once, in order, and none is too long for a drill', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('bão', 'cấp', 'gió,', 'hết.', 'đi!', 'nhà;', 'x:', '\n', '…', 'một'), { maxLength: 400 }),
      (words) => {
        const text = words.join(' ')
        const phrases = toPhrases(text)
        const letters = (one: string) => one.replace(/[^\p{L}]/gu, '')
        expect(letters(phrases.map((phrase) => phrase.text).join(''))).toBe(letters(text))
        for (const phrase of phrases) expect(phrase.text.length).toBeLessThanOrEqual(201)
      },
    ),
  )
})

test.each([
  'Đây không phải diễn tập.',
  'ĐÂY KHÔNG PHẢI LÀ CUỘC DIỄN TẬP',
  'Day khong phai dien tap',
  'Đây là tình huống thật, đề nghị bà con sơ tán',
  'Lệnh này là thật',
  'Không diễn tập!',
  'This is NOT A DRILL',
  'đây là thật',
])('a drill that says "%s" is refused', (text) => {
  expect(() => refuseDenial(text)).toThrowError(expect.objectContaining({ code: 'DRILL_TEXT_DENIES_DRILL' }))
})

test.each([
  ...Object.values(drillWords),
  'Đây là diễn tập phòng chống bão. Tình huống giả định: bão cấp 12.',
  'Cảnh báo lũ quét trong khuôn khổ diễn tập.',
  'Thông tin thật sự cần thiết là số điện thoại.',
])('a drill that says "%s" is not', (text) => {
  expect(() => refuseDenial(text)).not.toThrow()
})

test('templates are valid, eight at least, with unique ids; none is read with a slot left open', () => {
  expect(builtInTemplates.length).toBeGreaterThanOrEqual(8)
  for (const template of builtInTemplates) {
    expect(AlertTemplate.parse(template)).toEqual(template)
    expect(template.text.normalize('NFC')).toBe(template.text)
    expect(template.text).toMatch(/\{[^{}]+\}/)
    expect(toPhrases(normaliseVi(template.text.replace(/\{[^{}]+\}/g, '3'))).length).toBeGreaterThan(2)
  }
  expect(new Set(builtInTemplates.map((template) => template.templateId)).size).toBe(builtInTemplates.length)
  expect(AlertDraft.parse(builtInCorrection)).toEqual(builtInCorrection)
})

test('the attention signal loops without a step, ends where it began, and starts within a millisecond', () => {
  const tone = attentionTone()
  expect(tone.length / 48_000).toBeCloseTo(4.8, 6)
  // Twice in a row: the join is no steeper than the signal itself is anywhere.
  const largest = tone.reduce((most, sample, index) => Math.max(most, Math.abs(sample - (tone[index - 1] ?? 0))), 0)
  expect(Math.abs((tone[0] ?? 0) - (tone.at(-1) ?? 0))).toBeLessThanOrEqual(largest)
  expect(tone[0]).toBe(0)
  expect(tone.slice(0, 48).some((sample) => Math.abs(sample) > 0.5)).toBe(true)
  expect(Math.max(...tone.slice(0, 48_000))).toBeGreaterThan(0.99)
  expect(Math.max(...tone.slice(0, 48_000))).toBeLessThanOrEqual(1)
})

test('the resampler keeps time, level and pitch, however the input is cut', () => {
  const input = Int16Array.from({ length: 22_050 }, (_, n) => Math.round(20_000 * Math.sin((2 * Math.PI * 1000 * n) / 22_050)))
  const whole = resample22050To48000([input])
  expect(whole.length).toBe(48_000)
  const parts = resample22050To48000([input.slice(0, 1000), input.slice(1000, 1001), input.slice(1001)])
  expect(parts).toEqual(whole)
  let worst = 0
  for (let n = 1000; n < 47_000; n++)
    worst = Math.max(worst, Math.abs((whole[n] ?? 0) - (20_000 / 32_768) * Math.sin((2 * Math.PI * 1000 * n) / 48_000)))
  expect(worst).toBeLessThan(0.0005)
})

test('the meter agrees with ffmpeg on a mono signal that sounds from both channels', () => {
  const dir = mkdtempSync(join(tmpdir(), 'truc-song-meter-'))
  try {
    let state = 1
    const samples = Float32Array.from({ length: 48_000 * 6 }, (_, n) => {
      state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
      const noise = state / 0x3fff_ffff - 1
      return (n % 96_000 < 60_000 ? 0.4 : 0.02) * (0.6 * Math.sin(n * 0.11) + 0.4 * noise * noise * noise)
    })
    const meter = new LoudnessMeter()
    for (let at = 0; at < samples.length; at += 7001) meter.push(samples.subarray(at, at + 7001))
    const raw = join(dir, 'mono.f32')
    const stereo = join(dir, 'stereo.wav')
    writeFileSync(raw, Buffer.from(samples.buffer))
    const convert = ['-f', 'f32le', '-ar', '48000', '-ac', '1', '-i', raw, '-af', 'pan=stereo|c0=c0|c1=c0', '-c:a', 'pcm_f32le', stereo]
    execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...convert])
    const oracle = ebur128(stereo)
    expect(Math.abs((meter.integratedLufs() ?? 0) - oracle.lufs)).toBeLessThan(0.05)
    expect(Math.abs(meter.truePeakDbtp() - oracle.truePeakDb)).toBeLessThan(0.3)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('silence has no loudness', () => {
  const meter = new LoudnessMeter()
  meter.push(new Float32Array(96_000))
  expect(meter.integratedLufs()).toBeNull()
  expect(meter.truePeakDbtp()).toBe(Number.NEGATIVE_INFINITY)
})
