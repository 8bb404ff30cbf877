// The library: imports files, each in a process of its own, keeps originals and air copies by hash, and proves air copies
// playable. Nothing of a refused file stays; the same bytes imported twice are one recording.
import { createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Clock } from '../../shared/domain/clock.ts'
import { OperatorError } from '../../shared/domain/errors.ts'
import { CartId, newId } from '../../shared/domain/ids.ts'
import type { Cart, ContentType, ImportView, Peaks } from '../../shared/domain/library.ts'
import { type IngestResult, workFiles } from './ingest/job.ts'
import { createMediaStore } from './media-store.ts'
import { playoutGainDb, regained } from './playout-gain.ts'
import { type Proof, proveAirCopy } from './prove.ts'
import { runIngest } from './run-ingest.ts'
import { createTurns } from './turns.ts'

/** What the library needs of the database. */
export interface CartRepository {
  all(): Promise<readonly Cart[]>
  get(cartId: CartId): Promise<Cart | null>
  bySha256(sha256: string): Promise<Cart | null>
  put(cart: Cart, peaks: Peaks | null): Promise<unknown>
  remove(cartId: CartId): Promise<unknown>
  peaks(cartId: CartId): Promise<Peaks | null>
}

export interface LibraryLog {
  info(detail: object, message: string): void
  warn(detail: object, message: string): void
}

export interface LibraryOptions {
  readonly dataDir: string
  readonly store: CartRepository
  readonly clock: Clock
  readonly log: LibraryLog
  readonly targetLufs: number
  readonly maxDurationMs: number
  /** A recording, an import or its progress changed. */
  readonly onChange: () => void
  readonly limits?: Partial<ImportLimits>
}

export interface ImportLimits {
  /** Files imported at once. */
  readonly concurrent: number
  /** Largest file, bytes. */
  readonly maxBytes: number
  /** Resident memory of one import process, bytes. */
  readonly maxMemoryBytes: number
  /** Longest time for one file, ms. */
  readonly timeoutMs: number
}

/** 8 GiB holds six hours of 48 kHz 24-bit stereo; decoding needs about 120 MB whatever the length. */
export const defaultImportLimits: ImportLimits = { concurrent: 2, maxBytes: 8 * 1024 ** 3, maxMemoryBytes: 400e6, timeoutMs: 15 * 60_000 }

export interface ImportRequest {
  readonly title?: string
  readonly contentType: ContentType
  /** Who brought it, for the logbook. */
  readonly by?: string
}

export interface Library {
  /** Makes the folders ready, removes what an interrupted import left, and computes the gains again. Call once, before anything else. */
  open(): Promise<void>
  /** Imports a file of this machine, or an upload. Rejects with an OperatorError; the refusal also stays in `imports()`. */
  importFile(source: string | Readable, name: string, request: ImportRequest): Promise<Cart>
  carts(): Promise<readonly Cart[]>
  cart(cartId: CartId): Promise<Cart>
  peaks(cartId: CartId): Promise<Peaks>
  /** @param by who named it so, for the logbook */
  rename(cartId: CartId, change: { readonly title: string; readonly contentType: ContentType }, by?: string): Promise<Cart>
  /** The caller has made sure that nothing on air or in a rundown needs it. @param by who took it out, for the logbook */
  remove(cartId: CartId, by?: string): Promise<void>
  /** Absolute path of the air copy (s16le, 48 kHz, stereo, no header). */
  airCopyPath(cart: Cart): string
  prove(cart: Cart, options?: { readonly hash: boolean }): Promise<Proof>
  imports(): readonly ImportView[]
  dismissImport(importId: string): void
  /** Ends imports under way; nothing of them stays. */
  close(): Promise<void>
}

/** Refusals kept for reading; older ones go. */
const maxRefused = 50

