// The supervisor's questions that nobody has answered yet, kept from the rows as they are written: the operator is told of them at the
// desk until they are answered. Rows may come in any order; the newest word about a difference counts.
import type { LogRow } from '../../shared/domain/logbook.ts'
import type { OpenQuestion } from '../../shared/domain/review.ts'
import type { BroadcastDay } from '../../shared/domain/time.ts'

interface Word {
  readonly seq: number
  /** null = answered. */
  readonly question: OpenQuestion | null
}

export class OpenQuestions {
  readonly #words = new Map<string, Word>()

  /** Takes one row in; true where what is open may have changed. */
  heard(row: LogRow): boolean {
    if (row.kind !== 'review.asked' && row.kind !== 'review.answered') return false
    const { differenceId, text } = row.sent ?? {}
    if (typeof differenceId !== 'string') return false
    const key = `${row.subject} ${differenceId}`
    if ((this.#words.get(key)?.seq ?? -1) >= row.seq) return false
    const day = row.subject as BroadcastDay
    const asked = { day, differenceId, atMs: row.atMs, by: row.actor, text: typeof text === 'string' ? text : '' }
    this.#words.set(key, { seq: row.seq, question: row.kind === 'review.asked' ? asked : null })
    return true
  }

  /** The one that has waited longest first. */
  views(): OpenQuestion[] {
    return [...this.#words.values()].flatMap(({ question }) => question ?? []).sort((a, b) => a.atMs - b.atMs)
  }
}
