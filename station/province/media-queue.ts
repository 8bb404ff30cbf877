// Brings the recordings that are wanted, one at a time, the most urgent first, and hands each to the library's own ingest. What the
// link could not bring is tried again with growing pauses of its own and holds up nothing behind it; what the library refuses is told
// and not asked for again.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { ContentType } from '../../shared/domain/library.ts'
import type { MediaRef } from '../../shared/domain/province.ts'
import { LinkError, type LinkErrorCode } from './adapter.ts'
import type { Link } from './link.ts'
import type { ProvincePorts } from './ports.ts'

export interface Want {
  readonly ref: MediaRef
  readonly title: string
  readonly contentType: ContentType
  /** Lower first. */
  readonly rank: number
}

interface Wanted extends Want {
  haveBytes: number
  /** In a row. */
  failures: number
  /** Monotonic; before this it is not asked for again, and others are. */
  notBeforeMs: number
}

const firstRetryMs = 1000
const longestRetryMs = 5 * 60_000
/** The province answered, and not with this file: the next one may fare better. */
const answered: readonly LinkErrorCode[] = ['refused', 'status', 'changed', 'range']

export class MediaQueue {
  readonly #ports: ProvincePorts
  readonly #link: Pick<Link, 'media'>
  readonly #onHere: (sha256: string, cartId: CartId) => void
  readonly #onRefused: (sha256: string, why: string) => void
  readonly #wanted = new Map<string, Wanted>()
  #working = false
  #failures = 0
  #retry: Timer | null = null
  /** The link itself pauses: nothing is asked for. */
  #paused = false
  #closed = false

  constructor(
    ports: ProvincePorts,
    link: Pick<Link, 'media'>,
    onHere: (sha256: string, cartId: CartId) => void,
    onRefused: (sha256: string, why: string) => void,
  ) {
    this.#ports = ports
    this.#link = link
    this.#onHere = onHere
    this.#onRefused = onRefused
  }

  want(want: Want): void {
    // What is here needs no line, and waits for nothing that does.
    const here = this.#ports.library.bySha256(want.ref.sha256)
    if (here !== null) return this.#onHere(want.ref.sha256, here.cartId)
    const known = this.#wanted.get(want.ref.sha256)
    if (known !== undefined && known.rank <= want.rank) return
    this.#wanted.set(want.ref.sha256, {
      ...want,
      haveBytes: known?.haveBytes ?? 0,
      failures: known?.failures ?? 0,
      notBeforeMs: known?.notBeforeMs ?? 0,
    })
    this.#pump()
  }

  /** Nothing that is in force needs it any more. */
  forget(sha256: string): void {
    if (this.#wanted.delete(sha256)) this.#ports.onChanged()
  }

  /** The link is back: what waits for its pause goes at once. */
  wake(): void {
    this.#failures = 0
    for (const wanted of this.#wanted.values()) {
      wanted.failures = 0
      wanted.notBeforeMs = 0
    }
    this.#retry?.cancel()
    this.#retry = null
    this.#paused = false
    this.#pump()
  }

  progress(sha256: string, haveBytes: number): void {
    const wanted = this.#wanted.get(sha256)
    if (wanted === undefined) return
    wanted.haveBytes = haveBytes
    this.#ports.onChanged()
  }

  haveBytes(sha256: string): number {
    return this.#wanted.get(sha256)?.haveBytes ?? 0
  }

  get summary(): { readonly waiting: number; readonly wantedBytes: number; readonly haveBytes: number } {
    let wantedBytes = 0
    let haveBytes = 0
    for (const wanted of this.#wanted.values()) {
      wantedBytes += wanted.ref.bytes
      haveBytes += wanted.haveBytes
    }
    return { waiting: this.#wanted.size, wantedBytes, haveBytes }
  }

  close(): void {
    this.#closed = true
    this.#retry?.cancel()
  }

  #pump(): void {
    if (this.#working || this.#closed || this.#paused) return
    const nowMs = this.#ports.clock.monotonic()
    let next: Wanted | null = null
    let soonestMs = Number.POSITIVE_INFINITY
    for (const one of this.#wanted.values()) {
      if (one.notBeforeMs > nowMs) soonestMs = Math.min(soonestMs, one.notBeforeMs)
      else if (next === null || one.rank < next.rank) next = one
    }
    if (next === null) {
      if (soonestMs < Number.POSITIVE_INFINITY) this.#later(soonestMs - nowMs)
      return
    }
    this.#start(next)
  }

  #start(next: Wanted): void {
    this.#working = true
    this.#bring(next).then(
      () => this.#brought(next),
      (error: unknown) => this.#failed(next, error),
    )
  }

  async #bring(wanted: Wanted): Promise<void> {
    const { ref, title, contentType } = wanted
    const known = this.#ports.library.bySha256(ref.sha256)
    if (known !== null) return this.#onHere(ref.sha256, known.cartId)
    if (this.#ports.diskLevel() !== 'ok') throw new LinkError('disk', 'nothing is fetched while the disk is low')
    const outcome = await this.#link.media(ref)
    if (outcome.kind === 'wrong') return this.#onRefused(ref.sha256, 'wrongHash')
    try {
      const cart = await this.#ports.library.importFile(outcome.path, ref.name, { title, contentType })
      if (cart.sha256 !== ref.sha256) throw new LinkError('changed', 'the file changed between its proof and its import')
      this.#onHere(ref.sha256, cart.cartId)
    } catch (error) {
      if (!(error instanceof OperatorError) || error.code === 'STORE_UNAVAILABLE') {
        if (error instanceof LinkError) await this.#ports.discard(outcome.path)
        throw error
      }
      this.#onRefused(ref.sha256, error.code)
    }
    await this.#ports.discard(outcome.path)
  }

  #brought(wanted: Wanted): void {
    this.#failures = 0
    this.#wanted.delete(wanted.ref.sha256)
    this.#working = false
    this.#ports.onChanged()
    this.#pump()
  }

  #failed(wanted: Wanted, error: unknown): void {
    this.#working = false
    const why = error instanceof Error ? error.message : String(error)
    if (!(error instanceof LinkError)) this.#ports.trouble.warn({ sha256: wanted.ref.sha256, error: why }, 'recording not brought')
    if (this.#closed) return
    // A full disk is no fault of the file.
    if (!(error instanceof LinkError) || error.code !== 'disk') {
      wanted.failures += 1
      wanted.notBeforeMs = this.#ports.clock.monotonic() + this.#pauseMs(wanted.failures)
    }
    this.#failures = error instanceof LinkError && answered.includes(error.code) ? 1 : this.#failures + 1
    this.#paused = true
    this.#later(this.#pauseMs(this.#failures))
  }

  #pauseMs(failures: number): number {
    const ms = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))
    return Math.round(ms * (0.5 + this.#ports.random()))
  }

  #later(ms: number): void {
    this.#retry?.cancel()
    this.#retry = this.#ports.clock.after(ms, () => {
      this.#retry = null
      this.#paused = false
      this.#pump()
    })
  }
}