export function createLibrary(options: LibraryOptions): Library {
  const { store, clock, log, onChange } = options
  const limits = { ...defaultImportLimits, ...options.limits }
  const media = createMediaStore(options.dataDir)
  const turns = createTurns(limits.concurrent)
  // Two imports of the same bytes must see each other's recording.
  const accepting = createTurns(1)
  const views = new Map<string, ImportView>()
  const running = new Set<Promise<unknown>>()
  const closing = new AbortController()

  const show = (view: ImportView) => {
    views.set(view.importId, view)
    onChange()
  }

  async function importOne(source: string | Readable, name: string, request: ImportRequest, importId: string): Promise<Cart> {
    const workDir = join(media.incoming, importId)
    try {
      await mkdir(workDir, { recursive: true, mode: 0o700 })
      const upload = typeof source === 'string' ? null : join(workDir, 'upload')
      if (upload !== null) await receive(source as Readable, upload, limits.maxBytes, closing.signal)
      else if (!(await stat(source as string)).isFile()) throw new OperatorError('NOT_FOUND', { name, reason: 'not a file' })
      return await turns.take(() => ingest(upload ?? (source as string), upload !== null, workDir, name, request, importId))
    } catch (cause) {
      if (cause instanceof OperatorError || closing.signal.aborted) throw cause
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
      if (code === 'ENOENT' || code === 'EACCES') throw new OperatorError('NOT_FOUND', { name, reason: code }, { cause })
      if (code === '') throw cause
      throw new OperatorError('STORE_UNAVAILABLE', { name, reason: code }, { cause })
    } finally {
      await rm(workDir, { recursive: true, force: true })
    }
  }

  async function ingest(
    sourcePath: string,
    isPrivate: boolean,
    workDir: string,
    name: string,
    request: ImportRequest,
    importId: string,
  ): Promise<Cart> {
    const known = new AbortController()
    let sameAs: Promise<Cart | null> = Promise.resolve(null)
    try {
      const result = await runIngest(
        {
          sourcePath,
          sourceIsPrivate: isPrivate,
          workDir,
          maxDurationMs: options.maxDurationMs,
          maxBytes: limits.maxBytes,
          maxMemoryBytes: limits.maxMemoryBytes,
        },
        {
          timeoutMs: limits.timeoutMs,
          clock,
          signal: AbortSignal.any([known.signal, closing.signal]),
          onHashed: (sha256) => {
            sameAs = playable(sha256)
            void sameAs.then(
              (cart) => cart === null || known.abort(),
              () => known.abort(),
            )
          },
          onProgress: (percent) => show({ importId, name, state: { kind: 'working', percent } }),
        },
      )
      return (
        (await sameAs) ??
        (await accepting.take(() => accept(result, workDir, isPrivate ? sourcePath : join(workDir, workFiles.original), name, request)))
      )
    } catch (cause) {
      const cart = known.signal.aborted ? await sameAs : null
      if (cart !== null) return cart
      throw cause
    }
  }

  /** The recording of these bytes, if it is here and whole. */
  async function playable(sha256: string): Promise<Cart | null> {
    const cart = await store.bySha256(sha256)
    return cart !== null && (await proveAirCopy(media.airPath(sha256), cart, false)).ok ? cart : null
  }

  async function accept(result: IngestResult, workDir: string, original: string, name: string, request: ImportRequest): Promise<Cart> {
    const before = await store.bySha256(result.sha256)
    await media.accept(workDir, original, result.sha256)
    const cart = before === null ? newCart(result, name, request) : { ...before, ...measured(result) }
    try {
      await store.put(cart, result.peaks)
    } catch (cause) {
      if (before === null) await media.remove(result.sha256)
      throw new OperatorError('STORE_UNAVAILABLE', { name }, { cause })
    }
    log.info(
      { cartId: cart.cartId, sha256: cart.sha256, format: cart.format, durationMs: cart.durationMs, gainDb: cart.gainDb },
      'recording imported',
    )
    return cart
  }

  function newCart(result: IngestResult, name: string, request: ImportRequest): Cart {
    const originalName = basename(name.replaceAll('\\', '/')).slice(0, 200) || 'file'
    const title = (request.title ?? originalName.replace(/\.[^.]{1,5}$/, '')).trim().slice(0, 200) || originalName
    return {
      cartId: newId(CartId, 'cart'),
      title,
      contentType: request.contentType,
      originalName,
      importedAtMs: clock.now(),
      ...measured(result),
    }
  }

  function measured(result: IngestResult) {
    const lufs = result.integratedLufs
    const air = { lufs: lufs === null ? null : lufs + result.airOffsetDb, truePeakDbtp: result.airTruePeakDbtp }
    return {
      sha256: result.sha256,
      format: result.format,
      durationMs: Math.round(result.frames / 48),
      frames: result.frames,
      integratedLufs: lufs,
      truePeakDbtp: result.truePeakDbtp,
      gainDb: playoutGainDb(air, options.targetLufs),
      air,
      silenceHeadMs: result.silenceHeadMs,
      silenceTailMs: result.silenceTailMs,
      airSha256: result.airSha256,
    }
  }

  /** Brings every recording to the loudness target of this configuration; a change of the target shows nowhere else. */
  async function regain(): Promise<void> {
    const changed = (await store.all()).filter((cart) => regained(cart, options.targetLufs) !== cart)
    for (const cart of changed) await store.put(regained(cart, options.targetLufs), null)
    if (changed.length > 0) log.info({ carts: changed.length, targetLufs: options.targetLufs }, 'playout gains computed again')
  }

  async function cartOf(cartId: CartId): Promise<Cart> {
    const cart = await store.get(cartId)
    if (cart === null) throw new OperatorError('NOT_FOUND', { cartId })
    return cart
  }

  return {
    async open() {
      const removed = await media.prepare(async (sha256) => (await store.bySha256(sha256)) !== null)
      if (removed > 0) log.warn({ removed }, 'interrupted imports removed')
      await regain()
    },
    async importFile(source, name, request) {
      const importId = `import-${globalThis.crypto.randomUUID()}`
      show({ importId, name, state: { kind: 'working', percent: 0 } })
      const work = importOne(source, name, request, importId)
      running.add(work)
      try {
        const cart = await work
        views.delete(importId)
        return cart
      } catch (cause) {
        views.delete(importId)
        if (cause instanceof OperatorError) {
          views.set(importId, { importId, name, state: { kind: 'refused', code: cause.code, detail: { ...cause.detail } } })
          trimRefused(views)
          log.warn({ name, code: cause.code, detail: cause.detail, err: cause.cause }, 'import refused')
        }
        throw cause
      } finally {
        running.delete(work)
        onChange()
      }
    },
    carts: () => store.all(),
    cart: cartOf,
    async peaks(cartId) {
      const peaks = await store.peaks(cartId)
      if (peaks === null) throw new OperatorError('NOT_FOUND', { cartId })
      return peaks
    },
    async rename(cartId, change) {
      const cart = { ...(await cartOf(cartId)), ...change }
      await store.put(cart, null)
      onChange()
      return cart
    },
    async remove(cartId) {
      const cart = await cartOf(cartId)
      await store.remove(cartId)
      if ((await store.bySha256(cart.sha256)) === null) await media.remove(cart.sha256)
      onChange()
    },
    airCopyPath: (cart) => media.airPath(cart.sha256),
    prove: (cart, how = { hash: false }) => proveAirCopy(media.airPath(cart.sha256), cart, how.hash),
    imports: () => [...views.values()],
    dismissImport(importId) {
      if (views.get(importId)?.state.kind !== 'refused') throw new OperatorError('NOT_FOUND', { importId })
      views.delete(importId)
      onChange()
    },
    async close() {
      closing.abort(new OperatorError('STORE_UNAVAILABLE', { reason: 'the station is closing' }))
      await Promise.allSettled([...running])
    },
  }
}

/** Writes an upload to a private file, refusing it as soon as it is too large. */
async function receive(source: Readable, path: string, maxBytes: number, signal: AbortSignal): Promise<void> {
  let bytes = 0
  await pipeline(
    source,
    async function* (parts: AsyncIterable<Buffer>) {
      for await (const part of parts) {
        bytes += part.length
        if (bytes > maxBytes) throw new OperatorError('MEDIA_TOO_LARGE', { maxMb: Math.round(maxBytes / 1e6) })
        yield part
      }
    },
    createWriteStream(path, { flags: 'wx', mode: 0o600 }),
    { signal },
  )
}

function trimRefused(views: Map<string, ImportView>): void {
  const refused = [...views.values()].filter((view) => view.state.kind === 'refused')
  for (const view of refused.slice(0, -maxRefused)) views.delete(view.importId)
}
