// The library with the real store's file and the real import process: what is kept, what is not, and what is found before air.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../shared/domain/clock.ts'
import type { CartId } from '../../../shared/domain/ids.ts'
import type { Cart, Peaks } from '../../../shared/domain/library.ts'
import {
  type CartRepository,
  createLibrary,
  type Library,
  type LibraryOptions,
  onlyApproved,
  withRows,
} from '../../../station/library/index.ts'
import { cutFile, ebur128, ffmpeg, makeMedia } from '../../support/media-files.ts'

let media = ''
let speech = ''
let dataDir = ''
let library: Library
let store: MemoryCarts
const silentLog = { info: () => undefined, warn: () => undefined }

class MemoryCarts implements CartRepository {
  readonly carts = new Map<string, { cart: Cart; peaks: Peaks | null }>()
  refusing = false
  all = async () => [...this.carts.values()].map((entry) => entry.cart)
  get = async (cartId: CartId) => this.carts.get(cartId)?.cart ?? null
  bySha256 = async (sha256: string) => (await this.all()).find((cart) => cart.sha256 === sha256) ?? null
  put = async (cart: Cart, peaks: Peaks | null) => {
    if (this.refusing) throw new Error('disk full')
    this.carts.set(cart.cartId, { cart, peaks: peaks ?? this.carts.get(cart.cartId)?.peaks ?? null })
  }
  remove = async (cartId: CartId) => this.carts.delete(cartId)
  peaks = async (cartId: CartId) => this.carts.get(cartId)?.peaks ?? null
}

beforeAll(() => {
  media = mkdtempSync(join(tmpdir(), 'truc-song-media-'))
  speech = makeMedia(media, 'Bản tin sáng.mp3', ['-c:a', 'libmp3lame', '-b:a', '96k'], { seconds: 5 })
})
afterAll(() => rmSync(media, { recursive: true, force: true }))

function open(change: Partial<LibraryOptions> = {}): Library {
  return createLibrary({
    dataDir,
    store,
    clock: systemClock,
    log: silentLog,
    targetLufs: -23,
    maxDurationMs: 3_600_000,
    onChange: () => undefined,
    ...change,
  })
}
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'truc-song-library-'))
  store = new MemoryCarts()
  library = open()
  await library.open()
})
afterEach(async () => {
  await library.close()
  rmSync(dataDir, { recursive: true, force: true })
})

/** Every file under the library's folder, by path inside it. */
function filesKept(): string[] {
  return readdirSync(join(dataDir, 'library'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dataDir, 'library').length + 1))
    .sort()
}

const asSpeech = { contentType: 'speech' } as const

test('a file is kept under its hash, with an air copy that plays at the target', async () => {
  const cart = await library.importFile(speech, 'Bản tin sáng.mp3', asSpeech)
  const sha256 = createHash('sha256').update(readFileSync(speech)).digest('hex')
  expect(cart).toMatchObject({
    sha256,
    title: 'Bản tin sáng',
    originalName: 'Bản tin sáng.mp3',
    contentType: 'speech',
    format: 'mp3/mp3float',
  })
  expect(filesKept()).toEqual([`air/${sha256}.pcm`, `originals/${sha256}`])
  const raw = ['-f', 's16le', '-ar', '48000', '-ac', '2'] as const
  const played = join(media, 'played.wav')
  ffmpeg([...raw, '-i', library.airCopyPath(cart), '-af', `volume=${cart.gainDb}dB`, '-c:a', 'pcm_f32le', played])
  expect(ebur128(played).lufs).toBeCloseTo(-23, 1)
  expect(library.imports()).toEqual([])
  expect((await library.peaks(cart.cartId)).max.length).toBeGreaterThan(100)
  expect(await library.prove(cart, { hash: true })).toEqual({ ok: true })
})

