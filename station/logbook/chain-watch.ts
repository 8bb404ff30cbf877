// The chain, checked while the station runs: every minute what is new, and one slice further through all that is older, from the
// first row to the last and again. What was seen once is remembered here, in memory, and compared when it is passed again: so a
// chain that was rewritten from end to end, with every seal in the folder, is found as well.
import type { Clock, Timer } from '../../shared/domain/clock.ts'
import type { ChainVerdict } from '../../shared/domain/logbook.ts'
import { type Anchor, emptyHead, type LogbookHead } from './chain.ts'

export interface ChainWatchPorts {
  readonly clock: Clock
  /** Checks at most `limit` rows after `base`; `end`: nothing comes after them. */
  verifySlice(
    base: LogbookHead,
    limit: number,
    anchors: readonly Anchor[],
  ): Promise<{ readonly verdict: ChainVerdict; readonly end: boolean }>
  onVerdict(verdict: ChainVerdict): void
  onError(error: unknown): void
}

const everyMs = 60_000
/** Rows of one slice: about 0.4 s of a core in a thread of its own; a year of rows is passed in less than an hour. */
const sliceRows = 25_000

export class ChainWatch {
  readonly #ports: ChainWatchPorts
  /** Heads at the ends of slices, as first seen. */
  readonly #seen = new Map<number, string>()
  /** The newest head that somebody outside this computer holds. */
  #witnessed: LogbookHead | null = null
  #cursor: LogbookHead = emptyHead
  #tail: LogbookHead | null = null
  #newest: LogbookHead | null = null
  #timer: Timer | null = null
  #busy = false

  constructor(ports: ChainWatchPorts) {
    this.#ports = ports
  }

  start(): void {
    this.#timer = this.#ports.clock.every(everyMs, () => void this.round().catch((error: unknown) => this.#ports.onError(error)))
  }

  close(): void {
    this.#timer?.cancel()
  }

  /** A row of ours was acknowledged: whatever the folder says later, this was the head. */
  written(head: LogbookHead): void {
    this.#newest = head
  }

  /** A head that the province holds. */
  witness(head: LogbookHead): void {
    if (head.seq > (this.#witnessed?.seq ?? 0)) this.#witnessed = head
  }

  /** One minute's work; every round tells its verdict. */
  async round(): Promise<void> {
    if (this.#busy) return
    this.#busy = true
    try {
      const tailFrom = this.#tail
      if (tailFrom !== null && tailFrom.seq > this.#cursor.seq + sliceRows) {
        const tail = await this.#slice(tailFrom)
        if (!tail.ok) return this.#ports.onVerdict(await this.#firstBad(tail))
      }
      const verdict = await this.#slice(this.#cursor, true)
      this.#ports.onVerdict(verdict.ok ? verdict : await this.#firstBad(verdict))
    } finally {
      this.#busy = false
    }
  }

  /** The whole chain from its first row, because somebody asks; told like a round's verdict, whatever round is under way. */
  async whole(): Promise<ChainVerdict> {
    let base = emptyHead
    let rows = 0
    for (;;) {
      const { verdict, end } = await this.#check(base)
      rows += verdict.rows
      if (verdict.ok && !end) {
        base = { seq: verdict.headSeq, hash: verdict.headHash }
        continue
      }
      const found = { ...verdict, rows }
      this.#ports.onVerdict(found)
      return found
    }
  }

  /** A slice that does not stand may do so because of a row before it: the whole is passed once, to name the first. */
  async #firstBad(found: ChainVerdict): Promise<ChainVerdict> {
    this.#cursor = emptyHead
    for (;;) {
      const from = this.#cursor
      const verdict = await this.#slice(from, true)
      if (!verdict.ok) return verdict
      if (this.#cursor.seq <= from.seq) return found
    }
  }

  /** One slice against everything that is remembered here. */
  #check(base: LogbookHead): ReturnType<ChainWatchPorts['verifySlice']> {
    const anchors: Anchor[] = [...this.#seen].map(([seq, hash]) => ({ seq, hash, where: 'an earlier check of this run' }))
    if (this.#witnessed !== null) anchors.push({ ...this.#witnessed, where: 'the province' })
    if (this.#newest !== null) anchors.push({ ...this.#newest, where: 'the row written last' })
    return this.#ports.verifySlice(base, sliceRows, anchors)
  }

  async #slice(base: LogbookHead, rolling = false): Promise<ChainVerdict> {
    const { verdict, end } = await this.#check(base)
    if (!verdict.ok) {
      // From the beginning next time, so that the first bad row is the first.
      this.#cursor = emptyHead
      return verdict
    }
    const head = { seq: verdict.headSeq, hash: verdict.headHash }
    if (!this.#seen.has(head.seq)) this.#seen.set(head.seq, head.hash)
    if (end) this.#tail = head
    if (rolling) this.#cursor = end ? emptyHead : head
    return verdict
  }
}
