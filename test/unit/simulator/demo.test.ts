import { describe, expect, it } from 'vitest'
import { makeChime } from '../../../simulator/demo/chime.ts'
import { type DemoName, demoRecordings, demoRows } from '../../../simulator/demo/programme.ts'
import { makeJingle, makeTune, tuneRateHz } from '../../../simulator/demo/tune.ts'
import { wavFile } from '../../../simulator/demo/wav.ts'

const lengths: Readonly<Record<DemoName, number>> = {
  'dai-hieu.wav': 5000,
  'loi-chao.wav': 13_000,
  'ban-tin.wav': 28_000,
  'phong-chong-thien-tai.wav': 30_000,
  'nhac-1.wav': 95_000,
  'nhac-2.wav': 110_000,
  'nhac-nen.wav': 60_000,
  'chuong-bao-gio.wav': 6350,
  'chuong-thong-bao.wav': 2900,
  'chuong-het-thong-bao.wav': 2900,
}
const at = (text: string) => Date.parse(`2026-08-01T${text}+07:00`)

describe('the demonstration programme', () => {
  it.each([['08:02:10'], ['08:19:00'], ['08:29:59'], ['23:55:00']])(
    'at %s starts at once, cuts at a half hour and ends in fill',
    (clock) => {
      const now = at(clock)
      const rows = demoRows(now, (name) => lengths[name])
      expect(rows[0]?.start).toEqual({ kind: 'soft', atMs: now + 10_000 })
      const hard = rows.flatMap(({ start }) => (start.kind === 'hard' ? [start.atMs] : []))
      expect(hard).toHaveLength(1)
      expect((hard[0] ?? 0) % 1_800_000).toBe(0)
      expect((hard[0] ?? 0) - now).toBeGreaterThan(600_000)
      expect(rows.at(-1)).toEqual({ name: 'nhac-nen.wav', start: { kind: 'follow' } })
      expect(rows.length).toBeLessThan(120)
    },
  )

  it('leaves no gap before its hard start: what is on is cut', () => {
    const now = at('08:02:10')
    const rows = demoRows(now, (name) => lengths[name])
    const before = rows.slice(
      0,
      rows.findIndex(({ start }) => start.kind === 'hard'),
    )
    const endMs = now + 10_000 + before.reduce((sum, { name }) => sum + lengths[name], 0)
    expect(endMs).toBeGreaterThanOrEqual(at('08:30:00'))
  })

  it('says in every spoken text that it is training', () => {
    for (const { sound } of demoRecordings) if (sound.kind === 'speech') expect(sound.text).toContain('tập huấn')
  })
})

describe('its music', () => {
  const options = { seconds: 6, seed: 3, tonicHz: 220, beatsPerMinute: 100 }

  it('is the same for the same seed and sounds all along', () => {
    const tune = makeTune(options)
    expect(tune).toEqual(makeTune(options))
    expect(tune).not.toEqual(makeTune({ ...options, seed: 4 }))
    expect(tune).toHaveLength(6 * tuneRateHz * 2)
    for (let second = 0; second < 3; second++) {
      const part = tune.subarray(second * tuneRateHz * 2, (second + 1) * tuneRateHz * 2)
      expect(Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length)).toBeGreaterThan(0.002)
    }
    expect(Math.abs(tune.at(-1) ?? 1)).toBeLessThan(0.001)
  })

  it('keeps below full scale', () => {
    for (const sound of [makeTune(options), makeJingle()])
      expect(sound.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(1)
  })

  it('is written as a WAV file of the right length', () => {
    const file = wavFile(Float32Array.of(0, 1, -1, 0.5), 2, 48_000)
    expect(file.toString('latin1', 0, 4) + file.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ')
    expect(file.readUInt32LE(40)).toBe(8)
    expect([44, 46, 48, 50].map((place) => file.readInt16LE(place))).toEqual([0, 32_767, -32_767, 16_384])
  })
})

it('chimes ring as long as they say, below full scale, and end in silence', () => {
  for (const { name, sound } of demoRecordings) {
    if (sound.kind !== 'chime') continue
    const chime = makeChime(sound)
    expect((chime.length / 2 / tuneRateHz) * 1000).toBeCloseTo(lengths[name], 0)
    const peak = chime.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    expect(peak).toBeGreaterThan(0.2)
    expect(peak).toBeLessThan(1)
    expect(Math.abs(chime.at(-1) ?? 1)).toBeLessThan(0.001)
  }
})