test('another loudness target computes the gains of what is imported again, never over the ceiling, and back', async () => {
  const mono = join(media, 'mono.wav')
  ffmpeg(['-f', 'lavfi', '-i', "aevalsrc='if(lt(mod(t,2),0.005),0.9,0.02)*sin(2*PI*997*t)':s=48000:d=6", mono])
  const even = await library.importFile(speech, 'a.mp3', asSpeech)
  const peaky = await library.importFile(mono, 'b.wav', asSpeech)
  const reopened = async (targetLufs: number) => {
    const again = open({ targetLufs })
    await again.open()
    return { even: (await again.cart(even.cartId)).gainDb, peaky: (await again.cart(peaky.cartId)).gainDb }
  }
  const quieter = await reopened(-30)
  expect(quieter.even - even.gainDb).toBeCloseTo(-7, 2)
  expect((await reopened(-16)).peaky).toBe(peaky.gainDb)
  expect(await reopened(-23)).toEqual({ even: even.gainDb, peaky: peaky.gainDb })
  // A cart of an earlier build, without the figures of its air copy: the same at the same target, quieter at a lower one.
  for (const [cartId, entry] of store.carts) {
    const { air: _air, ...cart } = entry.cart
    store.carts.set(cartId, { ...entry, cart })
  }
  expect(await reopened(-23)).toEqual({ even: even.gainDb, peaky: peaky.gainDb })
  expect((await reopened(-30)).even - even.gainDb).toBeCloseTo(-7, 2)
})

test('gain never lifts the true peak over −1 dBTP', async () => {
  const path = join(media, 'dynamic.wav')
  ffmpeg(['-f', 'lavfi', '-i', "aevalsrc='if(lt(mod(t,2),0.005),0.9,0.02)*sin(2*PI*997*t)':s=48000:d=10", path])
  const cart = await library.importFile(path, 'a.wav', asSpeech)
  expect(cart.gainDb).toBeLessThan(-23 - (cart.integratedLufs ?? 0))
  const played = join(media, 'played.wav')
  ffmpeg([
    '-f',
    's16le',
    '-ar',
    '48000',
    '-ac',
    '2',
    '-i',
    library.airCopyPath(cart),
    '-af',
    `volume=${cart.gainDb}dB`,
    '-c:a',
    'pcm_f32le',
    played,
  ])
  expect(ebur128(played).truePeakDb).toBeLessThanOrEqual(-0.95)
})

test('the same bytes are one recording, also at the same moment and under another name', async () => {
  const [first, second] = await Promise.all([library.importFile(speech, 'a.mp3', asSpeech), library.importFile(speech, 'b.mp3', asSpeech)])
  const third = await library.importFile(createReadStream(speech), 'c.mp3', asSpeech)
  expect(new Set([first.cartId, second.cartId, third.cartId]).size).toBe(1)
  expect(filesKept()).toHaveLength(2)
  expect(store.carts.size).toBe(1)
})

test('an upload is imported like a file', async () => {
  const cart = await library.importFile(createReadStream(speech), 'x.mp3', { ...asSpeech, title: 'Bản tin trưa' })
  expect(cart.title).toBe('Bản tin trưa')
  expect(filesKept()).toHaveLength(2)
})

test('a name never becomes a path', async () => {
  for (const name of ['../../etc/passwd', '..\\..\\x.wav', '/etc/cron.d/x', 'a\0b.wav', '', '.'.repeat(300)]) {
    const cart = await library.importFile(speech, name, asSpeech)
    expect(cart.originalName).not.toMatch(/[/\\]/)
    await library.remove(cart.cartId)
  }
  expect(filesKept()).toEqual([])
})

test('nothing of a refused file stays, and its reason does', async () => {
  const cut = cutFile(speech, 0.5, join(media, 'cut.mp3'))
  await expect(library.importFile(cut, 'Bản tin.mp3', asSpeech)).rejects.toMatchObject({ code: 'MEDIA_TRUNCATED', detail: { at: '00:02' } })
  expect(filesKept()).toEqual([])
  expect(store.carts.size).toBe(0)
  const [view] = library.imports()
  expect(view).toMatchObject({ name: 'Bản tin.mp3', state: { kind: 'refused', code: 'MEDIA_TRUNCATED', detail: { at: '00:02' } } })
  library.dismissImport(view?.importId ?? '')
  expect(library.imports()).toEqual([])
})

