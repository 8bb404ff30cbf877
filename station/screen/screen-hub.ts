// What the screens see: slices computed on demand, published as a numbered snapshot and numbered deltas. Changes within
// 50 ms go out together, so that a burst of device telemetry is one message. Nothing on the air path waits for this.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { ScreenMessage, ScreenSlice, ScreenState } from '../../shared/domain/station.ts'

export type SliceReaders = { readonly [S in ScreenSlice]: () => ScreenState[S] }

const gatherMs = 50
/** A screen that does not read is dropped after this many unread messages; it subscribes again by itself. */
const longestQueue = 400

/** An async queue of one subscriber. */
export class Subscription<T> implements AsyncIterableIterator<T> {
  readonly #onEnd: () => void
  #queue: T[] = []
  #waiting: ((result: IteratorResult<T>) => void) | null = null
  #ended = false

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd
  }

  push(message: T): void {
    if (this.#ended) return
    if (this.#waiting) {
      const resolve = this.#waiting
      this.#waiting = null
      resolve({ value: message, done: false })
      return
    }
    this.#queue.push(message)
    if (this.#queue.length > longestQueue) this.end()
  }

  /** Keeps only the newest unread message: for meters, where an old value is worth nothing. */
  replace(message: T): void {
    this.#queue = []
    this.push(message)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#queue = []
    this.#waiting?.({ value: undefined, done: true })
    this.#waiting = null
    this.#onEnd()
  }

  next(): Promise<IteratorResult<T>> {
    const message = this.#queue.shift()
    if (message !== undefined) return Promise.resolve({ value: message, done: false })
    if (this.#ended) return Promise.resolve({ value: undefined, done: true })
    return new Promise((resolve) => {
      this.#waiting = resolve
    })
  }

  return(): Promise<IteratorResult<T>> {
    this.end()
    return Promise.resolve({ value: undefined, done: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

export class ScreenHub {
  readonly #clock: Clock
  readonly #readers: SliceReaders
  readonly #subscribers = new Map<Subscription<ScreenMessage>, number>()
  #changed = new Set<ScreenSlice>()
  #rows: LogRow[] = []
  #timer: Timer | null = null

  constructor(clock: Clock, readers: SliceReaders) {
    this.#clock = clock
    this.#readers = readers
  }

  changed(...slices: ScreenSlice[]): void {
    if (this.#subscribers.size === 0) return
    for (const slice of slices) this.#changed.add(slice)
    this.#schedule()
  }

  rowsWritten(rows: readonly LogRow[]): void {
    if (this.#subscribers.size === 0) return
    this.#rows.push(...rows)
    this.#schedule()
  }

  subscribe(signal?: AbortSignal): Subscription<ScreenMessage> {
    const subscription: Subscription<ScreenMessage> = new Subscription(() => this.#subscribers.delete(subscription))
    signal?.addEventListener('abort', () => subscription.end(), { once: true })
    this.#subscribers.set(subscription, 0)
    subscription.push({ kind: 'snapshot', seq: 0, serverNowMs: this.#clock.now(), state: this.snapshot() })
    return subscription
  }

  snapshot(): ScreenState {
    const state: Partial<Record<ScreenSlice, unknown>> = {}
    for (const slice of Object.keys(this.#readers) as ScreenSlice[]) state[slice] = this.#readers[slice]()
    return state as ScreenState
  }

  close(): void {
    this.#timer?.cancel()
    for (const subscription of [...this.#subscribers.keys()]) subscription.end()
  }

  #schedule(): void {
    this.#timer ??= this.#clock.after(gatherMs, () => this.#publish())
  }

  #publish(): void {
    this.#timer = null
    const slices = [...this.#changed]
    const rows = this.#rows
    this.#changed = new Set()
    this.#rows = []
    const serverNowMs = this.#clock.now()
    if (slices.length > 0) {
      const state: Partial<Record<ScreenSlice, unknown>> = {}
      for (const slice of slices) state[slice] = this.#readers[slice]()
      this.#send((seq) => ({ kind: 'delta', seq, serverNowMs, state: state as Partial<ScreenState> }) as ScreenMessage)
    }
    if (rows.length > 0) this.#send((seq) => ({ kind: 'log', seq, serverNowMs, rows }))
  }

  #send(build: (seq: number) => ScreenMessage): void {
    for (const [subscription, last] of this.#subscribers) {
      this.#subscribers.set(subscription, last + 1)
      subscription.push(build(last + 1))
    }
  }
}
