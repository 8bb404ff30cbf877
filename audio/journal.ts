// What really happened, in order, with numbers: kept in memory so that a station that comes back can read what it missed.
import type { AudioEvent } from '../shared/audio-protocol.ts'
import type { EpochMs } from '../shared/domain/time.ts'

/** Events kept: days of programme. */
export const journalCapacity = 20_000

/** An event before it gets its number. */
export type EventDraft = AudioEvent extends infer E ? (E extends AudioEvent ? Omit<E, 'seq'> : never) : never

export class Journal {
  readonly #capacity: number
  readonly #publish: (event: AudioEvent) => void
  #events: AudioEvent[] = []
  #lastSeq = -1

  constructor(publish: (event: AudioEvent) => void, capacity = journalCapacity) {
    this.#capacity = capacity
    this.#publish = publish
  }

  get lastSeq(): number {
    return this.#lastSeq
  }

  /** Numbers, keeps and publishes it. */
  add(draft: EventDraft): void {
    this.#lastSeq++
    const event = { ...draft, seq: this.#lastSeq } as AudioEvent
    this.#events.push(event)
    // Half as much again before cutting: one copy per ten thousand events instead of one per event.
    if (this.#events.length > this.#capacity * 1.5) this.#events = this.#events.slice(-this.#capacity)
    this.#publish(event)
  }

  /** Events after `afterSeq`, oldest first, and how many of them are no longer held. */
  after(afterSeq: number): { missed: AudioEvent[]; lost: number } {
    const oldest = this.#events[0]?.seq ?? this.#lastSeq + 1
    const from = Math.max(afterSeq + 1, oldest)
    return { missed: this.#events.slice(from - oldest), lost: Math.max(0, oldest - (afterSeq + 1)) }
  }
}

/** Adds an event that happened now, or at `atMs`. */
export type Emit = (draft: DistributiveOmit<AudioEvent, 'seq' | 'atMs'>, atMs?: EpochMs) => void
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