test('an upload that breaks off, or is too large, leaves nothing', async () => {
  const breaking = Readable.from(
    (async function* () {
      yield readFileSync(speech).subarray(0, 10_000)
      throw new Error('connection lost')
    })(),
  )
  await expect(library.importFile(breaking, 'x.mp3', asSpeech)).rejects.toThrow('connection lost')
  await library.close()
  library = open({ limits: { maxBytes: 20_000 } })
  await library.open()
  await expect(library.importFile(createReadStream(speech), 'x.mp3', asSpeech)).rejects.toMatchObject({ code: 'MEDIA_TOO_LARGE' })
  expect(filesKept()).toEqual([])
})

test('an import that takes too long or too much memory is ended', async () => {
  await library.close()
  library = open({ limits: { timeoutMs: 1 } })
  await expect(library.importFile(speech, 'x.mp3', asSpeech)).rejects.toMatchObject({ code: 'INGEST_TIMEOUT' })
  library = open({ limits: { maxMemoryBytes: 20e6 } })
  await expect(library.importFile(speech, 'x.mp3', asSpeech)).rejects.toMatchObject({ code: 'INGEST_MEMORY' })
  expect(filesKept()).toEqual([])
})

test('closing ends what is being imported', async () => {
  const long = makeMedia(media, 'long.wav', ['-c:a', 'pcm_s16le'], { seconds: 60 })
  const running = library.importFile(long, 'x.wav', asSpeech).catch((error: unknown) => error)
  await library.close()
  expect(await running).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(filesKept()).toEqual([])
})

