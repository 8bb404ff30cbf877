// Brings the recordings that are wanted, the most urgent first, over one line, and hands each to the library's own ingest. What is more
// urgent by its class takes the line from what is on it; that goes on later where it was. What could not be brought, or came with other
// bytes, is tried again with growing pauses of its own and holds up nothing; what the library refuses for what is in it is told and not
// asked for again.
import { OperatorError } from '../../shared/domain/errors.ts'
import type { Timer } from '../../shared/domain/clock.ts'
import type { CartId } from '../../shared/domain/ids.ts'
import type { ContentType } from '../../shared/domain/library.ts'
import type { MediaRef } from '../../shared/domain/province.ts'
import { LinkError, type LinkErrorCode } from './adapter.ts'
import { wrongBytes } from './incoming-rules.ts'
import type { Link } from './link.ts'
import type { ProvincePorts } from './ports.ts'

export interface Want {
  readonly ref: MediaRef
  readonly title: string
  readonly contentType: ContentType
  /** Lower first; its whole part is its class: a lower class takes the line from a higher one, and waits for no import. */
  readonly rank: number
}

interface Wanted extends Want {
  rank: number
  haveBytes: number
  /** In a row. */
  failures: number
  /** Monotonic; before this it is not asked for again, and others are. */
  notBeforeMs: number
  /** It came whole, and with other bytes than were ordered. */
  wrong: boolean
  /** Times that its decoder died or was ended: of the file or of this computer, nobody knows. */
  deaths: number
}

type Brought = { readonly kind: 'here'; readonly path: string } | { readonly kind: 'known' } | { readonly kind: 'wrong' }

const firstRetryMs = 1000
const longestRetryMs = 5 * 60_000
/** A file that came whole and wrong was paid for in full: the province is given time to mend it. */
const firstWrongRetryMs = 60_000
const longestWrongRetryMs = 60 * 60_000
/** A passing want of this computer is over by then: with the pauses between them these take two minutes at least. */
const deathsAtMost = 8
/** Classes up to this one are waited for: neither an earlier pause of the link nor an import holds them. */
const urgentClass = 1
/** What there is room for while the disk is low. */
const emergencyClass = 0
/** The province answered, and not with this file: the next one may fare better. */
const answered: readonly LinkErrorCode[] = ['refused', 'status', 'changed', 'range']

export class MediaQueue {
  readonly #ports: ProvincePorts
  readonly #link: Pick<Link, 'media' | 'stopMedia'>
  readonly #onHere: (sha256: string, cartId: CartId) => void
  readonly #onRefused: (sha256: string, why: string) => void
  readonly #wanted = new Map<string, Wanted>()
  /** On the line or in the library's hands. */
  readonly #busy = new Set<string>()
  #line: Wanted | null = null
  /** What is on the line was told to give it up. */
  #stopped = false
  #failures = 0
  #timer: Timer | null = null
  /** Monotonic; the link itself pauses until then. */
  #pausedUntilMs = 0
  #closed = false

  constructor(
    ports: ProvincePorts,
    link: Pick<Link, 'media' | 'stopMedia'>,
    onHere: (sha256: string, cartId: CartId) => void,
    onRefused: (sha256: string, why: string) => void,
  ) {
    this.#ports = ports
    this.#link = link
    this.#onHere = onHere
    this.#onRefused = onRefused
  }

  want(want: Want): void {
    const { sha256 } = want.ref
    // What is here needs no line, and waits for nothing that does.
    const here = this.#ports.library.bySha256(sha256)
    if (here !== null) return this.#onHere(sha256, here.cartId)
    const known = this.#wanted.get(sha256)
    if (known?.wrong === true) this.#onRefused(sha256, wrongBytes)
    if (known !== undefined && known.rank <= want.rank) return
    const urgent = classOf(want) <= urgentClass && (known === undefined || classOf(known) > urgentClass)
    if (known === undefined) this.#wanted.set(sha256, { ...want, haveBytes: 0, failures: 0, notBeforeMs: 0, wrong: false, deaths: 0 })
    else {
      known.rank = want.rank
      if (urgent && !known.wrong) known.notBeforeMs = 0
    }
    if (urgent) this.#pausedUntilMs = 0
    this.#pump()
  }

