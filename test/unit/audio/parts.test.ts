import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { airingScore, prepareSlice, readingAt } from '../../../audio/alert-score.ts'
import { AlertStore, type LoadedAlert } from '../../../audio/alert-store.ts'
import { sliceFrames } from '../../../audio/frames.ts'
import { GainFader } from '../../../audio/gain-fader.ts'
import { Journal } from '../../../audio/journal.ts'
import { LineReader, longestLineBytes } from '../../../audio/line-reader.ts'
import { renderScore, scoreFrames } from '../../../audio/memory-voice.ts'
import { PcmFile } from '../../../audio/pcm-file.ts'
import { WavFile } from '../../../audio/wav-file.ts'
import type { AudioEvent } from '../../../shared/audio-protocol.ts'

let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ts-audio-parts-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe('journal', () => {
  const event = (itemId: string) => ({ kind: 'itemStarted', outputId: 'main', itemId, startFrame: 0, atMs: 1 }) as never

  it('numbers without gaps and gives a returning station what it missed', () => {
    const published: AudioEvent[] = []
    const journal = new Journal((each) => published.push(each), 100)
    for (let i = 0; i < 10; i++) journal.add(event(`i${i}`))
    expect(published.map((each) => each.seq)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(journal.after(6).missed.map((each) => each.seq)).toEqual([7, 8, 9])
    expect(journal.after(-1)).toMatchObject({ lost: 0 })
    expect(journal.after(9).missed).toEqual([])
  })

  it('says how many older events it no longer holds', () => {
    const journal = new Journal(() => undefined, 100)
    for (let i = 0; i < 1000; i++) journal.add(event(`i${i}`))
    const { missed, lost } = journal.after(-1)
    expect(missed.length).toBeGreaterThanOrEqual(100)
    expect(lost + missed.length).toBe(1000)
    expect(missed[0]?.seq).toBe(lost)
  })
})

describe('line reader', () => {
  it('puts lines together from any pieces', () => {
    const lines: string[] = []
    const reader = new LineReader((line) => lines.push(line))
    for (const byte of Buffer.from('{"a":"phát"}\n\n{"b":2}\n{"c"')) reader.push(Buffer.from([byte]))
    expect(lines).toEqual(['{"a":"phát"}', '{"b":2}'])
  })

  it('refuses a line without end', () => {
    const reader = new LineReader(() => undefined)
    const piece = Buffer.alloc(1 << 20, 97)
    expect(() => {
      for (let bytes = 0; bytes <= longestLineBytes; bytes += piece.length) reader.push(piece)
    }).toThrow(/bytes/)
  })
})

describe('gain fader', () => {
  const recording = () => {
    const calls: [string, number, number][] = []
    const param = {
      cancelScheduledValues: (time: number) => calls.push(['cancel', 0, time]),
      setValueAtTime: (value: number, time: number) => calls.push(['set', value, time]),
      linearRampToValueAtTime: (value: number, time: number) => calls.push(['ramp', value, time]),
    } as unknown as AudioParam
    return { calls, fader: new GainFader(param, 1) }
  }

  it('knows its value in the middle of a ramp and begins the next one there', () => {
    const { calls, fader } = recording()
    fader.ramp(48_000, 0, 480)
    expect(fader.valueAt(47_999)).toBe(1)
    expect(fader.valueAt(48_240)).toBeCloseTo(0.5)
    expect(fader.valueAt(48_480)).toBe(0)
    fader.ramp(48_240, 1, 480)
    expect(calls.findLast(([kind]) => kind === 'set')?.[1]).toBeCloseTo(0.5)
  })

  it('replaces whatever was planned from there on, in the engine too', () => {
    const { calls, fader } = recording()
    fader.ramp(96_000, 0, 480)
    calls.length = 0
    fader.ramp(48_000, 0.5, 480)
    expect(fader.valueAt(96_480)).toBe(0.5)
    expect(calls).toEqual([
      ['cancel', 0, 1],
      ['set', 1, 1],
      ['ramp', 0.5, 1.01],
    ])
    fader.ramp(144_000, 0, 0)
    expect([fader.valueAt(143_999), fader.valueAt(144_000)]).toEqual([0.5, 0])
    expect(calls.slice(3)).toEqual([
      ['cancel', 0, 3],
      ['set', 0, 3],
    ])
  })

  it('keeps the power of two crossfading signals together', () => {
    const out = recording().fader
    const rising = recording().fader
    rising.ramp(0, 0, 0)
    out.ramp(10, 0, 1000, 'equalPower')
    rising.ramp(10, 1, 1000, 'equalPower')
    for (const f of [10, 260, 510, 760, 1009]) expect(out.valueAt(f) ** 2 + rising.valueAt(f) ** 2).toBeCloseTo(1, 2)
  })
})

describe('alert', () => {
  const samples = (length: number, value: number) => new Int16Array(length).fill(value)
  const alert = (attention: number, body: number): LoadedAlert => ({
    alertId: 'a' as LoadedAlert['alertId'],
    attention: attention === 0 ? null : samples(attention, 1000),
    body: samples(body, 2000),
    gainDb: 0,
    sha256: '',
  })

  it('is attention once, then the readings with gaps', () => {
    const score = airingScore(alert(100, 50), { bodyRepeats: 2, gapMs: 1 })
    expect(scoreFrames(score)).toBe(100 + 50 + 48 + 50)
    const rendered = [...renderScore(score, 98, 104)].map((value) => Math.round(value * 32768))
    expect(rendered.slice(0, 4)).toEqual([1000, 1000, 2000, 2000])
    expect(rendered[52]).toBe(0)
    expect(rendered[100]).toBe(2000)
  })

  it('counts the readings that have begun', () => {
    const order = { bodyRepeats: 2, gapMs: 1 }
    expect([99, 100, 149, 197, 198, 400].map((position) => readingAt(alert(100, 50), order, position))).toEqual([0, 1, 1, 1, 2, 2])
  })

  it('prepares what every airing begins with, in whole quanta', () => {
    expect(prepareSlice(alert(0, 48_000), 'hot')?.length).toBe(sliceFrames)
    expect(prepareSlice(alert(0, 1000), 'hot')?.length).toBe(896)
    expect(prepareSlice(alert(0, 48_000), 'cold')).toBeNull()
    expect(prepareSlice(alert(0, 100), 'hot')).toBeNull()
  })

  it('is held whole, with the hash of what is held', async () => {
    await writeFile(join(dir, 'att'), Buffer.alloc(2000, 1))
    await writeFile(join(dir, 'body'), Buffer.alloc(3_000_000, 2))
    const store = new AlertStore()
    const loaded = await store.load({ alertId: 'a' as never, attentionPath: join(dir, 'att'), bodyPath: join(dir, 'body'), gainDb: -3 })
    const { createHash } = await import('node:crypto')
    const both = Buffer.concat([await readFile(join(dir, 'att')), await readFile(join(dir, 'body'))])
    expect(loaded.sha256).toBe(createHash('sha256').update(both).digest('hex'))
    expect(loaded.body.length).toBe(1_500_000)
    await writeFile(join(dir, 'odd'), Buffer.alloc(3))
    await expect(store.load({ alertId: 'b' as never, attentionPath: null, bodyPath: join(dir, 'odd'), gainDb: 0 })).rejects.toThrow(
      /16-bit/,
    )
    await expect(store.load({ alertId: 'c' as never, attentionPath: null, bodyPath: join(dir, 'none'), gainDb: 0 })).rejects.toThrow(
      /ENOENT/,
    )
    expect(store.list().map((each) => each.alertId)).toEqual(['a'])
  })

  it('is refused where all together would not fit into memory, before any of it is read', async () => {
    await writeFile(join(dir, 'small'), Buffer.alloc(2000, 1))
    await writeFile(join(dir, 'huge'), '')
    await truncate(join(dir, 'huge'), 160 * 2 ** 20)
    const store = new AlertStore()
    const load = (alertId: string, name: string) =>
      store.load({ alertId: alertId as never, attentionPath: null, bodyPath: join(dir, name), gainDb: 0 })
    await load('a', 'small')
    await expect(load('b', 'huge')).rejects.toThrow(/do not fit/)
    expect(store.list().map((each) => each.alertId)).toEqual(['a'])
  })
})

describe('air copy', () => {
  const written = async (frames: number) => {
    const data = new Int16Array(frames * 2)
    for (let i = 0; i < frames; i++) data.fill(i, 2 * i, 2 * i + 2)
    const path = join(dir, 'x.pcm')
    await writeFile(path, new Uint8Array(data.buffer))
    return path
  }
  const frameNumbers = (samples: Int16Array) => [...samples].filter((_, index) => index % 2 === 0)

  it('ends in silence, or begins again', async () => {
    const path = await written(10)
    const once = new PcmFile(path, 10, false)
    expect(frameNumbers(await once.read(7, 6))).toEqual([7, 8, 9, 0, 0, 0])
    await once.close()
    const loop = new PcmFile(path, 10, true)
    expect(frameNumbers(await loop.read(7, 16))).toEqual([7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2])
    await loop.close()
  })

  it('gives a primed stretch once, and only to who begins there', async () => {
    const path = await written(100)
    const file = new PcmFile(path, 100, false)
    await file.prime(20, 10)
    expect(file.takePrimed(0)).toBeNull()
    expect(frameNumbers(file.takePrimed(20) ?? new Int16Array())).toEqual([20, 21, 22, 23, 24, 25, 26, 27, 28, 29])
    expect(file.takePrimed(20)).toBeNull()
    await file.close()
  })

  it('a file shorter than its item is an error, where it ends', async () => {
    const path = await written(100)
    await truncate(path, 200)
    const file = new PcmFile(path, 100, false)
    expect(frameNumbers(await file.read(0, 50)).at(-1)).toBe(49)
    await expect(file.read(40, 20)).rejects.toThrow(/frame 50/)
    await file.close()
  })
})

describe('recorder segment', () => {
  it('is a readable file after each flush', async () => {
    const path = join(dir, 'r.wav')
    const file = await WavFile.create(path)
    await file.append(new Int16Array(9600).fill(5))
    await file.flush()
    await file.append(new Int16Array(9600).fill(6))
    const halfWay = await readFile(path)
    expect(halfWay.readUInt32LE(40)).toBe(19_200)
    expect(halfWay.length).toBeGreaterThanOrEqual(44 + 19_200)
    await file.close()
    const whole = await readFile(path)
    expect(whole.readUInt32LE(40)).toBe(38_400)
    expect(whole.readUInt32LE(4)).toBe(whole.length - 8)
    expect(file.frames).toBe(9600)
  })
})