test('when the database refuses, the files go', async () => {
  store.refusing = true
  await expect(library.importFile(speech, 'x.mp3', asSpeech)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(filesKept()).toEqual([])
})

test('a station killed in the middle of an import leaves nothing after its next start', async () => {
  const long = join(media, 'kill.flac')
  ffmpeg(['-f', 'lavfi', '-i', 'sine=440:d=1800:r=48000', long])
  // A process of its own, as the station is, that dies in the middle of its import.
  const script = `
    import { watch, mkdirSync } from 'node:fs'
    import { createLibrary } from ${JSON.stringify(new URL('../../../station/library/index.ts', import.meta.url).href)}
    import { systemClock } from ${JSON.stringify(new URL('../../../shared/domain/clock.ts', import.meta.url).href)}
    const none = async () => null
    const store = { all: async () => [], get: none, bySha256: none, put: none, remove: none, peaks: none }
    const log = { info() {}, warn() {} }
    const library = createLibrary({ dataDir: ${JSON.stringify(dataDir)}, store, clock: systemClock, log, targetLufs: -23, maxDurationMs: 1e7,
      onChange: () => { if (library.imports().some((one) => one.state.percent > 1)) process.kill(process.pid, 'SIGKILL') } })
    await library.open()
    await library.importFile(${JSON.stringify(long)}, 'x.wav', { contentType: 'speech' })
    await library.close()
  `
  const died = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(died.signal, died.stderr).toBe('SIGKILL')
  expect(filesKept()).not.toEqual([])
  library = open()
  await library.open()
  expect(filesKept()).toEqual([])
})

test('files of an import that died between its last rename and its row go, recordings of a restored database stay', async () => {
  const cart = await library.importFile(speech, 'x.mp3', asSpeech)
  const other = await library.importFile(makeMedia(media, 'other.wav', ['-c:a', 'pcm_s16le'], { seconds: 2 }), 'y.wav', asSpeech)
  store.carts.clear()
  const left = join(dataDir, 'library', 'incoming', 'import-1')
  spawnSync('mkdir', ['-p', left])
  writeFileSync(join(left, 'accepting'), cart.sha256)
  await open().open()
  expect(filesKept()).toEqual([`air/${other.sha256}.pcm`, `originals/${other.sha256}`])
})

test('what is imported, refused and taken out has a row each; what was known already has none', async () => {
  const rows: string[] = []
  const kept = withRows(library, (row) =>
    rows.push(`${row.actor} ${row.kind} ${row.subject} ${String(row.measured['reason'] ?? '')}`.trim()),
  )
  const cart = await kept.importFile(speech, 'Bản tin sáng.mp3', { title: 'Bản tin', contentType: 'speech' })
  await kept.importFile(speech, 'lần nữa.mp3', { title: 'Lần nữa', contentType: 'speech', by: 'province' })
  const broken = join(media, 'hỏng.mp3')
  writeFileSync(broken, 'không phải âm thanh')
  await expect(kept.importFile(broken, 'hỏng.mp3', { contentType: 'speech', by: 'province' })).rejects.toMatchObject({
    code: expect.stringMatching(/^MEDIA_/),
  })
  await kept.remove(cart.cartId, 'Chị Hoa')
  expect(rows).toEqual([
    'operator library.imported Bản tin',
    expect.stringMatching(/^province library\.refused hỏng\.mp3 MEDIA_[A-Z_]+$/),
    'Chị Hoa library.removed Bản tin',
  ])
})

describe('S9, S10: before air', () => {
  let cart: Cart
  let path = ''
  beforeEach(async () => {
    cart = await library.importFile(speech, 'x.mp3', asSpeech)
    path = library.airCopyPath(cart)
  })

  test('a missing, empty, truncated or longer air copy is found', async () => {
    expect(await library.prove(cart)).toEqual({ ok: true })
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4)]))
    expect(await library.prove(cart)).toEqual({ ok: false, reason: 'changed' })
    truncateSync(path, statSync(path).size - 8)
    expect(await library.prove(cart)).toEqual({ ok: false, reason: 'truncated' })
    truncateSync(path, 0)
    expect(await library.prove(cart)).toEqual({ ok: false, reason: 'empty' })
    rmSync(path)
    expect(await library.prove(cart)).toEqual({ ok: false, reason: 'missing' })
  })

  test('bytes changed after import are found by their hash', async () => {
    const bytes = readFileSync(path)
    bytes.writeUInt8(bytes.readUInt8(1000) ^ 1, 1000)
    writeFileSync(path, bytes)
    expect(await library.prove(cart)).toEqual({ ok: true })
    expect(await library.prove(cart, { hash: true })).toEqual({ ok: false, reason: 'changed' })
  })

  test('a file that is cut between the look at it and its reading is called empty, not changed', async () => {
    const cutAfterwards = async (one: Cart) => {
      const seen = await library.prove(one)
      truncateSync(path, 0)
      return seen
    }
    expect(await onlyApproved({ ...library, prove: cutAfterwards }).prove(cart)).toEqual({ ok: false, reason: 'empty' })
  })

  test('one that is rewritten at every look is unreadable, and not looked at for ever', async () => {
    const bytes = readFileSync(path)
    let looks = 0
    const rewritten = async (one: Cart) => {
      const seen = await library.prove(one)
      looks += 1
      if (looks > 10) return seen
      writeFileSync(path, bytes)
      utimesSync(path, looks, looks)
      return seen
    }
    expect(await onlyApproved({ ...library, prove: rewritten }).prove(cart)).toEqual({ ok: false, reason: 'unreadable' })
    expect(looks).toBeLessThan(10)
    expect(await onlyApproved(library).prove(cart)).toEqual({ ok: true })
  })

  test('what opens and cannot be read through is unreadable', async () => {
    expect(await onlyApproved(library).prove(cart)).toEqual({ ok: true })
    expect(await onlyApproved({ ...library, airCopyPath: () => dataDir }).prove(cart)).toEqual({ ok: false, reason: 'unreadable' })
  })

  test('importing the file again repairs it', async () => {
    truncateSync(path, 100)
    const again = await library.importFile(speech, 'x.mp3', asSpeech)
    expect(again.cartId).toBe(cart.cartId)
    expect(await library.prove(again, { hash: true })).toEqual({ ok: true })
  })

  test('removing takes both files', async () => {
    await library.remove(cart.cartId)
    expect(existsSync(path)).toBe(false)
    expect(filesKept()).toEqual([])
    await expect(library.cart(cart.cartId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