  /** Nothing that is in force needs it any more. */
  forget(sha256: string): void {
    if (!this.#wanted.delete(sha256)) return
    if (this.#line?.ref.sha256 === sha256) this.#stop()
    this.#alarm()
    this.#ports.onChanged()
  }

  /** The link is back: what waits for its pause goes at once; what came with other bytes did not fail for the link. */
  wake(): void {
    this.#failures = 0
    for (const wanted of this.#wanted.values()) {
      if (wanted.wrong) continue
      wanted.failures = 0
      wanted.notBeforeMs = 0
    }
    this.#pausedUntilMs = 0
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

  /** What is on the line or in the library's hands, wanted or not any more. */
  get busy(): readonly string[] {
    return [...this.#busy]
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #pump(): void {
    if (this.#closed) return
    const nowMs = this.#ports.clock.monotonic()
    this.#timer?.cancel()
    this.#timer = null
    const waiting = [...this.#wanted.values()].filter(({ ref }) => !this.#busy.has(ref.sha256))
    const due = this.#pausedUntilMs > nowMs ? [] : waiting.filter(({ notBeforeMs }) => notBeforeMs <= nowMs)
    const next = due.reduce<Wanted | null>((best, one) => (best === null || one.rank < best.rank ? one : best), null)
    if (next !== null) this.#offer(next)
    const later = waiting.map(({ notBeforeMs }) => Math.max(notBeforeMs, this.#pausedUntilMs)).filter((atMs) => atMs > nowMs)
    if (later.length > 0) this.#timer = this.#ports.clock.after(later.reduce((a, b) => Math.min(a, b)) - nowMs, () => this.#pump())
  }

  /** Gives it the line where it may have it. */
  #offer(next: Wanted): void {
    if (this.#line !== null) {
      if (classOf(next) < classOf(this.#line)) this.#stop()
    } else if (this.#busy.size === 0 || classOf(next) <= urgentClass) this.#start(next)
  }

  /** What is here of it stays, and is gone on from. */
  #stop(): void {
    if (this.#line === null || this.#stopped) return
    this.#stopped = true
    this.#link.stopMedia(this.#line.ref.sha256)
  }

  #start(next: Wanted): void {
    this.#line = next
    this.#stopped = false
    this.#busy.add(next.ref.sha256)
    this.#overLine(next).then(
      (brought) => this.#came(next, brought),
      (error: unknown) => this.#failed(next, error),
    )
  }

  async #overLine({ ref, rank }: Wanted): Promise<Brought> {
    const known = this.#ports.library.bySha256(ref.sha256)
    if (known !== null) {
      this.#onHere(ref.sha256, known.cartId)
      return { kind: 'known' }
    }
    const level = this.#ports.diskLevel()
    const room = level === 'ok' || (level === 'low' && classOf({ rank }) === emergencyClass)
    if (!room) throw new LinkError('disk', 'nothing is fetched while the disk is low')
    return this.#link.media(ref)
  }

  #came(wanted: Wanted, brought: Brought): void {
    this.#line = null
    if (this.#wanted.get(wanted.ref.sha256) !== wanted) this.#tooLate(wanted, brought)
    else if (brought.kind === 'here') {
      this.#imported(wanted, brought.path).then(
        () => this.#done(wanted),
        (error: unknown) => this.#failed(wanted, error),
      )
      // The line is free; the library's hands are not.
      this.#pump()
    } else if (brought.kind === 'wrong') this.#cameWrong(wanted)
    else this.#done(wanted)
  }

  /** Nothing needs it any more, or it is wanted anew: then it is brought anew. */
  #tooLate({ ref }: Wanted, brought: Brought): void {
    const gone = brought.kind === 'here' ? this.#ports.discard(brought.path) : Promise.resolve()
    gone
      .catch((error: unknown) => this.#ports.trouble.warn({ sha256: ref.sha256, error: String(error) }, 'recording not thrown away'))
      .finally(() => {
        this.#busy.delete(ref.sha256)
        this.#pump()
      })
  }

  async #imported(wanted: Wanted, path: string): Promise<void> {
    const { ref, title, contentType } = wanted
    try {
      const cart = await this.#ports.library.importFile(path, ref.name, { title, contentType })
      if (cart.sha256 !== ref.sha256) throw new LinkError('changed', 'the file changed between its proof and its import')
      this.#onHere(ref.sha256, cart.cartId)
    } catch (error) {
      if (error instanceof LinkError) await this.#ports.discard(path)
      if (!(error instanceof OperatorError)) throw error
      if (isDeath(error)) wanted.deaths += 1
      // Anything but a verdict on what is in it is a fault of this computer, and passes: the file is tried again where it lies.
      if (!isVerdict(error) && wanted.deaths < deathsAtMost) throw error
      this.#onRefused(ref.sha256, error.code)
    }
    await this.#ports.discard(path)
  }

  #done({ ref }: Wanted): void {
    this.#failures = 0
    this.#busy.delete(ref.sha256)
    this.#wanted.delete(ref.sha256)
    this.#alarm()
    this.#ports.onChanged()
    this.#pump()
  }

  /** Told once, never shown, and asked for again: the province may put the right file in its place. */
  #cameWrong(wanted: Wanted): void {
    this.#busy.delete(wanted.ref.sha256)
    wanted.haveBytes = 0
    wanted.failures = wanted.wrong ? wanted.failures + 1 : 1
    wanted.notBeforeMs = this.#ports.clock.monotonic() + this.#pauseMs(wanted.failures, firstWrongRetryMs, longestWrongRetryMs)
    if (!wanted.wrong) this.#onRefused(wanted.ref.sha256, wrongBytes)
    wanted.wrong = true
    this.#alarm()
    this.#ports.onChanged()
    this.#pump()
  }

  #failed(wanted: Wanted, error: unknown): void {
    const stopped = this.#line === wanted && this.#stopped
    if (this.#line === wanted) this.#line = null
    this.#busy.delete(wanted.ref.sha256)
    if (this.#closed) return
    // It gave way, or is wanted no more: neither is a fault of the link.
    if (stopped || this.#wanted.get(wanted.ref.sha256) !== wanted) return this.#pump()
    const why = error instanceof Error ? error.message : String(error)
    if (!(error instanceof LinkError)) this.#ports.trouble.warn({ sha256: wanted.ref.sha256, error: why }, 'recording not brought')
    const nowMs = this.#ports.clock.monotonic()
    // A full disk is no fault of the file.
    if (!(error instanceof LinkError) || error.code !== 'disk') {
      wanted.failures += 1
      wanted.notBeforeMs = nowMs + this.#pauseMs(wanted.failures, firstRetryMs, longestRetryMs)
    }
    const itsOwn =
      error instanceof LinkError ? answered.includes(error.code) : error instanceof OperatorError && error.code !== 'STORE_UNAVAILABLE'
    this.#failures = itsOwn ? 1 : this.#failures + 1
    this.#pausedUntilMs = nowMs + this.#pauseMs(this.#failures, firstRetryMs, longestRetryMs)
    this.#pump()
  }

  /** One, however many came with other bytes; it ends when none is wanted any more. */
  #alarm(): void {
    const [first] = [...this.#wanted.values()].filter(({ wrong }) => wrong)
    this.#ports.alarms.set(first !== undefined, 'PROVINCE_MEDIA_WRONG', 'province', { title: first?.title ?? '' })
  }

  #pauseMs(failures: number, firstMs: number, longestMs: number): number {
    const ms = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20))
    return Math.round(ms * (0.5 + this.#ports.random()))
  }
}

/** The file itself was looked into, and cannot be used. */
function isVerdict(error: OperatorError): boolean {
  return error.code.startsWith('MEDIA_') && !isDeath(error)
}

/** Its decoder came to no end of its own. */
function isDeath({ code, detail }: OperatorError): boolean {
  return code === 'INGEST_TIMEOUT' || code === 'INGEST_MEMORY' || (code === 'MEDIA_CORRUPT' && detail['died'] !== undefined)
}

function classOf({ rank }: Pick<Want, 'rank'>): number {
  return Math.floor(rank)
}
