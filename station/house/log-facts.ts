// What the station knows of its logbook at this moment: its head, whether its chain is whole, and how far its last row lets the
// clock be trusted.
import type { Clock } from '../../shared/domain/clock.ts'
import type { EpochMs } from '../../shared/domain/time.ts'
import { type ClockTrust, clockTrust } from '../health/index.ts'
import type { Store } from '../store/index.ts'

export class LogFacts {
  head: { readonly seq: number; readonly hash: string } | null
  /** null until it was verified. */
  chainOk: boolean | null = null
  readonly #clock: Clock
  readonly #lastRowMs: EpochMs | null

  private constructor(clock: Clock, head: LogFacts['head'], lastRowMs: EpochMs | null) {
    this.#clock = clock
    this.head = head
    this.#lastRowMs = lastRowMs
  }

  static async read(logbook: Store['logbook'], clock: Clock): Promise<LogFacts> {
    const { seq, hash } = await logbook.head()
    if (seq < 0) return new LogFacts(clock, null, null)
    const last = (await logbook.rows({ afterSeq: seq - 1, limit: 1 })).at(-1)
    return new LogFacts(clock, { seq, hash }, last?.atMs ?? null)
  }

  /** By the last row of earlier boots. */
  trust(): ClockTrust {
    return clockTrust(this.#clock.now(), this.#lastRowMs)
  }
}
